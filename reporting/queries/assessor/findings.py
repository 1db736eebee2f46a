"""What was found and recommended at a stage, in the words of its replies, and without names.

Owns which replies those are and what had become of each recommendation by the end of the period. Which words are
left out is in `anonymous`. Source of the promise: FO-13, the assessor's yearly report.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Connection, select

from domain.vocabulary import RemedyKind
from ledger.keys.words import ERASED
from ledger.sql import tables
from reporting.anonymous import names_in, without_names
from reporting.period import Period
from reporting.queries.expressions import happened, said, with_facts
from reporting.sections import Finding, Recommended

_BECAME: Final = {
    "remedy-accepted": "accepted", "remedy-done": "done", "remedy-refused": "refused",
}  # fmt: skip
Record = Sequence[tuple[str, Any, dict[str, Any]]]
"""The events of one complaint: kind, instant and body of each."""


def findings(
    connection: Connection, charter: str, stage: str, period: Period
) -> tuple[Finding, ...]:
    """What each reply of the stage in the period found and recommended, the first first."""
    events = tables.events.c
    replies = (
        happened(charter, period, "replied", events.reference, events.body)
        .where(said(events.body, "stage") == stage)
        .order_by(events.at, events.reference, events.number)
    )
    return tuple(
        _finding(reply, _record(connection, row.reference), period)
        for row, reply in with_facts(connection, replies)
    )


def _record(connection: Connection, reference: str) -> Record:
    events = tables.events.c
    query = (
        select(events.kind, events.at, events.body)
        .where(events.reference == reference)
        .order_by(events.number)
    )
    return [(row.kind, row.at, each) for row, each in with_facts(connection, query)]


def _finding(reply: dict[str, Any], record: Record, period: Period) -> Finding:
    names = names_in(body for _, _, body in record)
    return Finding(
        outcome=reply["outcome"],
        findings=without_names(reply.get("findings", ERASED), names),
        recommended=tuple(
            Recommended(
                text=without_names(each["text"], names),
                state=_state(each["number"], record, period),
            )
            for each in reply.get("commitments", ())
            if each["kind"] == RemedyKind.RECOMMENDATION
        ),
        nothing_recommended=without_names(reply.get("nothing_recommended", ""), names) or None,
    )


def _state(number: int, record: Iterable[tuple[str, Any, dict[str, Any]]], period: Period) -> str:
    """What the recommendation had come to when the period ended."""
    state = "owed"
    for kind, at, body in record:
        if kind in _BECAME and body["remedy"] == number and at < period.ends:
            state = _BECAME[kind]
    return state
