"""Turns a letter into a message that can leave: from whom, under which Message-ID, in which bytes.

The message is written here and read again, and written not by the standard library's e-mail package: that parses each header
it is given, which costs more than all the rest of a letter, and some versions of it part a long name
with a comma in it into several mailboxes.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from binascii import b2a_qp
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.header import Header
from email.utils import format_datetime, quote
from functools import lru_cache

from domain.notices import Notice, RecipientKind
from domain.wire import usable_address
from letters.channels.port import Mail, Way
from letters.html_part import html_of
from letters.plain_text import one_line
from letters.rendering import Letter
from letters.routing import NAME_LIMIT, Route

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
    replies: str | None = None
    """Where answers to letters go: the reference is put before its `@`, behind a `+`."""
    bounces: str | None = None
    """Where word of what did not arrive goes: the notice is put before its `@`, behind a `+`."""
    secret: str | None = field(default=None, repr=False)
    """With it nobody else can make up the address that word of a notice goes to."""

    def __post_init__(self) -> None:
        for name in ("address", "replies", "bounces"):
            given = getattr(self, name)
            usable = usable_address(given)
            if usable is None and (given or name == "address"):
                raise ValueError(f"the sender's address {given!r} is not an e-mail address")
            object.__setattr__(self, name, usable)

    @property
    def domain(self) -> str:
        """The domain under which Message-IDs are made."""
        return self.address.rpartition("@")[2]

    def envelope(self, key: str) -> str:
        """Whom the mail server is told a notice comes from, so that a bounce names the notice."""
        if not self.bounces:
            return self.address
        reference, event, *_ = [*key.split("/"), ""]
        detail = f"{reference}={event}={short_digest(key, self.secret)}"
        return _detailed(self.bounces, detail) or self.bounces

    def answers(self, reference: str) -> str | None:
        """Where an answer to a letter goes that names its complaint by its address; none without such an address."""
        return _detailed(self.replies, reference) if self.replies else None


SHORT = 8
"""How many figures of a key's digest an address has: with reference and event they name one notice."""


def short_digest(key: str, secret: str | None = None) -> str:
    """The figures by which an address names the notice of that key; with a secret nobody else can tell them."""
    if secret is None:
        return hashlib.sha256(key.encode()).hexdigest()[:SHORT]
    return hmac.new(secret.encode(), key.encode(), "sha256").hexdigest()[:SHORT]


def _detailed(address: str, detail: str) -> str | None:
    """The address with the detail behind a `+`; none where that would be no address."""
    local, _, domain = address.rpartition("@")
    return usable_address(f"{local}+{detail}@{domain}")


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
    """The message, ready to be handed to a channel; `at` (UTC) becomes its date.

    It is the letter as text and, beside it, as a page. What a channel prints or texts is made of `body`, and the
    message is what is kept of it.
    """
    organisation = one_line(str(notice.facts["organisation"]), NAME_LIMIT)
    name = ", ".join(part for part in (one_line(sender.name, NAME_LIMIT), organisation) if part)
    own_id = message_id(notice.key, sender.domain)
    said = letter.unfolded or letter.body
    replies_to = _replies_to(notice, route, sender)
    subject = route.subject_prefix + letter.subject
    # A line of quoted-printable never holds `=_`, so the boundary stands in no part.
    boundary = f"=_{hashlib.sha256(own_id.encode()).hexdigest()[:32]}"
    headers = (
        f"From: {_mailbox(name, sender.address)}",
        f"To: {_to(route)}",
        *((f"Reply-To: {replies_to}",) if replies_to else ()),
        f"Subject: {_words(subject, 'Subject')}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: {own_id}",
        "Auto-Submitted: auto-generated",
        f"X-Uphold-Reference: {_words(one_line(notice.reference, NAME_LIMIT), 'X-Uphold-Reference')}",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"',
        f"Content-Language: {letter.language}",
    )
    page = html_of(
        subject, said, letter.language,
        above=_above(route).rstrip("-\n"), mark=letter.mark, own=letter.own,
    )  # fmt: skip
    parts = (
        "\r\n".join(headers).encode("ascii") + b"\r\n",
        _part("plain", _above(route) + letter.body),
        _part("html", page),
    )
    between = f"\r\n--{boundary}".encode("ascii")
    content = (between + b"\r\n").join(parts) + between + b"--\r\n"
    return Mail(
        own_id, sender.envelope(notice.key), route.address, content, route.way, notice.key, subject,
        route.instructions + said,
    )  # fmt: skip


def _to(route: Route) -> str:
    name = one_line(route.name, NAME_LIMIT)
    return _mailbox(name, route.address) if route.way is Way.EMAIL else _words(name, "To")


def _above(route: Route) -> str:
    """What stands above the letter: what the post room is to do, or where a text or a printed letter went."""
    return route.instructions if route.way is Way.EMAIL else f"{route.address}\n\n{'-' * 40}\n\n"


def _replies_to(notice: Notice, route: Route, sender: Sender) -> str | None:
    """Where an answer goes: what the customer's side answers is to be known as theirs, on this complaint."""
    inside = route.instructions or notice.recipient.kind is RecipientKind.STAFF
    named = None if inside else sender.answers(notice.reference)
    return named or usable_address(str(notice.facts["contact"]["email"]))


def _part(kind: str, text: str) -> bytes:
    head = (
        f'Content-Type: text/{kind}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode("ascii") + b2a_qp(text.replace("\n", "\r\n").encode(), istext=True)


def read_message(message: bytes) -> tuple[str, str, str]:
    """Subject, text and language of a message that `compose` made."""
    read = message_from_bytes(message, policy=policy.default)
    part = read.get_body(("plain",))
    text = str(part.get_content()) if part is not None else ""
    return str(read["Subject"]), text.replace("\r\n", "\n"), str(read["Content-Language"])


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
