"""What people say in a simulation: the commands, each made and checked once.

Owns the words. A command that differs only in the complaint it is sent to is the same value, so
that a hundred thousand complaints need a few hundred commands.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from domain.complaint import commands as cmd
from domain.complaint.commands import Actor
from domain.vocabulary import Channel, FromWhom, Outcome, Role
from domain.wire import Handler
from simulation.scenario import Task

CUSTOMER = Actor(id="customer", name="Somebody", role=Role.CUSTOMER)
POST_ROOM = Actor(id="post.room", name="The post room", role=Role.UPSTREAM_APP)


class Speaker:
    """Somebody of the organisation, and what they have said already."""

    __slots__ = ("_said", "actor")

    def __init__(self, role: Role, number: int) -> None:
        """`number` counts the people of a role from 0."""
        name = f"{role} {number + 1}"
        self.actor = Actor(id=f"{role}.{number + 1}", name=name, role=role)
        self._said: dict[tuple[str, int, int], cmd.Command] = {}

    def says(self, task: Task, rung: int, number: int = 0) -> cmd.Command:
        """What is said once the task is done; ids are told apart by rung and number."""
        key = (task, rung, number)
        if key not in self._said:
            self._said[key] = _said(task, self.actor, f"{rung}/{task}/{number}", number)
        return self._said[key]

    def acknowledges(self, rung: int, contact: int) -> cmd.Command:
        """The contact of that number is acknowledged."""
        key = ("received", rung, contact)
        if key not in self._said:
            self._said[key] = cmd.Acknowledge(
                command_id=f"{rung}/received/{contact}", actor=self.actor, contact=contact
            )
        return self._said[key]

    def is_given(self, rung: int) -> cmd.Command:
        """The post room gives the complaint to them."""
        key = ("allocate", rung, 0)
        if key not in self._said:
            handler = Handler(id=self.actor.id, name=self.actor.name)
            self._said[key] = cmd.Allocate(
                command_id=f"{rung}/allocate", actor=POST_ROOM, handler=handler
            )
        return self._said[key]

    def resumes(self, rung: int) -> cmd.Command:
        """The facts are there."""
        return cmd.Resume(command_id=f"{rung}/resume", actor=self.actor)

    def pauses(self, rung: int, review_on: date) -> cmd.Command:
        """Facts have to be checked."""
        return cmd.Pause(
            command_id=f"{rung}/pause", actor=self.actor, reason="Facts are checked.",
            review_on=review_on,
        )  # fmt: skip

    def extends(self, rung: int, promise: str, new_due: date) -> cmd.Command:
        """The answer will take longer."""
        return cmd.Extend(
            command_id=f"{rung}/extend", actor=self.actor, new_due=new_due, promise=promise,
            reason="It takes longer than we thought.",
        )  # fmt: skip


def _said(task: Task, who: Actor, command_id: str, number: int) -> cmd.Command:
    if task is Task.ACKNOWLEDGE:
        return cmd.Acknowledge(command_id=command_id, actor=who)
    if task is Task.INTRODUCE:
        return cmd.Introduce(command_id=command_id, actor=who)
    if task is Task.UPDATE:
        return cmd.Update(command_id=command_id, actor=who, message="It is in hand.")
    if task is Task.CONTACT:
        return cmd.AnswerContact(
            command_id=command_id, actor=who, contact=number, summary="It is in hand."
        )
    # Nothing to put right: remedies are followed up outside the complaint.
    return cmd.Reply(
        command_id=command_id, actor=who, findings="Simulated.", outcome=Outcome.NOT_UPHELD
    )


@cache
def escalate(rung: int, to: str) -> cmd.Escalate:
    """The customer asks for the next stage."""
    return cmd.Escalate(
        command_id=f"{rung}/escalate", actor=CUSTOMER, to=to, grounds="Not content."
    )


@cache
def accept(rung: int) -> cmd.Accept:
    """The customer is content."""
    return cmd.Accept(command_id=f"{rung}/accept", actor=CUSTOMER)


def write_again(number: int, channel: Channel, received_at: datetime) -> cmd.RecordContact:
    """The customer writes or calls once more."""
    return cmd.RecordContact(
        command_id=f"contact/{number}", actor=POST_ROOM, channel=channel,
        from_whom=FromWhom.CUSTOMER, summary="Any news?", received_at=received_at,
    )  # fmt: skip
