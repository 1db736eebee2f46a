"""The sample is what it claims to be: large, varied, complete, and true in every season."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from functools import cache

import pytest

from charters.bank_holidays import known_until
from charters.files import CharterBook
from demo.plan import Plan, plan_all
from demo.sample import STILL_OPEN, Sample, SampleFault, load_sample, parse_sample
from domain.calendar.pinned import BeyondCalendar
from domain.complaint.decider.registry import VERBS
from domain.errors import UpholdError
from domain.vocabulary import Channel, ClosedHow, Correspondent, Topic
from tests.demo.rehearsal import Rehearsal, rehearse


@cache
def sample() -> Sample:
    return load_sample()


@cache
def rehearsed(years: int) -> tuple[tuple[Plan, Rehearsal], ...]:
    book = CharterBook()
    return tuple((plan, rehearse(plan, book)) for plan in plan_all(sample().moved(years)))


def seasons() -> list[int]:
    """Years from the sample's own season to the last that the bank-holiday data reach."""
    return list(range(known_until().year - 2026))


@pytest.mark.parametrize("years", seasons())
def test_the_script_comes_true_in_every_season_that_the_calendar_reaches(years: int) -> None:
    faults = [fault for _, played in rehearsed(years) for fault in played.faults]
    assert faults == []
    told = {plan.story.reference: (plan.story.ends, plan.story.misses) for plan, _ in rehearsed(0)}
    got = {plan.story.reference: (its.ended, its.missed) for plan, its in rehearsed(years)}
    assert got == told


def test_there_are_eighty_complaints_at_least_and_no_two_are_alike() -> None:
    openings = sample().openings.values()
    assert len(openings) >= 80
    for words in ("details", "received_at"):
        said = Counter(getattr(opening, words) for opening in openings)
        assert [each for each, times in said.items() if times > 1] == []
    assert len({opening.complainant.name for opening in openings}) >= 60


def test_every_charter_channel_topic_and_correspondent_occurs() -> None:
    openings = sample().openings.values()
    assert {opening.charter for opening in openings} == {
        "financial-ombudsman", "insolvency-service", "customer-promise", "casework-standards",
    }  # fmt: skip
    assert {opening.channel for opening in openings} == set(Channel)
    assert {topic for opening in openings for topic in opening.about} == set(Topic)
    assert {opening.correspondent for opening in openings} == set(Correspondent)
    authority = {o.representative.authorised for o in openings if o.representative}
    assert authority == {True, False}


def test_people_differ_in_language_needs_and_how_they_can_be_reached() -> None:
    people = [opening.complainant for opening in sample().openings.values()]
    assert sum(person.language == "cy" for person in people) >= 5
    assert sum(bool(person.adjustments) for person in people) >= 10
    assert sum(person.email is None for person in people) >= 10
    assert {person.preferred_channel for person in people} >= {
        Channel.EMAIL, Channel.PHONE, Channel.LETTER, Channel.VISIT,
    }  # fmt: skip
    everybody = [*people, *(o.representative for o in sample().openings.values())]
    written = [each.email for each in everybody if each and each.email and "@" in each.email]
    assert [each for each in written if not each.endswith(".example")] == []


def test_receipts_lie_at_every_awkward_hour() -> None:
    received = [opening.received_at for opening in sample().openings.values()]
    days = {(each.month, each.day) for each in received}
    assert {(12, 24), (12, 26), (1, 1)} <= days
    assert sum((each.hour, each.minute) == (23, 30) for each in received) >= 3
    for years in seasons():
        moved = [o.received_at for o in sample().moved(years).openings.values()]
        assert any(each.weekday() >= 5 for each in moved)


def test_every_way_of_ending_and_every_stage_occurs() -> None:
    endings = Counter(played.ended for _, played in rehearsed(0))
    assert set(endings) == {*map(str, ClosedHow), STILL_OPEN}
    reached = {
        (plan.opening.charter, event.stage)
        for plan, played in rehearsed(0)
        for event in played.events
        if event.kind == "replied"
    }
    book = CharterBook()
    stages = {
        (each, stage.id)
        for each in {opening.charter for opening in sample().openings.values()}
        for stage in book.get(each).stages
        if not stage.external
    }
    assert reached == stages


NEEDS_ANOTHER_CHARTER = {"refresh", "migrate"}
"""They go on under what the workers know by now, which nothing has changed while the demo runs."""


