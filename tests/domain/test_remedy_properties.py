"""Anything done to a remedy, by anybody, at any instant: only refusals may come of it."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from activities.facts import REQUIRED
from domain.complaint.commands import Tick
from domain.complaint.features.remedies.remedy import fold
from domain.complaint.features.remedies.remedy_commands import REMEDY_VERBS, FollowComplaint
from domain.complaint.features.remedies.remedy_events import REMEDY_EVENTS, RemedyMissed
from domain.complaint.features.remedies.remedy_reactions import OWED, react
from domain.complaint.features.remedies.remedy_standing import (
    carry,
    restore,
    standing_of,
    status_of,
)
from domain.complaint.features.remedies.remedy_time import APOLOGIES, next_wake
from domain.errors import Refused
from domain.notices import Notice
from domain.vocabulary import RemedyState
from tests.domain.remedy_stories import RemedyStory
from tests.domain.stories import person

PERSONS = (
    person("k.lee", "case-handler"), person("K.Lee", "customer"), person("m.smith", "manager"),
    person("a.admin", "administrator"), person("c.team", "complaints-team"),
    person("i.assessor", "independent-assessor"), person("app", "upstream-app"),
)  # fmt: skip
GAPS = st.one_of(
    st.timedeltas(timedelta(0), timedelta(hours=9)),
    st.timedeltas(timedelta(days=1), timedelta(days=40)),
    st.sampled_from([timedelta(days=400), timedelta(days=900)]),
)
SETTLED = (RemedyState.DONE, RemedyState.REFUSED)


class AnyRemedy(RuleBasedStateMachine):
    """Time, its people and its complaint do what they like."""

    story: RemedyStory

    @initialize(
        kind=st.sampled_from([None, "apology", "payment", "recommendation"]),
        owner=st.sampled_from([None, {"id": "k.lee", "name": "K Lee"}]),
        due=st.sampled_from([None, "2026-10-07", "2026-12-24", "2028-12-29"]),
        stage=st.sampled_from(["manager", "independent-assessor"]),
    )
    def undertake(self, kind: str | None, owner: Any, due: str | None, stage: str) -> None:
        """A reply undertakes it."""
        given = {"text": "Something", "kind": kind, "owner": owner, "due": due}
        item = {name: value for name, value in given.items() if value}
        self.story = RemedyStory(item, stage=stage)
        self.before = self.story.remedy

    @rule(gap=GAPS, woken=st.booleans())
    def time_passes(self, gap: timedelta, woken: bool) -> None:
        """The worker runs, or is down until then."""
        then = self.story.now + gap
        (self.story.at if woken else self.story.late)(then)

    @rule(
        verb=st.sampled_from(list(REMEDY_VERBS)), by=st.sampled_from(PERSONS),
        days=st.integers(-3, 45), words=st.sampled_from(["", "Because."]),
        again=st.booleans(),
    )  # fmt: skip
    def somebody_asks(self, verb: str, by: Any, days: int, words: str, again: bool) -> None:
        """Any verb by anybody."""
        said: dict[str, dict[str, Any]] = {
            "do_remedy": {"how": words},
            "refuse_remedy": {"reason": words},
            "reassign_remedy": {"owner": {"id": by.id, "name": by.name}},
            "postpone_remedy": {"new_due": _later(self.story, days), "reason": words},
        }
        command = self.story.command(verb, by, **said.get(verb, {}))
        try:
            self.story.play(command)
        except Refused:
            return
        if again:
            assert self.story.play(command) == [], "a repeat did something"

    @rule(barred=st.sampled_from([(), ("k.lee",), ("m.smith",)]))
    def the_complaint_has_other_people(self, barred: tuple[str, ...]) -> None:
        """A conflict is declared, or is none any more."""
        people = self.story.remedy.whom.model_copy(update={"barred": barred})
        self.story.play(FollowComplaint(people=people))

    @invariant()
    def it_is_lawful(self) -> None:
        """What must hold after anything."""
        story, remedy = self.story, self.story.remedy
        assert [event.number for event in story.events] == list(range(1, len(story.events) + 1))
        assert fold(remedy.rules, story.events) == remedy
        assert story.play(Tick()) == [], "something that had fallen due was left"
        wake = next_wake(remedy)
        assert wake is None or wake > story.now
        assert (remedy.state in SETTLED) == (remedy.settled is not None)
        assert remedy.settled is None or wake is None, "what is settled waits for nothing"
        assert remedy.settled is not None or wake is not None, "what is owed is never forgotten"
        assert sum(isinstance(event, RemedyMissed) for event in story.events) == remedy.missed
        assert remedy.missed <= APOLOGIES
        if self.before.settled:
            assert remedy.settled == self.before.settled
        self.before = remedy

    def teardown(self) -> None:
        """The record as a whole."""
        if hasattr(self, "story"):
            check_record(self.story)


def check_record(story: RemedyStory) -> None:
    """Numbers, keys, notices, and that the record adds up to the same remedy."""
    events, rules = tuple(story.events), story.remedy.rules
    assert REMEDY_EVENTS.validate_json(REMEDY_EVENTS.dump_json(events)) == events
    assert restore(rules.packed, carry(events)) == (events, story.remedy, None)
    json.dumps(status_of(story.remedy, events))
    assert standing_of(story.remedy).events == len(events)
    owed: list[Notice] = []
    for event in events:
        made = react(fold(rules, events[: event.number]), event)
        assert {notice.kind for notice in made} <= set(OWED[type(event)])
        owed += made
    assert owed == story.notices
    assert len({notice.key for notice in owed}) == len(owed)
    for notice in owed:
        assert REQUIRED[notice.kind] <= notice.facts.keys()
        json.dumps(notice.facts)


def _later(story: RemedyStory, days: int) -> date:
    named = story.remedy.waits_for or datetime.date(story.now)
    return named + timedelta(days=days)


def test_a_remedy_is_lawful_whatever_is_done_to_it() -> None:
    run_state_machine_as_test(AnyRemedy, settings=settings(max_examples=40, stateful_step_count=25))
