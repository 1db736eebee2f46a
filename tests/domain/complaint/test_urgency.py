"""What staff hear at once, and what waits for the day's digest of their mailbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from domain.complaint.decider.registry import EVENTS, VERBS
from domain.complaint.notify.urgency import REPEATED, ROUTINE, may_wait
from domain.complaint.views.digest import GROUPS, Item, act_of, digest_key, digest_of, item_of
from domain.notices import Notice, NoticeKind, RecipientKind
from domain.vocabulary import Role
from letters.rendering import render
from letters.required_facts import STAFF_KINDS
from tests.domain.playing.remedy_stories import RemedyStory
from tests.domain.playing.stories import SHIPPED, Story, local, rules_of
from tests.letters.test_notices_of_stories import stories

NOON = local("2026-10-09 12:00")
"""A Friday: the next working day is Monday the 12th."""
KIND = NoticeKind
NEVER = (
    KIND.NEW_COMPLAINT, KIND.STAGE_ENTERED, KIND.ALLOCATED, KIND.CONTACT_RECEIVED, KIND.OPEN_AGAIN,
    KIND.SIGNAL_REFUSED, KIND.REMEDY_OWED, KIND.APPOINTMENT_TO_ARRANGE, KIND.APPOINTMENT_OFF,
    KIND.INFORMATION_IN, KIND.INFORMATION_BACK, KIND.PREFERENCES_CHANGED, KIND.HANDED_BACK,
    KIND.CONFLICT_NOTED, KIND.LINKED, KIND.CHANCE_PASSED,
)  # fmt: skip
"""What is new, or has to be known before anybody does the next thing."""
PLAIN = Story("casework-standards").complaint
HELPED = Story("casework-standards", complainant_adjustments=["large print"]).complaint


def waits(kind: NoticeKind, **facts: Any) -> bool:
    """Whether a note of that kind waits on that Friday."""
    return may_wait(PLAIN, NOON, kind, {"answer_wanted": True} | facts)


def test_every_kind_of_note_to_staff_is_new_or_routine_or_urgent_the_first_time() -> None:
    placed = [*NEVER, *ROUTINE, *REPEATED, KIND.NEW_FEEDBACK, KIND.DIGEST]
    assert sorted(placed) == sorted(STAFF_KINDS)


@pytest.mark.parametrize("kind", NEVER)
def test_what_is_new_goes_at_once(kind: NoticeKind) -> None:
    assert not waits(kind, due="2027-01-04", again=True)


@pytest.mark.parametrize(
    ("day", "late"),
    [
        ("2026-10-08", True), ("2026-10-09", False), ("2026-10-10", False), ("2026-10-12", False),
        ("2026-10-13", True), ("2026-12-01", True), (None, True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", [kind for kind, fact in ROUTINE.items() if fact])
def test_what_binds_today_or_on_the_next_working_day_goes_at_once(
    kind: NoticeKind, day: str | None, late: bool
) -> None:
    assert waits(kind, **{ROUTINE[kind]: day}) is late


@pytest.mark.parametrize("kind", [kind for kind, fact in ROUTINE.items() if not fact])
def test_routine_that_names_no_day_waits(kind: NoticeKind) -> None:
    assert waits(kind)


@pytest.mark.parametrize("kind", list(REPEATED))
def test_what_was_broken_goes_at_once_and_waits_when_it_is_told_again(kind: NoticeKind) -> None:
    assert not waits(kind, again=False)
    assert waits(kind, again=True)
    assert waits(kind, estimate=True), "that an estimate has passed breaks nothing"


@pytest.mark.parametrize("kind", sorted(STAFF_KINDS - {KIND.DIGEST}))
def test_whoever_asked_for_help_waits_for_no_digest(kind: NoticeKind) -> None:
    assert not may_wait(HELPED, NOON, kind, {"again": True, "answer_wanted": False})


def test_feedback_that_wants_no_answer_waits() -> None:
    assert waits(KIND.NEW_FEEDBACK, answer_wanted=False)
    assert not waits(KIND.NEW_FEEDBACK, answer_wanted=True)


@pytest.mark.parametrize("charter", SHIPPED)
def test_nothing_to_the_customers_side_ever_waits(charter: str) -> None:
    for story in stories(charter):
        for notice in story.notices:
            assert not notice.waits or notice.recipient.kind is RecipientKind.STAFF
            assert not notice.waits or notice.recipient.email, "it waits for a mailbox"


# --- what a digest says -----------------------------------------------------------------------------


def waiting(story: Story) -> Iterator[tuple[Any, Notice]]:
    """What waits in the story, each with its event."""
    for notice in story.notices:
        if notice.waits:
            yield story.events[notice.event - 1], notice


def items(story: Story, today: date | None = None) -> list[Item]:
    """What a digest says of the story as it stands."""
    day = today or story.rules.calendar.local_day(story.now)
    found = (item_of(story.complaint, event, notice, day) for event, notice in waiting(story))
    return [each for each in found if each]


@pytest.mark.parametrize("charter", SHIPPED)
def test_every_note_that_can_wait_names_a_verb_that_there_is_and_can_be_written(
    charter: str,
) -> None:
    told = set()
    lives = [
        Story(charter).do("allocate").at("2027-06-01 10:00"),
        Story(charter).do("allocate").do("record_contact").at("2027-03-01 10:00"),
        *(each for each in stories(charter) if not each.complaint.customer.adjustments),
    ]
    for story in lives:
        for event, notice in waiting(story):
            told.add(notice.kind)
            verb, options = act_of(story.complaint, event, notice)
            assert verb == "show" or options.keys() <= VERBS[verb].model_fields.keys()
        found = items(story)
        if found:
            digest = digest_of("box@x.org", NOON.date(), story.complaint, "manager", found)
            text = render(digest)
            assert text.body.count(f"uphold {found[0].fact['verb'].replace('_', '-')} ") >= 1
            assert text.body.count(story.complaint.reference) == 2 * len(found)
            assert "Ann Price" not in text.body, "no name stands in a list"
    assert told


def test_what_is_done_by_then_is_left_out() -> None:
    story = Story("casework-standards").do("acknowledge").do("reply").do("record_contact")
    story.at("2026-10-09 12:00")
    assert "answer-awaited" in {each.fact["kind"] for each in items(story)}
    story.do("answer_contact", contact=1)
    assert "answer-awaited" not in {each.fact["kind"] for each in items(story)}


def test_of_a_thing_that_was_told_again_and_again_the_last_is_said() -> None:
    story = RemedyStory().at("2027-06-01 10:00").story
    of_remedy = [each for each in items(story) if each.fact["kind"] == "remedy-overdue"]
    assert {each.fact["options"]["remedy"] for each in of_remedy} == {1}
    per_mailbox = len({n.recipient.email for _, n in waiting(story) if n.kind == "remedy-overdue"})
    assert len(of_remedy) <= 2 * per_mailbox, "the last miss, and the last reminder"
    story.do("do_remedy", "manager")
    assert [each for each in items(story) if each.fact["kind"] == "remedy-overdue"] == []


def test_a_closed_complaint_asks_for_nothing_that_ended_with_it() -> None:
    story = Story("casework-standards").at("2027-01-04 10:00")
    assert items(story)
    story.do("withdraw", Role.CUSTOMER)
    assert [each.fact["verb"] for each in items(story)] == ["give_reason"], "a letter promised it"
    story.do("give_reason")
    assert [each.fact["kind"] for each in items(story)] == []


def test_the_most_urgent_comes_first_and_then_the_earliest() -> None:
    def one(group: str, reference: str, by: date | None) -> Item:
        fact = {
            "reference": reference, "kind": "case-open", "facts": {"reference": reference},
            "handler": None, "by": by and by.isoformat(), "verb": "conclude_case", "options": {},
        }  # fmt: skip
        return Item(group, by, fact)

    day = date(2026, 10, 12)
    given = [
        one("undated", "A-5", None), one("later", "A-4", day + timedelta(3)),
        one("later", "A-3", day + timedelta(2)), one("today", "A-2", day), one("late", "A-1", None),
    ]  # fmt: skip
    digest = digest_of("box@x.org", day, PLAIN, "manager", given)
    assert [group["name"] for group in digest.facts["groups"]] == list(GROUPS)
    letter = render(digest)
    assert letter.subject == "Monday 12 October 2026: 5 things to see to, 2 late or due today"
    at = [letter.body.index(f"A-{number}") for number in range(1, 6)]
    assert at == sorted(at)
    assert digest.key == digest_key("box@x.org", day) == "digest/2026-10-12/box@x.org"


def test_every_event_that_asks_staff_says_whether_that_still_stands() -> None:
    """News stay true; what asks for something ends when it is done."""
    news = {"RemedyAccepted", "RemedyDone", "RemedyRefused"}
    at_once = {"AppointmentHeldLate", "AppointmentNotHeld", "NoticeUndeliverable"}
    again = {"NoticeSentAgain"}  # to the customer alone, whatever kind it is
    can_wait = {*ROUTINE, *REPEATED}
    for event, spec in EVENTS.items():
        if can_wait & set(spec.owed):
            says = spec.stands.__module__ != "domain.complaint.feature"
            assert says is (event.__name__ not in news | at_once | again), event


# --- a flood ----------------------------------------------------------------------------------------


def letters_of(story: Story, hour: int = 8) -> int:
    """How many notes staff get: those at once, and one digest a mailbox and working morning with something in it."""
    calendar = rules_of(story.rules.charter.id).calendar
    at_once, mornings = 0, set()
    for notice in story.notices:
        if notice.recipient.kind is not RecipientKind.STAFF:
            continue
        if not notice.waits:
            at_once += 1
            continue
        at: datetime = calendar.in_local_time(story.events[notice.event - 1].at)
        day = at.date()
        if at.hour >= hour or not calendar.is_working(day):
            day = calendar.next_working_day(day)
        mornings.add((notice.recipient.email, day))
    return at_once + len(mornings)


def began(charter: str) -> Story:
    """In hand and acknowledged."""
    return Story(charter).do("allocate").do("acknowledge")


@pytest.mark.parametrize("charter", SHIPPED)
def test_a_flood_of_twenty_e_mails_in_four_weeks_brings_staff_few_letters(charter: str) -> None:
    limits = {"limits": [{"kind": "frequency", "text": "One answer a month."}]}
    quiet = began(charter).do(
        "restrict_contact", Role.ADMINISTRATOR, **limits, review_on="2026-12-01"
    )
    story = began(charter).do(
        "restrict_contact", Role.ADMINISTRATOR, **limits, review_on="2026-12-01"
    )
    for _ in range(20):
        story.until(story.now + timedelta(days=28 / 20)).do("record_contact")
    quiet.until(story.now)
    assert letters_of(story) - letters_of(quiet) <= 5
    assert letters_of(story) <= 13


@pytest.mark.parametrize("charter", SHIPPED)
def test_one_unanswered_e_mail_brings_staff_few_letters_in_thirteen_weeks(charter: str) -> None:
    quiet = began(charter).at("2027-01-04 10:00")
    story = began(charter).do("record_contact").at("2027-01-04 10:00")
    assert letters_of(story) - letters_of(quiet) <= 11
    assert letters_of(story) <= 35, "though nobody does anything at all"
