"""`uphold login` at a provider: a code, a browser, a token that workers take, renewed for as long as it may be."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from domain.complaint.commands import Actor
from domain.vocabulary import Role
from engine.settings import Settings
from identity import keys as keeping
from identity.provider import asking
from identity.provider.device import DeviceLogin, LoginFailed
from identity.provider.discovery import Provider, discover
from identity.provider.kept import Renewal, keep
from identity.sending import token_of_file
from starter.admin import app
from starter.terminal.options import NOBODY
from starter.terminal.session import who_acts
from tests.fixtures.device_provider import CODE, PENDING, DeviceProvider, a_device_provider
from tests.fixtures.issuers import answering, reply
from worker.door import door_of

M_REES = Actor(id="m.rees", name="M Rees", role=Role.MANAGER)
OVER = -60


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the token is kept, in an empty place to work in."""
    for name in [name for name in os.environ if name.startswith("UPHOLD_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(keeping, "_WAITING", timedelta(seconds=30))
    monkeypatch.setattr(asking, "_WITHIN", timedelta(seconds=30))
    return tmp_path / "var/identity"


@pytest.fixture
def provider(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeviceProvider]:
    """A provider where somebody has agreed already, and which the settings name."""
    with a_device_provider(outcome="agreed") as started:
        monkeypatch.setenv("UPHOLD_IDENTITY_ISSUER", started.issuer)
        yield started


def login(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["login", *words])
    return done.exit_code, done.stdout, " ".join(done.stderr.split())


def mode(file: Path) -> int:
    return file.stat().st_mode & 0o777


def test_whoever_enters_the_code_in_a_browser_acts_from_then_on(
    provider: DeviceProvider, folder: Path
) -> None:
    code, said, beside = login()
    assert (code, said.partition("until ")[0]) == (0, "M Rees (manager) acts "), beside
    assert "and then renewed" in said
    assert f"Open {provider.issuer}/activate in any browser, and enter the code {CODE}" in beside
    assert who_acts(NOBODY) == {"id": "m.rees", "name": "M Rees", "role": "manager"}
    token = token_of_file(folder / "token")("A-1", None)
    settings = Settings.model_validate({"identity": "tokens", "identity_issuer": provider.issuer})
    door_of(settings).check(token, "A-1", M_REES)
    assert mode(folder / "token") == mode(folder / "token.renewal") == 0o600
    assert token
    assert token not in said + beside


def test_a_program_reads_first_what_to_do_and_then_who_acts(provider: DeviceProvider) -> None:
    code, said, _ = login("--json")
    to_do, who = map(json.loads, said.splitlines())
    assert code == 0
    assert to_do == {
        "verification_uri": f"{provider.issuer}/activate", "user_code": CODE, "expires_in": 900,
        "verification_uri_complete": f"{provider.issuer}/activate?code={CODE}",
    }  # fmt: skip
    assert (who["id"], who["roles"], who["renewed"]) == ("m.rees", ["manager"], True)


def begun(provider: DeviceProvider) -> DeviceLogin:
    return DeviceLogin(discover(provider.issuer), "uphold", "openid")


@pytest.mark.parametrize(
    ("offered", "before", "waits"),
    [
        ({"interval": 7}, [PENDING, PENDING], [7, 7, 7]),
        ({"interval": None}, [PENDING], [5, 5]),
        ({"interval": 7}, ["slow_down", PENDING, "slow_down"], [7, 12, 12, 17]),
    ],
)
def test_it_asks_no_more_often_than_the_provider_wants(
    offered: dict[str, object], before: list[str], waits: list[float]
) -> None:
    waited: list[float] = []
    with a_device_provider(outcome="agreed", before=before, offers=offered) as provider:
        assert begun(provider).wait(waited.append).token
    assert waited == waits


def test_a_provider_that_does_not_answer_is_asked_more_and_more_seldom() -> None:
    waited: list[float] = []
    with a_device_provider(offers={"interval": 5, "expires_in": 100}) as provider:
        asked = begun(provider)
    with pytest.raises(LoginFailed, match="nobody entered the code in time"):
        asked.wait(waited.append)
    assert waited == [5, 10, 20, 40, 60]


ENDS = {
    "access_denied": "refused in the browser",
    "expired_token": "nobody entered the code in time",
    "unauthorized_client": "The provider refuses: unauthorized_client",
}


@pytest.mark.parametrize(("error", "words"), ENDS.items())
def test_a_login_that_comes_to_nothing_says_why_and_keeps_no_token(
    provider: DeviceProvider, folder: Path, error: str, words: str
) -> None:
    provider.outcome = error
    code, _, beside = login()
    assert (code, words in beside) == (1, True), beside
    assert not folder.exists()


def test_a_code_that_nobody_enters_is_waited_for_no_longer_than_it_is_good() -> None:
    waited: list[float] = []
    with a_device_provider(offers={"interval": 5, "expires_in": 30}) as provider:
        with pytest.raises(LoginFailed, match="in time"):
            begun(provider).wait(waited.append)
        assert waited == [5] * 6


NO_PROOF = {
    "no role": ({"claims": {"name": "M Rees", "roles": []}}, "gives no role here"),
    "for others": ({"claims": {"aud": "payroll", "roles": ["manager"]}}, "another audience"),
    "over": ({"life": OVER}, "has expired"),
    "none": ({"gives": ("access_token",)}, "gave no id token"),
}


@pytest.mark.parametrize(("given", "words"), NO_PROOF.values(), ids=NO_PROOF)
def test_whom_no_worker_would_believe_is_told_at_once(
    provider: DeviceProvider, folder: Path, given: dict[str, object], words: str
) -> None:
    for name, value in given.items():
        setattr(provider, name, value)
    code, _, beside = login()
    assert (code, words in beside) == (1, True), beside
    assert not folder.exists()


def test_an_access_token_is_sent_where_that_is_set(
    provider: DeviceProvider, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.gives = ("access_token",)
    monkeypatch.setenv("UPHOLD_IDENTITY_SENDS", "access-token")
    monkeypatch.setenv("UPHOLD_IDENTITY_SCOPES", "openid api://uphold/act")
    assert login()[0] == 0
    assert provider.heard[0]["scope"] == "openid api://uphold/act"
    assert json.loads((folder / "token.renewal").read_text())["sends"] == "access-token"


def test_a_token_that_has_ended_is_renewed_whenever_one_is_needed(
    provider: DeviceProvider, folder: Path
) -> None:
    provider.life = 20  # good when it is shown, and not for long enough to be sent
    assert login()[0] == 0
    first, read = (folder / "token").read_text().strip(), token_of_file(folder / "token")
    provider.claims["jti"] = "the second"
    second = read("A-1", None)
    assert second not in {None, first}
    provider.life = 3600
    provider.claims["jti"] = "the third"
    third = read("A-1", None)
    assert third not in {None, second}, "what renews it is good once, and was kept anew"
    assert read("A-1", None) == third
    assert mode(folder / "token") == mode(folder / "token.renewal") == 0o600


def test_a_login_that_is_renewed_no_longer_says_so_plainly_and_nothing_is_sent(
    provider: DeviceProvider, folder: Path
) -> None:
    provider.life = 20
    assert login()[0] == 0
    provider.renews = False
    done = CliRunner().invoke(app, ["acknowledge", "A-1"])
    told = " ".join(done.stderr.split())
    assert done.exit_code == 1
    assert "Nothing was sent: your login has ended, and is not renewed." in told
    assert told.endswith("The provider refuses: invalid_grant. Log in again: uphold login")


def test_a_provider_that_does_not_answer_when_a_login_has_ended_is_named(folder: Path) -> None:
    with a_device_provider(life=OVER, outcome="agreed") as provider:
        given = begun(provider).wait(lambda _: None)
        renewal = Renewal(provider.issuer, f"{provider.issuer}/token", "uphold", "id-token", "x")
        keep(given.token, folder / "token", renewal)
    with pytest.raises(
        LoginFailed, match=r"is not renewed\. http://.* does not answer \(.*refused\)"
    ):
        token_of_file(folder / "token")("A-1", None)


@pytest.mark.parametrize("status", [200, 404])
def test_an_answer_that_nobody_can_read_ends_a_login_and_says_so(status: int) -> None:
    code = json.dumps({"device_code": "d", "user_code": "u", "verification_uri": "https://a"})
    with answering({"/code": reply(code), "/token": reply("<html>", status)}) as at:
        begun = DeviceLogin(Provider(at, f"{at}/keys", f"{at}/code", f"{at}/token"), "uphold", "")
        with pytest.raises(LoginFailed, match=f"Nobody was logged in.*{status}.*no JSON object"):
            begun.wait(lambda _: None)


@pytest.mark.parametrize("content", [b"\xff\xfe", None], ids=["no text", "a folder"])
def test_a_token_that_cannot_be_read_is_no_fault_of_the_program(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "token"
    if content:
        file.write_bytes(content)
    else:
        file.mkdir()
    with pytest.raises(LoginFailed, match=r"The token in .*token cannot be read: .*UPHOLD_TOKEN"):
        token_of_file(file)("A-1", None)


def test_a_provider_without_the_device_flow_is_named() -> None:
    with pytest.raises(LoginFailed, match="lets nobody log in from a terminal"):
        DeviceLogin(Provider("https://a.example", "https://a.example/keys"), "uphold", "openid")


def test_what_is_shown_can_be_typed(provider: DeviceProvider) -> None:
    provider.offers = {"user_code": "A\x1b[2J"}
    code, said, beside = login()
    assert (code, said) == (1, "")
    assert "nothing that one could type" in beside


def test_a_provider_and_the_embedded_issuer_are_not_taken_for_each_other(
    provider: DeviceProvider, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, _, beside = login("m.rees")
    assert (code, "`uphold login` without an ID logs you in there" in beside) == (1, True)
    monkeypatch.delenv("UPHOLD_IDENTITY_ISSUER")
    code, _, beside = login()
    assert (code, "Say who acts: `uphold login ID`" in beside) == (1, True)
    assert not folder.exists()
