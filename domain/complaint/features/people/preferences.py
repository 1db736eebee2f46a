"""Preferences: how, in which language and how often the customer hears, and what helps them.

Owns the rules. What somebody asks for holds from then on for every letter, and an interval that was
agreed goes before the charter's own. Sources: `004_223f6b270ec16c9f.txt` (asked how and how often; Welsh
as well as English), `001_52f8d27437deebc1.txt` (monthly updates, unless it is agreed differently),
`000_2dfa29253c41a6cc.txt` (extra help), `002_b4e25913c9de5f70.txt` (other ways for those who need them).
After the end letters may still come, but no regular ones: then all but the interval can still be said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from domain import value
from domain.calendar.interval import NO_UPDATES, Interval, UpdateInterval
from domain.clocks.clock import Clock
from domain.complaint.commands import Entered
from domain.complaint.contact_limits import REACHED_BY, closed_channels, open_ways
from domain.complaint.events import Happened
from domain.complaint.feature import CommandSpec, EventSpec, Feature, Moves, made
from domain.complaint.notify.compose import ask_reviewer, write_to
from domain.complaint.notify.recipients import customer_and_helper, same_address
from domain.complaint.opening import Complainant
from domain.complaint.policies.applicability import wish_kept
from domain.complaint.policies.suspension import falling_silent, recounted, silenced
from domain.complaint.state import Complaint
from domain.errors import InvalidCommand, WrongRole, WrongState
from domain.notices import Notice, NoticeKind
from domain.vocabulary import ANY, CUSTOMERS_OWN, STAFF, Channel, Role
from domain.wire import Language, Line

_DETAILS = ("email", "phone", "address")
_FIELDS = {"channel": "preferred_channel"} | {
    name: name for name in ("language", "update_interval", "adjustments", *_DETAILS)
}
"""The fields of the verb, and what they are called of a customer."""


class Prefer(Entered):
    """Say how the customer wants to hear from now on; what is left out stays as it is."""

    verb = "prefer"
    channel: Channel | None = Field(default=None, description="How they hear.")
    language: Language | None = Field(default=None, description="Two letters, such as cy.")
    update_interval: UpdateInterval | None = Field(
        default=None,
        description="How often they want to hear, such as '2 weeks', '5 working days' or '1 month'; or none.",
    )
    adjustments: tuple[Line, ...] | None = Field(
        max_length=20,
        default=None,
        description="What helps them: all that holds from now on, earlier ones go.",
    )
    email: Line | None = Field(default=None, description="Their e-mail.")
    phone: Line | None = Field(default=None, description="Their telephone.")
    address: Line | None = Field(default=None, description="Their address.")


@value(frozen=True, slots=True, kw_only=True)
class PreferencesStated(Happened):
    """How the customer wants to hear from now on; what is null stays as it was."""

    kind: Literal["preferences-stated"] = "preferences-stated"
    channel: Channel | None = None
    language: str | None = None
    update_interval: UpdateInterval | None = None
    adjustments: tuple[str, ...] | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    anew: tuple[str, ...] = ()
    """The promises whose interval is another one from now on."""
    kept: bool = True
    """Whether anything keeps the interval that holds from now on."""
    received_at: datetime | None = None
    """When they said so, if it was entered later."""


def _changes(said: Prefer | PreferencesStated) -> dict[str, Any]:
    given = {ours: getattr(said, name) for name, ours in _FIELDS.items()}
    return {name: value for name, value in given.items() if value is not None}


def _prefer(complaint: Complaint, command: Prefer, now: datetime) -> tuple[Any, ...]:
    changes = _changes(command)
    if not changes:
        raise InvalidCommand("Nothing was said.", f"At least one of: {', '.join(_FIELDS)}.")
    if command.actor.role is Role.REPRESENTATIVE and any(name in changes for name in _DETAILS):
        raise WrongRole(
            "How the customer is reached is theirs to say, not their representative's.",
            f"A representative may give: {', '.join(_FIELDS.keys() - set(_DETAILS))}.",
        )
    before = complaint.customer
    _check_agreed(complaint, command)
    after = before.model_copy(update=changes)
    if command.channel:
        _check_reached(complaint, after)
    anew: tuple[str, ...] = ()
    if after.update_interval != before.update_interval:
        anew = tuple(key for key, rule in complaint.rules.promises.items() if rule.agreed)
    kept = wish_kept(replace(complaint, complainant=after))
    return made(PreferencesStated, complaint, command, now, anew=anew, kept=kept)


def _answers(complaint: Complaint, _: Prefer) -> tuple[datetime, str]:
    """What they said last holds, in whichever order it is entered."""
    if complaint.preferred_at:
        return complaint.preferred_at, "the wish that holds now was said"
    return complaint.opened.received_at, "the complaint was received"


def _check_agreed(complaint: Complaint, command: Prefer) -> None:
    """Raise if an interval is asked for that no promise of the charter would ever keep, or after the end."""
    rules = complaint.rules
    if command.update_interval and complaint.closed:
        raise InvalidCommand(
            f"update_interval: {complaint.reference} is closed, and no regular updates follow.",
            "Leave it out; the rest of what they wish still counts.",
        )
    if isinstance(command.update_interval, Interval) and not any(
        rule.agreed for rule in rules.promises.values()
    ):
        raise InvalidCommand(
            f"update_interval: {rules.charter.id} has no regular updates whose interval can be agreed.",
            f"{NO_UPDATES!r}, or leave it out.",
        )


def _check_reached(complaint: Complaint, after: Complainant) -> None:
    """Raise if the customer cannot be reached by that channel."""
    channel, limited = after.preferred_channel, complaint.restriction
    needed = REACHED_BY[channel]
    if not any(getattr(after, name) for name in needed):
        raise InvalidCommand(
            f"channel: {channel} needs one of {', '.join(needed)}, and none is on record.",
            "Give it too, or another channel.",
        )
    if limited and channel not in open_ways(after, closed_channels(limited.limits)):
        raise WrongState(
            f"Contact by {channel} is limited on {complaint.reference} at present.",
            "Another channel, until the limit is lifted.",
        )


def _fold(complaint: Complaint, event: PreferencesStated) -> dict[str, Any]:
    given = [getattr(event, name) for name in _DETAILS]
    return {
        "complainant": complaint.customer.model_copy(update=_changes(event)),
        "preferred": complaint.preferred or bool(event.channel or event.update_interval),
        "preferred_at": event.acted_at,
        # What they give leads to them again, also if it is what had not.
        "unreached": complaint.unreached - {same_address(each) for each in given if each},
        "silenced": complaint.silenced | falling_silent(complaint, event.anew),
    }


def _turn(complaint: Complaint, event: PreferencesStated) -> tuple[Clock, ...]:
    if not event.anew:
        return complaint.clocks
    clocks = silenced(complaint, event, complaint.silenced)
    theirs = event.actor is not None and event.actor.role in CUSTOMERS_OWN
    return recounted(complaint, event, clocks, event.anew, theirs=theirs)


def _react(complaint: Complaint, event: PreferencesStated) -> Iterator[Notice]:
    details = any(getattr(event, name) for name in _DETAILS)
    yield from noted(complaint, event, details_changed=details)
    yield from ask_reviewer(complaint, event, NoticeKind.PREFERENCES_CHANGED)


def noted(complaint: Complaint, event: Any, *, details_changed: bool = False) -> Iterator[Notice]:
    """The letter that says how the customer hears from now on, and what of their wish nothing keeps."""
    who, interval = complaint.customer, complaint.customer.update_interval
    yield from write_to(
        customer_and_helper(complaint), complaint, event, NoticeKind.PREFERENCES_NOTED,
        preferred_channel=str(who.preferred_channel), preferred_language=who.language,
        update_interval=interval.as_fact() if isinstance(interval, Interval) else None,
        no_updates=interval == NO_UPDATES, wish_kept=wish_kept(complaint), details_changed=details_changed,
    )  # fmt: skip


def _line(event: PreferencesStated) -> str:
    said = []
    if event.channel:
        said.append(f"by {event.channel}")
    if event.language:
        said.append(f"in the language {event.language!r}")
    if event.update_interval == NO_UPDATES:
        said.append("without regular updates")
    elif event.update_interval is not None:
        said.append(f"every {event.update_interval}")
    if event.adjustments is not None:
        said.append(f"with this help: {'; '.join(event.adjustments) or 'none'}")
    details = [name for name in _DETAILS if getattr(event, name)]
    said += [f"at another {' and '.join(details)}"] if details else []
    word = "stopped" if event.update_interval == NO_UPDATES else "counted anew"
    moved = f" {', '.join(event.anew)}: {word}." if event.anew and event.kept else ""
    moved += "" if event.kept else " Nothing keeps how often, at present."
    return f"The customer wants to hear {', '.join(said)}.{moved}"


FEATURE = Feature(
    commands={
        Prefer: CommandSpec(
            (*CUSTOMERS_OWN, *STAFF, Role.CASE_HANDLER), ANY, (PreferencesStated,), _prefer,
            passes_on=True, answers=_answers,
        ),
    },
    events={
        PreferencesStated: EventSpec(
            _line, _fold, _react,
            owed=(NoticeKind.PREFERENCES_NOTED, NoticeKind.PREFERENCES_CHANGED), turn=_turn, moves=Moves.RENEWS_AGREED,
        ),
    },
)  # fmt: skip
