"""Puts a report together from what the ledger says and what the charter promises.

Owns the order of promises and breakdowns, and the notes that say how to read the figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from domain.charter.tables import Charter
from domain.quality.figures import reaches
from domain.vocabulary import Channel
from ledger.keys.words import ERASED
from reporting.model import OPEN, Figures, PromiseResult, Report, Slice
from reporting.period import Period
from reporting.queries.assessor.year import assessor_report
from reporting.queries.clocks import TOTAL, Counted, clock_figures
from reporting.queries.complaints import closed_without_answer, erased, feedback, intake
from reporting.queries.extensions import TOLD_APART, extension_reasons
from reporting.queries.first_contact import first_contact
from reporting.queries.learning import learning
from reporting.queries.measures import call_figures, samples, satisfaction
from reporting.queries.remedies import remedy_figures
from reporting.sections import ExtensionReason

Key = tuple[str, str | None]


def assemble(connection: Connection, charter: Charter, period: Period, now: datetime) -> Report:
    """The report on the charter's promises in the period, as the ledger stands.

    `now` (aware) is when it is made: what falls due later is not overdue yet.
    """
    results = promises(connection, charter, period)
    expected = {each.key for each in charter.promises if each.estimate}
    tried = {each.key for each in charter.promises if each.gives_way_to}
    today = now.astimezone(ZoneInfo(period.time_zone)).date()
    return Report(
        charter=charter.id,
        charter_version=charter.version,
        title=charter.charter.title,
        organisation=charter.charter.organisation,
        first_day=period.first,
        last_day=period.last,
        time_zone=period.time_zone,
        made_at=now,
        complaints=intake(connection, charter.id, period),
        promises=tuple(one for one in results if one.key not in expected | tried),
        estimates=tuple(one for one in results if one.key in expected),
        chances=tuple(one for one in results if one.key in tried),
        extensions=_in_order(charter, extension_reasons(connection, charter.id, period)),
        remedies=remedy_figures(connection, charter.id, period, today),
        calls=call_figures(connection, charter, period),
        satisfaction=satisfaction(connection, charter.id, period),
        samples=samples(connection, charter.id, period),
        assessor=assessor_report(connection, charter, period, today),
        notes=_notes(period, today <= period.last, erased(connection, charter.id, period)),
        first_contact=first_contact(connection, charter, period),
        learning=learning(connection, charter.id, period),
        closed_without_answer=closed_without_answer(connection, charter.id, period),
        feedback=feedback(connection, charter.id, period),
    )


def promises(connection: Connection, charter: Charter, period: Period) -> tuple[PromiseResult, ...]:
    """How each promise, estimate and chance of the charter came out, in the charter's order."""
    found: dict[Key, list[Counted]] = {}
    for one in clock_figures(connection, charter.id, period):
        found.setdefault((one.promise, one.part), []).append(one)
    orders = {
        "stage": [stage.id for stage in charter.stages],
        "channel": [str(channel) for channel in Channel],
        "month": list(map(str, period.months())),
    }
    results = []
    for promise in charter.promises:
        own = found.pop((promise.id, promise.part), [])
        results.append(
            _result((promise.id, promise.part), own, orders, promise.text, promise.target)
        )
    # What an earlier version of the charter promised was promised all the same.
    results += [_result(key, found[key], orders) for key in sorted(found, key=_by_name)]
    return tuple(results)


def _result(
    key: Key,
    counted: Sequence[Counted],
    orders: dict[str, list[str]],
    text: str | None = None,
    target: float | None = None,
) -> PromiseResult:
    total = next((one.figures for one in counted if one.dimension == TOTAL), Figures())

    def slices(dimension: str) -> tuple[Slice, ...]:
        order = orders[dimension]
        own = {one.value: one.figures for one in counted if one.dimension == dimension}
        known = [name for name in order if name in own]
        rest = sorted(own.keys() - set(order) - {OPEN})
        names = [*known, *rest, *([OPEN] if OPEN in own else [])]
        return tuple(Slice(name=name, figures=own[name]) for name in names)

    return PromiseResult(
        promise=key[0],
        part=key[1],
        text=text,
        target=target,
        reached=reaches(total.in_time, total.in_time + total.late, target),
        total=total,
        by_stage=slices("stage"),
        by_channel=slices("channel"),
        by_month=slices("month"),
    )


def _in_order(charter: Charter, reasons: Iterable[ExtensionReason]) -> tuple[ExtensionReason, ...]:
    order = {(one.id, one.part): number for number, one in enumerate(charter.promises)}
    last = len(order)
    return tuple(sorted(reasons, key=lambda one: order.get((one.promise, one.part), last)))


def _by_name(key: Key) -> tuple[str, str]:
    return key[0], key[1] or ""


def _notes(period: Period, unfinished: bool, gone: int) -> tuple[str, ...]:
    notes = [
        "What is counted is clocks: each time that a promise was made to somebody. One complaint may"
        " have several of one promise.",
        "A promise counts as in time on the day on which it was kept, and as late on the day on which"
        " it fell due. What was neither by the end of the period is open; by month it has a row of"
        " its own. So every breakdown adds up to the total, and the periods to the whole.",
        "A due date that was moved with a reason, before it had passed, counts as moved. The new date"
        " that is given after a miss is not counted again. What was no longer owed, because the"
        " complaint was withdrawn or answered, counts nowhere. What ran when staff closed a complaint"
        " without a reply is told in a table of its own.",
        "An estimate is no promise: it says when an answer was expected where no time is promised, and"
        " stands apart. So does what is tried first: it is counted how often it came off, and where it did"
        " not the promise holds that follows.",
        "Percentages are of what is decided, in time and late together, and are rounded down.",
        "Days are working days from the day from which the promise counts until what was promised"
        " came, in time or late. Pauses are included: it is how long the customer waited. The median is"
        " the number of days that half of them took at most, and the other the number that nine in ten"
        " took at most.",
        "Channels are those through which the complaints came.",
        f"Reasons for more time are in the words of staff; of each promise the {TOLD_APART} most"
        " frequent are told.",
        "Remedies are those that were promised in the period, as they stood at its end,"
        " whatever became of them later.",
        "A complaint is answered at once if the full answer came by the end of the working day on"
        " which it came, or of the next one where it came when we were closed. It was settled so if"
        " it was neither taken further nor taken up again by the end of the period.",
        "Causes and changes are as the replies of the period gave them, in the words of staff; what"
        " went wrong most often stands first, and is what to improve next.",
        f"Days begin and end at midnight in {period.time_zone}.",
    ]
    if gone:
        notes.append(
            f"Erased since the period: {gone} of the complaints that ended in it. All figures count them as before;"
            f" {ERASED} stands where their words were."
        )
    if unfinished:
        notes.insert(0, "The period had not ended when this report was made.")
    return tuple(notes)
