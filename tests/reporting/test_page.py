"""The page of a report stands alone, can be read by everybody, and believes nothing that it shows."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from ledger.sql.ledger import SqlLedger
from reporting.formats import wording
from reporting.formats.page import page
from reporting.sections import Count
from tests.reporting.conftest import charter, report_on
from tests.reporting.full import full_report

SVG = "{http://www.w3.org/2000/svg}"
VOID = {"meta", "link", "br", "img", "input", "hr", "col", "rect", "path", "line"}


@dataclass
class Outline(HTMLParser):
    """What is in a page: its elements with their attributes, and whether they are closed in order."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every such element."""
        return [attributes for name, attributes in self.elements if name == tag]


def outline(html: str) -> Outline:
    found = Outline()
    found.feed(html)
    found.close()
    assert found.open == []
    return found


@pytest.fixture(scope="module")
def html() -> str:
    """The page of a report with everything in it."""
    return page(full_report(), charter())


def test_it_stands_alone(html: str) -> None:
    found = outline(html)
    assert not {"script", "link", "img", "iframe", "object", "foreignobject"} & {
        name.lower() for name, _ in found.elements
    }
    for name, attributes in found.elements:
        for attribute, value in attributes.items():
            assert not attribute.startswith("on"), name
            if attribute in {"href", "src", "xlink:href"}:
                assert value
                assert value.startswith("#"), value
    assert "url(" not in html
    assert "@import" not in html
    (policy,) = [one for one in found.all("meta") if one.get("http-equiv")]
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'"


def test_what_others_wrote_is_only_ever_text(html: str) -> None:
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 5
    assert "Smith &amp; Sons" in html


def test_it_says_its_language_and_has_one_heading_above_all(html: str) -> None:
    found = outline(html)
    assert found.all("html") == [{"lang": "en-GB"}]
    levels = [int(name[1]) for name, _ in found.elements if re.fullmatch("h[1-6]", name)]
    assert levels.count(1) == 1
    assert all(later - before <= 1 for before, later in pairwise(levels))


def test_names_within_the_page_are_unique_and_lead_somewhere(html: str) -> None:
    found = outline(html)
    names = Counter(one["id"] for _, one in found.elements if "id" in one)
    assert set(names.values()) == {1}
    for _, attributes in found.elements:
        wanted = [attributes["href"][1:]] if attributes.get("href") else []  # type: ignore[index]
        wanted += (attributes.get("aria-labelledby") or "").split()
        assert set(wanted) <= set(names)


def test_every_chart_has_a_title_a_description_and_text_that_is_text(html: str) -> None:
    charts = re.findall(r"<svg.*?</svg>", html, flags=re.DOTALL)
    assert len(charts) == 4
    for chart in charts:
        svg = ET.fromstring(chart)  # noqa: S314 - our own page
        title, description = svg[0], svg[1]
        assert (title.tag, description.tag) == (f"{SVG}title", f"{SVG}desc")
        assert title.text
        assert description.text
        assert svg.attrib["role"] == "img"
        named = svg.attrib["aria-labelledby"].split()
        assert named == [title.attrib["id"], description.attrib["id"]]
        assert svg.findall(f".//{SVG}text")
        assert not svg.findall(f".//{SVG}image")


def test_every_table_has_a_caption_and_heads_that_say_of_what(html: str) -> None:
    tables = re.findall(r"<table.*?</table>", html, flags=re.DOTALL)
    assert len(tables) >= 10
    for table in tables:
        found = outline(table)
        assert found.elements[1][0] == "caption"
        assert found.all("th")
        assert all(head.get("scope") in {"col", "row"} for head in found.all("th"))
        columns = sum(head["scope"] == "col" for head in found.all("th"))
        rows = sum(head["scope"] == "row" for head in found.all("th"))
        assert len(found.all("td")) == rows * (columns - 1)


def test_beside_each_chart_a_table_says_the_same(html: str) -> None:
    for said in ("75 %", "80 %", "50 %", "89.1 %", "November 2026", "1,234"):
        assert f">{said}<" in html
    assert "FO-8/reply 75 %" in html  # the description of the chart
    assert "not reached" in html
    assert html.count("@media print") == 1


def luminance(colour: str) -> float:
    """The relative luminance of a colour such as `#1f4e79`."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_has_the_contrast_that_it_needs(html: str) -> None:
    for name in ("ink", "quiet", "accent", "late", "kept"):
        (colour,) = re.findall(rf"--{name}: (#[0-9a-f]{{6}})", html)
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5, name


def test_two_pages_of_one_report_are_the_same(html: str) -> None:
    assert page(full_report(), charter()) == html


def test_a_report_of_nothing_is_a_page_as_well() -> None:
    full = full_report()
    bare = replace(
        full,
        promises=full.promises[1:],
        extensions=(),
        remedies=(),
        calls=None,
        satisfaction=None,
        samples=(),
        assessor=None,
    )
    html = page(bare, charter())
    outline(html)
    assert "<svg" not in html
    assert "None of our promises" in html


def test_targets_are_told_where_the_charter_names_any(html: str) -> None:
    full = full_report()
    assert len(re.findall(">target<", html)) == 3  # of the table, of its one promise, of the calls
    untold = replace(full, promises=full.promises[1:], calls=None)
    assert ">target<" not in page(untold, charter())


def test_what_ended_without_a_reply_is_called_so() -> None:
    full = full_report()
    counted = replace(full.complaints, outcomes=(Count(name="none", count=6),))
    assert ">no reply<" in page(replace(full, complaints=counted), charter())


def test_one_answer_has_no_median(html: str) -> None:
    full = full_report()
    assert full.assessor
    one = replace(full.assessor, replied=1, median_days=25, ninetieth_days=25)
    assert "came after 25 working days" in page(replace(full, assessor=one), charter())
    assert "half took at most 12 working days" in html


def test_a_page_that_was_made_too_early_says_so_at_once(html: str) -> None:
    full = full_report()
    early = page(replace(full, made_at=datetime(2026, 11, 30, 9, tzinfo=UTC)), charter())
    said = "before the period had ended"
    assert said in early.split("<main")[0]
    assert said not in html


def test_the_day_on_which_a_page_was_made_is_the_charters_own() -> None:
    midnight = replace(
        full_report(), made_at=datetime(2026, 11, 30, 22, 30, tzinfo=UTC), time_zone="Europe/Athens"
    )
    head = page(midnight, charter()).split("<main")[0]
    assert "Made on 1 December 2026." in head
    assert "before the period had ended" not in head


async def test_the_year_makes_a_page(year: SqlLedger) -> None:
    html = page(await report_on(year), charter())
    outline(html)
    assert "The Independent Assessor" in html
    assert "A surveyor looks at it." in html


def test_figures_are_written_for_people() -> None:
    assert (wording.percent(91.0), wording.percent(91.7), wording.percent(None)) == (
        "91 %",
        "91.7 %",
        "–",
    )
    assert wording.percent(100.0) == "100 %"
    assert wording.month_in_words("2026-11") == "November 2026"
    assert wording.amount(1234567) == "1,234,567"
    assert (wording.times(0), wording.times(1), wording.times(1200)) == (
        "0 times",
        "1 time",
        "1,200 times",
    )
