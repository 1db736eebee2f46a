"""Gathering a case file from the ledger, which needs no server.

Owns what is taken from where. Letters are those that left; where none was kept (it has not left, or is a digest), one
is written again from the facts that are on record, and where that cannot be, it is said.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from domain.charter.rules import Rules, unpack
from domain.complaint.decider.evolve import evolve
from domain.complaint.decider.registry import EVENT_JSON
from domain.complaint.state import Complaint
from domain.complaint.views.status import status_of
from domain.complaint.views.timeline import by
from domain.notices import Notice
from ledger.evidence.checking import chain_findings, letter_findings, sealed_findings
from ledger.evidence.letters import SentLetter, letters_of
from ledger.evidence.seals import every_seal
from ledger.port import NoticeOnRecord
from ledger.sql import tables
from ledger.sql.ledger import SqlLedger
from letters.channels.port import PermanentRefusal
from letters.envelope import read_message
from letters.rendering import render
from letters.required_facts import Unwritable
from letters.routing import route
from starter.desk.export.model import CaseExport, Finding, Letter, RecordOf, Sealed
from starter.wire.errors import UnknownComplaint
from starter.wire.status import Status


async def gather(
    ledger: SqlLedger, reference: str, made_at: datetime, own_words: Path | None = None
) -> CaseExport:
    """The case file of a complaint. Raises `UnknownComplaint`, `LedgerError`, `RecordsDiffer`."""
    events = await ledger.events(reference)
    if not events:
        raise UnknownComplaint(f"No complaint {reference} is on record.")
    rules = unpack(await ledger.charter(events[0].digest))
    complaint, findings = _folded(rules, events)
    charter, notices = complaint.rules.charter, await ledger.notices(reference)
    sent: dict[str, list[SentLetter]] = defaultdict(list)
    for each in await ledger.reading(lambda c: letters_of(c, reference)):
        sent[each.key].append(each)
    known = {each.notice.key: each.notice for each in notices}
    return CaseExport(
        made_at=made_at,
        organisation=charter.charter.organisation,
        charter_title=charter.charter.title,
        time_zone=complaint.rules.calendar.time_zone,
        status=Status.model_validate(status_of(complaint, events)),
        findings=tuple(findings),
        letters=tuple(_letter(each, own_words, sent[each.notice.key], known) for each in notices),
        record=await ledger.reading(lambda c: _record(c, reference)),
        events=tuple(json.loads(EVENT_JSON.dump_json(event)) for event in events),
    )


def _folded(rules: Rules, events: Sequence[Any]) -> tuple[Complaint, list[Finding]]:
    complaint, found = Complaint(rules), []
    for event in events:
        stage, complaint = complaint.stage if complaint.events else "", evolve(complaint, event)
        if said := getattr(event, "findings", None):
            found.append(
                Finding(
                    event=event.number,
                    at=event.at,
                    stage=stage,
                    by=by(event),
                    outcome=getattr(event, "outcome", None),
                    findings=said,
                    findings_cy=getattr(event, "findings_cy", None) or None,
                )
            )
    return complaint, found


def _letter(
    each: NoticeOnRecord,
    own_words: Path | None,
    sent: Sequence[SentLetter],
    known: Mapping[str, Notice],
) -> Letter:
    notice, fate, why = each.notice.whole(known), each.fate, None
    subject = body = language = instructions = ""
    way = address = None
    try:
        if not sent:
            letter = render(notice, own_words)
            subject, body, language = letter.subject, letter.body, letter.language
    except Unwritable as error:
        why = str(error)
    try:
        found = route(notice)
        way, address, instructions = found.by, found.address, found.instructions
        subject = f"{found.subject_prefix}{subject}"
    except PermanentRefusal:
        pass
    if sent:
        subject, body, language = read_message(sent[-1].message)
        body = body.removeprefix(instructions)
    messages = [each.message.decode("ascii", "replace") for each in sent]
    return Letter(
        key=notice.key,
        kind=notice.kind,
        event=notice.event,
        owed_at=each.owed_at,
        to=notice.recipient,
        by="digest" if notice.waits else way,
        address=address,
        instructions=instructions,
        language=language or notice.recipient.language,
        subject=subject,
        body=body,
        left_at=sent[-1].at if sent else None,
        message=messages[-1] if sent else None,
        earlier=tuple(messages[:-1]),
        unwritten=why,
        state=fate.state,
        at=fate.at,
        detail=fate.detail,
    )


def _record(connection: Connection, reference: str) -> RecordOf:
    complaints, sealed = tables.complaints.c, tables.sealed.c
    stands = connection.execute(
        select(complaints.events, complaints.head).where(complaints.reference == reference)
    ).one_or_none()
    last = connection.execute(
        select(sealed.seal, sealed.number)
        .where(sealed.reference == reference)
        .order_by(sealed.seal.desc())
        .limit(1)
    ).one_or_none()
    seals = {seal.number: seal for seal in every_seal(connection)}
    seal = seals.get(last.seal) if last else None
    return RecordOf(
        events=stands.events if stands else 0,
        head=stands.head if stands else "",
        findings=tuple(_wrong(connection, reference)),
        seal=Sealed(
            number=seal.number,
            at=seal.at,
            up_to_event=last.number,
            root=seal.root,
            signature=seal.signature,
            key=seal.key,
        )
        if seal and last
        else None,
    )


def _wrong(connection: Connection, reference: str) -> Iterator[str]:
    yield from (each.what for each in chain_findings(connection, reference))
    yield from (each.what for each in letter_findings(connection, reference))
    yield from (each.what for each in sealed_findings(connection, [reference]))
