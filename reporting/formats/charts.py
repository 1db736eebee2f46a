"""Charts as SVG: text stays text, nothing is fetched, no script is in them.

Owns what the charts look like and their words for those who do not see them. The library is loaded
when the first chart is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from markupsafe import Markup, escape

from reporting.formats.wording import month_in_words, percent, short_month
from reporting.model import Figures, PromiseResult
from reporting.sections import CallFigures, Satisfaction

Spec = dict[str, Any]
IN_TIME: Final = "#1f4e79"
LATE: Final = "#c2570c"
TARGET: Final = "#111111"
_FONT: Final = "Arial, 'Liberation Sans', Helvetica, sans-serif"
_WIDTH: Final = 420
_WHOLE_WIDTH: Final = 600
_HEIGHT: Final = 150
_FEW: Final = 5
_LONGEST_AXIS: Final = 24
"""Months that are named one by one; of more, some."""
_CONFIG: Final[Spec] = {
    "background": None,
    # Room for a font that is wider than the one that the library measures with.
    "padding": {"left": 20, "right": 10, "top": 5, "bottom": 5},
    "aria": False,
    "font": _FONT,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": "#1d1d1b",
        "titleColor": "#1d1d1b",
        "domainColor": "#595959",
        "tickColor": "#595959",
        "gridColor": "#e3e3e3",
        "labelLimit": 260,
    },
    "legend": {"labelFontSize": 12, "title": None, "orient": "top", "symbolType": "square"},
}
_COLOURS: Final = {"domain": ["in time", "late"], "range": [IN_TIME, LATE]}
_BY_KEPT: Final[Spec] = {
    "color": {"field": "kept", "type": "nominal", "scale": _COLOURS},
    "order": {"field": "kept"},
}


def promises_chart(results: Iterable[PromiseResult]) -> Markup | None:
    """How much of each promise was kept, with the targets; None while nothing is decided."""
    decided = [one for one in results if one.total.percentage is not None]
    if not decided:
        return None
    rows = [
        {"promise": one.key, "share": percent(one.total.percentage), **kept}
        for one in decided
        for kept in _kept(one.total)
    ]
    targets = [{"promise": one.key, "target": one.target / 100} for one in decided if one.target]
    across = _field("promise", "nominal", sort=[one.key for one in decided], title=None)
    share = _field(
        "count", "quantitative", stack="normalize", title="share of what is decided",
        axis={"format": "%", "tickCount": 5},
    )  # fmt: skip
    layers: list[Spec] = [
        _bars(rows, {"y": across, "x": share, **_BY_KEPT}),
        {
            "data": {"values": [row for row in rows if row["kept"] == "in time"]},
            "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 12},
            "encoding": {"y": across, "x": {"datum": 1}, "text": {"field": "share"}},
        },
    ]
    if targets:
        mark = {"type": "tick", "color": TARGET, "thickness": 3, "size": 22}
        at = {"y": across, "x": _field("target", "quantitative")}
        layers.append({"data": {"values": targets}, "mark": mark, "encoding": at})
    said = "; ".join(f"{one.key} {percent(one.total.percentage)}" for one in decided)
    marks = " A black mark is the charter's target." if targets else ""
    return _draw(
        {"layer": layers, "width": _WHOLE_WIDTH, "height": {"step": 26}},
        "How much of each promise was kept in time",
        f"Bars from 0 to 100 %. In time: {said}.{marks}",
        "promises",
    )


def months_chart(result: PromiseResult, number: int) -> Markup | None:
    """One promise month by month; None where fewer than two months decided anything."""
    months = [one for one in result.by_month if one.figures.percentage is not None]
    if len(months) < 2:  # noqa: PLR2004 - one month is no course of things
        return None
    rows = [
        {"month": short_month(one.name), **kept} for one in months for kept in _kept(one.figures)
    ]
    most = max(one.figures.in_time + one.figures.late for one in months)
    times = _field("count", "quantitative", title="times", axis=_whole(most))
    said = "; ".join(
        f"{month_in_words(one.name)} {one.figures.in_time} and {one.figures.late}" for one in months
    )
    return _draw(
        _bars(rows, {"x": _months_axis([one.name for one in months]), "y": times, **_BY_KEPT})
        | {"width": _months_width(months), "height": _HEIGHT},
        f"{result.key} month by month",
        f"Columns of in time and late: {said}.",
        f"months-{number}",
    )


def calls_chart(months: Sequence[CallFigures], target: float | None) -> Markup | None:
    """The share of calls answered in time, month by month, with the target."""
    told = [one for one in months if one.percentage is not None]
    if not told:
        return None
    rows = [{"month": short_month(one.name), "share": (one.percentage or 0) / 100} for one in told]
    share = _field(
        "share", "quantitative", scale={"domain": [0, 1]}, title="answered in time",
        axis={"format": "%", "tickCount": 5},
    )  # fmt: skip
    layers = [_bars(rows, {"x": _months_axis([one.name for one in told]), "y": share})]
    if target:
        mark = {"type": "rule", "color": TARGET, "strokeWidth": 2, "strokeDash": [6, 3]}
        at = {"y": _field("target", "quantitative")}
        layers.append(
            {"data": {"values": [{"target": target / 100}]}, "mark": mark, "encoding": at}
        )
    said = "; ".join(f"{month_in_words(one.name)} {percent(one.percentage)}" for one in told)
    line = f" The dashed line is the target, {percent(target)}." if target else ""
    return _draw(
        {"layer": layers, "width": _months_width(told), "height": _HEIGHT},
        "Calls answered in time, month by month",
        f"Columns: {said}.{line}",
        "calls",
    )


def scores_chart(answers: Satisfaction) -> Markup:
    """How many gave each score."""
    rows = [{"score": one.name, "count": one.count} for one in answers.scores]
    most = max(one.count for one in answers.scores)
    score = _field("score", "nominal", title="score", axis={"labelAngle": 0})
    count = _field("count", "quantitative", title="answers", axis=_whole(most))
    said = "; ".join(f"{one.name}: {one.count}" for one in answers.scores)
    return _draw(
        _bars(rows, {"x": score, "y": count}) | {"width": 260, "height": _HEIGHT},
        "How many gave each score",
        f"Columns for the scores 1 to 5: {said}.",
        "scores",
    )


def _field(name: str, kind: str, **more: Any) -> Spec:
    return {"field": name, "type": kind, **more}


def _bars(rows: Sequence[Spec], encoding: Spec) -> Spec:
    look = {"stroke": "white", "strokeWidth": 1} if "color" in encoding else {"color": IN_TIME}
    return {"data": {"values": rows}, "mark": {"type": "bar", **look}, "encoding": encoding}


def _kept(figures: Figures) -> list[Spec]:
    """What is in time and what is late, as parts of one bar."""
    return [{"kept": "in time", "count": figures.in_time}, {"kept": "late", "count": figures.late}]


def _months_width(months: Sequence[object]) -> int:
    return min(_WIDTH, 100 + 34 * len(months))


def _months_axis(months: Sequence[str]) -> Spec:
    shown = {"labelOverlap": True} if len(months) > _LONGEST_AXIS else {"labelPadding": 4}
    order = [short_month(month) for month in months]
    return _field("month", "ordinal", sort=order, title=None, axis={"labelAngle": -45, **shown})


def _whole(most: int) -> Spec:
    """An axis of whole numbers: left to itself, the library marks halves and rounds them."""
    few = {"values": list(range(most + 1))} if most <= _FEW else {"tickCount": _FEW}
    return {"format": ",d", **few}


def _draw(spec: Spec, title: str, description: str, name: str) -> Markup:
    """The chart with its title and description, as a screen reader needs them."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg(
        {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", **spec},
        config=_CONFIG,
        allowed_base_urls=[],
    )
    ids = f"chart-{name}-title chart-{name}-desc"
    said = (
        f'<title id="chart-{name}-title">{escape(title)}</title>'
        f'<desc id="chart-{name}-desc">{escape(description)}</desc>'
    )
    opening, rest = svg.split(">", maxsplit=1)
    # Made by the library from numbers and names, which it escapes.
    return Markup(f'{opening} role="img" aria-labelledby="{ids}">{said}{rest}')  # noqa: S704
