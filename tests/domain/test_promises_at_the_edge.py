"""Promises where they begin and end: while a case is decided, for whom, and how often one says sorry."""

from __future__ import annotations

from typing import Any

from domain.notices import NoticeKind
from domain.vocabulary import ClosedHow, Role
from tests.domain.stories import Story

PROFESSIONAL = {"kind": "professional", "name": "Price & Co", "email": "office@price.example"}


def handled(**fields: Any) -> Story:
    """A complaint under the ombudsman's charter that a case handler has."""
    return Story("financial-ombudsman", **fields).do("allocate")


def test_updates_are_still_owed_after_escalating_while_an_ombudsman_decides() -> None:
    story = handled().do("pass_to_decision").do("reply").do("escalate", Role.CUSTOMER)
    story.do("allocate", Role.MANAGER)
    assert story.states("FO-4") == ["stopped", "running"]
    assert story.states("FO-2") == ["stopped"]


def test_nothing_is_said_about_deciding_once_the_case_is_answered() -> None:
    story = handled().do("pass_to_decision")
    story.do("conclude_case", answered_at=story.now.isoformat())
    assert story.states("FO-4") == ["stopped"]


def test_a_professional_without_authority_takes_no_update_away() -> None:
    assert handled(representative=PROFESSIONAL).states("FO-2") == ["running"]


def test_an_exemption_stands_in_the_record() -> None:
    story = handled(representative=PROFESSIONAL | {"authorised": True})
    assert story.clocks("FO-2") == []
    assert story.last("opened").exempted == ("FO-2", "FO-4")


def test_one_apology_is_sent_for_all_that_an_outage_missed_and_names_a_date_ahead() -> None:
    story = handled().late("2027-01-20 10:00")
    missed = [
        one for one in story.sent(NoticeKind.PROMISE_MISSED) if one.facts["promise"] == "FO-2"
    ]
    sorry = [
        one for one in story.sent(NoticeKind.APOLOGY) if "once a month" in one.facts["promise_text"]
    ]
    assert len({one.event for one in missed}) > 2
    assert len(sorry) == 1
    assert sorry[0].facts["new_due"] > "2027-01-20"


def test_an_unanswered_contact_is_apologised_for_once() -> None:
    story = handled().do("record_contact", Role.CUSTOMER, received_at="2026-10-05T09:00:00Z")
    story.at("2026-11-20 10:00")
    sorry = [
        one for one in story.sent(NoticeKind.APOLOGY) if "voicemail" in one.facts["promise_text"]
    ]
    assert len(sorry) == 1
    assert len(story.clocks("FO-3")) > 2


def test_a_full_reply_ends_what_contacts_are_owed() -> None:
    story = handled().do("record_contact", Role.CUSTOMER, received_at="2026-10-05T09:00:00Z")
    assert story.do("reply").states("FO-3") == ["stopped"]


def test_a_decision_is_nobodys_service_under_the_customer_promise() -> None:
    assert Story("customer-promise", about=["outcome"]).last("closed").how is ClosedHow.OUT_OF_SCOPE
