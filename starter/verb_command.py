"""Owns turning a verb's own options into a command of the admin script.

A verb's module says which options it has; here the reference, the actor, the command id and
`--json` are added to each, and what comes back is sent. Must not import anything heavy at the top.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from inspect import Parameter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain.vocabulary import Role
from starter.acting import connected, the_actor, the_settings
from starter.exits import run
from starter.printing import at_instant, say, say_json

if TYPE_CHECKING:
    from starter.status import Status, Summary

OwnFields = Mapping[str, Any]

Reference = Annotated[str, typer.Argument(metavar="REF", help="The complaint's reference.")]
ActorId = Annotated[
    str | None, typer.Option("--actor-id", metavar="ID", help="Who acts [UPHOLD_ACTOR_ID].")
]
ActorName = Annotated[
    str | None, typer.Option("--actor-name", metavar="NAME", help="Their name [UPHOLD_ACTOR_NAME].")
]
ActorRole = Annotated[
    Role | None, typer.Option("--actor-role", help="Their role [UPHOLD_ACTOR_ROLE].")
]
CommandId = Annotated[
    str | None,
    typer.Option(
        "--command-id",
        metavar="ID",
        help="Name under which this is done once, however often it is sent. Default: a new one.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
NoWait = Annotated[
    bool,
    typer.Option(
        "--no-wait", help="Hand it over without waiting: a refusal is then told to staff."
    ),
]


def instant(text: str) -> datetime:
    """The instant that an option names. Raises a usage error unless it says its time zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not an instant such as 2026-11-20T16:45+00:00."
        ) from None
    if found.tzinfo is None:
        raise typer.BadParameter(
            f"{text!r} does not say its time zone: write {text}+00:00 for UTC."
        )
    return found.astimezone(UTC)


def day(text: str) -> date:
    """The date that an option names. Raises a usage error."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date such as 2026-10-16.") from None


def verb(
    app: typer.Typer, name: str, example: str, *, signal: bool = False
) -> Callable[[Callable[..., OwnFields]], Callable[..., OwnFields]]:
    """Register the decorated function as the command that sends the verb `name`.

    The function takes the verb's own options and returns its fields; its docstring is the help.
    With `signal` the command also takes `--no-wait`.
    """

    def register(own: Callable[..., OwnFields]) -> Callable[..., OwnFields]:
        def command(**given: Any) -> None:
            common = {key: given.pop(key, None) for key in _common(signal=signal)}
            _send(name, common, own(**given))

        parameters = _parameters(own, signal=signal)
        command.__name__ = own.__name__
        command.__doc__ = f"{inspect.getdoc(own)}\n\n\b\nExample:\n  uphold {example}"
        command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        command.__annotations__ = {each.name: each.annotation for each in parameters}
        app.command(name.replace("_", "-"))(command)
        return own

    return register


def _common(*, signal: bool) -> dict[str, tuple[Any, Any]]:
    common: dict[str, tuple[Any, Any]] = {
        "reference": (Reference, Parameter.empty),
        "actor_id": (ActorId, None),
        "actor_name": (ActorName, None),
        "actor_role": (ActorRole, None),
        "command_id": (CommandId, None),
        "as_json": (AsJson, False),
    }
    if signal:
        common["no_wait"] = (NoWait, False)
    return common


def _parameters(own: Callable[..., OwnFields], *, signal: bool) -> list[Parameter]:
    added = {
        name: Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in _common(signal=signal).items()
    }
    first = added.pop("reference")
    own_ones = [
        each.replace(kind=Parameter.KEYWORD_ONLY)
        for each in inspect.signature(own, eval_str=True).parameters.values()
    ]
    return [first, *own_ones, *added.values()]


def _send(name: str, common: dict[str, Any], fields: OwnFields) -> None:
    settings = the_settings()
    actor = the_actor(settings, common["actor_id"], common["actor_name"], common["actor_role"])
    address = (name, common["reference"], actor, common["command_id"], fields)

    async def sent() -> Summary | None:
        complaints = await connected(settings)
        if common.get("no_wait"):
            await complaints.signal(*address)
            return None
        return await complaints.send(*address)

    answer = run(sent())
    if common["as_json"]:
        say_json(
            {"reference": common["reference"], "handed_over": True} if answer is None else answer
        )
    elif answer is None:
        say(f"{common['reference']}: {name} handed over; `uphold show` tells what became of it.")
    else:
        say(in_words(answer))


def in_words(now: Summary | Status) -> str:
    """How a complaint stands, in a line."""
    parts = [f"{now.state} at {now.stage}"]
    if now.handler_id:
        parts.append(f"with {now.handler_id}")
    if now.outcome:
        parts.append(now.outcome)
    if now.closed_how:
        parts.append(f"ended as {now.closed_how}")
    if now.next_due:
        parts.append(f"next due {at_instant(now.next_due)}")
    if now.missed:
        parts.append(f"{now.missed} missed")
    return f"{now.reference}: {', '.join(parts)}."
