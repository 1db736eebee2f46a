"""Owns what a remedy says of itself: the answer to the query `status` and to every update.

Fields may be added on the wire; a client keeps those that it does not know. Must not import
`temporalio`.
"""

from __future__ import annotations

from datetime import date

from pydantic import AwareDatetime, Field

from starter.status import Answer, TimelineEntry


class RemedySummary(Answer):
    """What an update answers: how the remedy stands now. Short on purpose."""

    id: str = Field(description="the complaint's reference and the remedy's number: `FO-1/1`")
    state: str = Field(description="`owed`, `accepted`, `done` or `refused`")
    owner_id: str | None = None
    due_on: date
    ended_at: AwareDatetime | None = None
    missed: int = Field(description="how many of its dates have passed")
    reminders: int = 0
    events: int = Field(description="the number of the last event")


class RemedyStatus(Answer):
    """What the query `status` answers: owner, dates with their proof, and the timeline."""

    id: str
    reference: str
    number: int
    charter: str
    stage: str = Field(description="the stage whose reply undertook it")
    kind: str
    text: str
    state: str
    owner_id: str | None = None
    owner_name: str | None = None
    owner_role: str
    promised_at: AwareDatetime
    due_on: date = Field(description="the day that was promised; only a postponement moves it")
    new_due: date | None = Field(
        default=None, description="the day that the last apology named instead"
    )
    next_due: AwareDatetime | None = Field(
        default=None, description="when the day passes that the customer waits for"
    )
    superseded: tuple[date, ...] = ()
    proof: str = Field(description="how the day was counted, in a sentence")
    missed: int
    reminders: int
    ended_at: AwareDatetime | None = None
    reason: str | None = Field(default=None, description="how it was done, or why it was refused")
    events: int
    timeline: tuple[TimelineEntry, ...] = ()
    ledger_fault: str | None = None
    effects_owed: bool = False
