"""One date, one letter: none that has passed is named as if it came, and none that was told is shortened."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

import pytest

from domain.charter.rules import Rules, pack
from domain.notices import Notice, RecipientKind
from domain.vocabulary import Role
from letters.rendering import render
from tests.domain.playing.stories import SHIPPED, Story, rules_of

every_charter = pytest.mark.parametrize("charter", SHIPPED)
NOBODY_SAID: dict[str, Any] = {"details": "", "remedy_sought": "", "contact_so_far": ""}
FRIEND = {"kind": "friend", "name": "Bob Ash", "email": "bob@x.org", "authorised": False}


def words(notice: Notice) -> str:
    """The letter on one line."""
    return " ".join(render(notice).body.split())


def to_the_customer(story: Story) -> list[Notice]:
    """Every letter that leaves the organisation."""
    return [n for n in story.notices if n.recipient.kind is not RecipientKind.STAFF]


@every_charter
@pytest.mark.parametrize("opened", ["2026-10-14", "2026-10-30", "2026-12-15", "2027-03-01"])
def test_what_is_entered_late_names_no_date_of_an_answer_that_has_passed(
    charter: str, opened: str
) -> None:
    story = Story(
        charter, opened=f"{opened} 12:00", **NOBODY_SAID, representative=FRIEND,
        about=["delay", "data-protection"],
    )  # fmt: skip
    for notice in to_the_customer(story):
        for name in ("due", "new_due", "reason_by"):
            assert (notice.facts.get(name) or "9999") >= opened, (notice.kind, name)


@every_charter
def test_the_acknowledgement_names_no_other_date_than_the_letters_before_it(charter: str) -> None:
    story = Story(charter, **NOBODY_SAID, representative=FRIEND).do("allocate")
    before = {notice.facts["due"] for notice in to_the_customer(story)} - {None}
    story.at("2026-10-06 12:00").do("acknowledge")
    (letter,) = story.sent("acknowledgement", "customer")
    assert before <= {letter.facts["due"]}


@pytest.mark.parametrize("code", ["housing-code", "local-government-code"])
def test_where_the_answer_counts_from_the_acknowledgement_that_is_what_letters_say(
    code: str,
) -> None:
    story = Story(code).do("update")
    (letter,) = story.sent("progress", "customer")
    assert letter.facts["due"] is None
    said = "by Monday 12 October 2026, and tell you then by when you will have our full answer"
    assert said in words(letter)
    story.do("acknowledge")
    (letter,) = story.sent("acknowledgement", "customer")
    assert letter.facts["due"] == "2026-10-19"
    welsh = Story(code, complainant_language="cy").do("update")
    said = "erbyn dydd Llun 12 Hydref 2026, ac yn dweud wrthych bryd hynny erbyn pryd y cewch"
    assert said in words(welsh.sent("progress", "customer")[0])


def hurried(rules: Rules) -> dict[str, str]:
    """A version of the charter with a third of each time."""
    content = rules.charter.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    content["charter"]["version"] = "2027.1"
    for promise in content["promise"]:
        ((unit, amount),) = promise["within"].items()
        if unit != "end-of-next-working-day" and "limit" not in promise:
            promise["within"] = {unit: max(1, amount // 3)}
    charter = type(rules.charter).model_validate(content)
    pinned = base64.b64encode(pack(charter, rules.calendar)).decode()
    return {"to_version": "2027.1", "pinned": pinned}


@every_charter
def test_a_version_that_shortens_misses_nothing_and_shortens_no_date_that_was_told(
    charter: str,
) -> None:
    story = Story(charter).do("allocate").do("record_contact").at("2026-10-06 16:00")
    before = {c.id: story.due(c.promise) for c in story.complaint.clocks if c.running}
    missed, told = story.complaint.missed, len(story.sent("apology"))
    story.do("migrate", Role.ADMINISTRATOR, **hurried(story.rules))
    story.at("2026-10-06 16:01")
    for clock_id, due in before.items():
        now_due = story.due(clock_id.split("#")[0])
        assert now_due >= due, clock_id
    assert (story.complaint.missed, len(story.sent("apology"))) == (missed, told)
    assert story.sent("dates-corrected") == []


def test_a_date_that_was_kept_says_so_in_its_proof() -> None:
    story = Story("casework-standards").at("2026-10-06 16:00")
    story.do("migrate", Role.ADMINISTRATOR, **hurried(story.rules)).do("acknowledge")
    (letter,) = story.sent("acknowledgement", "customer")
    assert letter.facts["due"] == "2026-10-19"
    assert "the date that was told stays" in words(letter)


def test_what_starts_after_a_version_that_shortens_counts_by_it() -> None:
    story = Story("casework-standards").do(
        "migrate", Role.ADMINISTRATOR, **hurried(rules_of("casework-standards"))
    )
    story.do("record_contact")
    assert story.due("CS-2/contact") == date(2026, 10, 8)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "It should have been by Wednesday 30 September 2026."),
        ("cy", "Y dyddiad cywir oedd dydd Mercher 30 Medi 2026."),
    ],
)
def test_a_date_that_the_right_receipt_makes_late_is_not_told_as_if_it_came(
    language: str, said: str
) -> None:
    story = Story(stage="manager", complainant_language=language).at("2026-10-06 09:00")
    story.do("correct", received_at="2026-09-28T10:00:00+00:00", reason="The stamp says so.")
    (letter,) = story.sent("receipt-corrected", "customer")
    assert said in words(letter)
    assert (letter.facts["due"] or "9999") > "2026-10-06"


@every_charter
def test_an_apology_for_the_full_answer_names_the_one_date_that_the_letter_ends_with(
    charter: str,
) -> None:
    story = Story(charter).do("allocate").at("2026-10-06 12:00").do("acknowledge")
    story.at("2027-05-03 12:00")
    replies = {r.promise.text for r in story.rules.promises.values() if r.of_the_reply}
    for notice in story.sent("apology", "customer"):
        facts: dict[str, Any] = notice.facts
        if facts["promise_text"] in replies and facts["due"]:
            assert facts["new_due"] == facts["due"]


def test_is_7_after_an_outage_no_letter_says_that_we_look_again_on_a_day_that_has_passed() -> None:
    friend = {"kind": "friend", "name": "R Help", "email": "r@x.org", "authorised": False}
    story = Story("insolvency-service", representative=friend).do("ask_authority").do("pause")
    story.late("2026-12-24 17:00")
    (letter,) = story.sent("authority-reminder", "customer")
    assert letter.facts["next_step"] == {"kind": "review"}
    assert "We are checking facts with others." in " ".join(render(letter).body.split())
