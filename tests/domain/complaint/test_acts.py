"""Acts: what somebody did counts from when they did it, by whichever verb it is entered later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.charter.rules import Rules, pack, unpack
from domain.complaint.commands import Entered
from domain.complaint.decider.registry import COMMANDS, VERBS
from domain.errors import InvalidCommand
from domain.notices import RecipientKind
from domain.vocabulary import Role
from letters.rendering import render
from tests.domain.playing.laws import check_record
from tests.domain.playing.stories import Story, local, patient, rules_of

OF_THEIR_OWN = {
    "record_contact": "received_at",
    "conclude_case": "answered_at",
    "request_appointment": "requested_at",
    "take_in": "received_at",
    "correct": "received_at",
}
"""Verbs that always name the instant."""
OURS = frozenset(
    {
        "allocate", "introduce", "acknowledge", "update", "extend", "pause", "resume",
        "answer_contact", "answer_feedback", "reassign", "reply", "close", "merge", "link", "unlink", "pass_to_decision", "refresh",
        "apply_closure", "migrate", "arrange_appointment", "record_appointment", "ask_information",
        "revise_information", "ask_authority", "restrict_contact", "review_restriction",
        "lift_restriction", "declare_conflict", "report_undelivered", "resend_notice", "reassign_remedy", "postpone_remedy", "give_reason",
    }
)  # fmt: skip
"""What whoever enters it does by that very entry: it is done when it is entered."""


def replied() -> Story:
    return Story(stage="manager").do("reply", remedies=["An apology"])


def asked() -> Story:
    return Story(rules=patient("insolvency-service")).do("ask_information", stops_clock=True)


def rung() -> Story:
    """Somebody has left a message by telephone."""
    story = Story("casework-standards", channel="letter")
    return story.do("record_contact", channel="phone", contact_kind="voicemail")


def _assessed() -> Story:
    """A complaint on which the assessor has recommended something."""
    story = replied().do("escalate", Role.CUSTOMER, to="complaints-team").do("reply")
    return story.do("escalate", Role.CUSTOMER, to="independent-assessor").do("reply")


READY: dict[str, Callable[[], Story]] = {
    "escalate": replied,
    "accept": replied,
    "withdraw": replied,
    "reopen": replied,
    "return_call": rung,
    "record_information": asked,
    "prefer": Story,
    "name_representative": Story,
    "give_authority": lambda: Story().do("name_representative"),
    "hear_directly": lambda: Story().do("name_representative").do("give_authority"),
    "withdraw_authority": lambda: Story().do("name_representative").do("give_authority"),
    "cancel_appointment": lambda: Story("customer-promise").do("request_appointment"),
    "accept_remedy": _assessed,
    "do_remedy": replied,
    "refuse_remedy": replied,
}
"""A complaint on which the verb can be sent, that was made ready at 10:00 on 5 October 2026."""
SAYING: dict[str, dict[str, Any]] = {
    "escalate": {"to": "complaints-team"},
    "cancel_appointment": {"arrange_anew": False},
    "return_call": {"reached": False},
}


NEXT = {"en": "WHAT HAPPENS NEXT", "cy": "BETH SY'N DIGWYDD NESAF"}
"""What follows the letter's own words."""


def test_every_verb_is_sorted() -> None:
    later = {kind.verb for kind in COMMANDS if issubclass(kind, Entered)}
    assert later == READY.keys()
    assert later | OF_THEIR_OWN.keys() | OURS == VERBS.keys()
    for verb, field in OF_THEIR_OWN.items():
        assert VERBS[verb].model_fields[field].is_required(), verb
    assert all(COMMANDS[VERBS[verb]].answers for verb in later)


@pytest.mark.parametrize("verb", sorted(READY))
def test_an_act_counts_from_when_it_was_done_and_that_lies_after_what_it_answers(verb: str) -> None:
    story, by = READY[verb](), _who(verb)
    told: dict[str, Any] = {**SAYING.get(verb, {})}
    if verb == "accept_remedy":
        told["remedy"] = len(story.complaint.remedies)
    story.at("2026-10-08 10:00")
    ahead = story.now + timedelta(hours=1)
    future = story.refused(verb, by, received_at=ahead, **told)
    assert isinstance(future, InvalidCommand)
    assert "in the future" in future.message
    before = story.refused(verb, by, received_at=local("2026-10-05 09:59"), **told)
    assert isinstance(before, InvalidCommand)
    assert "lies before" in before.message
    said = local("2026-10-06 12:00")
    story.do(verb, by, received_at=said, **told)
    entered = [e for e in story.events if getattr(e, "received_at", None) == said]
    assert entered, "it is not on record when it was done"
    assert entered[-1].acted_at == said


def _who(verb: str) -> Role | None:
    return (
        Role.UPSTREAM_APP
        if verb in ("accept", "withdraw", "give_authority")
        else (Role.MANAGER if verb.endswith("_remedy") else None)
    )


def test_is_7_the_clock_runs_on_from_when_the_answer_came() -> None:
    story = asked().at("2026-10-19 10:00")
    story.do("record_information", received_at=local("2026-10-07 10:00"))
    at_once = asked().at("2026-10-07 10:00").do("record_information")
    assert story.due("IS-2") == at_once.due("IS-2")


