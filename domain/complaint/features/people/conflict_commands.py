"""The verb by which a conflict of interest is declared.

Owns its shape, so that other matters may follow it. What it makes is in `conflict`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.complaint.commands import Command, Reason
from domain.wire import Handler, Person


class DeclareConflict(Command):
    """Say that somebody has a conflict of interest; if they have the complaint, it is handed on."""

    verb = "declare_conflict"
    reason: Reason
    person: Annotated[Person | None, Field(description="who; left out: the actor")] = None
    handler: Annotated[
        Handler | None, Field(description="who takes over; left out: the stage finds somebody")
    ] = None
