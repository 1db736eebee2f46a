"""A life: one simulated complaint, the core's value and what the simulation knows beside it.

Owns where a life stands between its tasks. The rules are the core's alone.
"""

from __future__ import annotations

from enum import StrEnum

from domain.complaint.state import Complaint
from domain.vocabulary import State
from simulation.hours import NEVER, Second
from simulation.luck import Draws
from simulation.speech import Speaker


class Where(StrEnum):
    """Where a complaint is when the simulation ends; each is in exactly one place."""

    FINISHED = "finished"
    WAITING = "waiting"
    """For somebody to take up its next task."""
    IN_HAND = "in-hand"
    """Somebody works on it."""
    PAUSED = "paused"
    """Facts are being checked."""
    REPLIED = "replied"
    """The next word is the customer's."""


class Life:
    """One complaint from its arrival on."""

    __slots__ = (
        "complaint", "contacts", "draws", "extended", "handler", "in_hand", "next_wake", "number",
        "paused", "rung", "updates", "updating", "waking_at",
    )  # fmt: skip

    def __init__(self, number: int, complaint: Complaint) -> None:
        """`number` names its luck; the complaint has no events yet."""
        self.number = number
        self.complaint = complaint
        self.rung = -1
        """The rung of the ladder, from 0; -1 before it has been received."""
        self.draws: Draws = ()
        """Its luck at this rung."""
        self.handler: Speaker | None = None
        """Who acts for the organisation at this rung; none where nobody may."""
        self.in_hand = 0
        """How many of its tasks somebody works on."""
        self.contacts, self.updates = 0, 0
        self.paused = self.extended = False
        """Whether it was, at this rung."""
        self.updating = False
        """Whether an update is asked for."""
        self.next_wake: Second = NEVER
        """When time alone changes something."""
        self.waking_at: Second = NEVER
        """The earliest wake-up that is noted down for it."""

    def begin_rung(self, rung: int, draws: Draws, handler: Speaker | None) -> None:
        """It has come to a rung of the ladder."""
        self.rung, self.draws, self.handler = rung, draws, handler
        self.updates = 0
        self.paused = self.extended = self.updating = False

    @property
    def answered(self) -> bool:
        """Whether the present stage has replied, or the complaint is closed."""
        return self.complaint.reply is not None or self.complaint.closed is not None

    @property
    def where(self) -> Where:
        """Where it is."""
        complaint = self.complaint
        if complaint.closed:
            return Where.FINISHED
        if complaint.state is State.REPLIED:
            return Where.REPLIED
        if complaint.pause:
            return Where.PAUSED
        return Where.IN_HAND if self.in_hand else Where.WAITING
