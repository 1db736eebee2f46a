"""What comes before a complaint is erased: it has to be closed, and what goes on of it is ended.

Owns the order, and what is done on the server: a complaint that still ran without its key would fail for ever.
"""

from __future__ import annotations

from domain.vocabulary import State
from ledger.keys.holds import Act
from ledger.keys.keeping.erasing import CannotErase, erase, require_erasable
from ledger.sql.ledger import SqlLedger
from starter.client import Complaints
from starter.wire.errors import UnknownComplaint


async def require_closed(ledger: SqlLedger, reference: str) -> None:
    """Return where the complaint is closed, sealed and not held. Raises `CannotErase`, `UnknownComplaint`."""
    standing = await ledger.standing(reference)
    if standing is None:
        raise UnknownComplaint(f"No complaint {reference} is known to the ledger.")
    await ledger.reading(lambda c: require_erasable(c, reference))
    if standing.state != State.CLOSED:
        raise CannotErase(
            f"{reference} is {standing.state}, and only what is closed is erased. End it by one of its verbs first,"
            f" such as `uphold close {reference}` or `uphold withdraw {reference}`."
        )
    if standing.remedies_owed:
        raise CannotErase(
            f"{reference} still owes {standing.remedies_owed} of its remedies: see to them first."
        )
    if standing.next_due:
        raise CannotErase(
            f"{reference} still owes a reason or an answer: give it first (give_reason, answer_contact)."
        )


async def end_for_good(complaints: Complaints, reference: str) -> bool:
    """End what goes on of the complaint on the server; says whether there was anything.

    Raises `CannotErase` where it goes on again or a letter is under way, and what `Complaints.status` does.
    """
    try:
        status = await complaints.status(reference)
    except UnknownComplaint:
        return False
    if status.effects_owed:
        raise CannotErase(
            f"A letter or a record of {reference} is still under way. Erase it when that is done."
        )
    if status.state != State.CLOSED:  # since the ledger was asked
        raise CannotErase(f"{reference} goes on again, and is {status.state}. Nothing was erased.")
    return await complaints.end_for_good(reference)


async def erase_for_good(ledger: SqlLedger, complaints: Complaints, act: Act) -> bool:
    """End what goes on of the complaint, then destroy its key; says whether anything went on.

    Raises `CannotErase`, and then nothing was ended, either.
    """
    await ledger.reading(lambda c: require_erasable(c, act.reference))
    ended = await end_for_good(complaints, act.reference)
    await ledger.writing(lambda c: erase(c, act))
    return ended
