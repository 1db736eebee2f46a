"""Authority ends whenever the customer says so, and what concerns them alone stays theirs (IS-6)."""

from __future__ import annotations

import pytest

from domain.complaint.notify.recipients import customer_side
from domain.errors import WrongState
from domain.vocabulary import Role
from letters.rendering import render
from tests.domain.complaint.features.people.test_representation import (
    FRIEND,
    IS,
    SOLICITOR,
    to_representative,
)
from tests.domain.playing.stories import Story


@pytest.mark.parametrize("by", [Role.CUSTOMER, Role.REPRESENTATIVE, Role.MANAGER])
def test_is_6_authority_can_be_withdrawn_once_the_complaint_is_closed_too(by: Role) -> None:
    acting = FRIEND | {"authorised": True}
    story = Story(representative=acting).do("reply", remedies=[{"text": "Pay", "kind": "payment"}])
    story.do("accept", Role.CUSTOMER)
    clocks = story.complaint.clocks
    story.do("withdraw_authority", by)
    assert story.state == "closed"
    assert story.complaint.clocks == clocks
    assert story.last("authority-withdrawn").promised == ()
    assert render(story.sent("authority-withdrawn", "customer")[0]).body
    (who,) = customer_side(story.complaint)
    assert who.kind == "customer"
    assert isinstance(story.refused("withdraw_authority", Role.CUSTOMER), WrongState)


def test_fo_5_withdrawn_after_the_closing_the_updates_begin_again_only_where_it_is_reopened() -> (
    None
):
    story = Story("casework-standards", representative=SOLICITOR | {"authorised": True})
    story.do("close").do("withdraw_authority", Role.CUSTOMER)
    assert not any(clock.live for clock in story.complaint.clocks)
    story.do("reopen")
    assert story.states("CS-4")[-1] == "running"


def test_is_6_what_is_said_of_the_customer_alone_goes_where_the_customer_wants_letters() -> None:
    story = Story(IS, representative=FRIEND, complainant_address="1 Road")
    story.do("give_authority", notices_to="customer")
    story.do("restrict_contact")
    story.do("review_restriction", Role.MANAGER, keep=True, review_on="2027-01-08")
    story.do("lift_restriction", Role.MANAGER).do("prefer", language="en")
    assert to_representative(story) == ["authority-given"]
    for kind in ("contact-limited", "limits-kept", "limits-lifted", "preferences-noted"):
        assert story.sent(kind, "customer"), kind
