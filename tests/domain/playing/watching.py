"""The check of a whole story: whatever is told in it is true, wherever it is played.

Owns the watch that every player keeps: the days of letters (`telling`), what they offer (`offering`), how
they read (`reading`), that nothing ends by silence untold, that nothing open waits (`waiting`), and that what is
remembered is so (`remembering`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import Any

from domain.charter.rules import Rules
from domain.complaint.decider.evolve import evolve
from domain.complaint.decider.react import react
from domain.complaint.features.contact.information.events import (
    InformationLapsed,
    InformationOverdue,
    InformationReminded,
)
from domain.complaint.features.contact.information.questions import unread
from domain.complaint.features.dates.promises import PromiseMissed
from domain.complaint.features.ending.by_people import Closed
from domain.complaint.features.people.reaching import NoticeUndeliverable
from domain.complaint.state import Complaint
from domain.notices import Notice, RecipientKind
from domain.vocabulary import ClosedHow
from tests.domain.playing.asking import check_proposals
from tests.domain.playing.offering import check_asked_in_time, check_offers
from tests.domain.playing.reading import check_reading
from tests.domain.playing.recalling import check_recalled
from tests.domain.playing.remembering import check_what_is_remembered
from tests.domain.playing.telling import Told
from tests.domain.playing.waiting import check_that_something_is_due

BY_SILENCE = (ClosedHow.WINDOW_CLOSED, ClosedHow.PROCEDURE_ENDED, ClosedHow.NO_ANSWER)


class Watch:
    """What one story has told so far; a law that a step breaks is an `AssertionError` at that step."""

    def __init__(self) -> None:
        """Nothing has happened yet."""
        self._told = Told()
        self._sent: list[Notice] = []
        self._lost: set[str] = set()
        self._untold: set[str] = set()

    def see(self, before: Complaint, event: Any, after: Complaint, owed: Iterable[Notice]) -> None:
        """One event, the complaint on either side of it, and the notices that it owes."""
        if isinstance(event, NoticeUndeliverable):
            self._lost.add(event.notice)
        if isinstance(event, PromiseMissed) and not event.apology:
            self._untold.add(after.rules.promises[event.promise].promise.text)
        check_what_is_remembered(after)
        owed = [self._whole(each) for each in owed]
        letters = [each for each in owed if each.recipient.kind is not RecipientKind.STAFF]
        self._check_told(before, event, letters)
        _check_read(before, event)
        self._told.hear(event, after, letters)
        for notice in letters:
            if not notice.again:
                check_recalled(notice, self._sent, self._untold)
                check_offers(notice, after, event)
            if not notice.again or notice.facts.get("sent_before"):
                check_reading(notice)  # of a letter that never was nothing is written
        for note in (each for each in owed if each.recipient.kind is RecipientKind.STAFF):
            check_proposals(note, after, event)
        self._sent += letters

    def _whole(self, notice: Notice) -> Notice:
        """A letter that goes again with the words of the one that it repeats."""
        first = next((each for each in self._sent if each.key == notice.again), None)
        return notice.repeating(first) if first else notice

    def rest(self, complaint: Complaint, now: datetime) -> None:
        """Nothing more happens then: an open complaint has something due, an ended one is opened again in time."""
        check_that_something_is_due(complaint, now)
        check_asked_in_time(complaint, now)

    def _check_told(self, before: Complaint, event: Any, letters: list[Notice]) -> None:
        """Nothing ends by silence but after a day that a letter named, which arrived, to each who reads of the end."""
        silent = isinstance(event, Closed) and event.how in BY_SILENCE
        if not silent or (before.reply and before.reply.at == event.at):
            return
        asked = [each.closes_on for each in before.requests if each.closes_on]
        day = before.reply.until if before.reply else max(asked, default=None)
        assert day, f"{event} ends it on a day that nobody was told"
        assert event.at >= before.rules.calendar.end_of_day(day), f"{event} comes too early"
        arrived = [each for each in self._sent if each.key not in self._lost]
        named = [each for each in arrived if day.isoformat() in json.dumps(each.facts)]
        assert named, f"{event}: no letter that arrived named {day}"
        told = {_reader(each) for each in named}
        for letter in letters:
            assert _reader(letter) in told, f"{event}: {_reader(letter)} was not told of {day}"


def _reader(notice: Notice) -> tuple[RecipientKind, str]:
    return notice.recipient.kind, notice.recipient.name


ENDS_A_QUESTION = (InformationOverdue, InformationLapsed, InformationReminded)
"""What says that no answer has come."""


def _check_read(before: Complaint, event: Any) -> None:
    """No question is said to have no answer while something that came since is unread."""
    no_answer = isinstance(event, Closed) and event.how is ClosedHow.NO_ANSWER
    if isinstance(event, ENDS_A_QUESTION):
        asked = [before.requests[event.request - 1]]
    else:
        asked = [each for each in before.requests if no_answer and each.closes_on]
    for request in asked:
        came = unread(before, request)
        assert came is None, f"{event}: {came} may be the answer to {request}"


def watch(rules: Rules, events: Iterable[Any]) -> None:
    """The check of a story that was played elsewhere, by what was recorded of it."""
    watching, complaint, recorded = Watch(), Complaint(rules), tuple(events)
    for event, following in pairwise((*recorded, None)):
        before, complaint = complaint, evolve(complaint, event)
        watching.see(before, event, complaint, react(complaint, event))
        if following is None or following.at > event.at:
            watching.rest(complaint, event.at)
