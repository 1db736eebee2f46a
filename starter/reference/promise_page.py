"""Every promise of a charter: where it was published, how it is kept, and which tests show that.

Owns the table, on a terminal and as the page `docs/promises.md`, and the file that says which tests show
which promise; the tests themselves do not ship.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from domain.vocabulary import KeptBy
from starter.terminal.printing import counted, table

if TYPE_CHECKING:
    from rich.table import Table

    from domain.charter.tables import Charter, Commitment, Promise

TESTS: Final = Path(__file__).with_name("promise_tests.json")
"""The tests of every promise of the charters that ship; made by `tests.promises.evidence`."""

CLOCK: Final = "clock"
ESTIMATE: Final = "estimate"
"""How a commitment to tell a time is kept where the page gives none: a clock that promises nothing."""
CHANCE: Final = "chance"
"""How what is tried first is followed: a clock that promises nothing either, before the one that does."""

IN_WORDS: Final[Mapping[KeptBy, str]] = {
    KeptBy.EXTENSION: "more time only with a reason and a new date, told before the old one passes; a miss brings an apology with the next date",
    KeptBy.EXEMPTION: "the updates are not promised where a professional acts with authority, and the record says so",
    KeptBy.NOTICE: "letters say what happens next, by when, how that was counted, whom to ask and the way on, and tell of a delay; a reply needs findings and a decision",
    KeptBy.DIRECT_CONTACT: "nobody is given a complaint without a direct line; every letter carries it, and a new handler's from then on",
    KeptBy.APOLOGY: "a date that is missed brings an apology with the next date",
    KeptBy.SIGNPOST: "letters name where else to turn, and the gate there; what belongs elsewhere is shown the way and stays on record",
    KeptBy.LADDER: "each stage is entered in its window and in its turn; who comes too late is told why, or let in at a manager's recorded discretion",
    KeptBy.INDEPENDENCE: "whoever had a part in it before is refused, and is not given it",
    KeptBy.CONFLICT: "whoever has a conflict of interest hands it on at once, and is refused from then on",
    KeptBy.AUTHORITY: "without the customer's authority nobody else is told anything or does anything for them; the clocks go on",
    KeptBy.PAUSE: "a pause names whom it waits for and ends at its review unless it is renewed; the customer hears each time",
    KeptBy.PREFERENCES: "language, channel, how often and what helps are on record, kept to in every letter, and before every handler",
    KeptBy.REMEDIES: "what a reply undertakes has an owner and a date, and is followed up until it is done, past the complaint's end",
    KeptBy.INTAKE: "what an opening lacks is asked for; the clocks go on",
    KeptBy.APPOINTMENT: "who comes unbooked is offered an appointment",
    KeptBy.MEASURE: "counted over all complaints, and reported for any period",
    KeptBy.SAMPLE: "a sample of each month's closed complaints that can be drawn again, checked by a list",
    KeptBy.RESTRICTION: "contact is limited only with an approver, a reason and a review date; the clocks go on",
    KeptBy.SECURITY: "what is held is sealed under a key of the complaint's own, whoever acts is proven, and the key is destroyed when the charter says or somebody asks",
    KeptBy.EVIDENCE: "a reply says whom it heard and what its findings rest on, and is refused without; a side that was not heard is named, with the reason",
    KeptBy.LEARNING: "a reply says why something went wrong and what changes because of it, and is refused without; the report counts causes and tells the changes",
    KeptBy.FEEDBACK: "feedback that is no complaint is recorded, thanked for, answered by the same dates if it asks, and counted apart in the report",
    KeptBy.INFORMED: "where a professional acts with authority it is on record and told that they keep the customer up to date; a customer who asks to hear directly is made the same promises again",
    KeptBy.TIMESCALE: "a service may have a time of its own, and the customer is told which",
}
"""What the running system does about a commitment that no clock can keep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One promise: its id and part, where it was published, how it is kept, what shows that."""

    id: str
    part: str | None
    charter: str
    text: str
    source: str
    kept_by: str
    """`clock`, `estimate`, `chance`, or the charter's word for the rule."""
    how: str
    tests: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """`FO-8/reply`: the promise's id, and its part where it has several."""
        return f"{self.id}/{self.part}" if self.part else self.id


@cache
def known_tests() -> dict[str, list[str]]:
    """The tests of the promises of the charters that ship."""
    found: dict[str, list[str]] = json.loads(TESTS.read_text(encoding="utf-8"))
    return found


