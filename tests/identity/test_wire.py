"""Through the wire: no verb, signal or opening of anybody who is not proven; what is refused leaves no history."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from joserfc.jwk import Key
from temporalio.client import WorkflowFailureError, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from activities.contracts import PROVE
from domain.complaint.commands import Actor
from domain.complaint.decider.access import TABLE
from domain.complaint.decider.parsing import SIGNALS
from domain.complaint.decider.registry import VERBS
from domain.vocabulary import Role
from engine.plugin import UpholdPlugin
from identity.sending import sending, with_tokens
from starter.client import Complaints
from tests.domain.playing.said import SAID
from tests.identity.tokens import FAULTS, ISSUER, claims_for, new_key, publish, signed
from tests.workflows.player import (
    A_MOMENT,
    PEOPLE,
    Case,
    Office,
    an_office,
    eventually,
    opening,
    refusal,
)
from workflows.complaint import ComplaintWorkflow


@dataclass(slots=True)
class Guarded:
    """An office in which nobody acts without a token, and the key of its issuer."""

    office: Office
    key: Key
    published: Path

    def token(self, role: str, **other: Any) -> str:
        """A good token for one of `PEOPLE`."""
        return signed(self.key, claims_for(PEOPLE[role].model_dump(), **other))

    def handle(self, reference: str) -> WorkflowHandle[Any, Any]:
        """The complaint, for whoever sends a token along."""
        return with_tokens(self.office.client).get_workflow_handle(f"complaint:{reference}")

    async def open(self, token: str | None, reference: str = "") -> Case:
        """A complaint that was started with this token."""
        office, reference = self.office, reference or self.office.reference()
        own, office.env = office.env, _Sends(office.env)  # type: ignore[assignment]
        try:
            argument = opening(reference)
            with sending(token):
                at = argument["received_at"] + A_MOMENT
                return await office.start(argument, at=at, reference=reference)
        finally:
            office.env = own

    async def opened(self) -> Case:
        """One that an app opened."""
        case = await self.open(self.token("upstream-app"))
        case.stage = await eventually(case.where)
        await case.settled()
        return case

    async def refused(
        self, case: Case, verb: str, actor: Actor, token: str | None
    ) -> ApplicationError:
        """With what the verb of this actor is refused, beside this token."""
        with sending(token):
            sent = self.handle(case.reference).execute_update(
                verb, case.argument(verb, actor, **said(verb))
            )
            return await refusal(sent)


class _Sends:
    """The environment, whose client sends tokens."""

    def __init__(self, env: WorkflowEnvironment) -> None:
        self._env, self.client = env, with_tokens(env.client)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._env, name)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def guarded(
    env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Guarded]:
    """An office whose worker takes tokens alone."""
    key, place = new_key(), tmp_path_factory.mktemp("issuer") / "keys.json"
    publish(place, key)
    settings: dict[str, Any] = {
        "identity": "tokens", "identity_issuer": ISSUER, "identity_keys": str(place),
        "identity_refresh_seconds": 0,
    }  # fmt: skip
    async with an_office(env, **settings) as office:
        yield Guarded(office, key, place)


def said(verb: str) -> dict[str, Any]:
    """What the verb says, complete enough to be read."""
    at = {"received_at", "requested_at", "answered_at"} & VERBS[verb].model_fields.keys()
    return {name: opening("x")["received_at"].isoformat() for name in at} | SAID[verb]


async def length(case: Case) -> int:
    return len((await case.handle.fetch_history()).events)


async def test_every_verb_is_refused_to_every_role_for_every_fault_and_no_history_grows(
    guarded: Guarded,
) -> None:
    case = await guarded.opened()
    before, faults = await length(case), list(FAULTS.items())
    asked = set()
    for at, verb in enumerate(VERBS):
        for shift in range(max(len(faults), len(Role))):
            role, (fault, (make, words)) = (
                list(Role)[(at + shift) % len(Role)],
                faults[shift % len(faults)],
            )
            actor = PEOPLE[role]
            token = make(guarded.key, actor.model_dump()) if make else None
            error = await guarded.refused(case, verb, actor, token)
            assert (error.type, words in error.message) == ("Unproven", True), (verb, role, fault)
            asked |= {(verb, fault), (verb, role), (role, fault)}
    pairs = len(VERBS) * (len(FAULTS) + len(Role)) + len(Role) * len(FAULTS)
    assert len(asked) == pairs
    assert await length(case) == before


async def test_every_verb_is_refused_to_a_role_that_the_token_does_not_give(
    guarded: Guarded,
) -> None:
    case = await guarded.opened()
    before = await length(case)
    for verb in VERBS:
        for role in Role:
            given = next(each for each in Role if each is not role)
            actor = PEOPLE[role]
            token = signed(guarded.key, claims_for(actor.model_dump() | {"role": given}))
            error = await guarded.refused(case, verb, actor, token)
            assert error.type == "Unproven", (verb, role)
            assert f"does not give the role {role}" in error.message
    assert await length(case) == before


async def test_an_app_opens_and_sends_contacts_and_withdrawals_and_nothing_that_staff_decide(
    guarded: Guarded,
) -> None:
    case, app = await guarded.opened(), PEOPLE["upstream-app"]
    before = await length(case)
    for verb in VERBS:
        if Role.UPSTREAM_APP not in TABLE[verb].who:
            error = await guarded.refused(case, verb, app, guarded.token("upstream-app"))
            assert error.type in {"WrongRole", "WrongState", "InvalidCommand", "WindowClosed"}, verb
    assert await length(case) == before
    assert Role.UPSTREAM_APP not in TABLE["reply"].who
    client = with_tokens(guarded.office.client)
    complaints = Complaints(client, token=lambda *_: guarded.token("upstream-app"))
    await complaints.send("record_contact", case.reference, app, None, said("record_contact"))
    await complaints.send("withdraw", case.reference, app, None, {"reason": "It is settled."})


async def test_who_acted_is_on_record_with_issuer_and_token(guarded: Guarded) -> None:
    case = await guarded.opened()
    who = PEOPLE["case-handler"]
    with sending(guarded.token("case-handler", jti="token-7")):
        argument = case.argument("update", who)
        await guarded.handle(case.reference).execute_update("update", argument)
    await case.settled()
    opened, *_, last = await guarded.office.ledger.events(case.reference)
    assert opened.actor == PEOPLE["upstream-app"]
    assert (opened.proof.issuer, opened.proof.token) == (ISSUER, "token-1")
    assert last.actor == who
    assert (last.proof.issuer, last.proof.token) == (ISSUER, "token-7")


@pytest.mark.parametrize("verb", SIGNALS)
async def test_a_signal_of_somebody_unproven_is_not_taken_and_staff_are_told(
    guarded: Guarded, verb: str
) -> None:
    case = await guarded.opened()
    role = next(each for each in Role if each in TABLE[verb].who)
    for fault in ("none", "expired", "altered", "somebody else's"):
        make, words = FAULTS[fault]
        token = make(guarded.key, PEOPLE[role].model_dump()) if make else None
        with sending(token):
            argument = case.argument(verb, PEOPLE[role], **said(verb))
            await guarded.handle(case.reference).signal(verb, argument)
        await case.settled()
        *_, last = await guarded.office.ledger.events(case.reference)
        assert (last.kind, last.refusal) == ("command-refused", "Unproven")
        assert words in last.message


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


@pytest.mark.parametrize(
    "fault", [each for each in FAULTS if each not in {"somebody else's", "under another name"}]
)
async def test_nobody_opens_a_complaint_unproven(guarded: Guarded, fault: str) -> None:
    make, words = FAULTS[fault]
    app = PEOPLE["upstream-app"].model_dump()
    case = await guarded.open(make(guarded.key, app) if make else None)
    with pytest.raises(WorkflowFailureError) as failed:
        await case.handle.result()
    cause = failed.value.cause
    assert isinstance(cause, ApplicationError)
    assert cause.type == "Unproven"
    assert words in cause.message
    assert await guarded.office.ledger.standing(case.reference) is None


async def test_a_role_that_opens_nothing_opens_nothing(guarded: Guarded) -> None:
    case = await guarded.open(guarded.token("quality"))
    with pytest.raises(WorkflowFailureError) as failed:
        await case.handle.result()
    assert "open no complaint" in str(failed.value.cause)


async def test_a_history_replays_where_there_is_no_key_and_no_issuer(guarded: Guarded) -> None:
    case = await guarded.opened()
    with sending(guarded.token("case-handler")):
        handle = guarded.handle(case.reference)
        await handle.execute_update("update", case.argument("update", "case-handler"))
        await handle.signal("withdraw", case.argument("withdraw", "case-handler"))
    await case.settled()
    replayer = Replayer(workflows=[ComplaintWorkflow], plugins=[UpholdPlugin()])
    for history in await case.runs():
        await replayer.replay_workflow(history)


async def test_a_key_of_tomorrow_is_taken_by_a_worker_of_today(guarded: Guarded) -> None:
    case, old, new = await guarded.opened(), guarded.key, new_key("EC")
    publish(guarded.published, old, new)
    token = signed(new, claims_for(PEOPLE["case-handler"].model_dump()))
    with sending(token):
        argument = case.argument("update", "case-handler")
        await guarded.handle(case.reference).execute_update("update", argument)


async def test_a_token_stands_in_no_effect_but_goes_only_to_who_proves_it(guarded: Guarded) -> None:
    case = await guarded.opened()
    token = guarded.token("case-handler")
    with sending(token):
        argument = case.argument("update", "case-handler")
        await guarded.handle(case.reference).execute_update("update", argument)
        await guarded.handle(case.reference).signal(
            "withdraw", case.argument("withdraw", "case-handler")
        )
    status = await case.settled()
    assert token not in repr(status)
    for event in (await case.handle.fetch_history()).events:
        task = event.activity_task_scheduled_event_attributes
        assert token not in repr(event.marker_recorded_event_attributes)
        assert token not in repr(task) or task.activity_type.name == PROVE
