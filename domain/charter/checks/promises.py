"""What each promise of a charter must add up to: it can start, be met, be warned of and be kept.

Owns the checks of promises, alone and against each other; those of their times are in `times`. What a
trigger can start or meet follows `domain.complaint.decider.clock_events`: a clock that a contact or an appointment started is met by what
is done with it, and by nothing else; closing a complaint starts nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from domain.charter.checks.faults import Fault, found, numbered, twice, unknown_source
from domain.charter.checks.times import time_faults
from domain.charter.tables import Charter, Promise, Stage
from domain.errors import CharterError
from domain.faults import allowed_words
from domain.vocabulary import Channel, Correspondent, Trigger

OF_CONTACTS = frozenset({Trigger.CONTACT_ACKNOWLEDGED, Trigger.CONTACT_ANSWERED})
"""What meets a clock that an inbound contact started."""
OF_APPOINTMENTS = frozenset(
    {
        Trigger.APPOINTMENT_REQUESTED,
        Trigger.APPOINTMENT_ARRANGED,
        Trigger.APPOINTMENT_HELD,
        Trigger.APPOINTMENT_CANCELLED,
    }
)
"""What meets a clock that an appointment started: what happens to that appointment."""

_ALSO_OF_CONTACTS = frozenset({Trigger.APPOINTMENT_OFFERED, Trigger.CALLED})
"""What meets such a clock, and others too."""
_COMES_IN = frozenset({Trigger.RECEIVED, Trigger.STAGE_ENTERED, Trigger.CONTACT_RECEIVED})
"""What starts a clock for something that comes in, the complaint itself included."""
_NEVER_MEET = frozenset({Trigger.RECEIVED, Trigger.CONTACT_RECEIVED})


def promise_faults(charter: Charter) -> Iterator[CharterError]:
    """Every fault of the charter's promises, each with table, key, what is wrong and allowed."""
    entries = list(numbered("promise", charter.promises, by="key"))
    again, allowed = "{} stands in this charter already", "an id, or a part, of its own"
    yield from twice(entries, "id", again, allowed)
    for table, promise, _ in entries:
        yield from found(table, _alone(charter, promise))
        yield from found(table, _circles(charter, promise))
    for (_, first, _), (table, other, _) in combinations(entries, 2):
        yield from found(table, _contradiction(first, other))


def _alone(charter: Charter, promise: Promise) -> Iterator[Fault]:
    yield from unknown_source(charter, promise.source)
    yield from _starts(charter, promise)
    yield from _stages(charter, promise)
    yield from _meets(charter, promise)
    yield from _people(promise)
    yield from _appointments(promise)
    yield from time_faults(charter, promise)
    if promise.once and (promise.repeats or promise.after_missed or promise.gives_way_to):
        what = "is over once it was missed, and yet something follows"
        yield "once", what, "no repeats, after-missed or gives-way-to beside it"
    if promise.contact_kinds and not _COMES_IN & set(promise.starts):
        what = "is for kinds of contact, and nothing that comes in starts it"
        yield "contact-kinds", what, 'starts = ["contact-received"] or ["stage-entered"]'


def _starts(charter: Charter, promise: Promise) -> Iterator[Fault]:
    keys = list(dict.fromkeys(each.key for each in charter.promises if each.key != promise.key))
    for anchor in promise.starts:
        if anchor.startswith("met:"):
            if anchor.removeprefix("met:") == promise.key:
                what = f"{anchor!r} starts the promise when it is met itself"
                yield "starts", what, "another promise, or repeats = true"
            elif anchor.removeprefix("met:") not in keys:
                what = f"{anchor!r} names no promise of this charter"
                allowed = allowed_words(anchor, [f"met:{key}" for key in keys])
                yield "starts", what, allowed
        elif anchor not in set(Trigger):
            allowed = allowed_words(anchor, [*Trigger, "met:<promise>"])
            yield "starts", f"{anchor!r} is not something that happens", allowed
        elif anchor == Trigger.CLOSED:
            what = "'closed' ends every clock and starts none"
            yield "starts", what, "something that happens while it is open"
    for key, other in (("meets", promise.meets), ("until", promise.until)):
        for word in sorted(set(promise.starts) & set(other)):
            what = f"{word!r} both starts the promise and ends it: it would be over at once"
            yield key, what, "not what stands under starts"
    for word in sorted(set(promise.meets) & set(promise.until)):
        what = f"{word!r} cannot both meet the promise and end it unmet"
        yield "until", what, "not what stands under meets"


def _stages(charter: Charter, promise: Promise) -> Iterator[Fault]:
    own = [stage.id for stage in charter.stages if not stage.external]
    for stage in promise.stages:
        if stage not in {each.id for each in charter.stages}:
            what = f"{stage!r} is not a stage of this charter"
            yield "stages", what, allowed_words(stage, own)
        elif stage not in own:
            what = f"{stage!r} is external: nothing that happens there can be seen"
            yield "stages", what, ", ".join(own)


