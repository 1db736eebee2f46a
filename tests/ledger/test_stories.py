"""Whole complaints, played through the core, come out of the ledger as they went in."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from activities.contracts import LedgerEntry
from domain.complaint.decider.decide import AnyCommand
from domain.complaint.decider.evolve import fold
from domain.complaint.state import Complaint
from domain.complaint.views.read_model import changed_clocks, clock_standing, standing_of
from domain.errors import Refused
from ledger.port import Ledger
from tests.domain.playing.stories import SHIPPED, Story

VERBS: list[tuple[str, dict[str, Any]]] = [
    ("allocate", {}), ("introduce", {}), ("acknowledge", {}), ("update", {}), ("pause", {}),
    ("resume", {}), ("extend", {}), ("record_contact", {}), ("answer_contact", {}),
    ("reassign", {"reason": "conflict"}), ("pass_to_decision", {}), ("conclude_case", {}),
    ("reply", {}), ("escalate", {}), ("acknowledge", {}), ("reply", {}), ("accept", {}),
    ("withdraw", {}), ("reopen", {}), ("close", {}),
]  # fmt: skip


class RecordedStory(Story):
    """A story that keeps what each of its steps adds to the ledger."""

    entries: list[LedgerEntry]

    def play(self, command: AnyCommand) -> list[Any]:
        """As the story does."""
        before, owed = self.complaint, len(self.notices)
        if not before.events:
            self.entries = []
        made = super().play(command)
        if made:
            self.entries.append(self._entry(before, made, owed))
        return made

    def _entry(self, before: Complaint, made: list[Any], owed: int) -> LedgerEntry:
        return LedgerEntry(
            self.complaint.reference,
            tuple(made),
            standing_of(self.complaint),
            changed_clocks(before, self.complaint),
            tuple(self.notices[owed:]),
        )


def played(charter: str) -> list[RecordedStory]:
    """A busy complaint and a neglected one."""
    busy = RecordedStory(
        charter,
        reference="BUSY",
        about=["delay", "data-protection"],
        subject_case={"reference": "C-9", "open": True},
    )
    for verb, fields in VERBS:
        with suppress(Refused):  # what a charter does not allow leaves no record
            busy.do(verb, **fields)
    neglected = RecordedStory(charter, reference="NEGLECTED")
    neglected.at("2027-09-01 10:00")
    return [busy, neglected]


@pytest.mark.parametrize("charter", SHIPPED)
async def test_a_story_is_read_as_it_was_played(ledger: Ledger, charter: str) -> None:
    for story in played(charter):
        reference = story.complaint.reference
        for given in story.entries:
            await ledger.record(given)
            await ledger.record(given)
        events = await ledger.events(reference)
        assert events == tuple(story.events)
        complaint = fold(story.rules, events)
        assert complaint == story.complaint
        assert await ledger.standing(reference) == standing_of(complaint)
        clocks = {clock.id: clock for clock in await ledger.clocks(reference)}
        assert clocks == {c.id: clock_standing(c, complaint.rules_of(c)) for c in complaint.clocks}
        assert [owed.notice for owed in await ledger.notices(reference)] == story.notices