def rows(charter: Charter, tests: Mapping[str, list[str]]) -> Iterator[Row]:
    """Every promise of the charter, by their numbers; what is named for it is named for its parts."""
    found = [_by_clock(charter.id, each) for each in charter.promises]
    found += [_by_rule(charter.id, each) for each in charter.commitments]
    for each in sorted(found, key=lambda row: int(row.id.rpartition("-")[2])):
        own = {test for test in tests.get(each.id, ()) if not test.endswith(f"[{each.id}]")}
        yield replace(each, tests=tuple(sorted(own.union(tests.get(each.key, ())))))


def table_of(charter: Charter, found: Iterable[Row]) -> Table:
    """The promises as a table."""

    def row(each: Row) -> tuple[str, ...]:
        tests = "\n".join(f"{name} ({count})" for name, count in _files(each).items())
        return each.key, each.charter, each.source, f"{each.kept_by}: {each.how}", tests or "none"

    columns = ("id", "charter", "source", "kept by", "tests")
    return table(charter.charter.title, *columns, rows=map(row, found))


def summary(found: Iterable[Row]) -> str:
    """How many there are."""
    return counted(len({each.id for each in found}), "promise")


def page() -> str:
    """`docs/promises.md`: the promises of every charter that ships, as Markdown."""
    from charters.files import CharterBook

    book = CharterBook()
    parts = [_PREFACE]
    for charter_id in book.ids():
        charter = book.get(charter_id)
        found = list(rows(charter, known_tests()))
        parts.append(f"## {charter.charter.organisation}: {charter.charter.title}\n")
        parts.append(f"`{charter.id}` {charter.version}: {summary(found)}.\n")
        parts.append("| id | promise | source | kept by | tests |\n|---|---|---|---|---|")
        parts += [_line(each) for each in found]
        parts.append("")
    return "\n".join(parts)


_PREFACE = """\
# Every promise, how it is kept, and what shows it

Generated by `python -m starter.reference.promise_page` from the charters that ship and the names of the tests; a test
fails when this page is stale, when a promise has no test, and when a test named here is not there or is
skipped. `uphold promises` prints the same, with `--json` every test by its name; `pytest -k "FO-8 or fo_8"`
runs those of one promise.

- A promise that a clock keeps has a test by its id for each of these: the clock starts, it is met in time,
  staff (and the customer, where that is promised) are warned of it, it is missed, and what follows the miss.
  Their dates are counted by hand, in `tests/promises/lives.py`.
- One that a rule keeps has tests that show the rule obeyed, and what breaks it refused.
"""


def _line(row: Row) -> str:
    tests = ", ".join(f"[{Path(n).stem}](../{n}) {count}" for n, count in _files(row).items())
    return f"| {row.key} | {row.text} | {row.source} | {row.kept_by}: {row.how} | {tests} |"


def _files(row: Row) -> Counter[str]:
    """How many tests there are in each file."""
    return Counter(test.partition("::")[0] for test in row.tests)


def _by_clock(charter_id: str, promise: Promise) -> Row:
    return Row(
        id=promise.id, part=promise.part, charter=charter_id, text=promise.text,
        source=promise.source, kept_by=_clock(promise), how=_how(promise),
    )  # fmt: skip


def _by_rule(charter_id: str, commitment: Commitment) -> Row:
    target = f"; the target is {commitment.target:g} %" if commitment.target else ""
    return Row(
        id=commitment.id, part=None, charter=charter_id, text=commitment.text,
        source=commitment.source, kept_by=str(commitment.kept_by),
        how=IN_WORDS[commitment.kept_by] + target,
    )  # fmt: skip


def _clock(promise: Promise) -> str:
    if promise.binding:
        return CLOCK
    return ESTIMATE if promise.estimate else CHANCE


def _how(promise: Promise) -> str:
    """`10 working days from stage-entered until replied`, and what else there is to it."""
    budget, starts = promise.within.budget, " or ".join(promise.starts)
    counted = "after" if promise.within.end_of_next_working_day else "from"
    said = [f"{budget} {counted} {starts} until {' or '.join(promise.meets)}"]
    said += ["the first day counts"] if promise.first_day_counts else []
    said += [f"for {', '.join(promise.channels)}"] if promise.channels else []
    said += [f"to {', '.join(promise.correspondents)}"] if promise.correspondents else []
    said += [f"not to a {', '.join(promise.exempt)}"] if promise.exempt else []
    said += ["or as agreed"] if promise.interval else []
    said += ["again and again"] if promise.repeats else []
    if promise.limit:
        said.append(f"{promise.limit.within.budget} from receipt at most")
    said += [f"then {promise.gives_way_to}"] if promise.gives_way_to else []
    return "; ".join(said)


if __name__ == "__main__":
    sys.stdout.write(page())
