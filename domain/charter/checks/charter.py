"""What a charter must add up to, beyond each value being well formed.

Owns the checks of calendar, ladder, mailboxes, closing, sample and ids; those of single promises are in
`promise_check`. Looks nothing up: which regions and time zones exist is passed in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator

from domain.calendar.counting import Unit
from domain.charter.checks.features import matter_faults
from domain.charter.checks.promises import promise_faults
from domain.charter.tables import Charter, ReplyPart, Stage
from domain.charter.terms import Within
from domain.charter.translations import translation_faults
from domain.errors import CharterError
from domain.faults import allowed_words, near_miss
from domain.quality.sampling import FORM_COLUMNS
from domain.vocabulary import REVIEWERS, KeptBy

HORIZON_MONTHS = 24
"""A complaint's calendar is pinned for the year of receipt and two more: no window is longer."""

_DAYS_OF = {
    Unit.WORKING_DAYS: 7 / 5,
    Unit.CALENDAR_DAYS: 1,
    Unit.MONTHS: 30.4,
    Unit.END_OF_NEXT_WORKING_DAY: 1,
}


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
    return (
        *_calendar(charter, regions, time_zones),
        *_ladder(charter),
        *_mailboxes(charter),
        *_closing(charter),
        *_ids(charter),
        *_people(charter),
        *_sample(charter),
        *promise_faults(charter),
        *matter_faults(charter),
        *translation_faults(charter, languages),
    )


def _calendar(
    charter: Charter, regions: Collection[str] | None, time_zones: Collection[str] | None
) -> Iterator[CharterError]:
    terms = charter.calendar
    if regions is not None and terms.region not in regions:
        what = f"{terms.region!r} is not a region whose bank holidays are known"
        yield CharterError("calendar", "region", what, allowed_words(terms.region, sorted(regions)))
    if time_zones is not None and terms.time_zone not in time_zones:
        near = near_miss(terms.time_zone, time_zones)
        allowed = "a name of the time-zone database such as 'Europe/London'"
        allowed += f" (did you mean {near!r}?)" if near else ""
        what = f"{terms.time_zone!r} is not a known time zone"
        yield CharterError("calendar", "time-zone", what, allowed)
    for at, closure in enumerate(terms.closures, 1):
        if any(closure.day == other.day for other in terms.closures[: at - 1]):
            yield CharterError(
                f"calendar.closures[{at}]", "day", f"{closure.day} is listed twice", "each day once"
            )


def stage_table(charter: Charter, stage: Stage) -> str:
    """The name of the stage's table in a message: counted from 1, with its id."""
    at = next(at for at, each in enumerate(charter.stages, 1) if each is stage)
    return f"stage[{at}] ({stage.id})"


def _ladder(charter: Charter) -> Iterator[CharterError]:
    stages = charter.stages
    counted = Counter(stage.id for stage in stages)
    internal = [stage for stage in stages if not stage.external]
    if not internal:
        allowed = "at least one stage that is not external"
        yield CharterError("stage", "external", "no stage of the ladder is your own", allowed)
    for at, stage in enumerate(stages):
        table = stage_table(charter, stage)
        if counted[stage.id] > 1 and any(stage.id == other.id for other in stages[:at]):
            yield CharterError(table, "id", f"{stage.id!r} names two stages", "an id of its own")
        if stage.external:
            followed = any(not later.external for later in stages[at + 1 :])
            yield from _external(table, stage, followed=followed)
        else:
            yield from _internal(table, stage, first=stage is internal[0])
    if internal and ReplyPart.NEXT_STEP in internal[-1].reply and not stages[-1].external:
        yield CharterError(
            stage_table(charter, internal[-1]),
            "reply",
            "demands a next-step of the last stage, after which none comes",
            "leave next-step out, or add an external stage with a signpost",
        )


def _external(table: str, stage: Stage, *, followed: bool) -> Iterator[CharterError]:
    if followed:
        yield CharterError(
            table, "external", "an external stage comes before one of your own",
            "external stages at the end of the ladder",
        )  # fmt: skip
    if stage.signpost is None:
        yield CharterError(
            table, "signpost", "an external stage without a signpost tells the customer nothing",
            "a table [stage.signpost] with name and text, and gate and contact where there are any",
        )  # fmt: skip
    if stage.role is not None:
        yield CharterError(
            table, "role", f"nobody here reviews at an external stage, so {stage.role} cannot",
            "no role",
        )  # fmt: skip
    if stage.opens:
        yield CharterError(
            table, "opens", "complaints cannot be opened outside the organisation", "leave it out"
        )


