"""What each promise of a charter must add up to: it can start, be met, be warned of and be kept.

Owns the checks of promises, alone and against each other. What a trigger can start or meet follows
`clockwork`: a clock that a contact started is met by what is done with that contact, and by
nothing else; closing a complaint starts nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from domain.calendar.counting import Unit
from domain.charter.tables import Charter, Promise, Stage
from domain.charter.terms import Within
from domain.errors import CharterError
from domain.faults import allowed_words
from domain.vocabulary import Channel, Correspondent, Trigger

OF_CONTACTS = frozenset({Trigger.CONTACT_ACKNOWLEDGED, Trigger.CONTACT_ANSWERED})
"""What meets a clock that an inbound contact started."""

_NEVER_MEET = frozenset({Trigger.RECEIVED, Trigger.CONTACT_RECEIVED})
_WORKING = frozenset({Unit.WORKING_DAYS, Unit.END_OF_NEXT_WORKING_DAY})


def promise_faults(charter: Charter) -> Iterator[CharterError]:
    """Every fault of the charter's promises, each with table, key, what is wrong and allowed."""
    for at, promise in enumerate(charter.promises):
        table = promise_table(charter, promise)
        if any(promise.key == other.key for other in charter.promises[:at]):
            what = f"{promise.key} stands in this charter already"
            yield CharterError(table, "id", what, "an id, or a part, of its own")
        if promise.source not in charter.charter.sources:
            what = f"{promise.source!r} is not one of the charter's sources"
            allowed = allowed_words(promise.source, charter.charter.sources)
            yield CharterError(table, "source", what, allowed)
        yield from _starts(charter, table, promise)
        yield from _stages(charter, table, promise)
        yield from _meets(charter, table, promise)
        yield from _people(table, promise)
        yield from _times(table, promise)
        yield from _gives_way(charter, table, promise)
    yield from _cycles(charter)
    yield from _contradictions(charter)


def promise_table(charter: Charter, promise: Promise) -> str:
    """The name of the promise's table in a message: counted from 1, with its key."""
    at = next(at for at, each in enumerate(charter.promises, 1) if each is promise)
    return f"promise[{at}] ({promise.key})"


def _starts(charter: Charter, table: str, promise: Promise) -> Iterator[CharterError]:
    keys = list(dict.fromkeys(each.key for each in charter.promises if each.key != promise.key))
    for anchor in promise.starts:
        if anchor.startswith("met:"):
            if anchor.removeprefix("met:") == promise.key:
                what = f"{anchor!r} starts the promise when it is met itself"
                yield CharterError(table, "starts", what, "another promise, or repeats = true")
            elif anchor.removeprefix("met:") not in keys:
                what = f"{anchor!r} names no promise of this charter"
                allowed = allowed_words(anchor, [f"met:{key}" for key in keys])
                yield CharterError(table, "starts", what, allowed)
        elif anchor not in set(Trigger):
            allowed = allowed_words(anchor, [*Trigger, "met:<promise>"])
            yield CharterError(
                table, "starts", f"{anchor!r} is not something that happens", allowed
            )
        elif anchor == Trigger.CLOSED:
            what = "'closed' ends every clock and starts none"
            yield CharterError(table, "starts", what, "something that happens while it is open")
    for key, other in (("meets", promise.meets), ("until", promise.until)):
        for word in sorted(set(promise.starts) & set(other)):
            what = f"{word!r} both starts the promise and ends it: it would be over at once"
            yield CharterError(table, key, what, "not what stands under starts")
    for word in sorted(set(promise.meets) & set(promise.until)):
        what = f"{word!r} cannot both meet the promise and end it unmet"
        yield CharterError(table, "until", what, "not what stands under meets")


def _stages(charter: Charter, table: str, promise: Promise) -> Iterator[CharterError]:
    own = [stage.id for stage in charter.stages if not stage.external]
    for stage in promise.stages:
        if stage not in {each.id for each in charter.stages}:
            what = f"{stage!r} is not a stage of this charter"
            yield CharterError(table, "stages", what, allowed_words(stage, own))
        elif stage not in own:
            what = f"{stage!r} is external: nothing that happens there can be seen"
            yield CharterError(table, "stages", what, ", ".join(own))


