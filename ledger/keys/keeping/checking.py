"""What is found when erasures and holds are compared with the acts that are on record of them. Changes nothing.

Owns that a key is gone where somebody erased the complaint and nowhere else, that the figures of what was erased are
those that stayed then, and that a hold is there until it is released, by whom and why its act says. Works within a connection that
`SqlLedger.reading` opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection, select, union

from domain.complaint.views.keeping import Keeping
from ledger.evidence.checking import Finding
from ledger.keys.bodies import key_of_events
from ledger.keys.keeping.acts import acts_on, first_act, link_of
from ledger.keys.keeping.erasing import hold_of
from ledger.keys.keeping.figures import figures_of
from ledger.sql import tables
from sealing.port import ORGANISATION

_HOLDING: Final = (Keeping.HOLD, Keeping.RELEASE)


def keeping_findings(connection: Connection, reference: str) -> list[Finding]:
    """What of the keeping of that complaint is not as the acts on record say."""
    acts, holds = tables.keeping.c, tables.holds.c
    query = select(tables.keeping).where(acts.reference == reference).order_by(acts.number)
    done = connection.execute(query).all()
    since = connection.scalar(select(holds.since).where(holds.reference == reference))
    found = [*_of_the_chain(reference, done), *_of_the_key(connection, reference, done)]
    last = next((each for each in reversed(done) if each.what in _HOLDING), None)
    held = last.at if last and last.what == Keeping.HOLD else None
    if held != since:
        now = "it is on hold" if since else "it is on no hold"
        found.append(f"{now}, and that is not what the last act on record about a hold says")
    return [Finding(reference, f"{each}.") for each in found]


def hold_findings(connection: Connection, reference: str) -> list[Finding]:
    """Where a hold does not name by whom and why as the act that set it. Raises what reading sealed words does."""
    held = hold_of(connection, reference)
    acts = [act for act in acts_on(connection, reference) if act.what == Keeping.HOLD]
    if held is None or not acts or acts[-1].reason == f"{held.by}: {held.reason}":
        return []
    said = "by whom or why it is on hold was altered: the act that set it says otherwise."
    return [Finding(reference, said)]


def name_findings(connection: Connection, reference: str) -> list[Finding]:
    """Where a data key is not the one that sealed the complaint's events. Raises what reading a damaged event does."""
    named = connection.scalar(
        select(tables.data_keys.c.id).where(tables.data_keys.c.reference == reference)
    )
    sealed_with = key_of_events(connection, reference)
    if named is None or sealed_with in {None, named}:
        return []
    said = (
        f"its events were sealed with the key {sealed_with}, and its data key is called otherwise."
    )
    return [Finding(reference, said)]


def elsewhere(connection: Connection) -> list[str]:
    """References of which no complaint is on record, and acts are, or a hold, or a key that is gone."""
    keys = tables.data_keys.c
    gone = keys.wrapped.is_(None) | keys.destroyed_at.is_not(None)
    named = union(
        select(tables.keeping.c.reference),
        select(tables.holds.c.reference),
        select(keys.reference).where(gone),
    ).subquery()
    known = select(tables.complaints.c.reference)
    query = select(named.c.reference).where(named.c.reference.not_in(known))
    return sorted(connection.execute(query).scalars())


def _of_the_chain(reference: str, done: Sequence[Any]) -> Iterator[str]:
    head = first_act(reference)
    for number, act in enumerate(done, 1):
        if act.number != number or link_of(head, act._mapping) != act.link:
            yield f"act {act.number} on its keeping does not fit the chain: it was altered, or one before it taken away"
        head = act.link


def _of_the_key(connection: Connection, reference: str, done: Sequence[Any]) -> Iterator[str]:
    keys, marks = tables.data_keys.c, tables.found_by.c
    kept = connection.execute(select(tables.data_keys).where(keys.reference == reference)).first()
    erased = [each for each in done if each.what == Keeping.ERASE]
    if not erased and kept and (kept.wrapped is None or _says_destroyed(kept)):
        whose = "its data key" if reference != ORGANISATION else "the organisation's data key"
        yield f"{whose} is gone, and no act of erasing is on record"
    if not erased:
        return
    if not (kept and kept.wrapped is None and kept.destroyed_at and not kept.ring_key):
        yield "it was erased, and its data key is not on record as destroyed"
    elif _says_destroyed(kept) != (erased[-1].at, erased[-1].actor_id, erased[-1].reason or ""):
        yield "its data key was not destroyed when, by whom and why the act of erasing says"
    if erased[-1].figures != figures_of(connection, reference):
        yield "the figures that stayed when it was erased were altered: how it stands, a clock or a remedy"
    if connection.execute(select(marks.field).where(marks.reference == reference)).first():
        yield "it was erased, and there is something yet that it is found by"


def _says_destroyed(kept: Any) -> tuple[Any, ...] | None:
    """When, by whom and why its row says that a data key was destroyed; none where it says nothing of it."""
    said = (kept.destroyed_at, kept.destroyed_by, kept.reason or "")
    return said if any(said) else None
