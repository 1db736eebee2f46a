"""Everything the core can say no with: the errors, and the refusals of commands by their names.

`BeyondCalendar` (counting past the calendar's data) lives with the calendar, in `domain.calendar.pinned`.
"""

from __future__ import annotations


class UpholdError(Exception):
    """The root of every error that Uphold raises on purpose."""


class CharterError(UpholdError):
    """A charter file is wrong. Names the file, the table, the key, the fault and what is allowed."""

    def __init__(self, where: str, key: str, what: str, allowed: str = "") -> None:
        """`where` is file and table, `key` the entry at fault."""
        self.where, self.key, self.what, self.allowed = where, key, what, allowed
        hint = f" Allowed: {allowed}." if allowed else ""
        super().__init__(f"{where}: {key}: {what}.{hint}")


class UnknownCharter(UpholdError):
    """No charter of that id is known here."""


class RecordsDiffer(UpholdError):
    """Events do not continue the complaint that they are folded into."""


class Refused(UpholdError):
    """A command that the rules do not allow; `allowed` says what would be."""

    def __init__(self, message: str, allowed: str = "") -> None:
        """`message` says what was wrong, `allowed` what would be accepted instead."""
        self.message, self.allowed = message, allowed
        super().__init__(f"{message} {allowed}".strip())

    @property
    def kind(self) -> str:
        """The refusal's name on the wire."""
        return type(self).__name__


class InvalidCommand(Refused):
    """A field is missing or wrong."""


class ComplaintClosed(Refused):
    """The complaint is closed."""


class WrongRole(Refused):
    """That role may not do this, or not at this stage."""


class Unproven(Refused):
    """It is not proven who acts, or that they are who they say."""


class NotAuthorised(Refused):
    """The representative has no authority from the customer."""


class ConflictOfInterest(Refused):
    """The person has a conflict of interest, declared or found."""


class NotIndependent(Refused):
    """The person touched an earlier stage of the same complaint."""


class WrongState(Refused):
    """The complaint is not in a state in which this can be done."""


class WrongStage(Refused):
    """The ladder does not lead there from here."""


class WindowClosed(Refused):
    """The time in which this could be asked for is over."""


class ExtensionRefused(Refused):
    """The charter does not allow this extension."""


class PauseRefused(Refused):
    """The charter does not allow this pause."""


class CalendarTooShort(Refused):
    """A date lies beyond the pinned calendar; it has to be refreshed first."""


class ReplyIncomplete(Refused):
    """The reply lacks what the charter says it must hold."""


class UnknownContact(Refused):
    """No contact of that number is waiting for this."""


class RateLimited(Refused):
    """One sender has sent so much within an hour that no more of theirs is taken in for now."""


class RecordFull(Refused):
    """So much is on record that no more is taken in; what is running still ends as it must."""


REFUSALS: dict[str, type[Refused]] = {kind.__name__: kind for kind in Refused.__subclasses__()}
"""Every refusal by its name on the wire, so that a client can raise the same type again."""
