"""What is done with a month's sample: drawing it once, and recording what was found.

The rules are in `domain.quality.sampling`; the ledger says what was closed and who had a part in it.
Must not import `temporalio`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from datetime import datetime, time
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from domain.calendar.months import Month
from domain.charter.tables import Charter
from domain.complaint.commands import Actor, Proof
from domain.errors import Refused, UpholdError
from domain.quality.sampling import (
    Candidate,
    Difference,
    Item,
    Recipe,
    Sample,
    answers,
    check_month_over,
    check_reviewer,
    check_role,
    difference,
    draw,
    involved,
)
from ledger.quality.samples import closed_between, keep_result, keep_sample, sample_of
from ledger.sql.ledger import SqlLedger


class NoSample(UpholdError):
    """Nothing was drawn for that month, or the charter asks for no sample."""


class Recorded(StrEnum):
    """What became of the results for one case."""

    NEW = "recorded"
    SUPERSEDED = "superseded"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The sample that stands, and what another drawing would change."""

    sample: Sample
    new: bool
    """Whether it was drawn now."""
    population: int
    """How many there are to draw from now."""
    difference: Difference


class SampleDesk:
    """The samples of one charter in one ledger."""

    def __init__(self, ledger: SqlLedger, charter: Charter, proof: Proof | None = None) -> None:
        """The ledger stays the caller's to close; `proof` is of whoever records, and is kept with what they found."""
        self._ledger, self._charter, self._proof = ledger, charter, proof

    async def draw(self, month: Month, now: datetime, *, replace: bool, **asked: Any) -> Drawn:
        """Draw the sample of a month, or say how the one that stands differs from a new one.

        `asked` are `size`, `per_handler` and `seed`; what is none is the charter's, or that of the sample.
        Raises `NoSample` without a checklist, and `Refused` for a month that is not over, or a sample that
        stands and was asked for otherwise.
        """
        terms, charter_id = self._charter.sample, self._charter.id
        if terms is None:
            raise NoSample(f"{charter_id} asks for no sample: its file has no table [sample].")
        zone = ZoneInfo(self._charter.calendar.time_zone)
        check_month_over(month, now.astimezone(zone).date())
        found = await self._population(month, zone)
        wanted = {name: value for name, value in asked.items() if value is not None}
        usual = {"size": terms.size, "per_handler": terms.per_handler}
        recipe = Recipe(charter=charter_id, month=month, **{**usual, **wanted})
        mine = Sample(
            recipe=recipe,
            checklist=terms.checks,
            population=len(found),
            drawn_at=now,
            items=tuple(
                Item(reference=each.reference, handler_id=each.handler_id)
                for each in draw(recipe, found)
            ),
        )
        held = await self._ledger.writing(lambda c: keep_sample(c, mine, replace=replace))
        if held is not mine:
            _check_same(held.recipe, wanted)
        return Drawn(
            sample=held,
            new=held is mine,
            population=len(found),
            difference=difference(held, found),
        )

    async def sample(self, month: Month) -> Sample:
        """The sample of a month. Raises `NoSample`."""
        found = await self._ledger.reading(lambda c: sample_of(c, self._charter.id, month))
        if found is None:
            raise NoSample(
                f"No sample of {month} was drawn for {self._charter.id}."
                f" Draw it: uphold sample draw {self._charter.id} {month}"
            )
        return found

    async def promises(self, item: Item) -> str:
        """How the ledger says that the promises of a case were kept, in words."""
        clocks = await self._ledger.clocks(item.reference)
        kept = {
            f"{each.promise}/{each.part}" if each.part else each.promise: each.state
            for each in sorted(clocks, key=lambda each: each.state != "met")
            if each.state in {"met", "missed", "passed"}
        }
        return ", ".join(f"{key} {state}" for key, state in sorted(kept.items()))

    async def record(
        self,
        sample: Sample,
        reference: str,
        given: Mapping[str, str],
        note: str | None,
        reviewer: Actor,
        now: datetime,
    ) -> Recorded:
        """Record what was found in one case; what was found before is superseded.

        Raises `WrongRole`, `NotIndependent` for one's own case, `InvalidCommand` for answers that
        are not those of the checklist, and `Refused` for a case that is not in the sample, or if
        another sample has been drawn since this one was read.
        """
        check_role(reviewer.role)
        item = sample.item(reference)
        results = answers(sample.checklist, given)
        if item.results == results and item.note == note:
            return Recorded.UNCHANGED
        check_reviewer(reference, reviewer, await self._with_a_part(item))
        found = replace(item, results=results, note=note, reviewed_by=reviewer.id, reviewed_at=now)
        proof = astuple(self._proof) if self._proof else None
        await self._ledger.writing(lambda c: keep_result(c, sample, found, proof))
        return Recorded.SUPERSEDED if item.reviewed else Recorded.NEW

    async def _with_a_part(self, item: Item) -> frozenset[str]:
        who = involved(await self._ledger.events(item.reference))
        return who | {item.handler_id.casefold()} if item.handler_id else who

    async def _population(self, month: Month, zone: ZoneInfo) -> tuple[Candidate, ...]:
        start, end = (
            datetime.combine(day, time(), tzinfo=zone) for day in (month.first, month.after)
        )
        closed = await self._ledger.reading(
            lambda c: closed_between(c, self._charter.id, start, end)
        )
        return tuple(each for each in closed if each.eligible)


def _check_same(held: Recipe, wanted: Mapping[str, Any]) -> None:
    """Raise `Refused` if the sample that was drawn is not the one that is asked for."""
    for name, value in wanted.items():
        stands, flag = getattr(held, name), name.replace("_", "-")
        if value != stands:
            raise Refused(
                f"The sample of {held.month} was drawn with --{flag} {stands!r}; it stands.",
                f"Allowed: --{flag} {stands!r}, or --replace while no case was looked at.",
            )
