"""Who is given keys, who reads payloads, and what everybody else is told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs

from domain.vocabulary import Role
from engine.errors import SettingsError
from identity.proving import OPEN_DOOR
from keyservice.app import LARGEST_BYTES
from keyservice.asking import READERS
from keyservice.serving import Listening, served
from ledger.errors import LedgerFault, LedgerUnavailable
from ledger.keys import data_keys
from ledger.sql import tables
from tests.identity.tokens import FAULTS, claims_for, signed
from tests.keyservice.conftest import PAGE, Service, a_client, a_service, texts_in
from tests.ledger.evidence.on_record import ANN, put_on_record
from tests.workflows.player import PEOPLE

ERASED = "A-1 was erased on 29 November 2026 (Retention is over)"
SAID = "The branch lost my late sister's file"
ABOUT_THE_ACTOR = {"somebody else's", "under another name", "for another complaint"}
"""Faults that only an actor or a complaint beside the token brings to light."""
STAFF = [str(role) for role in READERS]


def name_of(answer: httpx.Response) -> str:
    """The refusal's name."""
    name: str = answer.json()["error"]
    return name


@pytest.mark.parametrize("role", STAFF)
async def test_staff_read_what_is_sealed_and_that_they_did_is_on_record(
    service: Service, role: str
) -> None:
    sealed = await service.sealed("A-1", SAID)
    for path in ("/decode", "/uphold/decode", "/some/where/decode"):
        answer = await service.ask(path, sealed, service.token(role))
        assert (answer.status_code, texts_in(answer)) == (200, [SAID]), answer.text
    assert await service.told("A-1") == [("read", f"the.{role}", role)] * 3


@pytest.mark.parametrize("role", sorted(set(Role) - set(READERS)))
async def test_nobody_else_reads_a_complaint_of_others_and_that_they_tried_is_on_record(
    service: Service, role: str
) -> None:
    sealed = await service.sealed("A-1", SAID)
    key = await service.keys.of("A-1")
    own = {"complaint": "A-1"} if role != "upstream-app" else {}
    for path, body in (
        ("/decode", sealed), ("/keys", {"reference": "A-1"}), ("/keys", {"id": key.id}),
    ):  # fmt: skip
        answer = await service.ask(path, body, service.token(role, **own))
        assert (answer.status_code, name_of(answer)) == (403, "WrongRole")
        assert key.secret.hex() not in answer.text
        assert "secret" not in answer.text
    who = "the.upstream-app" if role == "upstream-app" else ""
    assert await service.told("A-1") == [("refused", who, role)] * 3


async def test_an_app_gets_the_key_of_a_complaint_that_it_opens_and_no_other_app_does(
    service: Service,
) -> None:
    token, wanted = service.token("upstream-app"), {"reference": "NEW-1"}
    made = await service.ask("/keys", wanted, token)
    again = await service.ask("/keys", wanted, token)
    by_id = await service.ask("/keys", {"id": made.json()["id"]}, token)
    assert made.json() == again.json() == by_id.json()
    assert (await service.keys.of("NEW-1")).id == made.json()["id"]
    other = signed(service.issuer, claims_for(PEOPLE["upstream-app"].model_dump() | {"id": "crm"}))
    assert name_of(await service.ask("/keys", wanted, other)) == "WrongRole"
    told = await service.told("NEW-1")
    assert [what for what, *_ in told] == ["made", "given", "given", "refused"]
    assert (await service.ask("/decode", await service.sealed("NEW-1", SAID), token)).is_success


async def test_an_app_gets_the_key_of_the_one_complaint_that_its_token_names(
    service: Service,
) -> None:
    await service.keys.of("A-1")
    await service.keys.of("B-1")
    token = service.token("upstream-app", complaint="A-1")
    assert (await service.ask("/keys", {"reference": "A-1"}, token)).is_success
    answer = await service.ask("/keys", {"reference": "B-1"}, token)
    assert "another complaint" in answer.json()["message"]
    manager = service.token("manager", complaint="A-1")
    assert name_of(await service.ask("/keys", {"reference": "B-1"}, manager)) == "WrongRole"


async def test_no_app_makes_a_key_for_a_complaint_that_is_on_record_or_for_the_organisation(
    tmp_path: Path, service: Service
) -> None:
    await put_on_record(service.ledger, ANN)
    token = service.token("upstream-app")
    assert name_of(await service.ask("/keys", {"reference": ANN}, token)) == "WrongRole"
    answer = await service.ask("/keys", {"reference": ""}, token)
    assert (answer.status_code, name_of(answer)) == (400, "Malformed")
    organisation = await service.keys.of("")
    assert name_of(await service.ask("/keys", {"id": organisation.id}, token)) == "WrongRole"


