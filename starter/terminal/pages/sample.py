"""How a sample is shown: the checklist of each case, what was found, as text and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from domain.quality.sampling import Item, Sample, findings
from starter.terminal.printing import at_instant, print_table, say


def as_json(sample: Sample) -> dict[str, Any]:
    """The sample with its checklist, cases and findings."""
    return {
        **asdict(sample.recipe),
        "month": str(sample.recipe.month),
        "population": sample.population,
        "drawn_at": sample.drawn_at,
        "checklist": sample.checklist,
        "items": [asdict(item) for item in sample.items],
        "reviewed": sample.reviewed,
        "complete": sample.complete,
        "findings": [{**asdict(each), "percentage": each.percentage} for each in findings(sample)],
    }


def in_words(sample: Sample) -> str:
    """What the sample is, in a sentence."""
    recipe = sample.recipe
    seed = f", seed {recipe.seed!r}" if recipe.seed else ""
    return (
        f"Sample of {recipe.month} for {recipe.charter}: {len(sample.items)} of"
        f" {sample.population} closed complaints (size {recipe.size}, {recipe.per_handler} or more"
        f" of each handler{seed}), drawn {at_instant(sample.drawn_at)}."
    )


def print_cases(sample: Sample) -> None:
    """Print the cases of the sample, in the order in which they were drawn."""
    if not sample.items:
        return
    cases = [
        (position, item.reference, item.handler_id or "nobody", item.reviewed_by)
        for position, item in enumerate(sample.items, 1)
    ]
    print_table(None, ("", "reference", "handler", "looked at by"), cases)


def print_checklist(sample: Sample, item: Item, promises: str) -> None:
    """Print the checklist of one case, with the answers where there are any."""
    position = sample.items.index(item) + 1
    who = f"handler {item.handler_id}" if item.handler_id else "no handler"
    title = f"{position} of {len(sample.items)}: {item.reference}, {who}"
    results: Mapping[str, Any] = item.results or {}
    checks = [(each.id, each.text, results.get(each.id, "______")) for each in sample.checklist]
    print_table(title, ("check", "what is asked", "answer"), checks)
    say(f"  By the clocks: {promises or 'no promise was met or missed'}")
    if item.note:
        say(f"  Note: {item.note}")
    if item.reviewed:
        say(f"  Looked at by {item.reviewed_by}, {at_instant(item.reviewed_at)}")
    say("")


def print_findings(sample: Sample) -> None:
    """Print what was found over all cases so far."""
    if sample.reviewed:
        found = [
            (*asdict(each).values(), None if each.percentage is None else int(each.percentage))
            for each in findings(sample)
        ]
        title = "Found" if sample.complete else "Found so far"
        print_table(title, ("check", "yes", "no", "not applicable", "yes %"), found)
    open_ones = len(sample.items) - sample.reviewed
    rest = "complete" if sample.complete else f"{open_ones} still to be looked at"
    say(f"{sample.reviewed} of {len(sample.items)} cases looked at: {rest}.")
