"""Services with timescales of their own: the clock runs on them, and everybody is told so."""

from __future__ import annotations

from datetime import date

import pytest

from domain.clocks.proof import proof_of
from domain.complaint.views.status import status_of
from domain.errors import InvalidCommand
from domain.vocabulary import Role
from letters.rendering import render
from tests.domain.charter.housing_code import GOOD, assert_found, found_in
from tests.domain.playing.stories import Story

SERVICE = """
[[service]]
id = "planning"
name = "Planning"
text = "The law gives us 8 weeks."
within = { weeks = 8 }
replaces = ["HO-1"]

[closing]"""


def planning(channel: str = "letter", service: str = "planning-application") -> Story:
    """A letter about a planning application, on Monday 5 October 2026."""
    return Story("customer-promise", channel=channel, service=service)


def test_cp_7_the_clock_of_the_reply_runs_on_the_time_of_the_service() -> None:
    assert planning().due("CP-6") == date(2026, 11, 30)
    assert planning(service="information-request").due("CP-6") == date(2026, 11, 2)
    assert Story("customer-promise", channel="letter").due("CP-6") == date(2026, 10, 19)


@pytest.mark.parametrize(
    ("channel", "promise"), [("phone", "CP-1"), ("web-form", "CP-2"), ("visit", "CP-3")]
)
def test_cp_7_it_holds_however_the_customer_came(channel: str, promise: str) -> None:
    assert planning(channel=channel).due(promise) == date(2026, 11, 30)


def test_cp_7_the_acknowledgement_says_which_time_holds_and_why() -> None:
    story = planning().do("acknowledge")
    facts = story.sent("acknowledgement", "customer")[0].facts
    assert facts["service"]["name"] == "Planning applications"
    letter = " ".join(render(story.sent("acknowledgement")[0]).body.split())
    assert "Our usual times do not hold for this, because it is about: Planning" in letter
    assert "The law gives us 8 weeks to decide on a planning application." in letter
    assert "by Monday 30 November 2026" in letter
    assert "This is the time that holds for: Planning applications." in letter


def test_cp_7_the_proof_says_so_too() -> None:
    story = planning()
    said = proof_of(story.clock("CP-6"), story.rules).sentence
    assert said.startswith("8 weeks from Monday 5 October 2026")
    assert said.endswith("This is the time that holds for: Planning applications.")
    assert status_of(story.complaint, ())["service"] == "planning-application"
    assert "8 weeks" in status_of(story.complaint, ())["clocks"][0]["budget"]


def test_cp_7_a_reply_in_that_time_meets_the_promise() -> None:
    story = planning().do("acknowledge").at("2026-11-30 16:59").do("reply")
    assert story.states("CP-6") == ["met"]


def test_cp_7_it_is_warned_of_and_missed_by_that_time_and_not_before() -> None:
    story = planning().do("acknowledge").at("2026-11-25 10:00")
    assert "promise-warned" not in story.kinds
    story.at("2026-11-26 09:00")
    assert story.last("promise-warned").due == date(2026, 11, 30)
    story.at("2026-11-30 17:00")
    assert story.states("CP-6") == ["missed", "running"]
    # The new date that an apology gives is that of the promise, as everywhere.
    assert story.sent("apology")[0].facts["new_due"] == "2026-12-07"


def test_cp_7_what_comes_in_meanwhile_keeps_the_usual_time() -> None:
    story = planning().do("record_contact", channel="email")
    assert story.due("CP-5/contact") == date(2026, 10, 19)


def test_cp_7_without_a_service_nothing_is_said_of_any() -> None:
    story = Story("customer-promise", channel="letter").do("acknowledge")
    assert story.sent("acknowledgement")[0].facts["service"] is None
    assert "time that holds" not in render(story.sent("acknowledgement")[0]).body


def test_cp_7_an_extension_moves_that_time_as_any_other() -> None:
    story = planning().do("acknowledge")
    story.do("extend", promise="CP-6", new_due="2026-12-11", reason="The site visit is late.")
    assert story.due("CP-6") == date(2026, 12, 11)