def test_is_7_so_it_does_where_a_contact_brought_it() -> None:
    story = asked().at("2026-10-19 10:00")
    story.do("record_contact", answers=True, received_at=local("2026-10-07 10:00"))
    at_once = asked().at("2026-10-07 10:00").do("record_information")
    assert story.due("IS-2") == at_once.due("IS-2")


def test_fo_5_updates_stop_from_when_the_professional_had_authority() -> None:
    solicitor = {"kind": "professional", "name": "S Law", "email": "s@law.example"}
    story = Story().do("allocate").do("name_representative", representative=solicitor)
    said = local("2026-10-06 10:00")
    story.at("2026-10-12 10:00").do("give_authority", received_at=said)
    assert story.clock("FO-2").ended_at == said


def test_what_is_taken_up_again_on_request_counts_from_the_request() -> None:
    story = replied().at("2026-10-09 10:00").do("reopen", received_at=local("2026-10-07 10:00"))
    at_once = replied().at("2026-10-07 10:00").do("reopen")
    assert story.due("FO-8/reply") == at_once.due("FO-8/reply")


def test_a_remedy_was_done_when_it_was_done() -> None:
    said = local("2026-10-07 10:00")
    story = replied().at("2026-10-20 10:00").do("do_remedy", Role.MANAGER, received_at=said)
    assert story.complaint.remedies[0].settled_at == said


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("verb", sorted(READY))
def test_a_letter_about_what_was_entered_later_names_the_day_on_which_it_was_done(
    verb: str, language: str
) -> None:
    day = {"en": "Tuesday 6 October 2026", "cy": "dydd Mawrth 6 Hydref 2026"}[language]
    for said, named in (("2026-10-06 12:00", True), ("2026-10-08 09:00", False)):
        story = READY[verb]()
        told: dict[str, Any] = {**SAYING.get(verb, {})}
        if verb == "accept_remedy":
            told["remedy"] = len(story.complaint.remedies)
        if verb == "prefer":
            told["language"] = language
        story.at("2026-10-08 10:00")
        at = local(said)
        story.do(verb, _who(verb), received_at=at, **told)
        (entered,) = [e for e in story.events if getattr(e, "received_at", None) == at][-1:]
        letters = [
            replace(n, recipient=replace(n.recipient, language=language))
            for n in story.notices
            if n.event == entered.number and n.recipient.kind is not RecipientKind.STAFF
        ]
        assert letters, f"{verb}: nobody is told"
        for letter in letters:
            body = " ".join(render(letter).body.split()).replace("ddydd", "dydd")
            assert (day in body.partition(NEXT[language])[0]) is named, f"{verb}: {body}"


@pytest.mark.parametrize("first", ["letter", "phone"])
def test_what_the_customer_wished_last_holds_in_whichever_order_it_is_entered(first: str) -> None:
    story = Story(complainant_phone="0300 1", complainant_address="2 Hill Street")
    story.at("2026-10-08 10:00").do("prefer", channel=first, received_at=local("2026-10-07 10:00"))
    older = story.refused("prefer", channel="email", received_at=local("2026-10-06 10:00"))
    assert isinstance(older, InvalidCommand)
    assert "the wish that holds now" in older.message
    assert story.complaint.customer.preferred_channel == first
    story.do("prefer", channel="email", received_at=local("2026-10-07 11:00"))


def test_what_is_met_before_the_senders_clock_says_it_began_is_not_met_in_the_future() -> None:
    story = Story("insolvency-service", "2026-10-05 10:00", opened="2026-10-05 09:55").do("reply")
    assert story.clock("IS-2").ended_at == local("2026-10-05 09:55")


def settling() -> Rules:
    """The rules of financial conduct, where to settle it in three days is a promise and no chance."""
    rules = rules_of("financial-conduct")
    promises = tuple(
        each.model_copy(update={"gives_way_to": None}) if each.key == "FC-1" else each
        for each in rules.charter.promises
    )
    charter = rules.charter.model_copy(update={"promises": promises})
    return unpack(pack(charter, rules.calendar))


@pytest.mark.parametrize("how", ["by the verb", "in a contact"])
@pytest.mark.parametrize("promised", [False, True])
def test_fc_1_an_acceptance_within_the_three_days_that_is_entered_later_was_in_time(
    how: str, *, promised: bool
) -> None:
    rules = settling() if promised else rules_of("financial-conduct")
    story = Story(rules=rules).at("2026-10-07 10:00").do("reply").at("2026-10-12 10:00")
    assert story.states("FC-1")[0] == ("missed" if promised else "passed")
    assert story.complaint.missed == promised
    said = local("2026-10-08 12:00")
    if how == "in a contact":
        story.do("record_contact", received_at=said).do("accept", contact=1)
    else:
        story.do("accept", Role.UPSTREAM_APP, received_at=said)
    clock = story.clocks("FC-1")[0]
    assert (clock.state, clock.ended_at) == ("met", said)
    assert story.complaint.missed == 0
    check_record(story)


def test_fc_1_one_of_after_the_three_days_was_not() -> None:
    story = Story(rules=settling()).at("2026-10-07 10:00").do("reply").at("2026-10-12 10:00")
    story.do("accept", Role.UPSTREAM_APP, received_at=local("2026-10-09 12:00"))
    clock = story.clocks("FC-1")[0]
    assert (clock.state, clock.fulfilled_late_at) == ("missed", local("2026-10-09 12:00"))
    assert story.complaint.missed == 1
