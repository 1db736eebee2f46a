"""`uphold login`: a token of the embedded issuer, kept for its owner alone, names who acts."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from joserfc.jwk import OKPKey
from typer.testing import CliRunner

from domain.complaint.commands import Actor
from domain.errors import Unproven
from domain.vocabulary import Role
from identity.issuer import EMBEDDED, Issuer, UnknownPerson
from identity.keys import PublishedKeys
from identity.proving import Doorkeeper, Verifier
from starter.admin import app
from starter.terminal.options import NOBODY, Acts
from starter.terminal.session import ActorUnknown, who_acts
from tests.identity.tokens import claims_for, signed

M_REES = Actor(id="m.rees", name="M Rees", role=Role.MANAGER)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The issuer's folder, in an empty place to work in."""
    for name in [name for name in os.environ if name.startswith("UPHOLD_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "var/identity"


def door(folder: Path) -> Doorkeeper:
    keys = PublishedKeys(str(folder / "keys.json"), timedelta())
    return Doorkeeper(Verifier(EMBEDDED, "uphold", keys))


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


def test_whoever_logs_in_is_told_who_acts_until_when_and_acts_from_then_on(folder: Path) -> None:
    done = CliRunner().invoke(app, ["login", "m.rees"])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("M Rees (manager) acts until ")
    assert who_acts(NOBODY) == {"id": "m.rees", "name": "M Rees", "role": "manager"}
    token = (folder / "token").read_text().strip()
    door(folder).check(token, "A-1", M_REES)
    assert token not in done.output


def test_key_and_token_are_for_their_owner_alone_and_what_is_published_holds_no_secret(
    folder: Path,
) -> None:
    CliRunner().invoke(app, ["login", "m.rees"])
    assert mode(folder / "key.json") == mode(folder / "token") == 0o600
    (public,) = json.loads((folder / "keys.json").read_text())["keys"]
    assert "d" not in public
    assert json.loads((folder / "key.json").read_text())["d"]


def test_the_key_is_made_once(folder: Path) -> None:
    first = Issuer(folder).login("m.rees").token
    second = Issuer(folder)
    door(folder).check(first, "A-1", M_REES)
    door(folder).check(second.login("m.rees").token, "A-1", M_REES)


def test_a_token_ends_when_it_was_said_to(folder: Path) -> None:
    issuer = Issuer(folder)
    issued = issuer.login("m.rees", life=timedelta(hours=2))
    assert timedelta(hours=1) < issued.until - datetime.now(UTC) <= timedelta(hours=2)
    with pytest.raises(Unproven, match="expired"):
        door(folder).check(issuer.login("m.rees", life=-timedelta(hours=1)).token, "A-1", M_REES)
    with pytest.raises(Unproven, match="another complaint"):
        door(folder).check(issuer.login("m.rees", complaint="B-1").token, "A-1", M_REES)


def test_who_is_not_in_the_file_of_people_gets_no_token(folder: Path) -> None:
    done = CliRunner().invoke(app, ["login", "n.body"])
    assert done.exit_code == 1
    assert not (folder / "token").exists()
    (folder / "people.toml").write_text('[people]\n"x" = { name = "X", roles = ["tea-maker"] }\n')
    with pytest.raises(UnknownPerson, match=r"tea-maker.*Roles: customer"):
        Issuer(folder).login("x")


def test_whoever_has_several_roles_says_in_which_they_act(folder: Path) -> None:
    issuer = Issuer(folder)
    issuer.people.write_text(
        '[people]\n"two" = { name = "T Wo", roles = ["manager", "quality"] }\n'
    )
    CliRunner().invoke(app, ["login", "two"])
    with pytest.raises(ActorUnknown, match="--actor-role"):
        who_acts(NOBODY)
    assert who_acts(Acts(role=Role.QUALITY))["role"] == "quality"


def published(folder: Path) -> list[str]:
    return [each["kid"] for each in json.loads((folder / "keys.json").read_text())["keys"]]


def test_a_new_key_signs_and_the_old_one_counts_until_its_tokens_have_ended(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer, keeper = Issuer(folder), door(folder)
    before = issuer.login("m.rees").token
    done = CliRunner().invoke(app, ["login", "--new-key", "m.rees"])
    assert done.exit_code == 0
    assert "A new key signs from now on. Tokens of older keys count until they end" in done.stderr
    after = issuer.login("m.rees").token  # of another process, which the new key reaches as well
    for token in (before, after, (folder / "token").read_text().strip()):
        keeper.check(token, "A-1", M_REES)
    new, old = published(folder)
    assert new != old
    tomorrow = time.time() + 24 * 3600
    monkeypatch.setattr("time.time", lambda: tomorrow)
    Issuer(folder)
    assert published(folder) == [new]


def test_an_old_key_proves_nothing_after_its_last_token_though_nobody_logs_in_to_take_it_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer = Issuer(folder)
    issuer.login("m.rees")
    stolen = json.loads((folder / "key.json").read_text())
    issuer.rotate()
    tomorrow = time.time() + 24 * 3600
    monkeypatch.setattr("time.time", lambda: tomorrow)
    with pytest.raises(Unproven, match="unknown key"):
        door(folder).check(
            signed(OKPKey.import_key(stolen), claims_for(M_REES.model_dump(), iss=EMBEDDED)),
            "A-1",
            M_REES,
        )


def test_an_old_key_that_others_may_have_goes_at_once(folder: Path) -> None:
    before, keeper = Issuer(folder).login("m.rees").token, door(folder)
    keeper.check(before, "A-1", M_REES)
    done = CliRunner().invoke(app, ["login", "--new-key", "--at-once"])
    assert "No token of an older key counts any more." in done.stderr
    assert len(published(folder)) == 1
    with pytest.raises(Unproven, match="unknown key"):
        door(folder).check(before, "A-1", M_REES)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["m.rees", "--at-once"], "--at-once goes with --new-key"),
        (["--new-key", "--complaint", "FO-1"], "--complaint goes with ID"),
        (["--hours", "2"], "--hours goes with ID"),
    ],
)
def test_what_would_do_nothing_is_no_silent_wish(words: list[str], told: str, folder: Path) -> None:
    done = CliRunner().invoke(
        app, ["login", *words], env={"UPHOLD_IDENTITY_ISSUER": "https://x.example"}
    )
    assert (done.exit_code, told in done.stderr) == (2, True), done.output
    assert not folder.exists()


def test_a_key_that_signed_nothing_leaves_nothing_behind(folder: Path) -> None:
    issuer = Issuer(folder)
    assert issuer.rotate() is None
    assert len(published(folder)) == 1
