"""What a reply undertakes is followed up until it is done, past the end of the complaint."""

from __future__ import annotations

from domain.calendar.pinned import in_words
from tests.domain.playing.stories import Story
from tests.promises.telling import for_each, letter, read

FOLLOWED = {
    "IS-9": "insolvency-service",
    "CP-10": "customer-promise",
    "HC-10": "housing-code",
    "LG-11": "local-government-code",
    "FC-8": "financial-conduct",
    "NH-7": "nhs-complaints",
}
followed = for_each("charter", FOLLOWED)


def undertaken(charter: str) -> Story:
    """A complaint that was upheld and closed on 5 October, and the payment that it owes."""
    story = Story(charter).do("reply", remedies=[{"text": "We pay you £50", "kind": "payment"}])
    return story.do("accept", "customer")


def told(story: Story) -> list[str]:
    """Who was told what of its remedy."""
    return [said for said in story.told() if said.startswith("remedy-")]


@followed
def test_what_is_undertaken_has_a_date_and_an_owner_and_outlives_the_complaint(
    charter: str,
) -> None:
    story = undertaken(charter)
    assert story.state == "closed"
    # Twenty working days from Monday 5 October.
    assert "We will do this by Monday 2 November 2026." in read(
        next(n for n in story.notices if n.kind in {"reply", "final-reply"})
    )
    assert told(story) == ["remedy-owed to manager"]

    story.at("2026-10-28 10:00").do("do_remedy", "manager", how="It is in your account.")

    assert told(story)[-1] == "remedy-done to customer"
    assert "It is in your account." in read(story.notices[-1])


@followed
def test_what_is_not_done_is_warned_of_missed_and_apologised_for_and_asked_for_until_it_is(
    charter: str,
) -> None:
    story = undertaken(charter)
    story.at("2026-11-02 17:00")
    assert [kind for kind in story.kinds if kind.startswith("remedy-")] == [
        "remedy-warned", "remedy-missed"
    ]  # fmt: skip
    (apology,) = story.sent("remedy-missed", "customer")
    assert story.complaint.remedies[0].waits_for
    assert f"We will now do it by {in_words(story.last('remedy-missed').new_due)}." in read(apology)

    story.at("2026-12-01 10:00")

    assert "remedy-reminded" in story.kinds
    assert story.complaint.remedies[0].overdue


@followed
def test_what_was_promised_is_not_waved_away_without_a_reason(charter: str) -> None:
    story = undertaken(charter)
    assert story.refused("refuse_remedy", "manager", reason=" ").kind == "InvalidCommand"
    assert story.refused("do_remedy", "manager", how=" ").kind == "InvalidCommand"


def test_cp_10_a_reply_that_upholds_can_say_sorry_and_by_when_it_is_written() -> None:
    sorry = {"text": "We write to say sorry", "kind": "apology"}
    story = Story("customer-promise").do("reply", remedies=[sorry])
    assert "We write to say sorry. We will do this by Monday 12 October 2026." in letter(
        story, "final-reply"
    )
