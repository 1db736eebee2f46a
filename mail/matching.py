"""Which complaint a message is about, and which of our letters it is about.

Owns how a reference or a letter is told: by the address written to, by what is answered, by the subject.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from letters.envelope import message_id, short_digest
from mail.message import Incoming

_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,79}")
_ESCAPED = re.compile(r"((?:=[0-9A-F]{2})+)")
_DIGEST = re.compile(r"<digest\.\d{4}-\d\d-\d\d\.[^@]*@([^@>]+)>", re.IGNORECASE)
_OWN = re.compile(r"(.+?)\.\d+\.(?:[^.]+\.[^.]+|.*\.[0-9a-f]{40})")
FIGURES = 12
"""How many figures of a message's digest the reference of a complaint has that it opens."""
MOST = 40
"""How many words of a subject are tried as references: those with a figure in them first."""


def references_told(message: Incoming, replies: str | None, domain: str) -> Iterator[str]:
    """The references that the message may be about, the surest first: each is to be looked up.

    `replies` is the mailbox that answers go to, `domain` that of our Message-IDs.
    """
    if replies:
        for detail in details_of(message.recipients, replies):
            yield detail
            yield detail.upper()
    for own_id in message.answers:
        if reference := reference_in(own_id, domain):
            yield reference
    for word in _words(message.header("Subject")):
        yield word
        yield word.upper()


def _words(subject: str) -> list[str]:
    words = dict.fromkeys(word.rstrip("._-") for word in _TOKEN.findall(subject))
    return sorted(words, key=lambda word: not re.search(r"\d", word))[:MOST]


def reference_opened(message: Incoming, year: int) -> str:
    """The reference of the complaint that the message opens in that year."""
    return f"MAIL-{year}-{message.digest[:FIGURES].upper()}"


def details_of(addresses: Iterable[str], mailbox: str) -> Iterator[str]:
    """What stands behind the `+` in those of the addresses that are of this mailbox."""
    local, _, domain = mailbox.casefold().rpartition("@")
    for address in addresses:
        before, _, host = address.rpartition("@")
        name, plus, detail = before.partition("+")
        if plus and (name.casefold(), host.casefold()) == (local, domain):
            yield detail


def reference_in(own_id: str, domain: str) -> str | None:
    """The reference in one of our own Message-IDs; none for anybody else's."""
    left, _, host = own_id.strip("<>").rpartition("@")
    found = _OWN.fullmatch(left)
    if host.casefold() != domain.casefold() or not found:
        return None
    return _ESCAPED.sub(_unescaped, found[1])


def is_digest(own_id: str, domain: str) -> bool:
    """Whether it is the Message-ID of a digest of ours, which staff get."""
    found = _DIGEST.fullmatch(own_id)
    return found is not None and found[1].casefold() == domain.casefold()


def _unescaped(found: re.Match[str]) -> str:
    return bytes.fromhex(found[0].replace("=", "")).decode("utf-8", "replace")


def letter_of(detail: str, keys: Iterable[str], secret: str | None = None) -> str | None:
    """The key, of these, that the address of a bounce names; none for another complaint's.

    Where letters leave under a secret, an address that was made without it names none.
    """
    _, _, rest = detail.partition("=")
    event, _, short = rest.partition("=")
    for key in keys:
        if key.split("/")[-3:-2] == [event] and short.casefold() == short_digest(key, secret):
            return key
    return None


def letter_of_id(own_id: str, keys: Iterable[str], domain: str) -> str | None:
    """The key, of these, whose letter has that Message-ID."""
    return next((key for key in keys if message_id(key, domain) == own_id), None)