def _internal(table: str, stage: Stage, *, first: bool) -> Iterator[CharterError]:
    reviewers = ", ".join(sorted(REVIEWERS))
    if stage.role is None:
        yield CharterError(table, "role", "nobody reviews at this stage", reviewers)
    elif stage.role not in REVIEWERS:
        yield CharterError(table, "role", f"{stage.role} does not review complaints", reviewers)
    entry = stage.entry
    if entry.within is not None:
        yield from _horizon(table, "entry.within", entry.within)
        return
    ends = "entry = { within = { months = 1 } } or another time"
    if entry.while_case_open or (not first and (entry.before_reply or stage.opens)):
        yield CharterError(table, "entry.within", "a window without an end", ends)
    elif not first:
        yield CharterError(table, "entry", "nothing enters this stage: it has no window", ends)


def _horizon(table: str, key: str, within: Within) -> Iterator[CharterError]:
    budget = within.budget
    if budget.amount * _DAYS_OF[budget.unit] > HORIZON_MONTHS * _DAYS_OF[Unit.MONTHS]:
        what = "is longer than the calendar of a complaint reaches"
        yield CharterError(table, key, what, f"at most {HORIZON_MONTHS} months")


def _mailboxes(charter: Charter) -> Iterator[CharterError]:
    wanted = dict.fromkeys(stage.role for stage in charter.stages if stage.role is not None)
    for role in wanted:
        if role in REVIEWERS and role not in charter.mailboxes:
            yield CharterError(
                "mailboxes", role, f"{role} is on the ladder but has no mailbox",
                f'{role} = "an e-mail address"',
            )  # fmt: skip


def _closing(charter: Charter) -> Iterator[CharterError]:
    closing = charter.closing
    if closing.after_last_reply is None:
        yield CharterError(
            "closing", "after-last-reply", "a window without an end: silence never closes a complaint",
            "after-last-reply = { working-days = 10 } or another time",
        )  # fmt: skip
    else:
        yield from _horizon("closing", "after-last-reply", closing.after_last_reply)
    if closing.reopen_within is not None:
        yield from _horizon("closing", "reopen-within", closing.reopen_within)
    if closing.discretion_within is not None:
        yield from _horizon("closing", "discretion-within", closing.discretion_within)
    for at, scope in enumerate(charter.scope, 1):
        if any(scope.topic == other.topic for other in charter.scope[: at - 1]):
            table = f"scope[{at}] ({scope.topic})"
            yield CharterError(
                table, "topic", f"{scope.topic} is signposted twice", "each topic once"
            )


def _ids(charter: Charter) -> Iterator[CharterError]:
    known = {promise.id for promise in charter.promises}
    for at, commitment in enumerate(charter.commitments, 1):
        table = f"commitment[{at}] ({commitment.id})"
        if commitment.id in known:
            allowed = "an id of its own"
            yield CharterError(
                table, "id", f"{commitment.id} stands in this charter already", allowed
            )
        known.add(commitment.id)
        if commitment.source not in charter.charter.sources:
            what = f"{commitment.source!r} is not one of the charter's sources"
            allowed = allowed_words(commitment.source, charter.charter.sources)
            yield CharterError(table, "source", what, allowed)


def _people(charter: Charter) -> Iterator[CharterError]:
    representation, restriction = charter.representation, charter.restriction
    if representation.remind_after is not None:
        yield from _horizon("representation", "remind-after", representation.remind_after)
        if not representation.ask_authority:
            what = "reminds the customer of what they were not asked for"
            yield CharterError("representation", "remind-after", what, "ask-authority = true too")
    if restriction.review_within is not None:
        yield from _horizon("restriction", "review-within", restriction.review_within)


def _sample(charter: Charter) -> Iterator[CharterError]:
    sampled = [each.id for each in charter.commitments if each.kept_by is KeptBy.SAMPLE]
    if charter.sample is None:
        if sampled:
            what = f"is missing, though {sampled[0]} is kept by it"
            allowed = "a table [sample] with one [[sample.check]] or more"
            yield CharterError("sample", "(the table itself)", what, allowed)
        return
    checks = charter.sample.checks
    for at, check in enumerate(checks, 1):
        table = f"sample.check[{at}] ({check.id})"
        if any(check.id == other.id for other in checks[: at - 1]):
            what = f"{check.id!r} names two checks"
            yield CharterError(table, "id", what, "an id of its own")
        if check.id in FORM_COLUMNS:
            what = f"{check.id!r} is a column that every form of a sample has"
            yield CharterError(table, "id", what, "another id")
        if check.source not in charter.charter.sources:
            what = f"{check.source!r} is not one of the charter's sources"
            allowed = allowed_words(check.source, charter.charter.sources)
            yield CharterError(table, "source", what, allowed)
