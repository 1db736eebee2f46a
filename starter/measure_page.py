"""Owns how measures are shown: calls against the target, satisfaction, as tables and as JSON."""

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
from starter.printing import add_row, console, say, table


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
    made = table(
        None, "month", "offered", "answered", "in time", "in time %", "target %", ""
    )  # fmt: skip
    for name, figure in (*called.items(), ("all", all_calls(called.values()))):
        add_row(
            made, name, figure.offered, figure.answered, figure.answered_within_target,
            figure.percentage, None if target is None else f"{target:g}",
            words[figure.reaches(target)],
        )  # fmt: skip
    console().print(made)


def print_satisfaction(answered: Mapping[Month, SatisfactionFigure]) -> None:
    """Print each month's responses, and all together."""
    if not answered:
        say("Satisfaction: no responses on record.")
        return
    say("Satisfaction (1 to 5)")
    made = table(
        None, "month", "responses", "average", "satisfied %",
        *(f"scored {score}" for score in SCORES),
    )  # fmt: skip
    for name, figure in (*answered.items(), ("all", all_responses(answered.values()))):
        add_row(
            made, name, figure.responses, figure.average, figure.percentage,
            *figure.every_score.values(),
        )  # fmt: skip
    console().print(made)