def _meets(charter: Charter, promise: Promise) -> Iterator[Fault]:
    ladder = [stage for stage in charter.stages if not stage.external]
    here = [
        at for at, stage in enumerate(ladder) if not promise.stages or stage.id in promise.stages
    ]
    if not here:
        return
    for anchor in promise.starts:
        if not _can_start(anchor, ladder, here):
            what = f"{anchor!r} never happens at {', '.join(promise.stages)}: nothing starts it"
            yield "starts", what, "something that happens there"
    of_contact = Trigger.CONTACT_RECEIVED in promise.starts
    by_others = [anchor for anchor in promise.starts if anchor != Trigger.CONTACT_RECEIVED]
    if of_contact and not {*OF_CONTACTS, *_ALSO_OF_CONTACTS} & set(promise.meets):
        what = "nothing can meet it: it starts with a contact, and nothing here is done with one"
        yield "meets", what, ", ".join(sorted(OF_CONTACTS))
    able = [word for word in promise.meets if _can_meet(word, ladder, here)]
    if by_others and not able:
        given = ", ".join(promise.meets)
        what = f"nothing can meet it: {given} cannot, when it starts by {', '.join(by_others)}"
        possible = [word for word in Trigger if _can_meet(word, ladder, here)]
        yield "meets", what, ", ".join(possible)


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


def _people(promise: Promise) -> Iterator[Fault]:
    if promise.exempt and not _correspondents(promise):
        what = "exempts everybody whom the promise is made to"
        allowed = "fewer kinds than correspondents names"
        yield "exempt", what, allowed
    if promise.tell_customer and promise.warn_before is None:
        what = "the customer is to be told at the warning point, and there is none"
        yield "tell-customer", what, "give warn-before too"


def _appointments(promise: Promise) -> Iterator[Fault]:
    started = OF_APPOINTMENTS.intersection(promise.starts)
    if started and not OF_APPOINTMENTS.intersection(promise.meets):
        what = (
            f"nothing can meet it: it starts with {', '.join(sorted(started))}, and nothing here"
            " happens to an appointment"
        )
        yield "meets", what, ", ".join(sorted(OF_APPOINTMENTS))


def _circles(charter: Charter, promise: Promise) -> Iterator[Fault]:
    by_key = {each.key: each for each in charter.promises}
    after = {key: _follows(each) for key, each in by_key.items()}
    others = [by_key[key] for key in _follows(promise) if key in by_key and key != promise.key]
    for other in others:
        # What meets both at once keeps both; but something else must be able to meet the first.
        shared = ", ".join(sorted(set(other.meets) & set(promise.meets)))
        if shared and (promise.repeats or set(other.meets) <= set(promise.meets)):
            what = f"{shared} meets {other.key} too: what starts this promise would also meet it"
            yield "meets", what, f"what does not meet {other.key}"
    if others and _leads_back(promise.key, after):
        what = "goes in a circle: each of these promises starts when another is met"
        yield "starts", what, "something that happens, outside the circle"


def _follows(promise: Promise) -> list[str]:
    """The keys of the promises that start it when they are met."""
    return [each.removeprefix("met:") for each in promise.starts if each.startswith("met:")]


def _leads_back(key: str, after: dict[str, list[str]]) -> bool:
    reached: set[str] = set()
    ahead = list(after[key])
    while ahead:
        step = ahead.pop()
        if step not in reached:
            reached.add(step)
            ahead.extend(after.get(step, ()))
    return key in reached


def _contradiction(first: Promise, second: Promise) -> Iterator[Fault]:
    if first.key != second.key and _say_the_same(first, second) and first.within != second.within:
        what = f"contradicts {first.key}, which gives {first.within} for the same thing"
        yield "within", what, "another channel, correspondent or stage, or the same time"


def _say_the_same(first: Promise, second: Promise) -> bool:
    return (
        first.target == second.target
        and second.key != first.gives_way_to
        and first.key != second.gives_way_to
        and bool(set(first.starts) & set(second.starts))
        and set(first.meets) == set(second.meets)
        # One made only while the case is being decided and one made only before never meet.
        and {first.while_deciding, second.while_deciding} != {True, False}
        and _overlap(first.stages, second.stages)
        and bool(_channels(first) & _channels(second))
        and bool(_correspondents(first) & _correspondents(second))
    )


def _overlap(first: tuple[str, ...], second: tuple[str, ...]) -> bool:
    return not first or not second or bool(set(first) & set(second))


def _channels(promise: Promise) -> set[Channel]:
    return set(promise.channels or Channel)


def _correspondents(promise: Promise) -> set[Correspondent]:
    return set(promise.correspondents or Correspondent) - set(promise.exempt)