def _meets(charter: Charter, table: str, promise: Promise) -> Iterator[CharterError]:
    ladder = [stage for stage in charter.stages if not stage.external]
    here = [
        at for at, stage in enumerate(ladder) if not promise.stages or stage.id in promise.stages
    ]
    if not here:
        return
    for anchor in promise.starts:
        if not _can_start(anchor, ladder, here):
            what = f"{anchor!r} never happens at {', '.join(promise.stages)}: nothing starts it"
            yield CharterError(table, "starts", what, "something that happens there")
    of_contact = Trigger.CONTACT_RECEIVED in promise.starts
    by_others = [anchor for anchor in promise.starts if anchor != Trigger.CONTACT_RECEIVED]
    if of_contact and not {*OF_CONTACTS, Trigger.APPOINTMENT_OFFERED} & set(promise.meets):
        what = "nothing can meet it: it starts with a contact, and nothing here is done with one"
        yield CharterError(table, "meets", what, ", ".join(sorted(OF_CONTACTS)))
    able = [word for word in promise.meets if _can_meet(word, ladder, here)]
    if by_others and not able:
        given = ", ".join(promise.meets)
        what = f"nothing can meet it: {given} cannot, when it starts by {', '.join(by_others)}"
        possible = [word for word in Trigger if _can_meet(word, ladder, here)]
        yield CharterError(table, "meets", what, ", ".join(possible))


def _can_start(anchor: str, ladder: list[Stage], here: list[int]) -> bool:
    if anchor == Trigger.RECEIVED:
        return any(at == 0 or ladder[at].opens for at in here)
    if anchor == Trigger.ESCALATED:
        return any(at > 0 for at in here)
    return anchor != Trigger.PROCEDURE_ENDED or len(ladder) - 1 in here


def _can_meet(word: Trigger, ladder: list[Stage], here: list[int]) -> bool:
    if word in OF_CONTACTS or word in _NEVER_MEET:
        return False
    if word is Trigger.ESCALATED:
        return any(at < len(ladder) - 1 for at in here)
    return word is not Trigger.PROCEDURE_ENDED or len(ladder) - 1 in here


def _people(table: str, promise: Promise) -> Iterator[CharterError]:
    if promise.exempt and not _correspondents(promise):
        what = "exempts everybody whom the promise is made to"
        allowed = "fewer kinds than correspondents names"
        yield CharterError(table, "exempt", what, allowed)
    if promise.tell_customer and promise.warn_before is None:
        what = "the customer is to be told at the warning point, and there is none"
        yield CharterError(table, "tell-customer", what, "give warn-before too")


def _times(table: str, promise: Promise) -> Iterator[CharterError]:
    within, warn, extension = promise.within, promise.warn_before, promise.extension
    if warn is not None and nominal_days(warn) >= nominal_days(within):
        what = f"{_worded(warn)} before is not after the start of a promise of {_worded(within)}"
        yield CharterError(table, "warn-before", what, f"less than {_worded(within)}")
    if promise.interval and not promise.repeats:
        what = "an interval is agreed for what comes again and again, and this comes once"
        yield CharterError(table, "interval", what, "give repeats = true too, or leave it out")
    if extension is not None:
        unit, of_promise = extension.at_most.budget.unit, within.budget.unit
        works = of_promise in _WORKING
        if unit is Unit.END_OF_NEXT_WORKING_DAY or (unit in _WORKING) != works:
            what = f"{_worded(extension.at_most)} cannot be compared with {_worded(within)}"
            allowed = "working-days" if works else "calendar-days, weeks or months"
            yield CharterError(table, "extension.at-most", what, allowed)
    if promise.limit is not None and nominal_days(promise.limit.within) < nominal_days(within):
        what = f"an overall limit of {_worded(promise.limit.within)} is shorter than the promise"
        yield CharterError(table, "limit.within", what, f"{_worded(within)} or more")


