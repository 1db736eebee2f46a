"""How the remedies of a complaint stand is recorded with the events that moved them."""

from __future__ import annotations

from domain.complaint.views.standings import RemedyStanding
from ledger.port import Ledger, RemedyListing, every
from tests.ledger.samples import REFERENCE, at, entry, opened, remedy, standing, updated


async def of_complaint(ledger: Ledger, reference: str = REFERENCE) -> list[RemedyStanding]:
    wanted = RemedyListing(reference=reference, settled=None)
    return [one async for one in every(ledger.remedies, wanted)]


async def test_is_9_a_remedy_is_read_as_it_was_recorded(ledger: Ledger) -> None:
    promised = (remedy(1, text="A letter\nof “sorry”"), remedy(2, owner_id=None, owner_name=None))
    owed = standing(1, remedies_owed=2)
    await ledger.record(entry(opened(), remedies=promised, standing=owed))
    assert tuple(await of_complaint(ledger)) == promised
    assert await ledger.standing(REFERENCE) == owed
    assert await of_complaint(ledger, "FO-9") == []


async def test_an_entry_moves_the_remedies_it_names_and_no_other(ledger: Ledger) -> None:
    await ledger.record(entry(opened(), remedies=(remedy(1), remedy(2))))
    done = remedy(2, state="done", ended_at=at(2), reason="Paid.", waits_for=None, next_due=None)
    await ledger.record(entry(updated(2), remedies=(done,)))
    assert await of_complaint(ledger) == [remedy(1), done]


async def test_an_old_entry_that_comes_late_does_not_take_a_remedy_back(ledger: Ledger) -> None:
    first = entry(opened(), remedies=(remedy(),))
    accepted = remedy(state="accepted")
    await ledger.record(first)
    await ledger.record(entry(updated(2), remedies=(accepted,)))
    await ledger.record(first)
    assert await of_complaint(ledger) == [accepted]
