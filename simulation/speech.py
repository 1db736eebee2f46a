"""What people say in a simulation: the commands, each made and checked once.

Owns the words. A command that differs only in the complaint it is sent to is the same value, so
that a hundred thousand complaints need a few hundred commands.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from domain import commands as cmd
from domain.commands import Actor
from domain.opening import Person
from domain.vocabulary import Channel, FromWhom, Outcome, Role
from simulation.scenario import Task

CUSTOMER = Actor(id="customer", name="Somebody", role=Role.CUSTOMER)
POST_ROOM = Actor(id="post.room", name="The post room", role=Role.UPSTREAM_APP)


@cache
def person(role: Role, number: int) -> Actor:
    """Somebody of that role, numbered from 0."""
    return Actor(id=f"{role}.{number + 1}", name=f"{role} {number + 1}", role=role)


@cache
def say(task: Task, who: Actor, rung: int, number: int = 0) -> cmd.Command:
    """What is said once the task is done; ids are told apart by rung and number."""
    command_id = f"{rung}/{task}/{number}"
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
    return cmd.Reply(
        command_id=command_id, actor=who, findings="Simulated.", outcome=Outcome.UPHELD,
        remedies=("An apology",),
    )  # fmt: skip


@cache
def acknowledge_contact(who: Actor, rung: int, number: int) -> cmd.Acknowledge:
    """The contact of that number is acknowledged."""
    return cmd.Acknowledge(command_id=f"{rung}/received/{number}", actor=who, contact=number)


@cache
def allocate(who: Actor, rung: int) -> cmd.Allocate:
    """The post room gives the complaint to somebody."""
    handler = Person(id=who.id, name=who.name)
    return cmd.Allocate(command_id=f"{rung}/allocate", actor=POST_ROOM, handler=handler)


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


@cache
def resume(who: Actor, rung: int) -> cmd.Resume:
    """The facts are there."""
    return cmd.Resume(command_id=f"{rung}/resume", actor=who)


def pause(who: Actor, rung: int, review_on: date) -> cmd.Pause:
    """Facts have to be checked."""
    return cmd.Pause(
        command_id=f"{rung}/pause", actor=who, reason="Facts are checked.", review_on=review_on
    )


def extend(who: Actor, rung: int, promise: str, new_due: date) -> cmd.Extend:
    """The answer will take longer."""
    return cmd.Extend(
        command_id=f"{rung}/extend", actor=who, new_due=new_due, promise=promise,
        reason="It takes longer than we thought.",
    )  # fmt: skip


def write_again(number: int, channel: Channel, received_at: datetime) -> cmd.RecordContact:
    """The customer writes or calls once more."""
    return cmd.RecordContact(
        command_id=f"contact/{number}", actor=POST_ROOM, channel=channel,
        from_whom=FromWhom.CUSTOMER, summary="Any news?", received_at=received_at,
    )  # fmt: skip