def _gives_way(charter: Charter, table: str, promise: Promise) -> Iterator[CharterError]:
    key = promise.gives_way_to
    if key is None:
        return
    others = [each for each in charter.promises if each.key == key != promise.key]
    if promise.repeats or promise.after_missed:
        what = "starts anew once it was missed, and so gives way to nothing"
        allowed = "either gives-way-to, or after-missed or repeats"
        yield CharterError(table, "gives-way-to", what, allowed)
    if not others:
        keys = [each.key for each in charter.promises if each.key != promise.key]
        what = f"{key!r} names no other promise of this charter"
        yield CharterError(table, "gives-way-to", what, allowed_words(key, keys))
    for other in others:
        if not set(promise.starts) <= set(other.starts) or not _longer(other, promise):
            what = f"{key} does not run on when {promise.key} is missed"
            allowed = "a promise that starts with it and gives more time"
            yield CharterError(table, "gives-way-to", what, allowed)


def _longer(one: Promise, other: Promise) -> bool:
    return nominal_days(one.within) > nominal_days(other.within)


def nominal_days(within: Within) -> float:
    """Roughly how many days it takes: five working days a week, a month of thirty days."""
    budget = within.budget
    if budget.unit is Unit.WORKING_DAYS:
        return budget.amount * 7 / 5
    if budget.unit is Unit.END_OF_NEXT_WORKING_DAY:
        return 7 / 5
    return budget.amount * (30 if budget.unit is Unit.MONTHS else 1)


def _worded(within: Within) -> str:
    """The time as it stands in the file: `10 working-days`."""
    ((unit, amount),) = within.model_dump(by_alias=True, exclude_unset=True).items()
    return "the end of the next working day" if amount is True else f"{amount} {unit}"


def _cycles(charter: Charter) -> Iterator[CharterError]:
    after = {
        promise.key: [
            anchor.removeprefix("met:") for anchor in promise.starts if anchor.startswith("met:")
        ]
        for promise in charter.promises
    }
    by_key = {promise.key: promise for promise in charter.promises}
    for promise in charter.promises:
        table = promise_table(charter, promise)
        others = [by_key[key] for key in after[promise.key] if key in by_key and key != promise.key]
        for other in others:
            # What meets both at once keeps both; but something else must be able to meet the first.
            shared = ", ".join(sorted(set(other.meets) & set(promise.meets)))
            if shared and (promise.repeats or set(other.meets) <= set(promise.meets)):
                what = (
                    f"{shared} meets {other.key} too: what starts this promise would also meet it"
                )
                yield CharterError(table, "meets", what, f"what does not meet {other.key}")
        if others and _leads_back(promise.key, after):
            what = "goes in a circle: each of these promises starts when another is met"
            yield CharterError(table, "starts", what, "something that happens, outside the circle")


def _leads_back(key: str, after: dict[str, list[str]]) -> bool:
    reached: set[str] = set()
    ahead = list(after[key])
    while ahead:
        step = ahead.pop()
        if step not in reached:
            reached.add(step)
            ahead.extend(after.get(step, ()))
    return key in reached


def _contradictions(charter: Charter) -> Iterator[CharterError]:
    for first, second in combinations(charter.promises, 2):
        if (
            first.key != second.key
            and _say_the_same(first, second)
            and first.within != second.within
        ):
            what = (
                f"contradicts {first.key}, which gives {_worded(first.within)} for the same thing"
            )
            allowed = "another channel, correspondent or stage, or the same time"
            yield CharterError(promise_table(charter, second), "within", what, allowed)


def _say_the_same(first: Promise, second: Promise) -> bool:
    return (
        first.target == second.target
        and second.key != first.gives_way_to
        and first.key != second.gives_way_to
        and bool(set(first.starts) & set(second.starts))
        and set(first.meets) == set(second.meets)
        and not _apart(first.while_deciding, second.while_deciding)
        and _overlap(first.stages, second.stages)
        and bool(_channels(first) & _channels(second))
        and bool(_correspondents(first) & _correspondents(second))
    )


def _apart(first: bool | None, second: bool | None) -> bool:
    """Whether one is made only while the case is being decided, the other only before."""
    return first is not None and second is not None and first is not second


def _overlap(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    return not first or not second or bool(set(first) & set(second))


def _channels(promise: Promise) -> set[Channel]:
    return set(promise.channels or Channel)


def _correspondents(promise: Promise) -> set[Correspondent]:
    return set(promise.correspondents or Correspondent) - set(promise.exempt)
