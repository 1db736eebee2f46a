"""Charter versions: a complaint goes on under a refreshed calendar, or under a new version of its charter.

Owns `refresh` and `migrate`, and whether a complaint can go on under rules that were pinned anew. New
complaints have the new version anyway; one that runs moves only by these, each with an event of its own
that keeps the dates it supersedes.
"""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from domain import value
from domain.charter.rules import Rules, still_closed, unpack
from domain.clocks.due import budget_of
from domain.complaint.commands import Command, check_room
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, made
from domain.complaint.notify.moved_dates import moved_line, tell_moved
from domain.complaint.policies.rescheduling import (
    Moved,
    MovedRemedy,
    limited_anew,
    moved,
    moved_remedies,
    under,
)
from domain.complaint.state import Complaint
from domain.errors import InvalidCommand
from domain.notices import NoticeKind
from domain.vocabulary import ANY, Role
from domain.wire import Line

_ADMINISTRATOR = (Role.ADMINISTRATOR,)
_AS_BEFORE = "Finish the complaint under the charter it was opened with."


class PinsAnew(Command):
    """A command for which the workflow looks the charter up and fills in `pinned`."""

    pinned: Annotated[
        str, Field(max_length=200_000, description="filled in by the workflow; leave it out")
    ] = ""


class Refresh(PinsAnew):
    """Pin the charter and calendar anew, as they stand now."""

    verb = "refresh"


class Migrate(PinsAnew):
    """Go on under another version of the charter."""

    verb = "migrate"
    to_version: Line = Field(description="The version, as the new charter says.")


@value(frozen=True, slots=True, kw_only=True)
class CharterRefreshed(Happened):
    """The charter and calendar were pinned anew; `pinned` is their packed text."""

    kind: Literal["charter-refreshed"] = "charter-refreshed"
    digest: str
    pinned: str
    moved: tuple[Moved, ...] = ()
    """Every due date that this superseded."""
    remedies: tuple[MovedRemedy, ...] = ()


@value(frozen=True, slots=True, kw_only=True)
class CharterMigrated(Happened):
    """Another version of the charter holds; `moved` and `remedies` hold every date that this superseded."""

    kind: Literal["charter-migrated"] = "charter-migrated"
    from_version: str
    to_version: str
    digest: str
    pinned: str
    moved: tuple[Moved, ...]
    remedies: tuple[MovedRemedy, ...] = ()


def _refresh(complaint: Complaint, command: Refresh, now: datetime) -> tuple[Any, ...]:
    changed = _pinned(complaint, command.pinned)
    known, held = changed.charter.version, complaint.rules.charter.version
    if changed.charter.id == complaint.rules.charter.id and known != held:
        raise InvalidCommand(
            f"The workers know {changed.charter.id} {known}; the complaint runs under {held}.",
            "Use migrate to take it over to the new version.",
        )
    _check_successor(complaint, changed)
    return made(CharterRefreshed, complaint, command, now, **_moving(complaint, changed, now))


def _migrate(complaint: Complaint, command: Migrate, now: datetime) -> tuple[Any, ...]:
    version = complaint.rules.charter.version
    if version == command.to_version:
        return ()
    changed = _pinned(complaint, command.pinned)
    _check_successor(complaint, changed)
    if changed.charter.version != command.to_version:
        raise InvalidCommand(
            f"to_version: the workers know {changed.charter.id} {changed.charter.version},"
            f" not {command.to_version}.",
            "Deploy the new charter to every worker first.",
        )
    moving = _moving(complaint, changed, now)
    return made(CharterMigrated, complaint, command, now, from_version=version, **moving)


def _moving(complaint: Complaint, changed: Rules, now: datetime) -> dict[str, Any]:
    check_room(len(complaint.former), "charters that it ran under")
    clocks = limited_anew(complaint, changed)
    return {
        "digest": changed.digest,
        "moved": moved(complaint.clocks, complaint.rules, clocks, changed, now),
        "remedies": moved_remedies(complaint, changed),
    }


def _pinned(complaint: Complaint, pinned: str) -> Rules:
    """The rules in that text; days that were closed in an emergency stay closed. Raises `InvalidCommand`."""
    try:
        rules = unpack(base64.b64decode(pinned, validate=True))
    except (ValueError, KeyError):
        raise InvalidCommand("pinned: it holds no charter.", "Leave it out.") from None
    return still_closed(rules, complaint.closures)


def _check_successor(complaint: Complaint, rules: Rules) -> None:
    """Raise `InvalidCommand` unless the complaint can go on under these rules.

    They must have its stage and the promises of its clocks, and count what was spent in the same unit. The
    last day that the customer was told to go on stands, whatever the new rules say.
    """
    if rules.charter.id != complaint.rules.charter.id:
        raise InvalidCommand(f"{rules.charter.id} is another charter.", complaint.rules.charter.id)
    missing = {c.promise for c in complaint.clocks if c.live} - rules.promises.keys()
    if missing or complaint.stage not in {stage.id for stage in rules.ladder}:
        lost = ", ".join(sorted(missing)) or f"stage {complaint.stage}"
        raise InvalidCommand(
            f"The charter now lacks {lost}, which this complaint still runs on.",
            _AS_BEFORE,
        )
    _check_units(complaint, rules)


def _check_units(complaint: Complaint, rules: Rules) -> None:
    for clock in complaint.clocks:
        if not clock.live or not (clock.pauses or clock.extra or clock.spent):
            continue
        old, new = budget_of(clock, complaint.rules), budget_of(clock, rules)
        if old.unit is not new.unit:
            raise InvalidCommand(
                f"{clock.promise} was paused or extended in {old.unit}, and would be counted in {new.unit}.",
                _AS_BEFORE,
            )


def _fold(complaint: Complaint, event: CharterRefreshed | CharterMigrated) -> dict[str, Any]:
    rules = _pinned(complaint, event.pinned)
    return under(complaint, rules, limited_anew(complaint, rules), event)


def _line(event: CharterMigrated) -> str:
    versions = f"from version {event.from_version} to {event.to_version}"
    return f"The charter went {versions}. {moved_line(event)}"


FEATURE = Feature(
    commands={
        Refresh: CommandSpec(_ADMINISTRATOR, ANY, (CharterRefreshed,), _refresh, passes_on=True),
        Migrate: CommandSpec(_ADMINISTRATOR, ANY, (CharterMigrated,), _migrate, passes_on=True),
    },
    events={
        CharterRefreshed: EventSpec(
            lambda e: f"Charter and calendar pinned anew ({e.digest}).", _fold, tell_moved,
            owed=(NoticeKind.DATES_CORRECTED,),
            recounts="Every clock that runs is counted anew, by the calendar as it stands now.",
        ),
        CharterMigrated: EventSpec(
            _line, _fold,
            lambda complaint, event: tell_moved(complaint, event, version=event.to_version),
            owed=(NoticeKind.DATES_CORRECTED,),
            recounts="Every clock that runs is counted anew, under the new version.",
        ),
    },
)  # fmt: skip
