"""What becomes of one message: a contact, a new complaint, word of a letter, nothing, or a place in the tray.

Owns the order in which that is asked. Whatever it does, it does under a command id or a reference that follows from
the message: done again after an interruption, it is done once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from domain.complaint.notify.recipients import by_email
from domain.notices import RecipientKind, reference_of
from letters.envelope import message_id
from mail.automatic import from_machine, why_automatic, why_doubtful
from mail.bounces import (
    OF_NOBODY,
    UNHEARD_OF,
    Bounce,
    letter_returned,
    read_bounce,
    tells_of_failure,
)
from mail.keeping import Attachments, Openings, Tray
from mail.matching import (
    details_of,
    is_digest,
    letter_of,
    letter_of_id,
    reference_in,
    reference_opened,
    references_told,
)
from mail.message import Incoming
from mail.undelivered import Reports, Undelivered, Unplaced, recipient_of, report


class Became(StrEnum):
    """What became of a message."""

    CONTACT = "contact"
    OPENED = "opened"
    UNDELIVERED = "undelivered"
    DELAYED = "delayed"
    AUTOMATIC = "automatic"
    WAITS = "waits"


@dataclass(frozen=True, slots=True)
class Dealt:
    """What became of one message, on which complaint, and why, in a sentence or less."""

    became: Became
    reference: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Look:
    """What a message says of itself, before anybody is asked."""

    bounce: Bounce | None
    failure: bool
    automatic: str | None
    doubtful: str | None
    references: tuple[str, ...]


class Office(Reports, Protocol):
    """What is asked of complaints and of the ledger."""

    async def knows(self, reference: str) -> bool:
        """Whether there is such a complaint."""

    async def open(self, opening: Mapping[str, Any]) -> None:
        """Open a complaint, once. Raises `Unplaced`, also where another one has its reference."""


@dataclass(frozen=True)
class Desk:
    """Deals with one message after the other."""

    office: Office
    attachments: Attachments
    tray: Tray
    openings: Openings
    own_address: str
    """Whom our letters come from."""
    replies: str | None = None
    bounces: str | None = None
    secret: str | None = field(default=None, repr=False)
    """With it letters name themselves to mail servers: word of one that comes otherwise may be anybody's."""
    charters: Mapping[str, str] | None = None
    """The charter of each mailbox that complaints may be written to, by its address in small letters."""
    staff: frozenset[str] = frozenset()
    """Where notes to staff go, in small letters."""

    @property
    def _domain(self) -> str:
        return self.own_address.rpartition("@")[2]

    async def deal_with(self, message: Incoming, reference: str | None = None) -> Dealt:
        """Do what the message asks for. With a `reference` somebody has said what it is about."""
        look = self._look(message)
        try:
            if reference:
                return await self._placed(message, look, reference)
            return await self._came(message, look)
        except Unplaced as refused:
            return self._waits(message, reference, str(refused))

    async def open_for(self, message: Incoming, charter: str, name: str, address: str) -> Dealt:
        """Open a complaint with it, as somebody has said: under that charter, by that customer."""
        try:
            if isinstance(look := self._look(message), Look) and (look.bounce or look.failure):
                raise Unplaced("It is word of a letter, and no complaint.")
            return await self._opened(message, charter, name, address)
        except Unplaced as refused:
            return self._waits(message, None, str(refused))

    def _look(self, message: Incoming) -> Look | str:
        """What the message says of itself, or why it could not be read.

        Nothing else is read of it, so that whatever fails later is nothing of its own.
        """
        try:
            return self._read(message)
        except Exception as fault:  # noqa: BLE001 - whatever one message does to its reader, others are behind it
            return f"It could not be read ({type(fault).__name__})."

    def _read(self, message: Incoming) -> Look:
        _ = (message.text, message.attachments, message.digest, message.received_at)
        told = references_told(message, self.replies, self._domain)
        return Look(
            read_bounce(message),
            tells_of_failure(message),
            why_automatic(message, self._domain),
            why_doubtful(message, self.own_address, self.staff),
            tuple(dict.fromkeys(told)),
        )

    async def _placed(self, message: Incoming, look: Look | str, reference: str) -> Dealt:
        """What somebody has said to be about that complaint: also what nobody could read is put on record there."""
        if isinstance(look, Look) and (look.bounce or look.failure):
            if look.bounce and (look.automatic or from_machine(message)):
                return await self._bounced(message, look.bounce, reference)
            if look.failure:
                raise Unplaced(await self._unheard_of(message))
        return await self._contact(message, reference)

    async def _came(self, message: Incoming, look: Look | str) -> Dealt:
        if isinstance(look, str):
            raise Unplaced(look)
        if look.bounce:
            return await self._bounced(message, look.bounce, None)
        if look.failure:
            raise Unplaced(await self._unheard_of(message))
        if look.automatic:
            return Dealt(Became.AUTOMATIC, None, look.automatic)
        if look.doubtful:
            raise Unplaced(look.doubtful)
        if await self._answers_staff(message):
            raise Unplaced("It answers a note that went to staff.")
        known = [each for each in look.references if await self.office.knows(each)]
        if len(known) > 1:
            raise Unplaced(f"It names several complaints: {', '.join(known)}.")
        return await (self._contact(message, known[0]) if known else self._new(message))

    def _waits(self, message: Incoming, reference: str | None, why: str) -> Dealt:
        number = self.tray.keep(message, why)
        return Dealt(Became.WAITS, reference, f"{why} It waits as {number}.")

    # --- what people write ------------------------------------------------------------------------

    async def _contact(self, message: Incoming, reference: str) -> Dealt:
        whom = await self._from_whom(message, reference)
        await self.office.send(
            "record_contact",
            reference,
            {
                "command_id": f"mail-{message.digest[:32]}",
                "channel": "email",
                "received_at": message.received_at.isoformat(),
                "summary": self.attachments.on_record(message),
                **whom,
            },
        )
        return Dealt(Became.CONTACT, reference, message.header("Subject"))

    async def _from_whom(self, message: Incoming, reference: str) -> dict[str, Any]:
        """Whether the customer wrote it or somebody who acts for them, by whom we have written to where."""
        _, address = message.sender
        for each in await self.office.letters(reference):
            person = each.notice.recipient
            known = bool(address) and (person.email or "").casefold() == address
            if known and person.kind is RecipientKind.REPRESENTATIVE:
                return {"from_whom": "representative", "who": person.name}
        return {"from_whom": "customer"}

    async def _answers_staff(self, message: Incoming) -> bool:
        """Whether the nearest of our letters that it answers went to staff, from whatever mailbox they write."""
        for own_id in message.answers:
            if is_digest(own_id, self._domain):
                return True
            reference = reference_in(own_id, self._domain) or ""
            for each in await self.office.letters(reference) if reference else ():
                if message_id(each.notice.key, self._domain) == own_id:
                    return each.notice.recipient.kind is RecipientKind.STAFF
        return False

    async def _new(self, message: Incoming) -> Dealt:
        charters = self.charters or {}
        to = {
            charters[each.casefold()] for each in message.recipients if each.casefold() in charters
        }
        if len(to) != 1:
            why = "It names no complaint, and went to the mailbox of no charter."
            raise Unplaced(why if not to else "It went to several charters.")
        if not message.sender[1]:
            raise Unplaced("It does not say whom to answer.")
        if day := self.openings.day_of(message):
            return Dealt(
                Became.OPENED, reference_opened(message, day.year), message.header("Subject")
            )
        if not self.openings.allow(message):
            raise Unplaced(f"Its sender has opened {self.openings.most} complaints that day.")
        dealt = await self._opened(message, to.pop(), *message.sender)
        self.openings.count(message)
        return dealt

    async def _opened(self, message: Incoming, charter: str, name: str, address: str) -> Dealt:
        received = message.received_at
        reference = reference_opened(message, received.year)
        await self.office.open(
            {
                "reference": reference,
                "charter": charter,
                "received_at": received.isoformat(),
                "channel": "email",
                "about": ["other-service"],
                "details": self.attachments.on_record(message),
                "complainant": {"name": name or address, "email": address},
            }
        )
        return Dealt(Became.OPENED, reference, message.header("Subject"))

    # --- what mail servers write --------------------------------------------------------------------

    async def _bounced(self, message: Incoming, bounce: Bounce, placed: str | None) -> Dealt:
        """What is said of a letter. Only of the address that it went to is anything believed."""
        key, named = await self._letter(message, bounce.letter_id)
        if key is None:
            raise Unplaced(OF_NOBODY)
        reference = reference_of(key)
        if placed not in {None, reference}:
            raise Unplaced(f"It is word of a letter of {reference}, not of {placed}.")
        if not (named or placed) and self.secret:
            raise Unplaced(f"It is word of {key}, but did not come to the address that names it.")
        ours = await self._went_to(key)
        meant = ours is None or ours.casefold() in bounce.addresses
        if not (named or placed or meant):
            raise Unplaced(f"It is word of {key}, but for an address that it did not go to.")
        if not bounce.for_good:
            return Dealt(Became.DELAYED, reference, f"{key}: {bounce.reason}")
        bad = bounce.address_bad and meant and ours is not None
        said = Undelivered(key, bounce.reason, ours if bad else None, lasting=bad)
        await report(self.office, said)
        return Dealt(Became.UNDELIVERED, reference, f"{key}: {bounce.reason}")

    async def _went_to(self, key: str) -> str | None:
        """The address that the letter went to; none for one that the post room printed."""
        person = await recipient_of(self.office, key)
        return person.email if person and by_email(person) else None

    async def _unheard_of(self, message: Incoming) -> str:
        key, _ = await self._letter(message, letter_returned(message))
        return UNHEARD_OF.format(letter=f" (it seems to be {key})" if key else "")

    async def _letter(self, message: Incoming, returned: str | None) -> tuple[str | None, bool]:
        """The key of the letter, and whether the address that the word came to names it, or only what came back."""
        for detail in details_of(message.recipients, self.bounces or self.own_address):
            reference = detail.partition("=")[0]
            for each in dict.fromkeys((reference, reference.upper())):
                if key := letter_of(detail, await self._keys(each), self.secret):
                    return key, True
        for own_id in filter(None, (returned, *message.answers)):
            reference = reference_in(own_id, self._domain) or ""
            if key := letter_of_id(own_id, await self._keys(reference), self._domain):
                return key, False
        return None, False

    async def _keys(self, reference: str) -> list[str]:
        if not reference:
            return []
        return [each.notice.key for each in await self.office.letters(reference)]
