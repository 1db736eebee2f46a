"""What Uphold counts for Prometheus: names, labels and meanings of its own metrics.

Owns the instruments. They are of the same meter as the SDK's own metrics, so that one page shows both; without
a page they do nothing. A label is never about a person and has few values. Must not import anything of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from temporalio.common import MetricGauge, MetricMeter
from temporalio.runtime import PrometheusConfig

Kind = Literal["gauge", "counter", "histogram"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of ours, as it stands on the page."""

    name: str
    kind: Kind
    labels: tuple[str, ...]
    meaning: str


OPEN: Final = Metric(
    "uphold_open", "gauge", ("charter", "stage"),
    "Complaints that have not ended: not closed, or with a remedy, a reason or an answer that is owed.",
)  # fmt: skip
DUE_TODAY: Final = Metric(
    "uphold_due_today", "gauge", ("charter", "stage"),
    "Of these, those of which something falls due before the day ends.",
)  # fmt: skip
LATE: Final = Metric(
    "uphold_late", "gauge", ("charter", "stage"), "Of these, those that have missed a promise."
)
OVERDUE: Final = Metric(
    "uphold_overdue", "gauge", ("charter", "stage"),
    "Of these, those of which something fell due that nothing on record follows: workers do not keep up.",
)  # fmt: skip
WAITING: Final = Metric(
    "uphold_notices_waiting", "gauge", ("channel",),
    "Notices of which an attempt has begun and none has arrived.",
)  # fmt: skip
FAILED: Final = Metric(
    "uphold_notices_failed", "gauge", ("channel",),
    "Notices that were refused for good, or left and did not arrive, in the last 24 hours.",
)  # fmt: skip
COUNTED_AT: Final = Metric(
    "uphold_figures_time_seconds", "gauge", (),
    "When the figures above were last read from the ledger, in seconds since 1970.",
)  # fmt: skip
NOTICES: Final = Metric(
    "uphold_notices_total", "counter", ("channel", "fate"),
    "Attempts of this worker to send a notice, by what became of them.",
)  # fmt: skip
DECISIONS: Final = Metric(
    "uphold_decisions_total", "counter", ("verb",),
    "Openings, updates and signals that this worker dealt with; updates that were refused are not among them.",
)  # fmt: skip
REFUSALS: Final = Metric(
    "uphold_refusals_total", "counter", ("verb", "refusal"),
    "Openings, updates and signals that this worker refused, by the refusal's name.",
)  # fmt: skip
TOKENS_REFUSED: Final = Metric(
    "uphold_tokens_refused_total", "counter", ("way",),
    "Messages whose sender was not proven, by the way they came.",
)  # fmt: skip
LAG: Final = Metric(
    "uphold_effect_lag_seconds", "histogram", ("effect",),
    "From a decision to its effect: on record, or letter handed over.",
)  # fmt: skip
OURS: Final = (
    OPEN, DUE_TODAY, LATE, OVERDUE, WAITING, FAILED, COUNTED_AT, NOTICES, DECISIONS, REFUSALS, TOKENS_REFUSED, LAG,
)  # fmt: skip
_LAG_NAME: Final = LAG.name.removesuffix("_seconds")
"""Without its unit, which the page adds."""
_LAG_BUCKETS: Final = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0, 86400.0)


class Instruments:
    """Every metric of ours, made with one meter."""

    def __init__(self, meter: MetricMeter) -> None:
        """They do nothing where the meter is none."""
        self.gauges: dict[str, MetricGauge] = {}
        self._counters = {}
        for each in OURS:
            if each.kind == "gauge":
                self.gauges[each.name] = meter.create_gauge(each.name, each.meaning)
            elif each.kind == "counter":
                name = each.name.removesuffix("_total")
                self._counters[each.name] = meter.create_counter(name, each.meaning)
        self._lag = meter.create_histogram_timedelta(_LAG_NAME, LAG.meaning, "s")

    def count(self, metric: Metric, *values: str) -> None:
        """One more of a counter, with the values of its labels in their order."""
        self._counters[metric.name].add(1, dict(zip(metric.labels, values, strict=True)))

    def took(self, effect: str, took: timedelta) -> None:
        """How long after its decision the effect came; clocks that disagree are left out."""
        if took >= timedelta(0):
            self._lag.record(took, {"effect": effect})

    def show(self, metric: Metric, value: int, *values: str) -> None:
        """What a gauge shows, with the values of its labels in their order."""
        labels = dict(zip(metric.labels, values, strict=True))
        self.gauges[metric.name].set(value, labels)


_now = [Instruments(MetricMeter.noop)]


def use(meter: MetricMeter) -> None:
    """Count with this meter from now on: that of the process's one runtime."""
    _now[0] = Instruments(meter)


def instruments() -> Instruments:
    """The instruments of this process."""
    return _now[0]


def page(address: str) -> PrometheusConfig:
    """The page at `HOST:PORT` that shows the SDK's metrics and ours, times in seconds."""
    return PrometheusConfig(
        address,
        counters_total_suffix=True,
        unit_suffix=True,
        durations_as_seconds=True,
        histogram_bucket_overrides={_LAG_NAME: _LAG_BUCKETS},
    )


def table(metrics: Sequence[Metric] = OURS) -> str:
    """The metrics as a Markdown table, for the documentation."""
    rows = ["| metric | kind | labels | meaning |", "|---|---|---|---|"]
    rows += [
        f"| `{each.name}` | {each.kind} | {', '.join(each.labels) or 'none'} | {each.meaning} |"
        for each in metrics
    ]
    return "\n".join(rows) + "\n"
