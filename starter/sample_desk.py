"""Owns what is done with a month's sample: drawing it once, and recording what was found.

The rules are in `domain.quality.sampling`; the ledger says what was closed and who had a part in it.
Must not import `temporalio`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from activities.ledger.samples import SqlSamples
from activities.ledger.sql import SqlLedger
from domain.calendar.months import Month
from domain.charter.feature_tables import SampleTerms
from domain.charter.tables import Charter
from domain.complaint.commands import Actor
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


class NoSample(UpholdError):
    """Nothing was drawn for that month, or the charter asks for no sample."""


class Recorded(StrEnum):
    """What became of the results for one case."""

    NEW = "recorded"
    SUPERSEDED = "superseded"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How somebody asked for a sample; what is left out is the charter's, or that of the sample."""

    size: int | None = None
    per_handler: int | None = None
    seed: str | None = None
    replace: bool = False

    def recipe(self, charter: str, month: Month, terms: SampleTerms) -> Recipe:
        """What a sample is drawn by."""
        return Recipe(
            charter=charter,
            month=month,
            seed=self.seed or "",
            size=terms.size if self.size is None else self.size,
            per_handler=terms.per_handler if self.per_handler is None else self.per_handler,
        )

    def check(self, held: Recipe) -> None:
        """Raise `Refused` if the sample that was drawn is not the one that is asked for."""
        for name in ("size", "per_handler", "seed"):
            wanted, stands = getattr(self, name), getattr(held, name)
            if wanted is not None and wanted != stands:
                flag = name.replace("_", "-")
                raise Refused(
                    f"The sample of {held.month} was drawn with --{flag} {stands!r}; it stands.",
                    f"Allowed: --{flag} {stands!r}, or --replace while no case was looked at.",
                )


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

    def __init__(self, ledger: SqlLedger, charter: Charter) -> None:
        """The ledger stays the caller's to close."""
        self._ledger, self._samples = ledger, SqlSamples(ledger)
        self._charter = charter

    async def draw(self, month: Month, wish: Wish, now: datetime) -> Drawn:
        """Draw the sample of a month, or say how the one that stands differs from a new one.

        Raises `NoSample` without a checklist, and `Refused` for a month that is not over.
        """
        if self._charter.sample is None:
            raise NoSample(
                f"{self._charter.id} asks for no sample: its file has no table [sample]."
            )
        zone = ZoneInfo(self._charter.calendar.time_zone)
        check_month_over(month, now.astimezone(zone).date())
        found = await self._population(month, zone)
        recipe = wish.recipe(self._charter.id, month, self._charter.sample)
        mine = Sample(
            recipe=recipe,
            checklist=self._charter.sample.checks,
            population=len(found),
            drawn_at=now,
            items=tuple(
                Item(reference=each.reference, handler_id=each.handler_id)
                for each in draw(recipe, found)
            ),
        )
        held = await self._samples.keep(mine, replace=wish.replace)
        if held is not mine:
            wish.check(held.recipe)
        return Drawn(
            sample=held,
            new=held is mine,
            population=len(found),
            difference=difference(held, found),
        )

    async def sample(self, month: Month) -> Sample:
        """The sample of a month. Raises `NoSample`."""
        found = await self._samples.sample(self._charter.id, month)
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
            for each in sorted(clocks, key=lambda each: each.state == "missed")
            if each.state in {"met", "missed"}
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
        await self._samples.record(sample, found)
        return Recorded.SUPERSEDED if item.reviewed else Recorded.NEW

    async def _with_a_part(self, item: Item) -> frozenset[str]:
        who = involved(await self._ledger.events(item.reference))
        return who | {item.handler_id.casefold()} if item.handler_id else who

    async def _population(self, month: Month, zone: ZoneInfo) -> tuple[Candidate, ...]:
        start, end = (
            datetime.combine(day, time(), tzinfo=zone) for day in (month.first, month.after)
        )
        closed = await self._samples.closed_between(self._charter.id, start, end)
        return tuple(each for each in closed if each.eligible)
