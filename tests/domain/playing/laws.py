"""The laws of the core: what must hold after any change to any complaint.

Owns the checks that stories and the machine share. Each names the law that was broken.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from domain.calendar.pinned import BeyondCalendar
from domain.charter.rules import Rules
from domain.clocks.clock import Clock, ClockState
from domain.clocks.due import due_of
from domain.complaint.decider.access import TABLE
from domain.complaint.decider.evolve import evolve, fold
from domain.complaint.decider.react import OWED, react
from domain.complaint.decider.registry import EVENTS_JSON
from domain.complaint.features.contact.appointments.events import (
    AppointmentCancelled,
    AppointmentPutOff,
    AppointmentRequested,
)
from domain.complaint.features.contact.contacts import ContactReceived
from domain.complaint.features.contact.information.events import (
    InformationReceived,
)
from domain.complaint.features.dates.charter_versions import CharterMigrated, CharterRefreshed
from domain.complaint.features.dates.closures import ClosureApplied
from domain.complaint.features.dates.corrections import ReceiptCorrected
from domain.complaint.features.dates.pausing import Resumed
from domain.complaint.features.dates.subject_case import CaseConcluded, PassedToDecision
from domain.complaint.features.ending.by_people import Closed
from domain.complaint.features.ending.linking import Linked, Unlinked, links_of
from domain.complaint.features.handling.allocation import Allocated, Reassigned
from domain.complaint.features.handling.escalation import Escalated
from domain.complaint.features.handling.receiving import Opened
from domain.complaint.features.people.conflict import ConflictDeclared, ConflictFound
from domain.complaint.features.people.preferences import PreferencesStated
from domain.complaint.features.people.representation.events import (
    AuthorityAsked,
    AuthorityGiven,
    AuthorityWithdrawn,
    RepresentativeNamed,
)
from domain.complaint.features.people.restriction import (
    ContactRestricted,
    RestrictionLifted,
    RestrictionReviewed,
)
from domain.complaint.notify.reasons import outlives
from domain.complaint.policies.eligibility import complained_of
from domain.complaint.policies.windows import window_after_reply
from domain.complaint.state import Complaint
from domain.complaint.views.status import status_of
from domain.notices import Notice, NoticeKind, RecipientKind
from domain.vocabulary import REVIEWERS, Role
from letters.rendering import render
from letters.required_facts import required_facts
from tests.domain.playing.stories import Story
from tests.domain.playing.telling import MOVES

PASSED_ON = (
    Escalated, PassedToDecision, CaseConcluded, CharterRefreshed,
    ClosureApplied, CharterMigrated,
    RepresentativeNamed, AuthorityAsked, AuthorityGiven, AuthorityWithdrawn, PreferencesStated,
    ContactRestricted, RestrictionReviewed, RestrictionLifted, ConflictDeclared,
    AppointmentRequested, AppointmentCancelled, AppointmentPutOff, InformationReceived, Linked, Unlinked,
)  # fmt: skip
"""What neither judges, nor closes, nor appoints anybody."""


def check_change(
    before: Complaint, story: Story, made: list[Any], notices: Iterable[Notice]
) -> None:
    """Everything that one command may and may not have changed."""
    complaint = before
    for event in made:
        after = evolve(complaint, event)
        assert evolve(complaint, event) == after, "evolve is not a function"
        assert event.number == complaint.events + 1, "event numbers have a gap"
        _check_clocks(complaint, after, event)
        _check_independence(story, complaint, event)
        _check_customers_time(complaint, event)
        first, again = react(after, event), react(after, event)
        assert first == again, "react is not a function"
        assert {n.kind for n in first} <= set(OWED[type(event)]), "a notice that is not owed"
        complaint = after
    assert complaint == story.complaint
    _check_notices(story, notices)


def check_record(story: Story) -> None:
    """The record as a whole: numbers, keys, and that it adds up to the same complaint."""
    events, complaint = tuple(story.events), story.complaint
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    assert fold(story.rules, events) == complaint, "the events add up to something else"
    wire = EVENTS_JSON.dump_json(events)
    read = EVENTS_JSON.validate_json(wire)
    assert read == events, "the record does not survive JSON"
    assert fold(story.rules, read) == complaint
    assert EVENTS_JSON.dump_json(read) == wire, "a record changes when it is written again"
    status = json.dumps(status_of(fold(story.rules, read), read))
    assert status == json.dumps(status_of(complaint, events)), "two replays differ in a byte"
    keys = [notice.key for notice in story.notices]
    assert len(keys) == len(set(keys)), "two notices have one key"
    replayed, again = Complaint(story.rules), list[Notice]()
    for event in events:
        replayed = evolve(replayed, event)
        known = {each.key: each for each in again}
        again += [each.whole(known) for each in react(replayed, event)]
    assert again == story.notices, "a replay owes other notices"


def _check_clocks(before: Complaint, after: Complaint, event: Any) -> None:
    clocks = {clock.id: clock for clock in after.clocks}
    assert len(clocks) == len(after.clocks), "two clocks have one id"
    for old in before.clocks:
        new = clocks[old.id]
        if not old.live and not isinstance(event, ReceiptCorrected) and event.acted_at >= event.at:
            assert new.state is old.state, f"{old.id} was {old.state} and became {new.state}"
            assert new.ended_at == old.ended_at
        if new.live and old.live and not isinstance(event, MOVES):
            assert _due(old, before.rules) == _due(new, after.rules), f"{old.id} moved by {event}"
        if isinstance(event, Resumed) and new.running and new.pauses:
            unlimited = replace(new, limit_day=None)
            due = _due(unlimited, after.rules)
            assert due is None or due_of(unlimited, after.rules).at > event.at, "overdue at once"
    live = Counter(
        (c.promise, c.contact, c.appointment) for c in after.clocks if c.live and not c.renewal
    )
    assert all(count == 1 for count in live.values()), "one promise has two clocks that run"
    stopped = after.pause is not None
    for clock in after.clocks:
        assert clock.state is not ClockState.PAUSED or stopped, f"{clock.id} is paused for ever"
        assert clock.ended_at is None or clock.ended_at <= event.at, (
            f"{clock.id} ends in the future"
        )
        assert (clock.state is ClockState.MET) <= (clock.fulfilled_late_at is None)
        assert clock.live == (clock.ended_at is None)
        late = clock.contact is not None and after.contacts[clock.contact - 1].after_end
        explains = outlives(after, clock)
        over = after.closed and not (late or explains)
        assert not (over and clock.live), f"{clock.id} runs on after the end"
    missed = [
        clock for clock in after.clocks if clock.state is ClockState.MISSED and not clock.renewal
    ]
    for clock in after.clocks:
        rule = after.rules_of(clock).promises.get(clock.promise)
        wrong = ClockState.PASSED if rule and rule.binding else ClockState.MISSED
        assert rule is None or clock.state is not wrong, f"{clock.id} is {clock.state}"
    assert len(missed) == after.missed, "a miss is counted wrongly"


def _due(clock: Clock, rules: Rules) -> Any:
    try:
        return due_of(clock, rules).day
    except BeyondCalendar:
        return None


def _check_independence(story: Story, before: Complaint, event: Any) -> None:
    """Who did something at an earlier stage, in whatever role, decides nothing at an independent one.

    Neither are they appointed there; and somebody with a conflict does nothing anywhere.
    """
    here = event.handler if isinstance(event, Allocated | Reassigned | ConflictDeclared) else None
    acting = [one.id.casefold() for one in (event.actor, here) if one]
    if isinstance(event, ContactReceived):
        return
    so_far = story.events[: before.events]
    barred = {
        done.from_handler.id.casefold()
        for done in so_far
        if isinstance(done, Reassigned) and done.reason == "conflict" and done.from_handler
    }
    found = (done for done in so_far if isinstance(done, ConflictDeclared | ConflictFound))
    barred |= {done.person.id.casefold() for done in found}
    if before.opening:  # whoever it is about is barred from the first, also where it ends at once
        about = complained_of(before.rules, before.opening)
        barred |= {who.id.casefold() for who in about}
    assert barred == before.conflicted
    assert not barred.intersection(acting), "somebody with a conflict acted"
    passed_on = isinstance(event, PASSED_ON) and here is None
    if passed_on or not before.rules.stage(before.stage).independent:
        return
    stage, earlier = "", set()
    for done in story.events[: before.events]:
        stage = done.stage if isinstance(done, Opened) else stage
        if stage != before.stage and not isinstance(done, ContactReceived | Linked | Unlinked):
            if done.actor and done.actor.role in REVIEWERS:
                earlier.add(done.actor.id.casefold())
            if isinstance(done, Allocated | Reassigned | ConflictDeclared) and done.handler:
                earlier.add(done.handler.id.casefold())
        stage = done.to if isinstance(done, Escalated) else stage
    case = before.opened.subject_case
    earlier |= {case.handler.id.casefold()} if case and case.handler else set()
    assert not earlier.intersection(acting), f"{acting} acted at an earlier stage"


def _check_customers_time(before: Complaint, event: Any) -> None:
    """After a reply, staff end nothing without the customer's word, which stands on record."""
    role = event.actor.role if event.actor else None
    if not isinstance(event, Closed) or role not in {*REVIEWERS, Role.ADMINISTRATOR}:
        return
    if before.reply is None:
        return
    if event.how == "closed-by-staff":
        waits = window_after_reply(before)
        assert role is Role.ADMINISTRATOR or not waits, "a window was closed by staff"
    elif event.how != "procedure-ended":
        word = before.contacts[event.contact - 1] if event.contact else None
        assert word, f"{event.how} by staff, and on nobody's word"
        assert word.theirs, "it rests on somebody else's word"
        assert word.received_at >= before.reply.at, "it rests on what came before the reply"