def test_every_kind_of_event_and_every_verb_occurs_but_for_a_changed_charter() -> None:
    kinds = {event.kind for _, played in rehearsed(0) for event in played.events}
    assert kinds >= {
        "extended", "paused", "resumed", "review-fell-due", "pause-ran-out", "promise-missed", "promise-warned",
        "reassigned", "reopened", "passed-to-decision", "case-concluded", "command-refused",
        "contact-acknowledged", "contact-answered", "signposted", "appointment-offered",
        "appointment-put-off", "appointment-held-late", "information-reminded",
        "information-lapsed", "authority-asked", "authority-reminded", "authority-withdrawn",
        "restriction-review-due", "conflict-found", "conflict-declared", "receipt-corrected",
        "survey-asked", "remedy-warned", "remedy-missed", "remedy-reminded",
    }  # fmt: skip
    verbs = {step.verb for plan, _ in rehearsed(0) for step in plan.steps}
    assert set(VERBS) - verbs == NEEDS_ANOTHER_CHARTER


def test_most_of_what_replies_undertake_is_done_and_one_of_each_other_thing_happens_to_it() -> None:
    events = [event for _, played in rehearsed(0) for event in played.events]
    promised = sum(len(event.commitments) for event in events if event.kind == "replied")
    kinds = Counter(event.kind for event in events)
    kinds["remedy-done"] += sum(
        each.done for event in events if event.kind == "replied" for each in event.commitments
    )
    assert 0.7 * promised < kinds["remedy-done"] < promised
    others = {"accepted", "refused", "reassigned", "postponed", "warned", "missed", "reminded"}
    assert kinds.keys() >= {f"remedy-{each}" for each in others}


def test_a_pause_lasts_over_christmas_and_only_where_the_page_allows_one() -> None:
    spans = []
    for _, played in rehearsed(0):
        stopped = [event.at for event in played.events if event.kind == "paused"]
        resumed = [event.at for event in played.events if event.kind == "resumed"]
        spans += list(zip(stopped, resumed, strict=False))
    christmas = datetime(2026, 12, 25, 12, tzinfo=UTC)
    assert any(start < christmas < end for start, end in spans)
    charters = {
        plan.opening.charter
        for plan, played in rehearsed(0)
        if any(event.kind == "paused" for event in played.events)
    }
    assert charters == {"insolvency-service"}


def test_the_season_lies_ahead_of_any_clock() -> None:
    first = min(opening.received_at for opening in sample().openings.values())
    for now in (first.replace(month=6), first, first.replace(month=12), first.replace(year=2028)):
        moved = sample().ahead_of(now)
        ahead = [opening.received_at for opening in moved.openings.values()]
        assert min(ahead) > now
        assert min(ahead).year - now.year <= 1
        assert (min(ahead).month, min(ahead).day) == (first.month, first.day)


def test_past_the_calendars_data_nothing_is_guessed() -> None:
    with pytest.raises(BeyondCalendar):
        plan_all(sample().ahead_of(datetime(known_until().year + 1, 1, 1, tzinfo=UTC)))


LINE = (
    '{"reference": "A-1", "charter": "customer-promise", "channel": "email", "about": ["delay"],'
    ' "received_at": "2026-11-03T10:00:00+00:00", "details": "x", "complainant": {"name": "A"}}'
)
CORRECTED = {"by": "customer", "do": "correct", "at": "12:00"}
STORY = {"reference": "A-1", "shows": "x", "ends": "accepted"}


@pytest.mark.parametrize(
    ("lines", "story", "said"),
    [
        ([LINE.replace("email", "pigeon")], STORY, "complaints.jsonl, line 1"),
        ([LINE, "not json"], STORY, "complaints.jsonl, line 2"),
        ([LINE, LINE], STORY, "A-1 comes twice"),
        ([LINE], STORY | {"reference": "A-2"}, "only in one of them: A-1, A-2"),
        ([LINE], STORY | {"ends": "open"}, "stops"),
        ([LINE], STORY | {"steps": [{"by": "b", "do": "shout"}]}, "a step needs"),
        ([LINE], STORY | {"steps": [{"by": "b", "do": "accept", "refused": "No"}]}, "no refusal"),
        ([LINE], STORY | {"steps": [{"by": "b", "do": "accept", "at": "12:00"}]}, "'b' is nobody"),
        ([LINE], STORY | {"steps": [{"by": "customer", "do": "accept", "after": "soon"}]}, "span"),
        ([LINE], STORY | {"steps": [{"by": "customer", "do": "accept", "at": "08:00"}]}, "after"),
        ([LINE], STORY | {"steps": [CORRECTED | {"earlier": "1 month at 09:00"}]}, "no number of"),
    ],
)
def test_a_fault_in_the_files_is_named_with_its_place(
    lines: list[str], story: dict[str, object], said: str
) -> None:
    with pytest.raises(SampleFault, match=said) as refused:
        plan_all(parse_sample(lines, {"story": [story]}, {"people": {}}))
    assert isinstance(refused.value, UpholdError)
