"""One message as it came in: who wrote it, what it says, what is attached, and what it answers.

Owns the reading of a message's bytes. What becomes of it is in `desk`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import default
from email.utils import getaddresses, parseaddr, parsedate_to_datetime
from functools import cached_property
from typing import Any

from mail.words import clean, decoded, says_more, words_of_page

_ADDRESSED = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
_IDS = re.compile(r"<[^<>\s]+>")
_NAMELESS = "unnamed"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; `name` is what the sender called it."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The digest of its content, under which it is kept."""
        return hashlib.sha256(self.content).hexdigest()


class Incoming:
    """A message that came in. A header that cannot be read is empty; a body that cannot raises whatever it does."""

    def __init__(self, content: bytes, kept_at: datetime) -> None:
        """`kept_at` (UTC) is when the mailbox got it, for want of anything better."""
        self.content, self._kept_at = content, kept_at

    @cached_property
    def _head(self) -> Message[Any, Any]:
        """Its headers alone, which can be read whatever the body is."""
        return BytesHeaderParser(policy=default).parsebytes(self.content)

    @property
    def content_type(self) -> str:
        """Of what kind it is as a whole, such as `multipart/report`."""
        return self._head.get_content_type()

    def header(self, name: str) -> str:
        """The first header of that name, on one line; empty without one, or for one nobody can read."""
        try:
            return clean(" ".join(str(self._head.get(name, "")).split()))
        except Exception:  # noqa: BLE001 - what a broken header does to its parser is any error there is
            return ""

    @property
    def message_id(self) -> str:
        """Its Message-ID or, without one, a digest of it: the same each time it is read."""
        found = _IDS.search(self.header("Message-ID"))
        return found[0] if found else f"<{hashlib.sha256(self.content).hexdigest()}>"

    @cached_property
    def digest(self) -> str:
        """What tells it from every other message: its Message-ID, and from whom it is and what it says.

        A copy that took another way, and so has other headers of its way, is the same message.
        """
        said = self.content.replace(b"\r\n", b"\n").partition(b"\n\n")[2].strip()
        told = (self.message_id, self.sender[1], self.header("Subject"))
        return hashlib.sha256("\n".join(told).encode() + b"\n\n" + said).hexdigest()

    @property
    def sender(self) -> tuple[str, str]:
        """Name and address of whoever wrote it; the address is empty where none is given.

        A bare comma in a name parts it into several: the first that is an address is meant.
        """
        said = self.header("From")
        found = [each for each in getaddresses([said]) if "@" in each[1]]
        name, address = found[0] if found else (parseaddr(said)[0] or said, "")
        return name, address.casefold()

    @property
    def recipients(self) -> tuple[str, ...]:
        """The addresses that it went to, by all headers that say so."""
        said = [self.header(name) for name in _ADDRESSED]
        return tuple(dict.fromkeys(address for _, address in getaddresses(said) if address))

    @property
    def answers(self) -> tuple[str, ...]:
        """The Message-IDs that it is an answer to, the nearest first."""
        ids = _IDS.findall(f"{self.header('References')} {self.header('In-Reply-To')}")
        return tuple(dict.fromkeys(reversed(ids)))

    @property
    def received_at(self) -> datetime:
        """When (UTC) our own server took it, as its uppermost `Received` says; not when the sender claims to have written."""
        dated = self.header("Received").rpartition(";")[2] or self.header("Delivery-Date")
        try:
            at = parsedate_to_datetime(dated.strip())
            at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            return self._kept_at
        return min(at, self._kept_at)

    @property
    def text(self) -> str:
        """All that it says, as plain text."""
        return "\n\n".join(self._contents.words)

    @property
    def sure(self) -> bool:
        """Whether that is surely all that it says, in the characters that it was written in."""
        return self._contents.sure

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """The files that came with it, and the messages that were passed on with it."""
        return tuple(self._contents.files)

    @cached_property
    def _contents(self) -> _Contents:
        return _read(message_from_bytes(self.content, policy=default))


@dataclass(frozen=True, slots=True)
class _Contents:
    """What a part of a message holds: its texts, its files, and whether the texts are surely right."""

    words: list[str] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    sure: bool = True


def _read(part: Message[Any, Any]) -> _Contents:
    if part.get_content_maintype() == "message":
        return _Contents(files=[_passed_on(part)])
    if not part.is_multipart():
        return _leaf(part)
    inner = _inner(part)
    read = [_read(each) for each in inner]
    files = [file for each in read for file in each.files]
    if part.get_content_type() != "multipart/alternative":
        words = [words for each in read for words in each.words]
        return _Contents(words, files, all(each.sure for each in read))
    # The same words in several forms: the plain ones, unless there are none or they leave most out.
    forms = list(zip(inner, read, strict=True))
    plain = next((each for part, each in forms if _is_plain(part) and each.words), None)
    other = next((each for part, each in forms if not _is_plain(part) and each.words), None)
    taken = other if plain is None else plain
    if plain and other and says_more("\n".join(other.words), than="\n".join(plain.words)):
        taken = other
    return _Contents(taken.words, files, taken.sure) if taken else _Contents(files=files)


def _inner(part: Message[Any, Any]) -> list[Message[Any, Any]]:
    return [each for each in part.get_payload() if isinstance(each, Message)]


def _is_plain(part: Message[Any, Any]) -> bool:
    return part.get_content_type() == "text/plain"


def _leaf(part: Message[Any, Any]) -> _Contents:
    # A message of several parts whose parts nobody can tell apart is read as it stands.
    readable = part.get_content_type() in {"text/plain", "text/html"} or (
        part.get_content_maintype() == "multipart"
    )
    if not readable or part.get_filename() or part.get_content_disposition() == "attachment":
        return _Contents(files=[Attachment(_name(part), _bytes(part))])
    words, sure = decoded(_bytes(part), part.get_content_charset("utf-8"))
    words = clean(words)
    if part.get_content_subtype() == "html":
        words, whole = words_of_page(words)
        sure = sure and whole
    words = words.replace("\r\n", "\n").strip()
    return _Contents([words] if words else [], sure=sure)


def _bytes(part: Message[Any, Any]) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _passed_on(part: Message[Any, Any]) -> Attachment:
    """A message within the message, as a file."""
    if not part.is_multipart():
        return Attachment(_name(part), _bytes(part))
    inner = _inner(part)
    subject = " ".join(str(inner[0].get("Subject", "")).split()) if inner else ""
    content = b"\n".join(each.as_bytes() for each in inner)
    return Attachment(_name(part, f"{clean(subject) or _NAMELESS}.eml"), content)


def _name(part: Message[Any, Any], nameless: str = _NAMELESS) -> str:
    return clean(part.get_filename() or "") or nameless
