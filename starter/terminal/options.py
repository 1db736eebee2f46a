"""The options and arguments that several commands share, and how their words are read."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import wraps
from inspect import Parameter
from typing import Annotated, Any, Final, NamedTuple, get_type_hints

import typer
from typer.core import TyperGroup

from domain.vocabulary import Role
from starter.terminal.exits import run

Reference = Annotated[str, typer.Argument(metavar="REF", help="The complaint's reference.")]
CharterId = Annotated[str, typer.Argument(metavar="CHARTER", help="The charter's id.")]
File = Annotated[str, typer.Argument(metavar="FILE", help="The file, or - for standard input.")]
LedgerUrl = Annotated[
    str | None,
    typer.Option("--ledger", metavar="URL", help="The ledger; by default that of the settings."),
]
ActorId = Annotated[
    str | None, typer.Option("--actor-id", metavar="ID", help="Who acts [UPHOLD_ACTOR_ID].")
]
ActorName = Annotated[
    str | None, typer.Option("--actor-name", metavar="NAME", help="Their name [UPHOLD_ACTOR_NAME].")
]
ActorRole = Annotated[
    Role | None,
    typer.Option(
        "--actor-role",
        metavar="ROLE",
        help=f"Their role [UPHOLD_ACTOR_ROLE]: {', '.join(Role)}.",
    ),
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
IN_WELSH: Final = "The same in Welsh, for a letter in Welsh."
ReasonInWelsh = Annotated[str | None, typer.Option("--reason-cy", metavar="TEXT", help=IN_WELSH)]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]

_WHOLE: Final = 1000
"""Characters of a first sentence in the help: none is cut off, it goes on in the next line."""


class Group(TyperGroup):
    """Commands in groups, each with its first sentence."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the groups into the help."""
        grouped: dict[str, list[tuple[str, str]]] = {}
        for name in self.list_commands(ctx):
            command: Any = self.get_command(ctx, name)
            row = (name, command.get_short_help_str(_WHOLE))
            grouped.setdefault(command.rich_help_panel or "Commands", []).append(row)
        for group, rows in grouped.items():
            with formatter.section(group):
                formatter.write_dl(rows)


class Acts(NamedTuple):
    """What the flags say of whoever acts."""

    id: ActorId = None
    name: ActorName = None
    role: ActorRole = None


NOBODY: Final = Acts()
"""No flag says who acts: the settings do."""


def prepared(command: Callable[..., Any]) -> Callable[..., Any]:
    """The command as Typer takes it: its `acts` become options of their own, a coroutine is run."""
    signature = inspect.signature(command, eval_str=True)
    parameters = list(signature.parameters.values())
    at = [each.name for each in parameters].index("acts") if "acts" in signature.parameters else -1
    if at >= 0:
        flags = get_type_hints(Acts, include_extras=True).items()
        parameters[at : at + 1] = [
            Parameter(f"actor_{name}", Parameter.KEYWORD_ONLY, default=None, annotation=kind)
            for name, kind in flags
        ]

    @wraps(command)
    def done(**given: Any) -> None:
        if at >= 0:
            given["acts"] = Acts(*(given.pop(f"actor_{name}") for name in Acts._fields))
        result = command(**given)
        if inspect.iscoroutine(result):
            run(result)

    parameters = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in parameters]
    done.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    done.__annotations__ = {each.name: each.annotation for each in parameters}
    return done


class Commands(typer.Typer):
    """A command that has commands of its own, which may be coroutines."""

    def __init__(self, about: str) -> None:
        """`about` is its help."""
        super().__init__(cls=Group, no_args_is_help=True, help=about, rich_markup_mode=None)

    def command(self, name: str | None = None, **more: Any) -> Callable[[Any], Any]:
        """As Typer's own."""
        return lambda function: super(Commands, self).command(name, **more)(prepared(function))


def pairs(texts: Iterable[str], form: str, option: str) -> dict[str, str]:
    """What texts such as `ID=ANSWER` say, each id once. Raises a usage error that names the option."""
    found: dict[str, str] = {}
    for text in texts:
        name, sign, value = (part.strip() for part in text.partition("="))
        if not (name and sign and value):
            raise typer.BadParameter(f"{text!r} is not {form}.", param_hint=option)
        if name in found:
            raise typer.BadParameter(f"{name} is given twice.", param_hint=option)
        found[name] = value
    return found


def day(text: str) -> date:
    """The date that an option names. Raises a usage error."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date such as 2026-10-16.") from None


def instant(text: str) -> datetime:
    """The instant (UTC) that an option names. Raises a usage error unless it says its time zone."""
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{text!r} is not an instant such as 2026-11-20T16:45+00:00."
        ) from None
    raise typer.BadParameter(f"{text!r} does not say its time zone: write {text}+00:00 for UTC.")


def moment(text: str, time_zone: str | None = None) -> datetime:
    """The instant that an option names; without an offset in that time zone, or this machine's.

    A date alone is its first moment. Raises a usage error.
    """
    from zoneinfo import ZoneInfo

    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
        local = found.replace(tzinfo=ZoneInfo(time_zone)) if time_zone else found.astimezone()
        there = local.astimezone(UTC).astimezone(local.tzinfo)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{text!r} is neither a date nor an instant."
            " Allowed: 2026-10-03, 2026-10-03T10:00 or 2026-10-03T10:00+01:00."
        ) from None
    if there.replace(tzinfo=None) != found:
        raise typer.BadParameter(
            f"{text!r} does not exist in {time_zone or 'the time zone of this machine'}: the clocks go forward over it."
            " Allowed: an hour later, or an instant with its offset."
        )
    return local.astimezone(UTC)
