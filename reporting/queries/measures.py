"""What is measured beside the complaints: calls, satisfaction, and the monthly quality samples.

Owns how a report puts them. How they are read is the ledger's, what the figures mean the domain's.
"""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection

from domain.charter.tables import Charter
from domain.quality.measures import CallFigure, all_calls, all_responses, call_commitment
from domain.quality.sampling import Sample, findings
from ledger.quality.measures import calls_by_month, satisfaction_by_month
from ledger.quality.samples import sample_of
from reporting.period import Period
from reporting.sections import CallFigures, Calls, CheckFigures, Count, SampleFigures, Satisfaction


def call_figures(connection: Connection, charter: Charter, period: Period) -> Calls | None:
    """The calls of the period against the commitment that names a target for them.

    None where there is neither such a commitment nor a call on record.
    """
    months = calls_by_month(connection, charter.id, period.first, period.last)
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
    return CallFigures(name=name, percentage=figure.percentage, **asdict(figure))


def satisfaction(connection: Connection, charter: str, period: Period) -> Satisfaction | None:
    """What customers answered in the period; None where nobody did."""
    months = satisfaction_by_month(connection, charter, period.first, period.last)
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
    found = (sample_of(connection, charter, month) for month in period.months())
    return tuple(_sample(sample) for sample in found if sample is not None)


def _sample(sample: Sample) -> SampleFigures:
    texts = {check.id: check.text for check in sample.checklist}
    return SampleFigures(
        month=str(sample.recipe.month),
        population=sample.population,
        size=len(sample.items),
        reviewed=sample.reviewed,
        checks=tuple(
            CheckFigures(
                text=texts[one.check],
                percentage=one.percentage,
                **asdict(one),
            )
            for one in findings(sample)
        ),
    )
