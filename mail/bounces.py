"""Word from a mail server that a letter did not arrive.

Owns what is read of such a message (RFC 3464, and the forms that `flufl.bounce` knows): for whom, why, whether
for good, whether that blames the address, and of which letter.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from flufl.bounce import all_failures

from letters.channels.smtp import leads_to_nobody
from mail.automatic import of_failure
from mail.message import Incoming

OF_NOBODY = (
    "It is word of a letter that nobody here knows. Whoever does tells of it by `uphold report-undelivered`, and"
    " discards it."
)
UNHEARD_OF = (
    "It is word of something that did not arrive{letter}, in a form that nobody could read. Whoever can tells of it by"
    " `uphold report-undelivered`, and discards it."
)
"""Why word of a letter waits in the tray."""
REASON_LIMIT = 300
SCANNED = 100_000
"""Characters of one part that are looked through for what a server says."""
_READ = 10_000
"""Characters of a bounce in nobody's form in which its reason is looked for."""
_UNDEFINED = re.compile(r"[245]\.0\.0")
_ID = re.compile(rb"^message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
_ACTION = re.compile(rb"^action:\s*(\w+)", re.IGNORECASE | re.MULTILINE)
_FAILURES = (b"fail", b"error")
_ADDRESS = re.compile(r"[^\s<>;,:\"']+@[^\s<>;,:\"']+")

# It says on the log, with a traceback, what is caught here.
logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class Bounce:
    """A letter that did not arrive, or has not yet."""

    for_good: bool
    addresses: frozenset[str]
    """Whom it did not reach, in small letters: where it was sent, and where that was passed on to."""
    address_bad: bool
    """Whether the server says that the address leads to nobody."""
    reason: str
    """What the server says of it, without any address."""
    letter_id: str | None
    """The Message-ID of the letter, where it came back with the word."""


def read_bounce(message: Incoming) -> Bounce | None:
    """The bounce that the message is; none where it is something else, or nobody can read it."""
    read = without_files(message_from_bytes(message.content))
    try:
        temporary, permanent = all_failures(read)
    except Exception:  # noqa: BLE001 - it fails in many ways on what is no bounce, such as one without a sender
        return None
    if not (temporary or permanent):
        return None
    failed = {each.decode("ascii", "replace").casefold() for each in permanent or temporary}
    told = [block for block in _blocks(read) if failed & _addresses(block)]
    said = _said(told)
    return Bounce(
        for_good=bool(permanent),
        addresses=frozenset(failed).union(*map(_addresses, told)),
        address_bad=bool(permanent) and leads_to_nobody(_status(told) or said or _words(read)),
        reason=_reason(said, for_good=bool(permanent)),
        letter_id=letter_returned(message),
    )


def without_files(message: Message) -> Message:
    """The message (changed) without what is no server's: files are emptied, and of long texts the beginning is left.

    What knows bounces looks at each line of everything a dozen times: a minute for a letter with some photographs.
    """
    for part in message.walk():
        content = part.get_payload()
        if not isinstance(content, str):
            continue
        words = (
            part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment"
        )
        if not (words or part.get_content_maintype() == "message"):
            part.set_payload("")
        elif len(content) > SCANNED:
            part.set_payload(content[:SCANNED])
    return message


def tells_of_failure(message: Incoming) -> bool:
    """Whether it is a report of something that failed, in whatever form, also in one that nobody can read."""
    if message.content_type != "multipart/report":
        return of_failure(message)
    actions = _ACTION.findall(message.content)
    of_delivery = "delivery-status" in message.header("Content-Type").casefold()
    return any(each.lower().startswith(_FAILURES) for each in actions) or (
        of_delivery and not actions
    )


def letter_returned(message: Incoming) -> str | None:
    """The Message-ID of the letter, where it came back with the message, in whatever form."""
    ids = _ID.findall(_returned(message_from_bytes(message.content)))
    return ids[0].decode("ascii", "replace") if ids else None


def _blocks(message: Message) -> Iterator[Message]:
    """What an RFC 3464 report says of each recipient."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            yield from (each for each in part.get_payload() if isinstance(each, Message))


def _addresses(block: Message) -> frozenset[str]:
    said = (str(block.get(f"{name}-Recipient", "")) for name in ("Original", "Final"))
    return frozenset(found.casefold() for each in said for found in _ADDRESS.findall(each))


def _status(told: list[Message]) -> str:
    """The status code of the report (RFC 3463), unless it is one that says nothing."""
    status = str(told[0].get("Status", "")).split() if told else []
    return "" if not status or _UNDEFINED.fullmatch(status[0]) else status[0]


def _said(told: list[Message]) -> str:
    said = str(told[0].get("Diagnostic-Code", "")) if told else ""
    return said.partition(";")[2].strip() or said


def _words(message: Message) -> str:
    return message.as_bytes().partition(b"\n\n")[2][:_READ].decode("ascii", "replace")


def _returned(message: Message) -> bytes:
    """What came back of the letter itself."""
    for part in message.walk():
        if part.get_content_type() in {"message/rfc822", "text/rfc822-headers"}:
            return part.as_bytes().partition(b"\n\n")[2]
    # Some servers put it behind their own words, as text.
    return message.as_bytes().partition(b"\n\n")[2]


def _reason(said: str, *, for_good: bool) -> str:
    said = " ".join(_ADDRESS.sub("(the address)", said).split())[:REASON_LIMIT]
    words = (
        "The mail server sent it back" if for_good else "The mail server has not delivered it yet"
    )
    return f"{words}: {said}" if said else f"{words}."
