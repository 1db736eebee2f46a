"""The actors of a simulation and what they ask for: commands, each made and checked once.

A command that differs only in the complaint it is sent to is the same value, so that a hundred
thousand complaints need a few hundred commands.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from domain.complaint.commands import Actor, Command
from domain.complaint.decider.registry import VERBS
from domain.vocabulary import Channel, FromWhom, Outcome, Role
from simulation.scenario.model import Task

CUSTOMER = Actor(id="customer", name="Somebody", role=Role.CUSTOMER)
POST_ROOM = Actor(id="post.room", name="The post room", role=Role.UPSTREAM_APP)
_DONE_BY: dict[Task, tuple[str, dict[str, Any]]] = {
    Task.ACKNOWLEDGE: ("acknowledge", {}),
    Task.INTRODUCE: ("introduce", {}),
    Task.UPDATE: ("update", {"message": "It is in hand."}),
    Task.CONTACT: ("answer_contact", {"summary": "It is in hand."}),
    # Nothing to put right: remedies take no time of those who review.
    Task.REPLY: (
        "reply",
        {
            "findings": "Simulated.",
            "outcome": Outcome.NOT_UPHELD,
            "heard": ("customer", "staff"),
            "evidence": ("Simulated.",),
        },
    ),
}
"""By which verb, and with which words, a task is done."""


class StaffMember:
    """Somebody of the organisation, and the commands that they have sent already."""

    __slots__ = ("_sent", "actor")

    def __init__(self, role: Role, number: int) -> None:
        """`number` counts the people of a role from 0."""
        self.actor = Actor(id=f"{role}.{number + 1}", name=f"{role} {number + 1}", role=role)
        self._sent: dict[tuple[str, int, int], Command] = {}

    def finish(self, task: Task, rung: int, number: int = 0) -> Command:
        """The task is done; `number` is that of the contact, or of the update."""
        sent = self._sent.get((task, rung, number))
        if sent is None:
            verb, said = _DONE_BY[task]
            contact = {"contact": number} if task is Task.CONTACT else {}
            sent = _command(verb, f"{rung}/{task}/{number}", self.actor, **said, **contact)
            self._sent[task, rung, number] = sent
        return sent

    def acknowledge_contact(self, rung: int, contact: int) -> Command:
        """The contact of that number has come."""
        name = f"{rung}/received/{contact}"
        return _command("acknowledge", name, self.actor, contact=contact)

    def ring_back(self, rung: int, contact: int | None = None) -> Command:
        """Whoever left a message is rung back."""
        said = {"contact": contact, "reached": True, "summary": "It is in hand."}
        return _command("return_call", f"{rung}/called/{contact or 0}", self.actor, **said)

    def take_on(self, rung: int) -> Command:
        """The post room gives them the complaint."""
        key = ("allocate", rung, 0)
        if key not in self._sent:
            line = f"{self.actor.id}@staff.example"
            handler = {"id": self.actor.id, "name": self.actor.name, "email": line}
            self._sent[key] = _command("allocate", f"{rung}/allocate", POST_ROOM, handler=handler)
        return self._sent[key]

    def pause(self, rung: int, review_on: date) -> Command:
        """Facts have to be checked."""
        said = {
            "reason": "Facts are checked.", "third_party": "Others", "review_on": review_on,
        }  # fmt: skip
        return _command("pause", f"{rung}/pause", self.actor, **said)

    def resume(self, rung: int) -> Command:
        """The facts are there."""
        return _command("resume", f"{rung}/resume", self.actor)

    def extend(self, rung: int, promise: str, new_due: date) -> Command:
        """The answer will take longer."""
        return _command(
            "extend", f"{rung}/extend", self.actor, new_due=new_due, promise=promise,
            reason="It takes longer than we thought.",
        )  # fmt: skip


@cache
def escalate(rung: int, to: str) -> Command:
    """The customer asks for the next stage."""
    return _command("escalate", f"{rung}/escalate", CUSTOMER, to=to, grounds="Not content.")


@cache
def accept(rung: int) -> Command:
    """The customer is content."""
    return _command("accept", f"{rung}/accept", CUSTOMER)


def write_again(number: int, channel: Channel, received_at: datetime) -> Command:
    """The customer writes or calls once more."""
    return _command(
        "record_contact", f"contact/{number}", POST_ROOM, channel=channel,
        from_whom=FromWhom.CUSTOMER, summary="Any news?", received_at=received_at,
    )  # fmt: skip


def _command(verb: str, command_id: str, actor: Actor, **said: Any) -> Command:
    return VERBS[verb](command_id=command_id, actor=actor, **said)