@pytest.mark.parametrize("fault", [each for each in FAULTS if each not in ABOUT_THE_ACTOR])
async def test_nobody_unproven_is_given_anything(service: Service, fault: str) -> None:
    make, words = FAULTS[fault]
    sealed = await service.sealed("A-1", SAID)
    token = make(service.issuer, PEOPLE["manager"].model_dump()) if make else None
    for path, body in (
        ("/decode", sealed), ("/keys", {"reference": "NEW-1"}), ("/encode", {}), ("/a/encode", {}),
    ):  # fmt: skip
        answer = await service.ask(path, body, token)
        assert (answer.status_code, name_of(answer)) == (401, "Unproven")
        assert words in answer.json()["message"]
        assert answer.headers["www-authenticate"] == "Bearer"
    assert await service.keys._store.data_key(reference="NEW-1") is None


async def test_a_header_that_is_no_bearer_token_is_refused(service: Service) -> None:
    for header in ("Basic YTpi", "Bearer", "Bearer " + "a" * 9000):
        answer = await service.ask("/keys", {"reference": "A-1"}, None, Authorization=header)
        assert (answer.status_code, name_of(answer)) == (401, "Unproven")


async def test_of_a_complaint_that_was_erased_nothing_is_given(service: Service) -> None:
    sealed, token = await service.sealed("A-1", SAID), service.token("manager")
    kept = await service.ledger.data_key(reference="A-1")
    assert kept
    assert (await service.ask("/decode", sealed, token)).is_success
    now = datetime(2026, 11, 29, tzinfo=UTC)
    await service.ledger.writing(
        lambda c: data_keys.destroy(c, kept, now, "d.lee", "Retention is over")
    )
    for path, body in (
        ("/keys", {"reference": "A-1"}), ("/keys", {"id": kept.id}),
    ):  # fmt: skip
        answer = await service.ask(path, body, token)
        assert (answer.status_code, name_of(answer)) == (410, "KeyDestroyed")
        assert ERASED in answer.json()["message"]
    (said,) = texts_in(await service.ask("/decode", sealed, token))
    assert ERASED in said, "on Temporal's page, in the place of what was there"
    app = await service.ask("/keys", {"reference": "A-1"}, service.token("upstream-app"))
    assert name_of(app) == "WrongRole"


