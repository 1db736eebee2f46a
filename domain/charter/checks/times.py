"""What the time of each promise must add up to: how long it is, which days count, and what follows it.

Owns the checks of times, and of what is no promise because its time may pass: estimates and chances.
"""

from __future__ import annotations

from collections.abc import Iterator

from domain.calendar.budget import IN_WORKING_DAYS, Unit
from domain.charter.checks.faults import Fault
from domain.charter.tables import Charter, Promise
from domain.faults import allowed_words
from domain.vocabulary import Trigger


def time_faults(charter: Charter, promise: Promise) -> Iterator[Fault]:
    """Every fault of the promise's times."""
    yield from _times(promise)
    yield from _first_day(charter, promise)
    yield from _gives_way(charter, promise)
    yield from _estimate(promise)


def _times(promise: Promise) -> Iterator[Fault]:
    within, warn, extension = promise.within, promise.warn_before, promise.extension
    if warn is not None and warn.nominal_days >= within.nominal_days:
        what = f"{warn} before is not after the start of a promise of {within}"
        yield "warn-before", what, f"less than {within}"
    if promise.interval and not promise.repeats:
        what = "an interval is agreed for what comes again and again, and this comes once"
        yield "interval", what, "give repeats = true too, or leave it out"
    if extension is not None:
        unit, of_promise = extension.at_most.budget.unit, within.budget.unit
        works = of_promise in IN_WORKING_DAYS
        if unit is Unit.END_OF_NEXT_WORKING_DAY or (unit in IN_WORKING_DAYS) != works:
            what = f"{extension.at_most} cannot be compared with {within}"
            allowed = "working-days" if works else "calendar-days, weeks or months"
            yield "extension.at-most", what, allowed
    if promise.limit is not None and promise.limit.within.nominal_days < within.nominal_days:
        what = f"an overall limit of {promise.limit.within} is shorter than the promise"
        yield "limit.within", what, f"{within} or more"


def _first_day(charter: Charter, promise: Promise) -> Iterator[Fault]:
    """The first of several days can count; a single one could be over before it had begun."""
    if not promise.first_day_counts:
        return
    own = [each.within for each in charter.services if promise.key in each.replaces]
    limits = [promise.limit.within] if promise.limit else []
    for within in (promise.within, *limits, *own):
        if within.budget.unit in (Unit.MONTHS, Unit.END_OF_NEXT_WORKING_DAY):
            what = f"{within} cannot begin with its first day"
            yield "first-day-counts", what, "working-days, calendar-days or weeks"
        elif within.budget.amount == 1:
            what = f"{within} could be over on the day on which it begins"
            yield "first-day-counts", what, "2 days or more"
    if promise.repeats:
        what = "what comes again and again counts from the day on which its period ended"
        yield "first-day-counts", what, "leave it out, or repeats"


def _gives_way(charter: Charter, promise: Promise) -> Iterator[Fault]:
    key = promise.gives_way_to
    if key is None:
        return
    others = [each for each in charter.promises if each.key == key != promise.key]
    if promise.repeats or promise.after_missed:
        what = "starts anew once it has passed, and so gives way to nothing"
        allowed = "either gives-way-to, or after-missed or repeats"
        yield "gives-way-to", what, allowed
    for name in ("target", "tell_customer", "extension"):
        if getattr(promise, name):
            what = "what gives way to another promise is a chance, and nothing is promised by it"
            yield name.replace("_", "-"), what, f"leave it out, or put it under {key}"
    if not others:
        keys = [each.key for each in charter.promises if each.key != promise.key]
        what = f"{key!r} names no other promise of this charter"
        yield "gives-way-to", what, allowed_words(key, keys)
    for other in others:
        longer = other.within.nominal_days > promise.within.nominal_days
        if not set(promise.starts) <= set(other.starts) or not longer:
            what = f"{key} does not run on when {promise.key} has passed"
            allowed = "a promise that starts with it and gives more time"
            yield "gives-way-to", what, allowed


def _estimate(promise: Promise) -> Iterator[Fault]:
    if not promise.estimate:
        return
    if list(promise.meets) != [Trigger.REPLIED]:
        what = "an estimate says when a full answer is expected"
        yield "meets", what, 'meets = ["replied"]'
    others = {
        "target": promise.target,
        "repeats": promise.repeats,
        "once": promise.once,
        "gives-way-to": promise.gives_way_to,
    }
    for key, value in others.items():
        if value:
            yield key, "an estimate is no promise, and moves when it passes", "leave it out"
    if promise.extension is None:
        what = "an estimate has to be moved with a reason before it passes"
        yield "extension", what, "extension = { times = 3, at-most = { working-days = 10 } }"
