"""The lifecycle of one simulated complaint: the core's value and what the simulation knows beside it.

Owns where it stands between its tasks. The rules are the core's alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from domain.complaint.state import Complaint
from domain.vocabulary import State
from simulation.play.actors import StaffMember
from simulation.world.random_streams import StageDraws
from simulation.world.working_time import NEVER, Second


class Place(StrEnum):
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


@dataclass(slots=True, eq=False)
class Lifecycle:
    """One complaint from its arrival on."""

    number: int
    """Names what it draws."""
    complaint: Complaint
    """As the core left it; without events before it has been received."""
    rung: int = -1
    """The rung of the ladder, from 0; -1 before it has been received."""
    draws: StageDraws = field(init=False)
    """What it draws at this rung, once it has been received."""
    handler: StaffMember | None = None
    """Who acts for the organisation at this rung; none where nobody may."""
    in_hand: int = 0
    """How many of its tasks somebody works on."""
    contacts: int = 0
    """How often the customer wrote again."""
    next_wake: Second = NEVER
    """When time alone changes something."""
    waking_at: Second = NEVER
    """The earliest wake-up that is noted down for it."""
    updates: int = 0
    """How many were asked for at this rung."""
    # Whether it was paused or extended at this rung, and whether an update is asked for.
    paused: bool = False
    extended: bool = False
    updating: bool = False

    def begin_rung(self, rung: int, draws: StageDraws, handler: StaffMember | None) -> None:
        """It has come to a rung of the ladder."""
        self.rung, self.draws, self.handler = rung, draws, handler
        self.updates = 0
        self.paused = self.extended = self.updating = False

    @property
    def answered(self) -> bool:
        """Whether the present stage has replied, or the complaint is closed."""
        return bool(self.complaint.reply or self.complaint.closed)

    @property
    def place(self) -> Place:
        """Where it is."""
        complaint = self.complaint
        if complaint.closed:
            return Place.FINISHED
        if complaint.state is State.REPLIED:
            return Place.REPLIED
        if complaint.pause:
            return Place.PAUSED
        return Place.IN_HAND if self.in_hand else Place.WAITING
