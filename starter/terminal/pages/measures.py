"""How measures are shown: calls against the target, satisfaction, as tables and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from domain.calendar.months import Month
from domain.charter.tables import Charter
from domain.quality.measures import (
    SCORES,
    CallFigure,
    SatisfactionFigure,
    all_calls,
    all_responses,
    call_commitment,
)
from starter.terminal.printing import print_table, say


def as_json(
    charter: Charter,
    first: date,
    last: date,
    called: Mapping[Month, CallFigure],
    answered: Mapping[Month, SatisfactionFigure],
) -> dict[str, Any]:
    """The same as JSON."""
    promise = call_commitment(charter)
    target = promise.target if promise else None

    def of_calls(figure: CallFigure) -> dict[str, Any]:
        return {
            **asdict(figure), "percentage": figure.percentage, "reached": figure.reaches(target)
        }  # fmt: skip

    def of_responses(figure: SatisfactionFigure) -> dict[str, Any]:
        return {
            "responses": figure.responses,
            "average": figure.average,
            "satisfied_percentage": figure.percentage,
            "scores": figure.every_score,
        }

    return {
        "charter": charter.id,
        "from": first,
        "to": last,
        "calls": {
            "promise": promise.id if promise else None,
            "target": target,
            **of_calls(all_calls(called.values())),
            "months": [{"month": str(m), **of_calls(figure)} for m, figure in called.items()],
        },
        "satisfaction": {
            **of_responses(all_responses(answered.values())),
            "months": [{"month": str(m), **of_responses(each)} for m, each in answered.items()],
        },
    }


def print_calls(charter: Charter, called: Mapping[Month, CallFigure]) -> None:
    """Print each month's calls, and all together, against the charter's target."""
    promise = call_commitment(charter)
    target = promise.target if promise else None
    title = f"Calls ({promise.id}: {promise.text})" if promise else "Calls (no target promised)"
    if not called:
        say(f"{title}: none on record.\n")
        return
    words = {True: "reached", False: "missed", None: ""}
    say(title)
    print_table(
        None, ("month", "offered", "answered", "in time", "in time %", "target %", ""),
        (
            (name, *asdict(figure).values(), figure.percentage,
             None if target is None else f"{target:g}", words[figure.reaches(target)])
            for name, figure in (*called.items(), ("all", all_calls(called.values())))
        ),
    )  # fmt: skip


def print_satisfaction(answered: Mapping[Month, SatisfactionFigure]) -> None:
    """Print each month's responses, and all together."""
    if not answered:
        say("Satisfaction: no responses on record.")
        return
    say("Satisfaction (1 to 5)")
    scored = (f"scored {score}" for score in SCORES)
    print_table(
        None, ("month", "responses", "average", "satisfied %", *scored),
        (
            (name, each.responses, each.average, each.percentage, *each.every_score.values())
            for name, each in (*answered.items(), ("all", all_responses(answered.values())))
        ),
    )  # fmt: skip
