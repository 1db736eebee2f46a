"""`uphold show`: the case file of one complaint."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from starter.terminal.options import AsJson, Reference
from starter.terminal.printing import at_instant, counted, on_day, print_table, say, say_json, tell
from starter.terminal.session import ring_of, the_sender, the_settings, zone_of

if TYPE_CHECKING:
    from domain.complaint.views.standings import ClockStanding, RemedyStanding
    from ledger.keys.holds import Act
    from starter.desk.case_file import CaseFile
    from starter.wire.status import Appointment, Request, Status


async def show(reference: Reference, as_json: AsJson = False) -> None:
    r"""Print the case file: how it stands, the timeline, clocks with proofs, remedies, notices.

    A complaint that the server no longer keeps is read from the ledger. Of one that was erased there is what is
    counted, and who erased it.

    \b
    Examples:
      uphold show FO-2026-000123
      uphold show FO-2026-000123 --json
    """
    from contextlib import suppress

    from ledger.errors import LedgerError
    from ledger.opening import open_to_read
    from starter.desk.case_file import read_case_file
    from starter.desk.keeping.shell import keeping_of, shell_of
    from starter.terminal.pages.keeping import say_keeping, say_shell

    settings = the_settings()
    acts: Sequence[Act] = ()
    async with open_to_read(settings.ledger_url, ring_of(settings)) as ledger:
        if shell := await shell_of(ledger, reference):
            say_json(shell.as_json()) if as_json else say_shell(shell)
            return
        found = await read_case_file(the_sender(), ledger, reference)
        with suppress(LedgerError):
            acts = await keeping_of(ledger, reference)
    for remark in found.remarks:
        tell(remark)
    if found.status.ledger_fault:
        tell(f"The ledger does not take the record: {found.status.ledger_fault}")
    if as_json:
        say_json(found.as_json())
    else:
        _print(found)
        say_keeping(acts)


def _print(found: CaseFile) -> None:
    status = found.status
    zone = zone_of(status.charter)
    say(f"Complaint {status.reference}")
    for name, value in _header(status, zone):
        say(f"  {name:9} {value}")
    say("\nTimeline")
    print_table(
        None, ("no.", "when", "who", "what"),
        [(each.number, at_instant(each.at, zone), each.by, each.text) for each in status.timeline],
    )  # fmt: skip
    say("Clocks")
    print_table(
        None, ("promise", "stage", "state", "due", "ended", "how it was counted"),
        [
            (_name(one), one.stage, one.state, _due(one), at_instant(one.ended_at, zone), one.proof)
            for one in status.clocks
        ],
    )  # fmt: skip
    if status.remedies:
        say("Remedies")
        print_table(
            None, ("no.", "what", "kind", "owner", "due", "state", "how or why not"),
            [_remedy(each) for each in status.remedies],
        )  # fmt: skip
    say("Notices")
    print_table(
        None, ("event", "notice", "to", "by", "state", "where or why not"),
        [
            (
                one.notice.event, one.notice.kind, f"{to.name} ({to.kind})", to.channel,
                one.fate.state, one.fate.detail,
            )
            for one in found.notices
            for to in (one.notice.recipient,)
        ],
    )  # fmt: skip


def _header(status: Status, zone: tzinfo | None) -> Iterator[tuple[str, object]]:
    yield "charter", f"{status.charter} {status.charter_version} (pinned as {status.digest})"
    by = f"by {status.channel} from {status.correspondent}"
    yield "received", f"{at_instant(status.received_at, zone)} {by}"
    owed = f", {counted(status.remedies_owed, 'remedy')} owed" if status.remedies_owed else ""
    yield "stands", f"{status.state} at {status.stage}{owed}"
    yield "handler", status.handler_name or ("nobody" if status.state == "closed" else "nobody yet")
    yield "next due", at_instant(status.next_due, zone) or "nothing"
    yield "missed", status.missed
    if status.service:
        yield "service", f"{status.service}, which has a timescale of its own"
    yield from _people(status)
    yield from (("meeting", _meeting(each, zone)) for each in status.appointments)
    yield from (("asked", _asked(each)) for each in status.requests if each.state == "open")
    if status.taken_in:
        yield "takes in", ", ".join(status.taken_in)
    if status.linked:
        yield "linked", f"{', '.join(status.linked)}: the same matter, each with its own answer"
    if status.outcome:
        yield "outcome", status.outcome
    if status.closed_at:
        goes_on = f" into {status.merged_into}" if status.merged_into else ""
        yield "closed", f"{at_instant(status.closed_at, zone)}: {status.closed_how}{goes_on}"


def _meeting(each: Appointment, zone: tzinfo | None) -> str:
    said = f"appointment {each.number}: {each.state}"
    if each.starts_at:
        where = f" ({each.place})" if each.place else ""
        said += f", {at_instant(each.starts_at, zone)} with {each.officer}{where}"
    return said


def _asked(each: Request) -> str:
    closes = f"; closes after {on_day(each.closes_on)} without" if each.closes_on else ""
    heard = "; the customer was heard, and it waits for you" if each.heard else ""
    return f"request {each.number}, answer by {on_day(each.answer_by)}{closes}{heard}"


def _people(status: Status) -> Iterator[tuple[str, object]]:
    """How the customer wants to hear, who acts, what is limited, who is barred."""
    wishes = status.preferences
    if wishes:
        often = wishes.update_interval
        rhythm = {None: "", "none": "; no regular updates"}.get(often, f"; every {often}")
        rhythm += "" if wishes.interval_kept else ", which nothing keeps at present"
        yield "wishes", f"{wishes.channel}, in {wishes.language}{rhythm}"
        if wishes.adjustments:
            yield "help", "; ".join(wishes.adjustments)
    for helper in status.representatives:
        may = f"acts; letters to {helper.notices_to}" if helper.authorised else "has no authority"
        yield "helper", f"{helper.kind} {may}"
    if status.restriction:
        limits = "; ".join(status.restriction.limits)
        yield "limited", f"{limits}; review on {on_day(status.restriction.review_on)}"
    if status.barred:
        yield "barred", ", ".join(status.barred)


def _remedy(one: RemedyStanding) -> tuple[object, ...]:
    owner = one.owner_name or f"the {one.owner_role}"
    # By the complaint's own record, as `list --overdue`: its days are the organisation's, and not UTC's.
    state = f"{one.state}, overdue" if one.missed and one.ended_at is None else one.state
    return one.number, one.text, one.kind, owner, on_day(one.due_on), state, one.reason


def _name(clock: ClockStanding) -> str:
    name = f"{clock.promise}/{clock.part}" if clock.part else clock.promise
    return f"{name} (contact {clock.contact})" if clock.contact else name


def _due(clock: ClockStanding) -> str:
    due = on_day(clock.due_on) if clock.due_on else ""
    if clock.superseded:
        due += f" (before: {', '.join(on_day(day) for day in clock.superseded)})"
    return due
