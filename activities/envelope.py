"""Turns a letter into a message that can leave: to whom, from whom, under which Message-ID.

Owns the choice of how a person is reached. Somebody who cannot or would rather not have e-mail
is reached through the organisation's post room, which prints and posts, or rings.
"""

from __future__ import annotations

import hashlib
import string
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache, lru_cache

from activities.channels import PermanentRefusal
from activities.languages import FALLBACK
from activities.plain_text import clean, one_line
from activities.rendering import Letter
from activities.wording import language_name
from domain.notices import Notice, Recipient, RecipientKind
from domain.vocabulary import Channel

NAME_LIMIT = 100
ID_LIMIT = 120
_BY_EMAIL = frozenset({Channel.EMAIL, Channel.WEB_FORM})
_ID_LETTERS = frozenset(string.ascii_letters + string.digits + "-_")


class _Headers(HeaderRegistry):
    """The standard headers, each class made once: the library makes a new one for every header."""

    @cache  # noqa: B019 - there is one registry
    def __getitem__(self, name: str) -> type[BaseHeader]:
        return super().__getitem__(name)


SMTP_POLICY = SMTP.clone(header_factory=_Headers())


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom messages come from: the organisation's name is added to `name`.

    Raises `ValueError` when `address` is not an e-mail address.
    """

    address: str
    name: str = ""

    def __post_init__(self) -> None:
        if usable_address(self.address) is None:
            raise ValueError(f"the sender's address {self.address!r} is not an e-mail address")

    @property
    def domain(self) -> str:
        """The domain under which Message-IDs are made."""
        return _address(self.address).domain


@dataclass(frozen=True, slots=True)
class Route:
    """How one notice reaches its recipient: `instructions` are for the post room, if it is asked."""

    to: Address
    subject_prefix: str = ""
    instructions: str = ""

    @property
    def by(self) -> str:
        """How it goes, in a word that is safe to log."""
        return "post-room" if self.instructions else "e-mail"


def message_id(key: str, domain: str) -> str:
    """The Message-ID of the notice of that key: the same each time, different for each key."""
    left = "".join(_id_letter(character) for character in key)
    if len(left) > ID_LIMIT:
        left = f"{left[:60].rstrip('.')}.{hashlib.sha256(key.encode()).hexdigest()[:40]}"
    return f"<{left}@{domain}>"


def compose(
    notice: Notice, letter: Letter, route: Route, sender: Sender, at: datetime
) -> EmailMessage:
    """The message, ready to be handed to a channel; `at` (UTC) becomes its date."""
    message = EmailMessage(policy=SMTP_POLICY)
    organisation = one_line(str(notice.facts["organisation"]), NAME_LIMIT)
    name = ", ".join(part for part in (one_line(sender.name, NAME_LIMIT), organisation) if part)
    message["From"] = _mailbox("From", sender.address, name)
    message["To"] = route.to
    contact = str(notice.facts["contact"]["email"])
    if usable_address(contact):
        message["Reply-To"] = _mailbox("Reply-To", contact)
    message["Subject"] = route.subject_prefix + letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id(notice.key, sender.domain)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Uphold-Reference"] = one_line(notice.reference, NAME_LIMIT)
    message.set_content(route.instructions + letter.body, cte="quoted-printable")
    message["Content-Language"] = letter.language  # after the content, which replaces such headers
    return message


def route(notice: Notice) -> Route:
    """How the notice reaches its recipient.

    Raises `PermanentRefusal` when nothing on record leads to them.
    """
    person = notice.recipient
    mailbox = usable_address(person.email, person.name)
    if mailbox and (person.kind is RecipientKind.STAFF or person.channel in _BY_EMAIL):
        return Route(mailbox)
    if how := _by_hand(person):
        return _through_post_room(notice, how)
    if mailbox:
        return Route(mailbox)
    if person.kind is RecipientKind.STAFF:
        return _through_post_room(
            notice, ("Please pass on", f"Please pass this on to: {_shown(person.name)}")
        )
    said = "The e-mail address on record cannot be used" if person.email else "No e-mail address"
    raise PermanentRefusal(f"{said}, and no postal address or telephone number is known.", "no-way")


def usable_address(text: str | None, name: str = "") -> Address | None:
    """The one mailbox that `text` names, under a name for display; None when it names none.

    A domain may be in any script. Before the `@` only plain letters are taken: few mail servers
    deliver to anything else, and a letter by post is surer.
    """
    try:
        return _address(text or "", name)
    except (ValueError, IndexError, MessageError):
        return None


def _by_hand(person: Recipient) -> tuple[str, str] | None:
    """What the post room is asked to do: a word for the subject, and the whole instruction."""
    name, address, phone = _shown(person.name), _shown(person.address), _shown(person.phone)
    if person.kind is RecipientKind.STAFF:
        return None
    post = (
        ("Please post", f"Please print this letter and post it to:\n{name}\n{address}")
        if address
        else None
    )
    ring = (
        ("Please ring", f"Please ring {name} on {phone} and read this letter out.")
        if phone
        else None
    )
    if person.channel is Channel.VISIT and (post or ring):
        reach = "\n".join(part for part in (phone and f"Telephone: {phone}", address) if part)
        return (
            "Please tell in person",
            f"{name} would rather be told in person. Please offer an appointment, and give"
            f" or post them this letter.\n{reach}",
        )
    return (ring or post) if person.channel is Channel.PHONE else (post or ring)


def _through_post_room(notice: Notice, how: tuple[str, str]) -> Route:
    word, instruction = how
    to = usable_address(str(notice.facts["post_room"]), "Post room")
    if to is None:
        raise PermanentRefusal("The charter's post room has no e-mail address.", "no-post-room")
    person = notice.recipient
    asked = _shown("; ".join(person.adjustments))
    helps = f"\nThey asked for: {asked}" if asked else ""
    if person.kind is not RecipientKind.STAFF and person.language != FALLBACK:
        helps += f"\nThey would like {language_name(person.language)}."
    return Route(to, f"[{word}] ", f"POST ROOM. {instruction}{helps}\n\n{'-' * 40}\n\n")


@lru_cache(maxsize=256)
def _mailbox(header: str, text: str, name: str = "") -> str:
    """The header of an organisation's own mailbox, read once: each reading takes a millisecond."""
    value: str = SMTP_POLICY.header_factory(header, _address(text, name))
    return value


@lru_cache(maxsize=1024)
def _address(text: str, name: str = "") -> Address:
    if len(text) > 254 or text != clean(text) or any(letter.isspace() for letter in text):  # noqa: PLR2004 - RFC 5321
        raise ValueError("not an e-mail address")
    found = Address(addr_spec=text)
    domain = found.domain.encode("idna").decode("ascii")
    if not found.username or not domain:
        raise ValueError("not an e-mail address")
    return Address(one_line(name, NAME_LIMIT), found.username, domain)


def _shown(text: str | None) -> str:
    return clean(text or "").strip()


def _id_letter(character: str) -> str:
    if character in _ID_LETTERS:
        return character
    # `=` stands for itself nowhere else, so no two keys share an id.
    return "." if character == "/" else "".join(f"={byte:02X}" for byte in character.encode())
