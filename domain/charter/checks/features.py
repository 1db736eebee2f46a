"""What the tables of a charter's features must add up to.

Owns the checks of representation, pausing, remedies, services and the sample. What promises say of
appointments and contacts is with the promises.
"""

from __future__ import annotations

from collections.abc import Iterator

from domain.calendar.budget import Unit
from domain.charter.checks.faults import Fault, found, numbered, twice, unknown_source
from domain.charter.feature_tables import SampleTerms, Service
from domain.charter.tables import Charter, Promise
from domain.errors import CharterError
from domain.faults import allowed_words
from domain.quality.sampling import FORM_COLUMNS
from domain.vocabulary import KeptBy, RemedyKind

DAYS_OF_A_MONTH = 30
MOST_DAYS_TO_REVIEW = 60
"""No pause goes a quarter of a year without being looked at."""


def feature_faults(charter: Charter) -> Iterator[CharterError]:
    """Every fault of the features' tables, each with table, key, what is wrong and allowed."""
    yield from found("representation", _representation(charter))
    yield from found("pausing", _pausing(charter))
    yield from found("remedies", _remedies(charter))
    yield from _services(charter)
    yield from found("handler", _direct_contact(charter))
    yield from found("retention", _retention(charter))
    if charter.sample:
        yield from _checklist(charter, charter.sample)
    else:
        yield from found("sample", _no_sample(charter))


def _representation(charter: Charter) -> Iterator[Fault]:
    terms = charter.representation
    if terms.remind_after is not None and not terms.ask_authority:
        what = "reminds the customer of what they were not asked for"
        yield "remind-after", what, "ask-authority = true too"


def _pausing(charter: Charter) -> Iterator[Fault]:
    """A pause and what it may stop go together, and a review is counted in working days."""
    terms = charter.pausing
    stops = [promise.key for promise in charter.promises if promise.pauses]
    kept = [each.id for each in charter.commitments if each.kept_by is KeptBy.PAUSE]
    if terms is None:
        if stops or kept:
            what = f"is missing, though {', '.join([*stops, *kept])} speaks of pauses"
            yield "(the table itself)", what, "review-within and times, or no pauses"
        return
    if terms.review_within.budget.unit is not Unit.WORKING_DAYS:
        yield "review-within", "is not a number of working days", "working-days"
    elif terms.review_within.budget.amount > MOST_DAYS_TO_REVIEW:
        what = f"{terms.review_within} is too far ahead for a review"
        yield "review-within", what, f"at most {MOST_DAYS_TO_REVIEW} working days"
    if not stops:
        yield (
            "(the table itself)",
            "no promise of this charter pauses",
            "a promise with pauses = true",
        )


def _direct_contact(charter: Charter) -> Iterator[Fault]:
    for commitment in charter.commitments:
        if commitment.kept_by is KeptBy.DIRECT_CONTACT and not charter.handler.direct_contact:
            what = (
                f"lets somebody without a direct line have it, though {commitment.id} promises one"
            )
            yield "direct-contact", what, "true"


def _remedies(charter: Charter) -> Iterator[Fault]:
    """Whoever has something to put right has to hear of it."""
    for kind in RemedyKind if charter.remedies else ():
        role = charter.remedies.owner_role_for(kind) if charter.remedies else None
        if role not in charter.mailboxes:
            what = f"nobody hears of a remedy of kind {kind}: the role {role} has no mailbox"
            yield (
                "owner-role",
                what,
                ", ".join(box for box in charter.mailboxes if box != "post-room"),
            )


def _retention(charter: Charter) -> Iterator[Fault]:
    """Nothing is erased while something of it may still come."""
    if charter.retention is None:
        return
    closing, survey = charter.closing, charter.survey
    open_for = {
        "reopen-within": closing.reopen_within,
        "discretion-within": closing.discretion_within,
        "heard-within": closing.heard_within,
        "[survey] after": survey.after if survey else None,
    }
    days = charter.retention.shortest.in_months * DAYS_OF_A_MONTH
    for name, within in open_for.items():
        if within and within.nominal_days > days:
            what = f"{charter.retention.shortest} is over before {name} ({within}) is"
            yield "after-end", what, f"no less than {name}"


def _services(charter: Charter) -> Iterator[CharterError]:
    promises = {promise.key: promise for promise in charter.promises}
    entries = list(numbered("service", charter.services))
    yield from twice(entries, "id", "{!r} names two services")
    for table, service, _ in entries:
        for key in service.replaces:
            yield from found(table, _timescale(service, key, promises))


def _timescale(service: Service, key: str, promises: dict[str, Promise]) -> Iterator[Fault]:
    promise = promises.get(key)
    if promise is None:
        what = f"{key!r} names no promise of this charter"
        yield "replaces", what, allowed_words(key, promises)
        return
    days, limit = service.within.nominal_days, promise.limit
    if limit and limit.within.nominal_days < days:
        what = f"is longer than the overall limit of {key}, which would cut it short"
        yield "within", what, "no more than that limit"
    if promise.warn_before and promise.warn_before.nominal_days >= days:
        yield "within", f"is over before {key} is warned of", "more than its warn-before"


def _no_sample(charter: Charter) -> Iterator[Fault]:
    for commitment in charter.commitments:
        if commitment.kept_by is KeptBy.SAMPLE:
            what = f"is missing, though {commitment.id} is kept by it"
            yield "(the table itself)", what, "a table [sample] with one [[sample.check]] or more"
            return


def _checklist(charter: Charter, sample: SampleTerms) -> Iterator[CharterError]:
    entries = list(numbered("sample.check", sample.checks))
    yield from twice(entries, "id", "{!r} names two checks")
    for table, check, _ in entries:
        if check.id in FORM_COLUMNS:
            what = f"{check.id!r} is a column that every form of a sample has"
            yield CharterError(table, "id", what, "another id")
        yield from found(table, unknown_source(charter, check.source))
