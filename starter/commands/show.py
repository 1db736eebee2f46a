"""Owns `uphold show`. Must not import anything heavy at the top."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starter.acting import connected, the_settings
from starter.commands.remedies import print_remedies
from starter.exits import run
from starter.printing import add_row, at_instant, console, on_day, say, say_json, table, tell
from starter.verb_command import AsJson, Reference

if TYPE_CHECKING:
    from domain.complaint.views.status import ClockStanding
    from engine.settings import Settings
    from starter.case_file import CaseFile
    from starter.status import Appointment, Request, Status


def show(reference: Reference, as_json: AsJson = False) -> None:
    r"""Print the case file: how it stands, the timeline, clocks with proofs, remedies, notices.

    A complaint that the server no longer keeps is read from the ledger.

    \b
    Examples:
      uphold show FO-2026-000123
      uphold show FO-2026-000123 --json
    """
    found = run(_read(the_settings(), reference))
    for remark in found.remarks:
        tell(remark)
    if found.status.ledger_fault:
        tell(f"The ledger does not take the record: {found.status.ledger_fault}")
    if as_json:
        say_json(found.as_json())
    else:
        _print(found)


async def _read(settings: Settings, reference: str) -> CaseFile:
    from activities.ledger import open_ledger
    from engine.errors import ServerUnavailable
    from starter.case_file import read_case_file

    async with open_ledger(settings.ledger_url) as ledger:
        try:
            complaints = await connected(settings)
        except ServerUnavailable as error:
            return await read_case_file(error, ledger, reference)
        return await read_case_file(complaints, ledger, reference)


def _print(found: CaseFile) -> None:
    status, out = found.status, console()
    for line in _header(status):
        say(line)
    say("\nTimeline")
    made = table(None, "no.", "when", "who", "what")
    for entry in status.timeline:
        add_row(made, entry.number, at_instant(entry.at), entry.by, entry.text)
    out.print(made)
    say("Clocks")
    made = table(None, "promise", "stage", "state", "due", "ended", "how it was counted")
    for clock in status.clocks:
        ended = at_instant(clock.ended_at)
        add_row(made, _name(clock), clock.stage, clock.state, _due(clock), ended, clock.proof)
    out.print(made)
    if found.remedies:
        print_remedies(found.remedies)
    say("Notices")
    made = table(None, "event", "notice", "to", "by", "state", "where or why not")
    for each in found.notices:
        to, fate = each.notice.recipient, each.fate
        who = f"{to.name} ({to.kind})"
        add_row(
            made,
            each.notice.event,
            each.notice.kind,
            who,
            to.channel,
            fate.state,
            fate.where or fate.reason,
        )
    out.print(made)


def _header(status: Status) -> list[str]:
    lines = [
        f"Complaint {status.reference}",
        f"  charter   {status.charter} {status.charter_version} (pinned as {status.digest})",
        f"  received  {at_instant(status.received_at)} by {status.channel} from {status.correspondent}",
        f"  stands    {status.state} at {status.stage}",
        f"  handler   {status.handler_name or 'nobody yet'}",
        f"  next due  {at_instant(status.next_due) or 'nothing'}",
        f"  missed    {status.missed}",
    ]
    if status.service:
        lines.append(f"  service   {status.service}, which has a timescale of its own")
    lines += _people(status)
    lines += [f"  meeting   {_meeting(each)}" for each in status.appointments]
    lines += [f"  asked     {_asked(each)}" for each in status.requests if each.state == "open"]
    if status.outcome:
        lines.append(f"  outcome   {status.outcome}")
    if status.closed_at:
        lines.append(f"  closed    {at_instant(status.closed_at)}: {status.closed_how}")
    return lines


def _meeting(each: Appointment) -> str:
    said = f"appointment {each.number}: {each.state}"
    if each.starts_at:
        where = f" ({each.place})" if each.place else ""
        said += f", {at_instant(each.starts_at)} with {each.officer}{where}"
    return said


def _asked(each: Request) -> str:
    closes = f"; closes after {on_day(each.closes_on)} without" if each.closes_on else ""
    heard = "; the customer was heard, and it waits for you" if each.heard else ""
    return f"request {each.number}, answer by {on_day(each.answer_by)}{closes}{heard}"


def _people(status: Status) -> list[str]:
    """How the customer wants to hear, who acts, what is limited, who is barred."""
    lines, wishes, helper = [], status.preferences, status.representation
    if wishes:
        often = wishes.update_interval
        rhythm = {None: "", "none": "; no regular updates"}.get(often, f"; every {often}")
        lines.append(f"  wishes    {wishes.channel}, in {wishes.language}{rhythm}")
        if wishes.adjustments:
            lines.append(f"  help      {'; '.join(wishes.adjustments)}")
    if helper:
        may = f"acts; letters to {helper.notices_to}" if helper.authorised else "has no authority"
        lines.append(f"  helper    {helper.kind} {may}")
    if status.restriction:
        limits = "; ".join(status.restriction.limits)
        lines.append(f"  limited   {limits}; review on {on_day(status.restriction.review_on)}")
    if status.barred:
        lines.append(f"  barred    {', '.join(status.barred)}")
    return lines


def _name(clock: ClockStanding) -> str:
    name = f"{clock.promise}/{clock.part}" if clock.part else clock.promise
    return f"{name} (contact {clock.contact})" if clock.contact else name


def _due(clock: ClockStanding) -> str:
    due = on_day(clock.due_on) if clock.due_on else ""
    if clock.superseded:
        due += f" (before: {', '.join(on_day(day) for day in clock.superseded)})"
    return due
