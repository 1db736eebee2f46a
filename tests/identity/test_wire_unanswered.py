"""Through the wire, where nobody waits for an answer: no signal and no opening of anybody who is not proven."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ApplicationError

from domain.complaint.decider.parsing import SIGNALS
from domain.vocabulary import Role
from identity.sending import sending
from tests.identity.guarded import Guarded, said
from tests.identity.tokens import FAULTS, NOT_THE_ACTOR
from tests.workflows.player import PEOPLE, eventually

EVERY = list(product(Role, FAULTS))
LONG_AGO = datetime(2026, 10, 5, 9, tzinfo=UTC)
"""Nobody has to wait for it."""
OPENING = [(role, fault) for role, fault in EVERY if fault not in NOT_THE_ACTOR]


@pytest.mark.parametrize("verb", SIGNALS)
async def test_a_signal_of_somebody_unproven_is_not_taken_and_staff_are_told(
    guarded: Guarded, verb: str
) -> None:
    """Each verb by each role, and each with each fault; every role with every fault over all verbs."""
    case, shift = await guarded.opened(), SIGNALS.index(verb)
    sent = [
        (role, fault)
        for at, role in enumerate(Role)
        for number, fault in enumerate(FAULTS)
        if (at + number + shift) % len(SIGNALS) == 0
    ]
    assert {role for role, _ in sent} == set(Role)
    assert {fault for _, fault in sent} == set(FAULTS)
    for role, fault in sent:
        with sending(guarded.faulty(fault, role)):
            argument = case.argument(verb, PEOPLE[role], **said(verb))
            await guarded.handle(case.reference).signal(verb, argument)

    async def refused() -> list[tuple[str, str]] | None:
        events = await guarded.office.ledger.events(case.reference)
        found = [(each.refusal, each.message) for each in events if each.kind == "command-refused"]
        return found if len(found) == len(sent) else None

    for (role, fault), (kind, message) in zip(sent, await eventually(refused), strict=True):
        assert (kind, FAULTS[fault][1] in message) == ("Unproven", True), (role, fault, message)


async def test_signals_of_somebody_proven_are_taken_in_the_order_in_which_they_were_sent(
    guarded: Guarded,
) -> None:
    case = await guarded.opened()
    with sending(guarded.token("upstream-app")):
        for number in range(4):
            contact = case.argument(
                "record_contact",
                "upstream-app",
                **said("record_contact") | {"summary": f"Letter {number}"},
            )
            await guarded.handle(case.reference).signal("record_contact", contact)
    await case.settled()
    events = await guarded.office.ledger.events(case.reference)
    told = [each for each in events if each.kind == "contact-received"]
    assert [each.summary for each in told] == [f"Letter {number}" for number in range(4)]
    assert {each.proof.token for each in told} == {"token-1"}


async def test_nobody_opens_a_complaint_unproven_whatever_the_role_and_the_fault(
    guarded: Guarded,
) -> None:
    tokens = [guarded.faulty(fault, role) for role, fault in OPENING]
    cases = [await guarded.open(token, received_at=LONG_AGO) for token in tokens]
    for (role, fault), case in zip(OPENING, cases, strict=True):
        with pytest.raises(WorkflowFailureError) as failed:
            await case.handle.result()
        cause = failed.value.cause
        assert isinstance(cause, ApplicationError)
        assert (cause.type, FAULTS[fault][1] in cause.message) == ("Unproven", True), (role, fault)
        assert await guarded.office.ledger.standing(case.reference) is None


async def test_a_role_that_opens_nothing_opens_nothing(guarded: Guarded) -> None:
    case = await guarded.open(guarded.token("quality"))
    with pytest.raises(WorkflowFailureError) as failed:
        await case.handle.result()
    assert "open no complaint" in str(failed.value.cause)
