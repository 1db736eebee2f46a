"""What happens in the specimens: a few lives of a complaint that between them owe every letter.

Owns the stories alone. What a charter does not allow is left out of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from domain.charter.rules import Rules
from domain.complaint.features.contact.reports import ReportRefusal
from domain.complaint.features.people.reaching import ReportUndeliverable
from domain.complaint.opening import customer_key
from domain.notices import Notice, NoticeKind
from letters.specimens import people
from letters.specimens.player import RECEIVED, Played, daily
from letters.specimens.steps import HANDLER, New, begin, climb, contact, reply


def specimens(rules: Rules, language: str) -> Iterator[Notice]:
    """Every notice that the stories owe under the charter, to somebody who reads that language."""
    customer = {
        "name": "Ann Price", "email": "ann@post.example", "phone": "0300 000 0303",
        "address": "2 Hill Street, Anytown AB1 2AB", "language": language,
        "adjustments": ["large print"],
    }  # fmt: skip
    for story in STORIES:
        yield from story(partial(Played, rules, complainant=customer)).notices
    # Whoever asked for help is left for no digest.
    plain = partial(Played, rules, complainant=customer | {"adjustments": []})
    yield from daily(
        rules, [story(plain) for story in (_neglected, _slow, _answered, people.limited)]
    )


def by_kind(notices: Iterator[Notice]) -> dict[NoticeKind, list[Notice]]:
    """The notices of each kind that there is one of, in the order in which kinds are listed."""
    found: dict[NoticeKind, list[Notice]] = {kind: [] for kind in NoticeKind}
    for notice in notices:
        found[notice.kind].append(notice)
    return {kind: owed for kind, owed in found.items() if owed}


def _answered(new: New) -> Played:
    """A complaint that goes well and up the whole ladder; what was promised is seen to or is not."""
    story = new()
    begin(story)
    agreed = any(rule.agreed for rule in story.rules.promises.values())
    story.do("update", message="We have asked the branch for its papers.")
    often = {"update_interval": {"weeks": 2}} if agreed else {}
    story.do("prefer", "customer", adjustments=["large print"], **often)
    story.do("extend", new_due=story.day(12), reason="The papers of the branch have not come")
    contact(story, "Is there any news?")
    story.do("acknowledge", contact=story.complaint.contacts[-1].number)
    story.do("answer_contact", contact=1, summary="We expect the papers this week.")
    contact(story, "Please ring me about the papers.", "phone")
    tried: dict[str, Any] = {"contact": story.complaint.contacts[-1].number, "reached": False}
    story.do("return_call", **tried, summary="Rang the number on record; nobody answered.")
    reply(story)
    climb(story)
    for number in range(1, len(story.complaint.remedies) + 1):
        story.do("accept_remedy", remedy=number)
    story.do("do_remedy", remedy=2, how="We paid it into your account")
    if story.complaint.remedies:
        later = story.rules.calendar.add_working_days(story.complaint.remedies[0].due, 2)
        story.do("postpone_remedy", remedy=1, reason="We look for the letter", new_due=later)
    story.do("reassign_remedy", remedy=1, owner={"id": "k.lee", "name": "K Lee"})
    story.do("refuse_remedy", remedy=3, reason="The law does not let us")
    story.wait(120)
    return story


def _neglected(new: New) -> Played:
    """Nobody does anything, and in the end somebody says why."""
    story = new()
    contact(story, "I rang and was to be called back.", "phone")
    story.wait(100)
    story.do("give_reason", reason="The note of your call went astray")
    return story


def _slow(new: New) -> Played:
    """In hand, acknowledged, and then nothing for a long time."""
    story = new()
    begin(story)
    story.wait(150)
    story.do("give_reason", reason="Two of us were ill, and nobody took their cases over")
    reply(story)
    story.wait(7)
    return story


def _deciding(new: New) -> Played:
    """The case is passed to decision and comes back."""
    story = new(channel="letter")
    begin(story)
    story.do("pass_to_decision")
    story.wait(70)
    story.do("conclude_case", answered_at=story.now)
    return story


def _open_case(new: New) -> Played:
    """It is answered while the case is open, which keeps it waiting."""
    story = new(subject_case={"reference": "C-9", "open": True, "handler": HANDLER})
    begin(story)
    reply(story)
    story.wait(40)
    story.do("conclude_case", answered_at=story.now)
    return story


def _elsewhere(new: New) -> Played:
    return new(about=["outcome"])


def _feedback(answer: str, new: New) -> Played:
    """It was well, or might be better; no complaint. An answer is wanted where there is one."""
    story = new(about=["feedback"], answer_wanted=bool(answer), details="The new form is clear.")
    if answer:
        story.do("answer_feedback", answer=answer)
    return story


def _partly_elsewhere(new: New) -> Played:
    return new(about=["delay", "data-protection"])


def _too_late(new: New) -> Played:
    long_ago = RECEIVED - timedelta(days=500)
    case = {"reference": "C-9", "open": False, "answered_at": long_ago, "handler": HANDLER}
    return new(subject_case=case)


def _about_a_service(new: New) -> Played:
    story = new()
    names = [each.id for each in story.rules.charter.services]
    return new(service=names[0]) if names else story


def _paused(new: New) -> Played:
    """Facts are waited for, asked about at the review, waited for a little longer, and come."""
    story = new()
    begin(story)
    said = {"reason": "They hold the papers of that year", "third_party": "The branch"}
    story.do("pause", review_on=story.day(5), **said)
    story.wait(7)
    story.do("pause", review_on=story.day(2), **said)
    story.wait(1)
    story.do("resume")
    return story


def _corrected(new: New) -> Played:
    """The receipt is corrected, offices close, a duplicate is taken in, word goes astray."""
    story = new()
    begin(story)
    earlier = RECEIVED - timedelta(days=3)
    story.do("correct", received_at=earlier, reason="The stamp on the letter says so")
    story.do("apply_closure", days=[story.day(3)], reason="Snow: every office is closed")
    story.do("take_in", duplicate="EX-2026-000124", received_at=earlier - timedelta(days=1),
             reason="The same letter, by post", customer=customer_key(story.complaint.customer))  # fmt: skip
    story.do("link", to="EX-2026-000125", reason="Both are about the same branch")
    story.do("unlink", to="EX-2026-000125", reason="It was another branch")
    story.play(ReportRefusal(
        command_id="c", refused_verb="withdraw", refusal="WrongRole", message="I take it back."
    ))  # fmt: skip
    story.play(
        ReportUndeliverable(
            notice=f"{story.complaint.reference}/2/reply/customer", reason="No such mailbox"
        )
    )
    return story


def _ended(verb: str, new: New, **fields: Any) -> Played:
    """Ended by that verb, and reopened where that can be."""
    story = new()
    begin(story)
    if verb == "accept":
        reply(story, "upheld")
    contact(story, "I would like to leave it at that.")
    if verb == "merge":
        fields["customer"] = customer_key(story.complaint.customer)
    story.do(verb, **fields)
    story.wait(3)
    story.do("reopen", "manager", reason="New papers came")
    return story


def _left(new: New) -> Played:
    """Answered, and nothing more is heard; then the window is opened anew."""
    story = new()
    begin(story)
    reply(story)
    story.wait(150)
    story.do("reopen", "manager", reason="You were in hospital")
    return story


def _heard_late(new: New) -> Played:
    """Nobody deals with what the customer says after the reply, nor enters all of it in time."""
    story = new()
    begin(story)
    reply(story)
    answered = story.now
    contact(story, "I am not content. Please take this further.")
    story.wait(4)
    story.do("answer_contact", contact=1, summary="We have told you all that we know.")
    story.wait(150)
    said = {"channel": "letter", "from_whom": "customer", "summary": "I want to go on with this."}
    story.do("record_contact", received_at=answered + timedelta(days=1), **said)
    return story


def _kept_open(new: New) -> Played:
    """Answered while the case is open, which is then answered too: the last day is told."""
    story = new(subject_case={"reference": "C-9", "open": True})
    begin(story)
    reply(story)
    story.wait(60)
    story.do("conclude_case", answered_at=story.now)
    return story


STORIES: tuple[Callable[[New], Played], ...] = (
    _answered, _neglected, _slow, _deciding, _open_case, _elsewhere, _partly_elsewhere, _too_late,
    partial(_feedback, ""), partial(_feedback, "We have told the team, and they were glad."),
    _about_a_service, _paused, partial(people.asked, False), partial(people.asked, True), people.answers,
    people.appointments, people.helped, people.informed, people.limited, people.handed_on, _corrected, _left,
    _kept_open, _heard_late,
    partial(_ended, "withdraw", reason="It has been settled"),
    partial(
        _ended, "close", reason="It was a question, and we have answered it", ground="no-complaint",
        findings="You asked us when the branch is open.",
        approved_by={"id": "m.second", "name": "M Second", "role": "manager"},
    ),
    partial(_ended, "merge", into="EX-2026-000122", reason="The same letter, by e-mail"),
    partial(_ended, "accept"),
)  # fmt: skip
"""Every story; each ends with the complaint as it stands when the last of it was done."""
