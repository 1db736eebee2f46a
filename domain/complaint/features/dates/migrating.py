"""A new version of the charter, taken over by complaints that run under the old one.

Owns the verb `migrate`. New complaints have the new version anyway; one that runs moves only by this,
each with an event of its own that keeps the dates it supersedes.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from domain.calendar.counting import in_words
from domain.charter.rules import still_closed, unpack
from domain.complaint.commands import Command
from domain.complaint.events import Happened
from domain.complaint.feature import OPEN, Asked, Matter, Permission, Told, stamp
from domain.complaint.notify.recipients import tell
from domain.complaint.policies.charter_versions import check_successor, read_pinned
from domain.complaint.policies.rescheduling import limited_anew, moved, moved_facts, superseding
from domain.complaint.remembered import Moved
from domain.errors import InvalidCommand
from domain.notices import Notice, NoticeKind
from domain.vocabulary import Role
from domain.wire import Line

if TYPE_CHECKING:
    from domain.complaint.state import Complaint


class Migrate(Command):
    """Go on under another version of the charter. The workflow fills in `pinned`."""

    verb = "migrate"
    to_version: Line
    pinned: Annotated[str, Field(description="filled in by the workflow; leave it out")] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CharterMigrated(Happened):
    """Another version of the charter holds; `moved` holds every due date that this superseded."""

    kind: Literal["charter-migrated"] = "charter-migrated"
    from_version: str
    to_version: str
    digest: str
    pinned: str
    moved: tuple[Moved, ...]


def _migrate(complaint: Complaint, command: Migrate, now: datetime) -> tuple[Any, ...]:
    rules = complaint.rules
    if rules.charter.version == command.to_version:
        return ()
    changed = still_closed(read_pinned(command.pinned), complaint.closures)
    check_successor(complaint, changed)
    if changed.charter.version != command.to_version:
        raise InvalidCommand(
            f"to_version: the workers know {changed.charter.id} {changed.charter.version},"
            f" not {command.to_version}.",
            "Deploy the new charter to every worker first.",
        )
    return (
        CharterMigrated(
            **stamp(complaint, command, now), from_version=rules.charter.version,
            to_version=changed.charter.version, digest=changed.digest, pinned=command.pinned,
            moved=moved(complaint.clocks, rules, limited_anew(complaint, changed), changed, now),
        ),
    )  # fmt: skip


def _fold(complaint: Complaint, event: CharterMigrated) -> dict[str, Any]:
    rules = still_closed(unpack(base64.b64decode(event.pinned)), complaint.closures)
    return {
        "rules": rules,
        "former": (*complaint.former, (event.at, complaint.rules)),
        "clocks": superseding(limited_anew(complaint, rules), event),
    }


def _react(complaint: Complaint, event: CharterMigrated) -> Iterator[Notice]:
    dates = moved_facts(complaint, event)
    if dates:
        yield from tell(
            complaint, event, NoticeKind.DATES_CORRECTED, reason=None,
            charter_version=event.to_version, moved=dates,
        )  # fmt: skip


def _line(event: CharterMigrated) -> str:
    dates = "; ".join(
        f"{each.promise} from {in_words(each.old_due)} to {in_words(each.new_due)}"
        for each in event.moved
    )
    return (
        f"The charter went from version {event.from_version} to {event.to_version}. "
        f"Moved: {dates or 'no date'}."
    )


MATTER = Matter(
    verbs={
        Migrate: Asked(
            Permission((Role.ADMINISTRATOR,), OPEN, (CharterMigrated,), passes_on=True), _migrate
        )
    },
    events={
        CharterMigrated: Told(
            _fold, _line, _react, owed=(NoticeKind.DATES_CORRECTED,)
        )
    },
)  # fmt: skip
