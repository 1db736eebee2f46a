"""Whose a complaint is, by which an app gets its key: who opened it decides, and not who asked first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.complaint.commands import Proof
from tests.identity.tokens import ISSUER, claims_for, signed
from tests.keyservice.conftest import Service, texts_in
from tests.keyservice.test_service import SAID, STAFF, name_of
from tests.ledger.samples import entry, opened
from tests.workflows.player import PEOPLE


def an_app(service: Service, who: str) -> str:
    """A good token for an upstream app of that id."""
    app = PEOPLE["upstream-app"].model_dump() | {"id": who}
    return signed(service.issuer, claims_for(app))


async def opened_by(service: Service, reference: str, who: str, *, proven: bool = True) -> None:
    """Put on record that this app opened the complaint, as a worker does."""
    app = PEOPLE["upstream-app"].model_copy(update={"id": who})
    event = replace(opened(reference), actor=app, proof=Proof(ISSUER, "t") if proven else None)
    await service.ledger.record(entry(event, reference=reference))


@pytest.mark.parametrize("first", ["crm", "portal"])
async def test_a_complaint_on_record_is_the_app_s_that_opened_it_whoever_asked_first(
    service: Service, first: str
) -> None:
    wanted, portal, crm = {"reference": "NEW-1"}, an_app(service, "portal"), an_app(service, "crm")
    made = await service.ask("/keys", wanted, an_app(service, first))
    by_id, sealed = {"id": made.json()["id"]}, await service.sealed("NEW-1", SAID)
    await opened_by(service, "NEW-1", "portal")
    for path, body in (("/keys", wanted), ("/keys", by_id), ("/decode", sealed)):
        assert (await service.ask(path, body, portal)).is_success
        answer = await service.ask(path, body, crm)
        assert (answer.status_code, name_of(answer)) == (403, "WrongRole")


async def test_an_app_of_another_issuer_with_the_same_id_did_not_open_it(service: Service) -> None:
    app = PEOPLE["upstream-app"].model_copy(update={"id": "portal"})
    event = replace(opened("NEW-1"), actor=app, proof=Proof("https://elsewhere.example", "t"))
    await service.ledger.record(entry(event, reference="NEW-1"))
    answer = await service.ask("/keys", {"reference": "NEW-1"}, an_app(service, "portal"))
    assert name_of(answer) == "WrongRole"


async def test_where_nobody_had_to_prove_who_opens_it_is_the_app_s_whose_key_it_is_as_well(
    service: Service,
) -> None:
    for reference, first in (("NEW-1", "portal"), ("NEW-2", "crm")):
        assert (
            await service.ask("/keys", {"reference": reference}, an_app(service, first))
        ).is_success
        await opened_by(service, reference, "portal", proven=False)
    portal = an_app(service, "portal")
    assert (await service.ask("/keys", {"reference": "NEW-1"}, portal)).is_success
    for who, reference in ((portal, "NEW-2"), (an_app(service, "crm"), "NEW-2")):
        assert name_of(await service.ask("/keys", {"reference": reference}, who)) == "WrongRole"


@pytest.mark.parametrize("role", STAFF)
async def test_the_organisation_s_own_key_is_given_to_nobody_and_what_it_sealed_is_read(
    service: Service, role: str
) -> None:
    key, token = await service.keys.of(""), service.token(role)
    answer = await service.ask("/keys", {"id": key.id}, token)
    assert (answer.status_code, name_of(answer)) == (403, "WrongRole")
    assert "secret" not in answer.text
    read = await service.ask("/decode", await service.sealed("", SAID), token)
    assert texts_in(read) == [SAID]
    assert [what for what, *_ in await service.told("")] == ["refused", "read"]