def _check_notices(story: Story, notices: Iterable[Notice]) -> None:
    written = set()
    for notice in notices:
        if notice.again and not notice.facts.get("sent_before"):
            continue  # of a letter that never was nothing is written
        missing = required_facts(notice.kind) - notice.facts.keys()
        assert not missing, f"{notice.kind} lacks {missing}"
        to_staff = notice.recipient.kind is RecipientKind.STAFF  # letters are read by `watching`
        if to_staff and notice.kind not in written:
            letter = render(notice)
            assert letter.subject
            assert letter.body
            written.add(notice.kind)
        if not to_staff:
            told = json.dumps(notice.facts)
            assert not [each for each in links_of(story.events) if each in told], "a link is told"
        # A member who wrote is told that somebody was answered, and nothing of the case.
        of_the_case = notice.kind is not NoticeKind.ANSWERED_DIRECTLY
        if of_the_case and notice.recipient.kind is RecipientKind.REPRESENTATIVE:
            acting = _acting(story.events[: notice.event])
            assert notice.recipient.name in acting, "sent to somebody without authority"


def _acting(events: Iterable[Any]) -> set[str]:
    """The names of those who have authority by the end of these events."""
    may: set[str] = set()
    for event in events:
        if isinstance(event, Opened):
            helper = event.opening.representative
            may = {helper.name} if helper and helper.authorised else set()
        elif isinstance(event, RepresentativeNamed):
            may -= {event.representative.name}
        elif isinstance(event, AuthorityWithdrawn):
            may -= {event.who}
        elif isinstance(event, AuthorityGiven):
            may |= {event.who}
    return may


def verbs_of(event: Any) -> set[str]:
    """The verbs that the table names this event for."""
    return {verb for verb, permission in TABLE.items() if type(event) in permission.events}
