"""Owns how a sample is shown: the checklist of each case, what was found, as text and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.quality.sampling import Item, Sample, findings
from starter.printing import add_row, at_instant, console, say, table


def as_json(sample: Sample) -> dict[str, Any]:
    """The sample with its checklist, cases and findings."""
    recipe = sample.recipe
    return {
        "charter": recipe.charter,
        "month": str(recipe.month),
        "seed": recipe.seed,
        "size": recipe.size,
        "per_handler": recipe.per_handler,
        "population": sample.population,
        "drawn_at": sample.drawn_at,
        "checklist": [check.model_dump(mode="json") for check in sample.checklist],
        "items": [
            {
                "reference": item.reference,
                "handler_id": item.handler_id,
                "reviewed_by": item.reviewed_by,
                "reviewed_at": item.reviewed_at,
                "results": None if item.results is None else dict(item.results),
                "note": item.note,
            }
            for item in sample.items
        ],
        "reviewed": sample.reviewed,
        "complete": sample.complete,
        "findings": [
            {
                "check": each.check,
                "yes": each.yes,
                "no": each.no,
                "not_applicable": each.not_applicable,
                "percentage": each.percentage,
            }
            for each in findings(sample)
        ],
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
    made = table(None, "", "reference", "handler", "looked at by")
    for position, item in enumerate(sample.items, 1):
        add_row(made, position, item.reference, item.handler_id or "nobody", item.reviewed_by)
    console().print(made)


def print_checklist(sample: Sample, item: Item, promises: str) -> None:
    """Print the checklist of one case, with the answers where there are any."""
    position = sample.items.index(item) + 1
    who = f"handler {item.handler_id}" if item.handler_id else "no handler"
    title = f"{position} of {len(sample.items)}: {item.reference}, {who}"
    made = table(title, "check", "what is asked", "answer")
    results: Mapping[str, Any] = item.results or {}
    for check in sample.checklist:
        add_row(made, check.id, check.text, results.get(check.id, "______"))
    console().print(made)
    say(f"  By the clocks: {promises or 'no promise was met or missed'}")
    if item.note:
        say(f"  Note: {item.note}")
    if item.reviewed:
        say(f"  Looked at by {item.reviewed_by}, {at_instant(item.reviewed_at)}")
    say("")


def print_findings(sample: Sample) -> None:
    """Print what was found over all cases so far."""
    if sample.reviewed:
        made = table("Found so far" if not sample.complete else "Found", "check", "yes", "no",
                     "not applicable", "yes %")  # fmt: skip
        for each in findings(sample):
            percentage = None if each.percentage is None else int(each.percentage)
            add_row(made, each.check, each.yes, each.no, each.not_applicable, percentage)
        console().print(made)
    open_ones = len(sample.items) - sample.reviewed
    rest = "complete" if sample.complete else f"{open_ones} still to be looked at"
    say(f"{sample.reviewed} of {len(sample.items)} cases looked at: {rest}.")