MALFORMED: list[tuple[str, Any]] = [
    ("/keys", b"{"), ("/keys", b"\xff"), ("/keys", []), ("/keys", {}), ("/keys", {"reference": 7}),
    ("/keys", {"reference": "a b"}), ("/keys", {"reference": "A-1", "id": "1"}), ("/keys", {"id": None}),
    ("/keys", b"[" * 100_000),
    ("/decode", b"{"), ("/decode", {"payload": []}), ("/decode", b"[" * 100_000),
    ("/decode", {"payloads": [{"data": "not base64!"}]}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body"), MALFORMED)
async def test_what_cannot_be_read_is_named(service: Service, path: str, body: Any) -> None:
    answer = await service.ask(path, body, service.token("manager"))
    assert (answer.status_code, name_of(answer)) == (400, "Malformed")


async def test_an_unknown_key_an_altered_payload_and_too_much_are_named(service: Service) -> None:
    token, sealed = service.token("manager"), await service.sealed("A-1", SAID)
    answer = await service.ask("/keys", {"id": "nobody's"}, token)
    assert (answer.status_code, name_of(answer)) == (404, "UnknownKey")
    sealed["payloads"][0]["data"] = "A" + sealed["payloads"][0]["data"][1:-4] + "AAAA"
    answer = await service.ask("/decode", sealed, token)
    assert (answer.status_code, name_of(answer)) == (400, "SealBroken")
    answer = await service.ask("/decode", b" " * (LARGEST_BYTES + 1), token)
    assert (answer.status_code, name_of(answer)) == (413, "TooLarge")


async def test_nothing_is_sealed_for_nobody_knows_which_complaint(service: Service) -> None:
    sealed, token = await service.sealed("A-1", SAID), service.token("administrator")
    answer = await service.ask("/uphold/encode", sealed, token)
    assert (answer.status_code, name_of(answer)) == (403, "NotSealedHere")


async def test_what_was_not_sealed_comes_back_as_it_is_and_no_token_is_ever_shown(
    service: Service,
) -> None:
    token = service.token("manager")
    plain = {"payloads": [{"metadata": {"encoding": "anNvbi9wbGFpbg=="}, "data": "ImEi"}]}
    assert (await service.ask("/decode", plain, token)).json() == plain
    acted = await service.sealed("A-1", f"said with {token} by her")
    assert texts_in(await service.ask("/decode", acted, token)) == ["said with [token] by her"]


async def test_only_pages_of_allowed_places_may_ask(service: Service) -> None:
    sealed, token = await service.sealed("A-1", SAID), service.token("manager")
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,x-namespace",
    }
    async with a_client() as client:
        for origin, allowed in (
            (PAGE, True),
            ("https://elsewhere.example", False),
            ("null", False),
        ):
            before = await client.options(
                f"{service.url}/decode", headers={"Origin": origin, **asked}
            )
            answer = await service.ask("/decode", sealed, token, Origin=origin)
            assert before.is_success == answer.is_success == allowed
            for each in (before, answer):
                given = each.headers.get("access-control-allow-origin")
                assert given == (origin if allowed else None)
            if not allowed:
                assert (answer.status_code, name_of(answer)) == (403, "ForeignOrigin")


async def test_while_the_ledger_is_away_that_is_said_and_its_address_is_not(
    service: Service, tmp_path: Path
) -> None:
    sealed, token = await service.sealed("A-1", SAID), service.token("manager")
    (tmp_path / "ledger.sqlite3").rename(tmp_path / "away")
    for path, body in (("/decode", sealed), ("/keys", {"reference": "A-1"})):
        answer = await service.ask(path, body, token)
        assert (answer.status_code, name_of(answer)) == (503, "LedgerError")
        assert "sqlite" not in answer.text
    async with a_client() as client:
        assert (await client.get(f"{service.url}/ready")).status_code == 503
        assert (await client.get(f"{service.url}/live")).status_code == 200
        (tmp_path / "away").rename(tmp_path / "ledger.sqlite3")
        assert (await client.get(f"{service.url}/ready")).status_code == 200
    assert (await service.ask("/decode", sealed, token)).is_success


async def test_no_log_line_holds_a_token_a_key_or_what_was_read(service: Service) -> None:
    token = service.token("manager")
    with capture_logs() as lines:
        await service.ask("/decode", await service.sealed("A-1", SAID), token)
        given = await service.ask("/keys", {"reference": "A-1"}, token)
        await service.ask("/keys", {"reference": "A-1"}, token + "x")
        await service.ask("/keys", {"reference": "A-1"}, service.token("customer"))
    assert [line["event"] for line in lines] == ["payloads read", "key given", "refused", "refused"]
    written = str(lines)
    for secret in (SAID, given.json()["secret"], *token.split(".")):
        assert secret not in written


async def test_what_is_on_record_of_who_asked_is_not_altered(service: Service) -> None:
    await service.ask("/keys", {"reference": "A-1"}, service.token("manager"))
    for change in (tables.key_uses.delete(), tables.key_uses.update().values(who="nobody")):
        with pytest.raises((LedgerFault, LedgerUnavailable), match="not altered"):
            await service.ledger.writing(lambda c: c.execute(change))  # noqa: B023 - awaited at once


async def test_where_identity_is_off_it_answers_anybody_on_this_machine_alone(
    tmp_path: Path,
) -> None:
    for host in ("0.0.0.0", "192.0.2.1", "keys.council.example", "::"):  # noqa: S104 - it is refused
        with pytest.raises(SettingsError, match="UPHOLD_IDENTITY is off"):
            Listening(host).require_safe(OPEN_DOOR)
    for host in ("127.0.0.1", "::1", "localhost"):
        Listening(host).require_safe(OPEN_DOOR)
    async with a_service(tmp_path, keeper=OPEN_DOOR) as service:
        sealed = await service.sealed("A-1", SAID)
        assert texts_in(await service.ask("/decode", sealed, None)) == [SAID]
        assert await service.told("A-1") == [("read", "", "")]
        answer = await service.ask("/decode", sealed, service.token("manager"))
        assert name_of(answer) == "Unproven", "there is nothing to prove it by"


async def test_a_place_where_it_cannot_listen_and_a_certificate_that_is_none_are_named(
    service: Service, tmp_path: Path
) -> None:
    port, app = int(service.url.rpartition(":")[2]), Starlette()
    file = tmp_path / "keys.json"
    for listening, words in (
        (Listening(port=port), "cannot listen on"),
        (Listening("192.0.2.1"), "cannot listen on"),
        (Listening("a..b"), "cannot listen on"),
        (Listening(certificate=file, private_key=file), "cannot be used"),
        (Listening(certificate=tmp_path / "a", private_key=file), "cannot be used"),
    ):
        with pytest.raises(SettingsError, match=words):
            async with served(app, listening):
                pass
    with pytest.raises(SettingsError, match="together"):
        Listening(certificate=file).require_safe(OPEN_DOOR)
