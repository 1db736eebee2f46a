"""A report as one page of HTML that needs nothing beside itself and prints well.

Owns what the templates are given. Everything from the ledger is escaped by the templates.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.charter.tables import Charter
from domain.quality.figures import percentage_of
from reporting.formats import charts, wording
from reporting.model import PromiseResult, Report


def page(report: Report, charter: Charter) -> str:
    """The report as HTML; the charter gives its stages their titles."""
    titles = {stage.id: stage.title for stage in charter.stages}
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            in_all=_in_all(report.promises),
            overview=charts.promises_chart(report.promises),
            promises=[
                (one, charts.months_chart(one, number))
                for number, one in enumerate(report.promises)
            ],
            calls_chart=charts.calls_chart(report.calls.by_month, report.calls.target)
            if report.calls
            else None,
            scores_chart=charts.scores_chart(report.satisfaction) if report.satisfaction else None,
            with_targets=any(one.target is not None for one in report.promises),
            title_of=lambda stage: titles.get(stage, stage),
            month_in_words=wording.month_in_words,
            named=wording.named,
            outcome_in_words=wording.outcome_in_words,
        )
    )


def _in_all(promises: tuple[PromiseResult, ...]) -> dict[str, Any]:
    """All promises together, for the first sentence: no promise has this for its figure."""
    in_time = sum(one.total.in_time for one in promises)
    late = sum(one.total.late for one in promises)
    return {"in_time": in_time, "late": late, "percentage": percentage_of(in_time, in_time + late)}


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(str(files("reporting.formats").joinpath("templates"))),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for form in (
        wording.percent, wording.days, wording.amount, wording.times, wording.on_day, wording.month_in_words,
        wording.named,
    ):  # fmt: skip
        made.filters[form.__name__] = form
    return made
