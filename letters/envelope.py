"""Turns a letter into a message that can leave: from whom, under which Message-ID, in which bytes.

The message is written here, not by the standard library's e-mail package: that parses each header
it is given, which costs more than all the rest of a letter, and some versions of it part a long name
with a comma in it into several mailboxes.
"""

from __future__ import annotations

import hashlib
import re
from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, quote
from functools import lru_cache

from domain.notices import Notice
from domain.wire import usable_address
from letters.channels.port import Mail
from letters.plain_text import one_line
from letters.rendering import Letter
from letters.routing import Route

NAME_LIMIT = 100
ID_LIMIT = 120
LINE_LIMIT = 76
_UNFIT = re.compile("[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom messages come from: the organisation's name is added to `name`.

    Raises `ValueError` when `address` is not an e-mail address.
    """

    address: str
    name: str = ""

    def __post_init__(self) -> None:
        usable = usable_address(self.address)
        if usable is None:
            raise ValueError(f"the sender's address {self.address!r} is not an e-mail address")
        object.__setattr__(self, "address", usable)

    @property
    def domain(self) -> str:
        """The domain under which Message-IDs are made."""
        return self.address.rpartition("@")[2]


@lru_cache(maxsize=256)
def message_id(key: str, domain: str) -> str:
    """The Message-ID of the notice of that key: the same each time, different for each key."""
    # `=` stands for itself nowhere else, so no two keys share an id.
    left = _UNFIT.sub(lambda found: "".join(f"={byte:02X}" for byte in found[0].encode()), key)
    left = left.replace("=2F", ".")
    if len(left) > ID_LIMIT:
        left = f"{left[:60].rstrip('.')}.{hashlib.sha256(key.encode()).hexdigest()[:40]}"
    return f"<{left}@{domain}>"


def compose(notice: Notice, letter: Letter, route: Route, sender: Sender, at: datetime) -> Mail:
    """The message, ready to be handed to a channel; `at` (UTC) becomes its date."""
    organisation = one_line(str(notice.facts["organisation"]), NAME_LIMIT)
    name = ", ".join(part for part in (one_line(sender.name, NAME_LIMIT), organisation) if part)
    own_id = message_id(notice.key, sender.domain)
    replies_to = usable_address(str(notice.facts["contact"]["email"]))
    headers = (
        f"From: {_mailbox(name, sender.address)}",
        f"To: {_mailbox(one_line(route.name, NAME_LIMIT), route.address)}",
        *((f"Reply-To: {replies_to}",) if replies_to else ()),
        f"Subject: {_words(route.subject_prefix + letter.subject, 'Subject')}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: {own_id}",
        "Auto-Submitted: auto-generated",
        f"X-Uphold-Reference: {_words(one_line(notice.reference, NAME_LIMIT), 'X-Uphold-Reference')}",
        "MIME-Version: 1.0",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: quoted-printable",
        f"Content-Language: {letter.language}",
    )
    head = "".join(f"{header}\r\n" for header in headers)
    body = (route.instructions + letter.body).replace("\n", "\r\n").encode()
    content = f"{head}\r\n".encode("ascii") + b2a_qp(body, istext=True)
    return Mail(own_id, sender.address, route.address, content)


@lru_cache(maxsize=256)
def _mailbox(name: str, address: str) -> str:
    """A name for display and an address: one mailbox, whatever stands in the name."""
    quoted = f'"{quote(name)}" <{address}>'
    if not name:
        return address
    if _plain(name) and len(quoted) <= LINE_LIMIT - len("From: "):
        return quoted
    # In encoded words no comma and no quotation mark can be taken for one of the header's own.
    words = Header(name, "utf-8", maxlinelen=LINE_LIMIT, header_name="From").encode(linesep="\r\n")
    return f"{words}\r\n <{address}>"


def _words(text: str, header: str) -> str:
    """A header's text, folded, and encoded where it is not plain."""
    if _plain(text) and len(header) + len(text) < LINE_LIMIT:
        return text
    charset = "us-ascii" if _plain(text) else "utf-8"
    return Header(text, charset, maxlinelen=LINE_LIMIT, header_name=header).encode(linesep="\r\n")


def _plain(text: str) -> bool:
    """Whether a header may hold the text as it is; `=?` would begin an encoded word."""
    return text.isascii() and text.isprintable() and "=?" not in text
