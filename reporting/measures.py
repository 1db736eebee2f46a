"""What is measured beside the complaints: calls, satisfaction, and the monthly quality samples.

Owns how a report puts them. How they are read is the ledger's, what the figures mean the domain's.
"""

from __future__ import annotations

from sqlalchemy import Connection

from activities.ledger.measures import read_calls_by_month, read_satisfaction_by_month
from activities.ledger.samples import read_sample
from domain.calendar.months import Month
from domain.charter.tables import Charter
from domain.quality.measures import CallFigure, all_calls, all_responses, call_commitment
from domain.quality.sampling import Sample, findings
from reporting.model import (
    CallFigures,
    Calls,
    CheckFigures,
    Count,
    SampleFigures,
    Satisfaction,
    percentage_of,
)
from reporting.period import Period


def call_figures(connection: Connection, charter: Charter, period: Period) -> Calls | None:
    """The calls of the period against the commitment that names a target for them.

    None where there is neither such a commitment nor a call on record.
    """
    months = read_calls_by_month(connection, charter.id, period.first, period.last)
    promise = call_commitment(charter)
    if not months and promise is None:
        return None
    total = all_calls(months.values())
    return Calls(
        promise=promise.id if promise else None,
        text=promise.text if promise else None,
        target=promise.target if promise else None,
        reached=total.reaches(promise.target if promise else None),
        total=_calls("total", total),
        by_month=tuple(_calls(str(month), figure) for month, figure in months.items()),
    )


def _calls(name: str, figure: CallFigure) -> CallFigures:
    return CallFigures(
        name=name,
        offered=figure.offered,
        answered=figure.answered,
        answered_within_target=figure.answered_within_target,
        percentage=figure.percentage,
    )


def satisfaction(connection: Connection, charter: str, period: Period) -> Satisfaction | None:
    """What customers answered in the period; None where nobody did."""
    months = read_satisfaction_by_month(connection, charter, period.first, period.last)
    figure = all_responses(months.values())
    if figure.average is None or figure.percentage is None:
        return None
    return Satisfaction(
        answers=figure.responses,
        mean=figure.average,
        satisfied_percentage=figure.percentage,
        scores=tuple(Count(name=str(score), count=n) for score, n in figure.every_score.items()),
    )


def samples(connection: Connection, charter: str, period: Period) -> tuple[SampleFigures, ...]:
    """The samples of the months that lie in the period, with what was found for each check."""
    months = (Month.parse(month.name) for month in period.months())
    found = (read_sample(connection, charter, month) for month in months)
    return tuple(_sample(sample) for sample in found if sample is not None)


def _sample(sample: Sample) -> SampleFigures:
    texts = {check.id: check.text for check in sample.checklist}
    return SampleFigures(
        month=str(sample.recipe.month),
        population=sample.population,
        size=len(sample.items),
        reviewed=sum(item.results is not None for item in sample.items),
        checks=tuple(
            CheckFigures(
                check=one.check,
                text=texts[one.check],
                yes=one.yes,
                no=one.no,
                not_applicable=one.not_applicable,
                percentage=percentage_of(one.yes, one.yes + one.no),
            )
            for one in findings(sample)
        ),
    )
