"""Through the wire: no verb, signal or opening of anybody who is not proven; what is refused leaves no history."""

from __future__ import annotations

from temporalio.worker import Replayer

from activities.contracts import PROVE
from domain.complaint.decider.access import TABLE
from domain.complaint.decider.registry import VERBS
from domain.vocabulary import Role
from engine.plugin import UpholdPlugin
from identity.header import HEADER
from identity.sending import sending, with_tokens
from starter.client import Complaints
from tests.identity.guarded import Guarded, said
from tests.identity.tokens import FAULTS, ISSUER, claims_for, new_key, publish, signed
from tests.workflows.player import PEOPLE, Case
from workflows.complaint import ComplaintWorkflow


async def length(case: Case) -> int:
    return len((await case.handle.fetch_history()).events)


async def test_is_13_every_verb_is_refused_to_every_role_for_every_fault_and_no_history_grows(
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


async def test_a_token_stands_in_headers_alone_and_goes_on_only_to_who_proves_it(
    guarded: Guarded,
) -> None:
    case = await guarded.opened()
    token = guarded.token("case-handler")
    with sending(token):
        argument = case.argument("update", "case-handler")
        await guarded.handle(case.reference).execute_update("update", argument)
        await guarded.handle(case.reference).signal(
            "record_contact",
            case.argument("record_contact", "case-handler", **said("record_contact")),
        )
    status = await case.settled()
    assert token not in repr(status)
    assert "contact-received" in await case.kinds()
    went_on = set()
    for event in (await case.handle.fetch_history()).events:
        task = event.activity_task_scheduled_event_attributes
        assert token not in repr(event.marker_recorded_event_attributes)
        assert token not in repr(task.input)
        if task.header.fields:
            went_on.add((task.activity_type.name, *task.header.fields))
    assert went_on == {(PROVE, HEADER)}
