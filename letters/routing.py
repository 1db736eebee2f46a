"""Decides how a notice reaches its recipient: by e-mail, by text, by letter, or through the post room.

Somebody who cannot or would rather not have e-mail is reached through the organisation's post
room, which prints and posts, or rings; and by letter or text where the channel can do that itself.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from domain.notices import Notice, Recipient, RecipientKind
from domain.vocabulary import Channel
from domain.wire import usable_address
from letters.channels.port import PermanentRefusal, Way
from letters.languages import FALLBACK
from letters.plain_text import clean, one_line
from letters.wording import language_name

_BY_EMAIL = frozenset({Channel.EMAIL, Channel.WEB_FORM})
_ONLY_EMAIL = frozenset({Way.EMAIL})
NAME_LIMIT = 100
TEXT_LIMIT = 900
"""Characters of a text message, of which GOV.UK Notify takes 918."""
_MOBILE = re.compile(r"(\+44|0044|0)\s?7[\d\s]{9,12}|\+(?!44)[1-9][\d\s]{7,17}")
_ADDRESS_LINES = (3, 7)
"""How many lines a postal address may have, the name among them."""


@dataclass(frozen=True, slots=True)
class Route:
    """How one notice reaches its recipient: `instructions` are for the post room, if it is asked."""

    address: str
    name: str
    subject_prefix: str = ""
    instructions: str = ""
    way: Way = Way.EMAIL

    @property
    def by(self) -> str:
        """How it goes, in a word that is safe to log."""
        return "post-room" if self.instructions else str(self.way)


def route(notice: Notice, ways: AbstractSet[Way] = _ONLY_EMAIL, length: int = 0) -> Route:
    """How the notice reaches its recipient by a channel that can do these ways; `length` is its letter's.

    Raises `PermanentRefusal` when nothing on record leads to them.
    """
    person = notice.recipient
    address = usable_address(person.email)
    if address and (person.kind is RecipientKind.STAFF or person.channel in _BY_EMAIL):
        return Route(address, person.name)
    if how := _by_hand(person):
        return _directly(person, ways, length) or _through_post_room(notice, how)
    if address:
        return Route(address, person.name)
    if person.kind is RecipientKind.STAFF:
        return _through_post_room(
            notice, ("Please pass on", f"Please pass this on to: {_shown(person.name)}")
        )
    said = "The e-mail address on record cannot be used" if person.email else "No e-mail address"
    raise PermanentRefusal(f"{said}, and no postal address or telephone number is known.", "no-way")


def by_hand(notice: Notice) -> Route | None:
    """How the post room reaches them, where it can."""
    how = _by_hand(notice.recipient)
    return _through_post_room(notice, how) if how else None


def _directly(person: Recipient, ways: AbstractSet[Way], length: int) -> Route | None:
    """What the channel does in place of the post room, where it can.

    Who asked for something that helps them, or to be told in person, is served by people.
    """
    if person.adjustments or person.channel is Channel.VISIT:
        return None
    number = _shown(person.phone)
    if person.channel is Channel.PHONE and number:
        fits = Way.TEXT in ways and length <= TEXT_LIMIT and _MOBILE.fullmatch(number)
        return Route(number, person.name, way=Way.TEXT) if fits else None
    lines = [line.strip() for line in _shown(person.address).split("\n") if line.strip()]
    least, most = _ADDRESS_LINES
    if Way.LETTER in ways and least <= len(lines) + 1 <= most:
        to = "\n".join([one_line(person.name, NAME_LIMIT), *lines])
        return Route(to, person.name, way=Way.LETTER)
    return None


def _by_hand(person: Recipient) -> tuple[str, str] | None:
    """What the post room is asked to do: a word for the subject, and the whole instruction."""
    if person.kind is RecipientKind.STAFF:
        return None
    name, address, phone = _shown(person.name), _shown(person.address), _shown(person.phone)
    by_post = "Please post", f"Please print this letter and post it to:\n{name}\n{address}"
    by_phone = "Please ring", f"Please ring {name} on {phone} and read this letter out."
    post, ring = by_post if address else None, by_phone if phone else None
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
    to = usable_address(str(notice.facts["post_room"]))
    if to is None:
        raise PermanentRefusal("The charter's post room has no e-mail address.", "no-post-room")
    person = notice.recipient
    asked = _shown("; ".join(person.adjustments))
    helps = f"\nThey asked for: {asked}" if asked else ""
    if person.kind is not RecipientKind.STAFF and person.language != FALLBACK:
        helps += f"\nThey would like {language_name(person.language)}."
    return Route(
        to, "Post room", f"[{word}] ", f"POST ROOM. {instruction}{helps}\n\n{'-' * 40}\n\n"
    )


def _shown(text: str | None) -> str:
    return clean(text or "").strip()
