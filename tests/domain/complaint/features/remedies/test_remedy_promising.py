"""What a reply undertakes: items with and without owner and date, counted, refused, or only words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from charters.files import CharterBook
from domain.charter.rules import Rules, pack, unpack
from domain.complaint.decider.registry import EVENTS_JSON
from domain.errors import InvalidCommand
from domain.vocabulary import RemedyKind, Role
from tests.domain.playing.remedy_stories import replied, rules_with
from tests.domain.playing.stories import Story, person, rules_of

LEE = {"id": "k.lee", "name": "K Lee"}


def undertaken(*remedies: Any, **told: Any) -> tuple[Any, ...]:
    """The commitments of a reply on Tuesday 6 October 2026."""
    made: tuple[Any, ...] = replied(*remedies, **told).last("replied").commitments
    return made


def test_is_9_a_text_alone_has_the_kind_of_its_words_with_the_charters_date_and_role() -> None:
    story = replied(
        "An apology", {"text": "£50", "kind": "payment", "owner": LEE, "due": "2026-10-16"}
    )
    first, second = story.last("replied").commitments
    assert (first.number, first.kind, first.owner, first.owner_role) == (
        1, RemedyKind.APOLOGY, None, Role.MANAGER,
    )  # fmt: skip
    assert (first.due, first.counted_from) == (date(2026, 11, 3), date(2026, 10, 6))
    assert (second.owner.id, second.due, second.counted_from) == ("k.lee", date(2026, 10, 16), None)
    assert story.last("replied").remedies == ("An apology", "£50")
    assert EVENTS_JSON.validate_json(EVENTS_JSON.dump_json(tuple(story.events))) == tuple(
        story.events
    )


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        (None, "2026-11-03"),
        ("apology", "2026-11-03"),
        ("payment", "2026-10-20"),
        ("service-change", "2026-11-03"),
    ],
)
def test_each_kind_has_its_time(kind: str | None, due: str) -> None:
    item = {"text": "Something"} | ({"kind": kind} if kind else {})
    assert [one.due.isoformat() for one in undertaken(item)] == [due]


def test_fo_12_what_the_assessor_undertakes_is_recommended_unless_it_says_otherwise() -> None:
    item = {"text": "£50", "kind": "payment"}
    made = undertaken("Log every letter", item, stage="independent-assessor")
    assert [one.kind for one in made] == [RemedyKind.RECOMMENDATION, RemedyKind.PAYMENT]


def test_a_stage_can_say_that_what_it_undertakes_is_recommended() -> None:
    rules = rules_with("customer-promise")
    stages = tuple(s.model_copy(update={"recommends": True}) for s in rules.charter.stages)
    changed = unpack(pack(rules.charter.model_copy(update={"stages": stages}), rules.calendar))
    story = Story(rules=changed).do("reply", remedies=["Answer sooner"])
    assert story.last("replied").commitments[0].kind is RemedyKind.RECOMMENDATION


def test_is_9_numbers_go_on_over_two_replies_and_after_a_reopening() -> None:
    story = Story(rules=rules_with("customer-promise")).do("reply", remedies=["One", "Two"])
    story.do("accept", "customer").at("2026-10-12 10:00").do("reopen", "manager")
    story.do("reply", remedies=["Three"])
    assert [one.number for one in story.last("replied").commitments] == [3]
    assert len(story.complaint.remedies) == 3


def test_is_9_the_letter_gives_the_date_of_each_and_says_what_is_recommended() -> None:
    letter = replied("An apology").sent("reply")[0]
    assert letter.facts["remedies"] == [
        {"text": "An apology", "due": "2026-11-03", "recommended": False, "done": False}
    ]


def test_without_the_table_remedies_are_words_and_nothing_more() -> None:
    story = Story(rules=rules_with(followed=False), stage="manager").do("reply")
    replied_event = story.last("replied")
    assert (replied_event.remedies, replied_event.commitments) == (("A letter",), ())
    assert story.complaint.remedies == ()
    other = Story(rules=rules_with(followed=False), stage="manager")
    assert other.do("reply", remedies=[{"text": "A letter"}]).last("replied").remedies == (
        "A letter",
    )


@pytest.mark.parametrize("extra", [{"due": "2026-10-16"}, {"kind": "payment"}, {"owner": LEE}])
def test_without_the_table_an_owner_or_a_date_is_refused_and_not_forgotten(
    extra: dict[str, Any],
) -> None:
    story = Story(rules=rules_with(followed=False), stage="manager")
    refused = story.refused("reply", remedies=["A letter", {"text": "£50", **extra}])
    assert refused.kind == "InvalidCommand"
    assert "remedies.1: financial-ombudsman does not follow remedies up" in str(refused)


@pytest.mark.parametrize(
    ("item", "kind", "said"),
    [
        ({"text": "x", "due": "2026-10-05"}, "InvalidCommand", "due: 2026-10-05 has passed"),
        ({"text": "x", "due": "2026-10-10"}, "InvalidCommand", "closed day (Saturday)"),
        ({"text": "x", "due": "2029-10-10"}, "CalendarTooShort", "2029"),
        ({"text": "x", "owner": {"id": "B.AD", "name": "B Ad"}}, "ConflictOfInterest", "B Ad has"),
    ],
)
def test_what_cannot_be_undertaken_is_refused(item: dict[str, Any], kind: str, said: str) -> None:
    story = Story(rules=rules_with(), stage="manager").at("2026-10-06 10:00")
    story.do("allocate", handler={"id": "b.ad", "name": "B Ad", "phone": "0300 1"})
    story.do("reassign", reason="conflict", handler=LEE | {"phone": "1"})
    refused = story.refused("reply", person("m.smith", "manager"), remedies=[item])
    assert refused.kind == kind
    assert said in str(refused)


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (7, "remedies.0"),
        ({}, "remedies.0.item.text"),
        ({"text": ""}, "remedies.0.item.text"),
        ({"text": "x", "kind": "bogus"}, "remedies.0.item.kind"),
        ({"text": "x", "owner": "k.lee"}, "remedies.0.item.owner"),
        ({"text": "x", "due": "soon"}, "remedies.0.item.due"),
        ({"text": "x", "bogus": 1}, "remedies.0.item.bogus"),
        ("", "remedies.0.text"),
    ],
)
def test_an_item_that_is_none_is_named_by_its_field(item: Any, said: str) -> None:
    with pytest.raises(InvalidCommand, match=said):
        Story(stage="manager").command("reply", remedies=[item])


def test_one_reply_makes_twenty_commitments_at_most() -> None:
    story = Story(rules=rules_with(), stage="manager")
    assert "20 commitments at most" in str(story.refused("reply", remedies=["x"] * 21))
    assert len(story.do("reply", remedies=["x"] * 20).last("replied").commitments) == 20


def test_fo_6_who_reviewed_it_earlier_may_put_it_right_and_who_has_a_conflict_may_not() -> None:
    story = Story(
        rules=rules_with(), stage="manager", subject_case={"reference": "C", "open": True}
    )
    story.do("allocate", handler={"id": "b.ad", "name": "B Ad", "phone": "0300 1"})
    story.do("reassign", reason="conflict", handler=LEE | {"phone": "1"}).do(
        "reply", remedies=[], outcome="not-upheld"
    )
    story.do("escalate", "customer", to="complaints-team").do("reply", remedies=["A letter"])
    assert story.complaint.kept_away == {"b.ad"}


@pytest.mark.parametrize(
    ("charter_id", "promise"),
    [
        ("insolvency-service", "IS-9"), ("customer-promise", "CP-10"), ("housing-code", "HC-10"),
        ("local-government-code", "LG-11"), ("financial-conduct", "FC-8"), ("nhs-complaints", "NH-7"),
        ("casework-standards", None), ("financial-ombudsman", "FO-12"),
    ],
)  # fmt: skip
def test_is_9_cp_10_hc_10_lg_11_fc_8_nh_7_fo_12_the_charter_follows_up_what_a_reply_undertakes(
    charter_id: str, promise: str | None
) -> None:
    rules: Rules = rules_of(charter_id)
    terms = rules.charter.remedies
    assert terms is not None
    if promise:
        published = CharterBook().get(charter_id)
        assert promise in {one.id for one in published.commitments}
    for kind in RemedyKind:
        assert rules.mailbox(terms.owner_role_for(kind)), f"nobody hears of a {kind}"
