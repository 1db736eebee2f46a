"""What letters say of our time and of the reader's own, in the state in which they go out: on hold, answered, closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.vocabulary import Role
from letters.languages import languages
from letters.rendering import render
from tests.domain.playing.stories import Story, patient

ON_HOLD = ("time goes on", "we go on in the meantime", "goes on as before")
COUSIN = {"kind": "relative", "name": "A Cousin", "email": "cousin@x.org"}
LIMIT: dict[str, Any] = {
    "limits": [{"kind": "named-person", "text": "T May deals with you"}],
    "review_on": "2026-12-01",
}


def read(story: Story, kind: str) -> str:
    """The last letter of the kind to the customer, on one line."""
    return " ".join(render(story.sent(kind, "customer")[-1]).body.split())


def all_asked(story: Story) -> list[str]:
    story.do("ask_information").do("name_representative", representative=COUSIN)
    story.do("restrict_contact", **LIMIT)
    return [read(story, k) for k in ("information-asked", "authority-request", "contact-limited")]


def test_is_7_while_the_work_is_on_hold_no_letter_says_that_it_goes_on() -> None:
    story = Story("insolvency-service").do("acknowledge").do("pause")
    for text in all_asked(story):
        assert not [words for words in ON_HOLD if words in text], text


def test_neither_while_another_question_holds_it() -> None:
    story = Story(rules=patient("insolvency-service")).do("ask_information", stops_clock=True)
    story.do("ask_information").do("name_representative", representative=COUSIN)
    for kind in ("information-asked", "authority-request"):
        text = read(story, kind)
        assert not [words for words in ON_HOLD if words in text], text


def test_while_it_goes_on_they_say_so() -> None:
    asked, authority, limited = all_asked(Story("insolvency-service").do("acknowledge"))
    assert "Our time goes on" in asked
    assert "You do not lose any time" in authority
    assert "goes on as before" in limited


def test_fo_11_who_could_go_on_is_not_told_that_no_time_is_lost() -> None:
    story = Story(stage="manager").do("reply").at("2026-11-01 10:00")
    story.do("name_representative", representative=COUSIN)
    text = read(story, "authority-request")
    assert "do not lose any time" not in text
    assert "does not wait for this" in text
    assert "5 November 2026" in text
    story.do("escalate", Role.CUSTOMER, to="complaints-team")


def test_after_the_last_answer_nothing_goes_on() -> None:
    story = Story("customer-promise").do("reply")
    story.do("name_representative", representative=COUSIN)
    assert "we go on in the meantime" not in read(story, "authority-request")


WAITS = "If we have not heard from you by then, we will close the complaint."
GO_ON = "you can ask for the next step"


def replied() -> Story:
    return Story(stage="manager").do("reply").at("2026-11-03 10:00")


def test_who_has_asked_for_the_next_step_is_not_told_to_ask_for_it() -> None:
    story = replied().do("record_contact", asks_next_stage=True, summary="Take it further.")
    story.do("prefer", language="en")
    text = read(story, "preferences-noted")
    assert "The next step has been asked for: The Customer Complaints team." in text
    assert WAITS not in text
    assert GO_ON not in text


def test_who_was_heard_is_not_told_that_silence_ends_it() -> None:
    story = replied().do("record_contact", summary="I do not see it so.")
    story.do("prefer", language="en")
    text = read(story, "preferences-noted")
    assert WAITS not in text
    assert GO_ON in text
    assert WAITS in read(replied().do("prefer", language="en"), "preferences-noted")


def test_the_last_stage_does_not_say_so_either() -> None:
    story = (
        Story("customer-promise").do("reply").do("record_contact", summary="I do not see it so.")
    )
    story.do("prefer", language="en")
    assert "If we hear nothing more" not in read(story, "preferences-noted")


def test_what_asked_for_the_next_step_beside_the_one_that_brought_it_keeps_nothing_open() -> None:
    story = replied().do("record_contact", asks_next_stage=True)
    story.do("record_contact", asks_next_stage=True, summary="Please!")
    story.do("escalate", Role.CUSTOMER, to="complaints-team")
    story.do("reply", outcome="not-upheld", remedies=[]).at("2027-06-01 10:00")
    assert story.last("closed").how == "window-closed"


# --- our dates, where nothing is dated ---------------------------------------------------------------

STANDS = {
    "en": ("goes on as before", "to you stand"),
    "cy": ("mynd yn ei flaen", "i chi yn sefyll", "yn dal i sefyll"),
}
KINDS = ("authority-request", "authority-reminder", "contact-limited", "limits-kept")


def held_by_a_question(language: str) -> Story:
    """Nothing is to be expected before the customer has answered."""
    story = Story(complainant_language=language).do("acknowledge")
    return story.do("ask_information", answer_by="2026-12-31")


def held_by_a_pause(language: str) -> Story:
    rules = patient("insolvency-service")
    return Story(rules=rules, complainant_language=language).do("acknowledge").do("pause")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("held", [held_by_a_question, held_by_a_pause])
def test_no_letter_says_that_dates_stand_where_the_work_is_on_hold(
    held: Callable[[str], Story], language: str
) -> None:
    story = held(language).do("name_representative", representative=COUSIN)
    story.do("restrict_contact", **LIMIT)
    story.do("review_restriction", Role.MANAGER, keep=True, review_on="2026-12-20")
    story.at("2026-10-20 10:00")
    for kind in KINDS:
        for text in [read(story, kind)] if story.sent(kind) else []:
            assert not [words for words in STANDS[language] if words in text], text
    assert story.sent("limits-kept")


NO_DATE = {
    "en": "we cannot say when you will have our full answer",
    "cy": "ni allwn ddweud pryd y byddwch yn cael ein hateb llawn",
}
UNCHANGED = {"en": "does not change what we have told you", "cy": "Nid yw'r cwestiwn hwn yn newid"}


@pytest.mark.parametrize("language", languages())
def test_an_essential_question_that_takes_the_date_says_so(language: str) -> None:
    story = Story(complainant_language=language).do("acknowledge")
    assert story.sent("acknowledgement")[-1].facts["due"]
    text = read(story.do("ask_information"), "information-asked")
    assert NO_DATE[language] in text
    assert UNCHANGED[language] not in text
    text = read(story.do("ask_information", essential=False), "information-asked")
    assert NO_DATE[language] not in text
    assert UNCHANGED[language] in text
