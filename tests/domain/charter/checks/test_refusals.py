"""Every refusal of `charter check` is provoked by a row of these tables: one that nothing provokes is found here."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import domain.charter.checks
from tests.domain.charter.checks import test_charter, test_features, test_promises, test_times
from tests.domain.charter.housing_code import GOOD, another, assert_found, found_in

HO_9 = "promise[5] (HO-9)"
END = "[closing]"
CHANCE = another("met:HO-1", "replied", "working-days = 3", 'gives-way-to = "HO-2"\n{}')
COUNTS = "first-day-counts = true"
SERVICE = '[[service]]\nid = "rents"\nname = "Rents"\ntext = "Repairs"\nreplaces = ["{}"]\nwithin = {{ {} }}\n[closing]'
COMMITMENT = (
    '[[commitment]]\nid = "HO-8"\ntext = "x"\nsource = "housing-code"\nkept-by = "{}"\n[closing]'
)
CHECK = '[[sample.check]]\nid = "{}"\ntext = "x"\nsource = "{}"\n'
ESTIMATE = another("stage-entered", "replied", more="estimate = true\n{}")
MOVED = "extension = { times = 1, at-most = { working-days = 10 } }\n"
FINDINGS = 'reply = ["findings", "outcome", "remedies", "next-step"]'
PAUSING = "[pausing]\nreview-within = { working-days = 60 }\ntimes = 12\nfor-customer = true"

# case: (what stands in the good file, what stands there instead, table, key, what, allowed)
CASES: dict[str, tuple[str, str, str, str, str, str]] = {
    # --- the first day of a time
    "a first day of a single one": (
        END, another("allocated", "updated", "working-days = 1", COUNTS),
        HO_9, "first-day-counts", "1 working-days could be over on the day on which it begins", "2 days or more",
    ),
    "a first day of a month": (
        END, another("allocated", "updated", "months = 1", COUNTS),
        HO_9, "first-day-counts", "1 months cannot begin with its first day", "calendar-days or weeks",
    ),
    "a first day of the end of the next working day": (
        END, another("allocated", "updated", "end-of-next-working-day = true", COUNTS),
        HO_9, "first-day-counts", "the end of the next working day cannot begin", "working-days, calendar-days",
    ),
    "a first day of a limit in months": (
        "limit = { within = { weeks = 12 } }", f"limit = {{ within = {{ months = 3 }} }}\n{COUNTS}",
        "promise[2] (HO-2)", "first-day-counts", "3 months cannot begin with its first day", "weeks",
    ),
    "a first day of a single one that a service gives": (
        END,
        another("allocated", "updated", more=COUNTS).removesuffix(END) + SERVICE.format("HO-9", "working-days = 1"),
        HO_9, "first-day-counts", "could be over on the day", "2 days or more",
    ),
    "a first day of what comes again and again": (
        END, another("allocated", "updated", more=f"{COUNTS}\nrepeats = true"),
        HO_9, "first-day-counts", "counts from the day on which its period ended", "or repeats",
    ),
    # --- a chance
    "a chance with a target": (
        END, CHANCE.replace("{}", "target = 85"),
        HO_9, "target", "is a chance, and nothing is promised by it", "put it under HO-2",
    ),
    "a chance with an extension": (
        END, CHANCE.replace("{}", MOVED), HO_9, "extension", "is a chance", "put it under HO-2",
    ),
    "a chance of whose end the customer is told": (
        END, CHANCE.replace("{}", "tell-customer = true\nwarn-before = { working-days = 1 }"),
        HO_9, "tell-customer", "is a chance", "leave it out, or put it under HO-2",
    ),
    "a chance that begins anew": (
        END, CHANCE.replace("{}", "repeats = true"),
        HO_9, "gives-way-to", "starts anew once it has passed", "either gives-way-to",
    ),
    "a chance that is over once": (
        END, CHANCE.replace("{}", "once = true"), HO_9, "once", "something follows", "gives-way-to beside it",
    ),
    # --- an estimate
    "an estimate of no reply": (
        END, another("allocated", "updated", more=f"estimate = true\n{MOVED}"),
        HO_9, "meets", "an estimate says when a full answer is expected", 'meets = ["replied"]',
    ),
    "an estimate that gives way": (
        END, ESTIMATE.replace("{}", f'{MOVED}gives-way-to = "HO-2"'),
        HO_9, "gives-way-to", "an estimate is no promise", "leave it out",
    ),
    "an estimate that is over once": (
        END, ESTIMATE.replace("{}", f"{MOVED}once = true"), HO_9, "once", "an estimate is no promise", "leave it out",
    ),
    "an estimate that nobody can move": (
        END, ESTIMATE.replace("{}", ""), HO_9, "extension", "has to be moved with a reason", "times = 3",
    ),
    "an interval of what comes once": (
        END, another("allocated", "updated", more='interval = "agreed"'),
        HO_9, "interval", "this comes once", "repeats = true",
    ),
    # --- replies
    "a recommendation that nobody follows up": (
        FINDINGS, FINDINGS.replace('"remedies"', '"recommendation"'),
        "stage[1] (case-handler)", "reply", "nobody follows up what becomes of one", "[remedies]",
    ),
    "evidence that a reply need not name": (
        END, COMMITMENT.format("evidence"),
        "commitment[1] (HO-8)", "kept-by", "is evidence, and the reply of case-handler need not say it", '"heard" in',
    ),
    "causes that a reply need not name": (
        END, COMMITMENT.format("learning"),
        "commitment[1] (HO-8)", "kept-by", "the reply of manager need not say it", '"cause" in',
    ),
    # --- features
    "a reminder of what nobody was asked": (
        END, f"[representation]\nremind-after = {{ working-days = 5 }}\n{END}",
        "representation", "remind-after", "what they were not asked for", "ask-authority = true",
    ),
    "a reminder longer than the calendar": (
        END, f"[representation]\nask-authority = true\nremind-after = {{ months = 30 }}\n{END}",
        "representation", "remind-after", "longer than the calendar", "at most 24 months",
    ),
    "a review of limits longer than the calendar": (
        END, f"[restriction]\nreview-within = {{ months = 30 }}\n{END}",
        "restriction", "review-within", "longer than the calendar", "at most 24 months",
    ),
    "a survey after the calendar's end": (
        END, f'[survey]\nafter = {{ months = 30 }}\nquestion = "How?"\nwhere = "Here"\n{END}',
        "survey", "after", "longer than the calendar", "at most 24 months",
    ),
    "a time to answer longer than the calendar": (
        END, f"[information]\nanswer-within = {{ months = 30 }}\n{END}",
        "information", "answer-within", "longer than the calendar", "at most 24 months",
    ),
    "a service with a time longer than the calendar": (
        END, SERVICE.format("HO-2", "months = 30"),
        "service[1] (rents)", "within", "longer than the calendar", "at most 24 months",
    ),
    "a remedy with a time longer than the calendar": (
        END, f"[remedies.within]\npayment = {{ months = 30 }}\n{END}",
        "remedies", "within.payment", "longer than the calendar", "at most 24 months",
    ),
    "somebody heard for longer than the calendar": (
        END, f"{END}\nheard-within = {{ months = 36 }}",
        "closing", "heard-within", "longer than the calendar", "at most 24 months",
    ),
    "pauses without a table": (
        PAUSING, "", "pausing", "(the table itself)", "though HO-2, HO-3/reply speaks of pauses", "or no pauses",
    ),
    "a complaint that is erased while it may be taken up": (
        END, f"[retention]\nafter-end = {{ months = 1 }}\n{END}",
        "retention", "after-end", "1 month is over before heard-within", "no less than heard-within",
    ),
    "a review of pauses in weeks": (
        "review-within = { working-days = 60 }", "review-within = { weeks = 8 }",
        "pausing", "review-within", "is not a number of working days", "working-days",
    ),
    "a review of pauses too far ahead": (
        "review-within = { working-days = 60 }", "review-within = { working-days = 61 }",
        "pausing", "review-within", "too far ahead for a review", "at most 60 working days",
    ),
    "a direct line that nobody needs": (
        END, COMMITMENT.format("direct-contact"),
        "handler", "direct-contact", "without a direct line have it, though HO-8 promises one", "true",
    ),
    "a remedy that nobody hears of": (
        END, f'[remedies]\nowner-role = {{ payment = "quality" }}\n{END}',
        "remedies", "owner-role", "the role quality has no mailbox", "case-handler, manager",
    ),
    "two services of one id": (
        END,
        SERVICE.format("HO-1", "working-days = 7").removesuffix(END) + SERVICE.format("HO-2", "working-days = 7"),
        "service[2] (rents)", "id", "'rents' names two services", "an id of its own",
    ),
    "a service with a time for what nobody promises": (
        END, SERVICE.format("HO-7", "working-days = 7"),
        "service[1] (rents)", "replaces", "'HO-7' names no promise", "did you mean 'HO-2'?",
    ),
    "a service that a limit cuts short": (
        END, SERVICE.format("HO-2", "weeks = 13"),
        "service[1] (rents)", "within", "longer than the overall limit of HO-2", "no more than that limit",
    ),
    "a service that is over before the warning": (
        END, SERVICE.format("HO-2", "working-days = 2"),
        "service[1] (rents)", "within", "is over before HO-2 is warned of", "more than its warn-before",
    ),
    "a sample that a commitment lacks": (
        END, COMMITMENT.format("sample"),
        "sample", "(the table itself)", "though HO-8 is kept by it", "[[sample.check]]",
    ),
    "a check by the name of a column": (
        END, CHECK.format("note", "housing-code") + END,
        "sample.check[1] (note)", "id", "a column that every form of a sample has", "another id",
    ),
    "a complaint that waits": (
        'meets = ["replied"]', 'meets = ["updated"]',
        "stage[1] (case-handler)", "id", "with nothing due", "estimate = true",
    ),
    "a mailbox that is none": (
        'manager = "stage2@anytown-homes.example"', 'manager = "stage 2"',
        "mailboxes", "manager", "is not an e-mail address", "one address",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_fault_names_table_key_and_what_is_allowed(case: str) -> None:
    old, new, table, key, what, allowed = CASES[case]
    assert old in GOOD
    assert_found(GOOD.replace(old, new, 1), (table, key), what, allowed)


def test_pauses_that_stop_nothing_are_a_fault() -> None:
    idle = GOOD.replace("pauses = true", "pauses = false")
    place = ("pausing", "(the table itself)")
    assert_found(idle, place, "no promise of this charter pauses", "pauses = true")


def texts() -> Iterator[str]:
    """Every charter with a fault, of all tables."""
    for module in (test_charter, test_promises, test_times, sys.modules[__name__]):
        for old, new, *_ in module.CASES.values():
            yield GOOD.replace(old, new, 1)
    for text, *_ in test_features.CASES.values():
        yield GOOD.replace("\n[closing]", text, 1)
    yield GOOD.replace("pauses = true", "pauses = false")
    yield (
        GOOD[: GOOD.index("[[stage]]")] + GOOD[GOOD.index('[[stage]]\nid = "housing-ombudsman"') :]
    )


def refusals(path: Path) -> set[int]:
    """The lines of a file of checks on which a fault is told."""
    found = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {each.lineno for each in found if isinstance(each, ast.Yield)}


def test_no_refusal_is_without_a_row() -> None:
    folder = Path(domain.charter.checks.__file__).parent
    told: set[tuple[str, int]] = set()

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if not frame.f_code.co_filename.startswith(str(folder)):
            return None
        if event == "line":
            told.add((frame.f_code.co_filename, frame.f_lineno))
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        for text in texts():
            found_in(text)
    finally:
        sys.settrace(before)
    never = [
        f"{path.name}:{line}"
        for path in sorted(folder.glob("*.py"))
        for line in sorted(refusals(path))
        if (str(path), line) not in told
    ]
    assert never == []
