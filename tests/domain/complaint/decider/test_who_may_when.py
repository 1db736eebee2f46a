"""Every verb by every role in every state: done, or refused with exactly this type."""

from __future__ import annotations

import pytest

from domain.complaint.decider.registry import VERBS
from domain.errors import (
    ComplaintClosed,
    InvalidCommand,
    PauseRefused,
    Refused,
    WrongRole,
    WrongStage,
    WrongState,
)
from domain.vocabulary import Role, State
from tests.domain.playing.stories import PEOPLE, all_states

R, A, P, D, C = State.RECEIVED, State.ACKNOWLEDGED, State.PAUSED, State.REPLIED, State.CLOSED
WORKING, HELD, OPEN = {R, A}, {R, A, P}, {R, A, P, D}
OWN = {Role.CUSTOMER, Role.REPRESENTATIVE, Role.UPSTREAM_APP, Role.CASE_HANDLER}
REVIEWER = {Role.CASE_HANDLER}
CUSTOMERS = {Role.CUSTOMER, Role.REPRESENTATIVE, Role.UPSTREAM_APP}
REMEDIES = (
    "accept_remedy", "do_remedy", "refuse_remedy", "reassign_remedy", "postpone_remedy"
)  # fmt: skip
STAFF = {Role.CASE_HANDLER, Role.MANAGER, Role.ADMINISTRATOR}

MAY: dict[str, tuple[set[Role], set[State]]] = {
    "allocate": (STAFF | {Role.UPSTREAM_APP}, OPEN),
    "introduce": (REVIEWER, HELD),
    "acknowledge": (REVIEWER, OPEN | {C}),
    "update": (REVIEWER, OPEN),
    "extend": ({Role.CASE_HANDLER, Role.MANAGER}, WORKING),
    "give_reason": ({Role.CASE_HANDLER, Role.MANAGER}, OPEN | {C}),
    "pause": ({Role.CASE_HANDLER, Role.MANAGER}, HELD),
    "resume": ({Role.CASE_HANDLER, Role.MANAGER}, {P}),
    "record_contact": (OWN | STAFF, OPEN | {C}),
    "answer_contact": (REVIEWER, OPEN | {C}),
    "return_call": (REVIEWER, OPEN | {C}),
    "escalate": (OWN, OPEN),
    "reassign": (STAFF, OPEN),
    "reply": (REVIEWER, WORKING),
    "answer_feedback": (REVIEWER, WORKING),
    "accept": (OWN, {D}),
    "withdraw": (OWN, OPEN),
    "reopen": (STAFF, {D, C}),
    "close": (STAFF, OPEN),
    "pass_to_decision": (REVIEWER | {Role.UPSTREAM_APP}, OPEN),
    "conclude_case": (REVIEWER | {Role.UPSTREAM_APP}, OPEN),
    "refresh": ({Role.ADMINISTRATOR}, OPEN | {C}),
    "correct": (STAFF, OPEN),
    "take_in": (STAFF, OPEN),
    "merge": (STAFF, HELD),
    **dict.fromkeys(
        ("link", "unlink"), (STAFF | {Role.COMPLAINTS_TEAM, Role.INDEPENDENT_ASSESSOR}, OPEN | {C})
    ),
    "prefer": (STAFF | OWN, OPEN | {C}),
    "report_undelivered": (STAFF | {Role.UPSTREAM_APP}, OPEN | {C}),
    "resend_notice": (STAFF, OPEN | {C}),
    "restrict_contact": (STAFF, OPEN),
    "declare_conflict": (STAFF | {Role.COMPLAINTS_TEAM, Role.INDEPENDENT_ASSESSOR}, OPEN),
    "review_restriction": ({Role.MANAGER, Role.ADMINISTRATOR}, OPEN),
    "lift_restriction": ({Role.MANAGER, Role.ADMINISTRATOR}, OPEN),
    "name_representative": (STAFF | {Role.CUSTOMER, Role.UPSTREAM_APP}, OPEN | {C}),
    "ask_authority": (STAFF, OPEN | {C}),
    "give_authority": (STAFF | {Role.CUSTOMER, Role.UPSTREAM_APP}, OPEN | {C}),
    "hear_directly": (STAFF | {Role.CUSTOMER, Role.UPSTREAM_APP}, OPEN | {C}),
    "withdraw_authority": (STAFF | OWN, OPEN | {C}),
    "request_appointment": (OWN | STAFF, OPEN),
    "arrange_appointment": ({Role.CASE_HANDLER, Role.MANAGER}, OPEN),
    "cancel_appointment": (OWN | STAFF, OPEN),
    "record_appointment": ({Role.CASE_HANDLER, Role.MANAGER}, OPEN | {C}),
    "ask_information": ({Role.CASE_HANDLER, Role.MANAGER}, HELD),
    "revise_information": ({Role.CASE_HANDLER, Role.MANAGER}, HELD),
    "record_information": (OWN | STAFF, OPEN | {C}),
    "apply_closure": ({Role.ADMINISTRATOR}, OPEN | {C}),
    "migrate": ({Role.ADMINISTRATOR}, OPEN | {C}),
    **dict.fromkeys(REMEDIES, (set(Role) - CUSTOMERS, OPEN | {C})),
}
"""At the case handler's stage of `financial-ombudsman`, written down by hand."""

