"""Who may put right what is owed, and who is told of it."""

from __future__ import annotations

from typing import Any

import pytest

from domain.vocabulary import CUSTOMERS_OWN
from tests.domain.playing.remedy_stories import RemedyStory
from tests.domain.playing.stories import person

PAYMENT = {"text": "We will pay you £50", "kind": "payment"}
ADVICE = {"text": "Log every letter", "kind": "recommendation"}
OWNED = {**PAYMENT, "owner": {"id": "K.Lee", "name": "K Lee"}}


@pytest.mark.parametrize(
    ("by", "allowed"),
    [
        (person("k.lee", "case-handler"), True),
        (person("K.LEE", "complaints-team"), True),
        (person("m.smith", "manager"), True),
        (person("a.admin", "administrator"), True),
        (person("h.jones", "complaints-team"), False),
        (person("h.jones", "independent-assessor"), False),
        (person("k.lee", "customer"), False),
        (person("k.lee", "upstream-app"), False),
        (person("ann", "representative"), False),
        (person("q.lane", "quality"), False),
    ],
)
def test_its_owner_a_manager_or_an_administrator_may(by: Any, allowed: bool) -> None:
    story = RemedyStory(OWNED)
    if allowed:
        assert story.do("do_remedy", by).remedy.state == "done"
    else:
        refused = story.refused("do_remedy", by)
        assert refused.kind == "WrongRole"
        named = by.role not in (*CUSTOMERS_OWN,)
        assert ("K Lee (K.Lee)" in str(refused)) == named


def test_without_a_named_owner_it_is_the_roles() -> None:
    assert RemedyStory(PAYMENT).refused("do_remedy", "case-handler").kind == "WrongRole"
    assert RemedyStory(PAYMENT).do("do_remedy", "complaints-team").remedy.settled_at


def test_somebody_else_can_be_given_it() -> None:
    story = RemedyStory(OWNED).do("reassign_remedy", owner={"id": "a.new", "name": "A New"})
    assert story.remedy.owner
    assert story.remedy.owner.id == "a.new"
    assert story.refused("do_remedy", person("k.lee", "case-handler")).kind == "WrongRole"
    again = story.refused("reassign_remedy", owner={"id": "A.NEW", "name": "A New"})
    assert again.kind == "InvalidCommand"
    assert story.told() == ["remedy-owed to complaints-team"] * 2
    assert story.sent("remedy-owed")[-1].facts["remedies"][0]["owner"] == "A New"


def test_fo_6_somebody_with_a_conflict_neither_acts_nor_is_given_it() -> None:
    story = RemedyStory(PAYMENT)
    story.story.do("declare_conflict", person("m.smith", "manager"), reason="A cousin.")
    for by, fields in (("M.Smith", {}), ("other", {"owner": {"id": "M.SMITH", "name": "M"}})):
        refused = story.refused("reassign_remedy", person(by, "manager"), **fields)
        assert refused.kind == "ConflictOfInterest"


def test_fo_6_who_reviewed_it_earlier_may_put_it_right() -> None:
    story = RemedyStory(PAYMENT, stage="complaints-team")
    assert "the.manager" in {who for _, who in story.story.complaint.touched}
    assert story.do("do_remedy", "manager").remedy.state == "done"


def test_is_6_once_authority_is_withdrawn_after_the_end_nobody_else_is_written_to() -> None:
    friend = {"kind": "friend", "name": "R Help", "email": "r@help.org", "authorised": True}
    story = RemedyStory(PAYMENT, ADVICE, representative=friend)
    story.story.do("accept", "customer")
    story.do("refuse_remedy", remedy=2)
    assert [n.recipient.name for n in story.sent("remedy-refused")] == ["Ann Price", "R Help"]
    story.story.do("withdraw_authority", "customer")
    story.do("do_remedy")
    assert [n.recipient.name for n in story.sent("remedy-done")] == ["Ann Price"]
