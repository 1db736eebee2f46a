"""What a charter must add up to, beyond each value being well formed.

Owns `faults`, and the checks of calendar, ladder, mailboxes, closing and commitments; those of promises
and of features are beside it. Looks nothing up: which regions and time zones exist is passed in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from domain.charter.checks.faults import Fault, found, numbered, too_long, twice, unknown_source
from domain.charter.checks.features import feature_faults
from domain.charter.checks.promises import promise_faults
from domain.charter.checks.waiting import waiting_faults
from domain.charter.tables import Charter, Commitment, ReplyPart, Stage
from domain.charter.terms import ClosureTerm
from domain.charter.translations import translation_faults
from domain.errors import CharterError
from domain.faults import allowed_words, did_you_mean
from domain.vocabulary import REVIEWERS, KeptBy
from domain.wire import Term, usable_address


def faults(
    charter: Charter,
    regions: Collection[str] | None = None,
    time_zones: Collection[str] | None = None,
    languages: Collection[str] | None = None,
) -> tuple[CharterError, ...]:
    """Every fault of the charter at once; none if it can be kept.

    Each names table, key, what is wrong and what is allowed. Regions, time zones and languages
    are checked against the names given, and not at all where none are.
    """
    scope = numbered("scope", charter.scope, by="topic")
    return (
        *found("calendar", _calendar(charter, regions, time_zones)),
        *twice(_closures(charter), "day", "{} is listed twice", "each day once"),
        *_ladder(charter),
        *found("mailboxes", _mailboxes(charter)),
        *found("contact", _address("email", charter.contact.email)),
        *found("closing", _closing(charter)),
        *twice(scope, "topic", "{} is signposted twice", "each topic once"),
        *_commitments(charter),
        *_too_long(charter),
        *promise_faults(charter),
        *waiting_faults(charter),
        *feature_faults(charter),
        *translation_faults(charter, languages),
    )


def _calendar(
    charter: Charter, regions: Collection[str] | None, time_zones: Collection[str] | None
) -> Iterator[Fault]:
    region, zone = charter.calendar.region, charter.calendar.time_zone
    if regions is not None and region not in regions:
        what = f"{region!r} is not a region whose bank holidays are known"
        yield "region", what, allowed_words(region, sorted(regions))
    if time_zones is not None and zone not in time_zones:
        allowed = "a name of the time-zone database such as 'Europe/London'"
        allowed += did_you_mean(zone, time_zones)
        yield "time-zone", f"{zone!r} is not a known time zone", allowed


def _closures(charter: Charter) -> Iterator[tuple[str, ClosureTerm, date]]:
    for at, closure in enumerate(charter.calendar.closures, 1):
        yield f"calendar.closures[{at}]", closure, closure.day


def _ladder(charter: Charter) -> Iterator[CharterError]:
    stages = charter.stages
    internal = [stage for stage in stages if not stage.external]
    if not internal:
        allowed = "at least one stage that is not external"
        yield CharterError("stage", "external", "no stage of the ladder is your own", allowed)
    yield from twice(numbered("stage", stages), "id", "{!r} names two stages")
    for at, (table, stage, _) in enumerate(numbered("stage", stages)):
        if stage.external:
            followed = any(not later.external for later in stages[at + 1 :])
            yield from found(table, _external(stage, followed=followed))
        else:
            yield from found(table, _internal(stage, first=stage is internal[0]))
            yield from found(table, _recommending(charter, stage))
            if stage is internal[-1] and not stages[-1].external:
                yield from found(table, _last(stage))


def _external(stage: Stage, *, followed: bool) -> Iterator[Fault]:
    if followed:
        what = "an external stage comes before one of your own"
        yield "external", what, "external stages at the end of the ladder"
    if stage.signpost is None:
        what = "an external stage without a signpost tells the customer nothing"
        allowed = (
            "a table [stage.signpost] with name and text, and gate and contact where there are any"
        )
        yield "signpost", what, allowed
    if stage.role is not None:
        what = f"nobody here reviews at an external stage, so {stage.role} cannot"
        yield "role", what, "no role"
    if stage.opens:
        yield "opens", "complaints cannot be opened outside the organisation", "leave it out"


def _internal(stage: Stage, *, first: bool) -> Iterator[Fault]:
    reviewers = ", ".join(sorted(REVIEWERS))
    if stage.role is None:
        yield "role", "nobody reviews at this stage", reviewers
    elif stage.role not in REVIEWERS:
        yield "role", f"{stage.role} does not review complaints", reviewers
    entry = stage.entry
    ends = "entry = { within = { months = 1 } } or another time"
    if entry.within is not None:
        return
    if entry.while_case_open or (not first and (entry.before_reply or stage.opens)):
        yield "entry.within", "a window without an end", ends
    elif not first:
        yield "entry", "nothing enters this stage: it has no window", ends


def _recommending(charter: Charter, stage: Stage) -> Iterator[Fault]:
    if ReplyPart.RECOMMENDATION in stage.reply and charter.remedies is None:
        what = "demands a recommendation, and nobody follows up what becomes of one"
        yield "reply", what, "a table [remedies], or leave recommendation out"


def _last(stage: Stage) -> Iterator[Fault]:
    if ReplyPart.NEXT_STEP in stage.reply:
        what = "demands a next-step of the last stage, after which none comes"
        yield "reply", what, "leave next-step out, or add an external stage with a signpost"


def _mailboxes(charter: Charter) -> Iterator[Fault]:
    for role in dict.fromkeys(stage.role for stage in charter.stages):
        if role in REVIEWERS and role not in charter.mailboxes:
            yield (
                role,
                f"{role} is on the ladder but has no mailbox",
                f'{role} = "an e-mail address"',
            )
    for whose, address in charter.mailboxes.items():
        yield from _address(whose, address)


def _address(key: str, text: str) -> Iterator[Fault]:
    if usable_address(text) is None:
        yield key, f"{text!r} is not an e-mail address", "one address, such as 'team@example.org'"


def _closing(charter: Charter) -> Iterator[Fault]:
    if charter.closing.after_last_reply is None:
        what = "a window without an end: silence never closes a complaint"
        yield "after-last-reply", what, "after-last-reply = { working-days = 10 } or another time"


def _commitments(charter: Charter) -> Iterator[CharterError]:
    entries = list(numbered("commitment", charter.commitments))
    # An estimate tells what a commitment promises to tell; what a clock keeps of it in part stands beside it.
    plain = (each for each in charter.promises if not each.estimate and each.part != "reason")
    promised = (promise.id for promise in plain)
    yield from twice(entries, "id", "{} stands in this charter already", before=promised)
    for table, commitment, _ in entries:
        yield from found(table, unknown_source(charter, commitment.source))
        yield from found(table, _unasked(charter, commitment))


def _too_long(charter: Charter) -> Iterator[CharterError]:
    lists = {"stage": charter.stages, "service": charter.services}
    entries = [each for name, terms in lists.items() for each in numbered(name, terms)]
    for table, term, _ in (*entries, *numbered("promise", charter.promises, by="key")):
        yield from found(table, too_long(term))
    for name, term in charter:
        if isinstance(term, Term):
            yield from found(name, too_long(term))


_ASKED_OF_REPLIES = {
    KeptBy.EVIDENCE: (ReplyPart.HEARD, ReplyPart.EVIDENCE),
    KeptBy.LEARNING: (ReplyPart.CAUSE, ReplyPart.CHANGES),
}


def _unasked(charter: Charter, commitment: Commitment) -> Iterator[Fault]:
    """A commitment that replies keep, and that a stage does not ask of its reply."""
    for part in _ASKED_OF_REPLIES.get(commitment.kept_by, ()):
        for stage in charter.stages:
            if not stage.external and part not in stage.reply:
                what = f"is {commitment.kept_by}, and the reply of {stage.id} need not say it"
                yield "kept-by", what, f'"{part}" in the reply of every stage of your own'