def test_cp_7_a_service_that_the_charter_does_not_have_is_refused_with_those_it_has() -> None:
    with pytest.raises(InvalidCommand) as refused:
        planning(service="parking")
    assert refused.value.allowed == "Services: information-request, planning-application."
    with pytest.raises(InvalidCommand, match="names no services"):
        Story(service="parking")


def said(story: Story, kind: str) -> str:
    """The last letter of that kind, but not one about the reason, on one line."""
    told = [n for n in story.sent(kind) if "tell you why" not in n.facts.get("promise_text", "")]
    return " ".join(render(told[-1]).body.split())


IN_THIS_CASE = 'the time that holds is that for "Planning applications": 8 weeks.'


@pytest.mark.parametrize("kind", ["promise-warning", "delay-warning", "apology", "promise-missed"])
def test_cp_7_every_letter_that_quotes_the_promise_says_which_time_holds(kind: str) -> None:
    story = planning().at("2026-12-01 10:00")
    assert "A letter is answered within 10 working days." in said(story, kind)
    assert IN_THIS_CASE in said(story, kind)
    story.at("2026-12-08 10:00")
    late = [n.facts for n in story.sent("apology") if "letter" in n.facts["promise_text"]]
    assert late[-1]["own_time"]["amount"] == 8
    usual = Story("customer-promise", channel="letter").at("2026-12-01 10:00")
    assert "In this case" not in said(usual, kind)


def test_cp_7_in_welsh_too() -> None:
    story = Story(
        "customer-promise",
        channel="letter",
        service="planning-application",
        complainant_language="cy",
    ).at("2026-12-01 10:00")
    assert 'yw\'r un ar gyfer "Planning applications": 8 wythnos.' in said(story, "apology")
    assert "Nid yw ein hamserau arferol yn berthnasol" in said(story, "timescale")


def test_fo_2_a_letter_that_quotes_the_promise_says_what_was_agreed() -> None:
    story = Story(complainant_update_interval={"weeks": 2}).do("allocate").at("2026-10-20 10:00")
    missed = next(n for n in story.sent("promise-missed") if n.facts["promise"] == "FO-2")
    assert "In this case, this time was agreed: 2 weeks." in render(missed).body


def test_cp_7_the_customer_is_told_at_once_where_nobody_owes_an_acknowledgement() -> None:
    story = planning()
    assert story.kinds == ["opened", "timescale-told"]
    assert "because it is about: Planning applications." in said(story, "timescale")
    assert "by Monday 30 November 2026" in said(story, "timescale")
    assert story.do("close").do("reopen").kinds.count("timescale-told") == 1


def test_cp_7_nothing_is_said_of_a_time_where_none_of_its_own_holds_or_it_belongs_elsewhere() -> (
    None
):
    assert "timescale-told" not in Story("customer-promise", channel="letter").kinds
    story = Story("customer-promise", about=["outcome"], service="planning-application")
    assert "timescale-told" not in story.kinds


def test_a_complaint_taken_up_again_runs_on_the_time_of_its_service_again() -> None:
    story = planning().do("reply").do("reopen", Role.MANAGER)
    assert story.due("CP-6") == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("old", "new", "place", "what"),
    [
        ('["HO-1"]', '["HO-77"]', ("service[1] (planning)", "replaces"), "names no promise"),
        (
            "weeks = 8 }\nreplaces", "working-days = 1 }\nreplaces",
            ("service[1] (planning)", "within"), "is over before HO-2 is warned of",
        ),
        ("[closing]", SERVICE.strip(), ("service[2] (planning)", "id"), "names two services"),
    ],
)  # fmt: skip
def test_a_service_that_does_not_add_up_is_named(
    old: str, new: str, place: tuple[str, str], what: str
) -> None:
    text = SERVICE.replace(old, new, 1).replace('"HO-1"', '"HO-2"')
    assert_found(GOOD.replace("\n[closing]", text, 1), place, what, "")


def test_a_service_that_adds_up_is_no_fault() -> None:
    assert found_in(GOOD.replace("\n[closing]", SERVICE, 1)) == ()
