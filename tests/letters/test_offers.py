"""No letter offers what will be refused: what each offers is asked of the rules, the moment it goes out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from domain.complaint.decider.decide import decide
from domain.complaint.state import Complaint
from domain.errors import UpholdError
from domain.notices import Notice, NoticeKind, RecipientKind
from letters.rendering import render
from letters.required_facts import STAFF_KINDS
from letters.specimens.player import Played
from letters.specimens.stories import STORIES
from tests.domain.playing.stories import SHIPPED, rules_of

AGAIN = ("can open it again", "can open this one again", "A manager will then decide")
NEVER = "cannot open the same complaint again"
LIMITS: dict[str, list[dict[str, Any]]] = {
    "e-mail and form": [{"kind": "channels", "channels": ["email", "web-form"]}],
    "letters": [{"kind": "channels", "channels": ["letter"]}],
    "in writing": [{"kind": "only-in-writing"}],
    "one person": [{"kind": "named-person", "text": "T May deals with you"}],
}
CUSTOMER = {
    "name": "Ann Price",
    "email": "ann@post.example",
    "phone": "0300 000 0303",
    "address": "2 Hill Street, Anytown AB1 2AB",
}


class Watched(Played):
    """A specimen that keeps each letter with the complaint and the instant in which it goes out."""

    def __init__(self, *given: Any, **more: Any) -> None:
        self.sent: list[tuple[Notice, Complaint, Any]] = []
        super().__init__(*given, **more)

    def play(self, command: Any) -> None:
        before = len(self.notices)
        super().play(command)
        self.sent += [(each, self.complaint, self.now) for each in self.notices[before:]]

    def would(self, complaint: Complaint, now: Any, verb: str, role: str, **fields: Any) -> bool:
        """Whether the rules would take the verb from that role then."""
        asked = self._command(verb, role, fields)
        asked = asked.model_copy(update={"actor": asked.actor.model_copy(update={"id": "x.new"})})
        try:
            decide(complaint, asked, now)
        except UpholdError:
            return False
        return True


def played(charter: str, **opening: Any) -> Iterator[Watched]:
    new = partial(Watched, rules_of(charter), complainant=CUSTOMER, **opening)
    for story in STORIES:
        yield story(new)  # type: ignore[misc]


def letters_of(charter: str) -> Iterator[tuple[Watched, Notice, Complaint, Any, str]]:
    for story in played(charter):
        for notice, complaint, now in story.sent:
            if notice.kind not in STAFF_KINDS:
                yield story, notice, complaint, now, " ".join(render(notice).body.split())


@pytest.mark.parametrize("charter", SHIPPED)
def test_a_letter_offers_to_open_again_what_can_be_and_until_when(charter: str) -> None:
    offered = 0
    for story, notice, complaint, now, text in letters_of(charter):
        until = notice.facts.get("reopen_by")
        says = any(words in text for words in AGAIN)
        if complaint.closed is None:
            assert not says, text
            continue
        can = story.would(complaint, now, "reopen", "manager", reason="They asked.")
        assert says <= can, (notice.kind, text)
        assert (NEVER in text) <= (not can), (notice.kind, text)
        if says:
            offered += 1
            left = date.fromisoformat(str(until)) - complaint.rules.calendar.local_day(now)
            late = now + left + timedelta(days=1)
            assert story.would(complaint, now + left, "reopen", "manager", reason="x")
            assert not story.would(complaint, late, "reopen", "manager", reason="x")
    assert offered, "some way of ending can be undone under every charter"


@pytest.mark.parametrize("charter", SHIPPED)
def test_a_letter_offers_the_next_stage_where_it_may_be_asked_for(charter: str) -> None:
    for story, notice, complaint, now, text in letters_of(charter):
        offers = "you can ask for the next step" in text or "you can take it further" in text
        if not offers:
            continue
        stage = complaint.rules.next_stage(complaint.stage)
        assert stage is not None
        fields = {"to": stage.id, "grounds": "I do not agree."}
        assert story.would(complaint, now, "escalate", "customer", **fields), (notice.kind, text)


@pytest.mark.parametrize("charter", SHIPPED)
def test_a_letter_offers_an_appointment_where_one_may_be_asked_for(charter: str) -> None:
    for story, _, complaint, now, text in letters_of(charter):
        if "would still like to see us" in text or "would like another, please" in text:
            fields = {"about": "My papers.", "requested_at": now}
            assert story.would(complaint, now, "request_appointment", "customer", **fields), text


@pytest.mark.parametrize("charter", SHIPPED)
def test_a_letter_names_whom_it_says_it_names(charter: str) -> None:
    for _, notice, _, _, text in letters_of(charter):
        if "independent of us, and" in text:
            named = [post["name"] for post in notice.facts["further"]]
            assert set(notice.facts["outside"]) <= set(named) != set(), notice.kind
        assert "named below" not in text


@pytest.mark.parametrize("limits", LIMITS.values(), ids=LIMITS)
@pytest.mark.parametrize("charter", SHIPPED)
def test_no_letter_leads_to_a_channel_that_is_closed(
    charter: str, limits: list[dict[str, Any]]
) -> None:
    story = Watched(rules_of(charter), complainant=CUSTOMER, representative=None)
    by = {"id": "t.may", "name": "T May", "role": "manager"}
    handler = {"id": "h", "name": "H", "email": "h@desk.example", "phone": "0300 111"}
    story.do("allocate", handler=handler)
    assert story.do("restrict_contact", limits=limits, reason="Threats.", approved_by=by,
                    review_on=story.day(15)), story.refusals  # fmt: skip
    story.do("acknowledge")
    story.do("ask_information", questions=["When?"])
    story.do("name_representative", representative={"kind": "friend", "name": "Bob"})
    story.do("ask_authority")
    story.wait(120)
    contact = story.rules.charter.contact
    lines = {"email": [contact.email, "h@desk.example", "by e-mail"],
             "phone": [contact.phone, "0300 111", "ring us", "by telephone"],
             "letter": [" ".join(contact.address.split()), "by post"]}  # fmt: skip
    sent = [each for each, complaint, _ in story.sent if complaint.restriction]
    letters = [each for each in sent if each.recipient.kind is RecipientKind.CUSTOMER]
    assert len(letters) > 2
    for notice in letters:
        text = " ".join(render(notice).body.split())
        for way in notice.facts["closed_ways"]:
            found = [line for line in lines.get(way, []) if line in text]
            assert not found, (notice.kind, text)
        if notice.facts["one_person"]:
            assert "Any of us" not in text


def test_a_member_of_a_parliament_is_not_sent_to_one_and_is_not_asked_how_it_was() -> None:
    member = {"kind": "mp", "name": "M P", "email": "mp@house.example", "authorised": True}
    written: list[tuple[Notice, str]] = []
    for charter in SHIPPED:
        for story in played(charter, representative=member):
            written += [
                (notice, render(notice).body)
                for notice in story.notices
                if notice.recipient.kind is RecipientKind.REPRESENTATIVE
                and notice.recipient.name == "M P"
            ]
    assert written
    for notice, text in written:
        assert "Member of Parliament" not in text
        assert notice.kind is not NoticeKind.SURVEY
    assert any("House of Commons can pass" in " ".join(text.split()) for _, text in written)