APPOINTMENTS = ("arrange_appointment", "cancel_appointment", "record_appointment")
THEN: dict[tuple[str, State], type[Refused] | None] = {
    **{("pause", state): PauseRefused for state in WORKING},  # only IS-7 speaks of a pause
    **{("allocate", state): WrongState for state in OPEN},  # it has a handler already
    ("acknowledge", A): WrongState,
    ("acknowledge", D): WrongState,
    ("acknowledge", C): ComplaintClosed,  # but a contact that has come since may be
    ("reopen", C): ComplaintClosed,
    **{("answer_feedback", state): WrongState for state in WORKING},  # it is a complaint
    **{("revise_information", state): WrongState for state in HELD},
    **{("record_information", state): WrongState for state in (*OPEN, C)},  # nothing was asked
    # nobody has asked for one
    **{(verb, state): WrongState for verb in APPOINTMENTS for state in OPEN},
    ("record_appointment", C): WrongState,
    **{("give_reason", state): WrongState for state in (A, P, D, C)},  # nothing was missed
    **{("review_restriction", state): WrongState for state in OPEN},  # nothing is limited
    **{("lift_restriction", state): WrongState for state in OPEN},
    **{("ask_authority", state): WrongState for state in (*OPEN, C)},  # it is there already
    ("refresh", R): InvalidCommand,
    ("refresh", A): InvalidCommand,
    ("refresh", P): InvalidCommand,
    ("refresh", D): InvalidCommand,
    ("refresh", C): InvalidCommand,
    # nothing was promised before the reply
    **{(verb, state): InvalidCommand for verb in REMEDIES for state in (*HELD, C)},
    ("accept_remedy", D): WrongState,  # it is no recommendation
    **{("unlink", state): InvalidCommand for state in (*OPEN, C)},  # it is linked with none
}
"""What the rules still refuse to somebody who may, with what `playing.said.SAID` says."""

BY: dict[tuple[str, State, Role], type[Refused]] = {
    ("accept", D, Role.CASE_HANDLER): WrongState,  # nothing was heard since the reply
    ("withdraw", D, Role.CASE_HANDLER): WrongState,
    # they name the contact in which the customer said so
    **{("withdraw", state, Role.CASE_HANDLER): InvalidCommand for state in HELD},
    ("close", D, Role.CASE_HANDLER): WrongRole,  # the customer's window is open
    ("close", D, Role.MANAGER): WrongRole,
    # what nobody was named for is the manager's
    **{
        (verb, D, role): WrongRole
        for verb in REMEDIES
        for role in set(Role) - CUSTOMERS - {Role.MANAGER, Role.ADMINISTRATOR}
    },
}
"""And to somebody in that role."""

ELSEWHERE: dict[tuple[str, State], type[Refused] | None] = {
    **{("escalate", state): WrongStage for state in HELD},
    ("reopen", C): None,
}
"""And at `casework-standards`: a reply comes first, and there is time to reopen."""

SAYING = {"extend": {"new_due": "2026-10-22", "promise": "CS-2"}}
REPRESENTED = {
    "representative": {"kind": "friend", "name": "R Help", "email": "r@x.org", "authorised": True}
}


def test_every_verb_is_in_the_table() -> None:
    assert MAY.keys() == VERBS.keys()


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("charter", ["financial-ombudsman", "casework-standards"])
def test_only_these_may_do_it_and_only_then(charter: str, verb: str) -> None:
    may, states = MAY[verb]
    then = THEN | ELSEWHERE if charter == "casework-standards" else THEN
    wrong = []
    for role in Role:
        for story in all_states(charter, **REPRESENTED):
            state = story.complaint.state
            expected: type[Refused] | None
            if state not in states:
                expected = ComplaintClosed if state is C else WrongState
            elif role not in may:
                expected = WrongRole
            else:
                expected = BY.get((verb, state, role), then.get((verb, state)))
            if verb == "extend" and charter == "financial-ombudsman" and expected is None:
                continue  # its first stage makes no promise that may be extended
            said = SAYING.get(verb, {})
            met = story.attempt(story.command(verb, PEOPLE[role], **said))
            refusal = met if isinstance(met, Refused) else None
            if (type(refusal) if refusal else None) is not expected:
                wrong.append(f"{verb} by {role} when {state}: {met}, not {expected}")
            if refusal and not refusal.allowed:
                wrong.append(f"{verb}: {refusal} does not say what is allowed")
    assert wrong == []


def test_the_reviewer_is_the_role_of_the_present_stage() -> None:
    for story in all_states():
        if story.complaint.state in OPEN:
            story.do("escalate", Role.CUSTOMER)
            assert isinstance(story.refused("reply", Role.CASE_HANDLER), WrongRole)
            story.do("reply", Role.MANAGER)
            assert isinstance(story.refused("escalate", Role.CASE_HANDLER, to="x"), WrongRole)


@pytest.mark.parametrize("role", Role)
def test_a_wrong_role_is_told_which_roles_may(role: Role) -> None:
    for story in all_states():
        if role not in REVIEWER and story.complaint.state in WORKING:
            refusal = story.refused("reply", role)
            assert isinstance(refusal, WrongRole)
            assert refusal.message == f"{role.somebody} may not reply at stage case-handler."
            assert refusal.allowed == "Roles that may: case-handler."


def test_the_ladder_is_climbed_one_rung_at_a_time() -> None:
    for story in all_states():
        if story.complaint.state in OPEN:
            refusal = story.refused("escalate", Role.CUSTOMER, to="complaints-team")
            assert isinstance(refusal, WrongStage)
            assert refusal.allowed == "The next stage is manager."
