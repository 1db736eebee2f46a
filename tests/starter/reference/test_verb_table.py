"""The page of verbs is fresh, names everything that comes, and nothing that never does."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from domain.charter.rules import Rules, closed_on, pack, unpack
from domain.charter.tables import Charter
from domain.complaint.decider import registry as record
from domain.complaint.decider.access import TABLE
from domain.complaint.decider.react import OWED
from domain.complaint.decider.registry import VERBS
from domain.complaint.features.contact.reports import ReportRefusal
from domain.complaint.features.people.reaching import NoticeSentAgain, ReportUndeliverable
from domain.complaint.state import Complaint
from domain.vocabulary import Channel, Role, State
from starter.reference.verb_table import notices_of, turning, verb_table
from tests.domain.playing.laws import check_record
from tests.domain.playing.stories import SHIPPED, Story, local, patient, person, rules_of
from tests.starter.reference.told import (
    heard_late,
    what_happened,
    with_answers_of_other_kinds,
    with_lost_letters,
)

PAGE = Path(__file__).parents[3] / "docs" / "verbs.md"
OFFICER = {"id": "p.officer", "name": "P Officer"}
LINE = {"phone": "0300 1"}
MEMBER = {"kind": "mp", "name": "A Member", "email": "mp@x.org", "authorised": True}
RUNS_OUT = {"promise-missed", "estimate-passed", "chance-passed"}
STARTED_WITH = {"casework-standards": "email", "customer-promise": "phone"}


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == verb_table(), (
        "run python -m starter.reference.verb_table"
    )


def test_the_page_has_every_verb_and_every_event_is_made_by_one() -> None:
    assert TABLE.keys() == VERBS.keys() | {"open", "tick", "report_undeliverable", "report_refusal"}
    named = {event for permission in TABLE.values() for event in permission.events}
    assert named == set(record.EVENT_KINDS) == set(OWED)


@cache
def stories() -> tuple[Story, ...]:
    """Complaints in which, together, everything happens that can."""
    return tuple(_stories())


def _stories() -> Iterator[Story]:
    for charter in (*SHIPPED, "harbour-homes"):
        channel = STARTED_WITH.get(charter, "letter")
        yield _a_long_one(charter, channel)
        yield Story(charter, channel=channel).late("2028-12-20 10:00")
        yield Story(charter, channel=channel).do("reply").at("2028-01-10 10:00")
        yield Story(charter, about=["outcome"])
        yield Story(charter, channel=channel).do("withdraw", Role.CUSTOMER)
        yield Story(charter).do("close")
        yield _to_the_top(charter)
        yield from (Story(charter, channel=how) for how in Channel)
        yield Story(charter, channel="letter", representative=MEMBER)
    late = {"reference": "C-9", "open": False, "answered_at": "2026-01-05T10:00:00+00:00"}
    yield Story(about=["delay", "outcome"], subject_case=late)
    yield Story(received="2026-09-01 10:00", opened="2026-11-01 10:00", stage="manager")
    yield Story("harbour-homes").do("close").do("reopen")
    yield Story(stage="manager").do("extend").do("acknowledge").do("reply").do("reopen")
    yield _ended_by_the_reply()
    yield from heard_late()
    yield from _corrected()
    yield Story().do("merge")
    yield Story().do("link").do("unlink").do("take_in")
    yield from _with_somebody_who_acts()
    yield from _with_conflicts()
    yield from _with_appointments()
    yield from _with_questions()
    yield _surveyed()
    yield from _with_remedies()
    yield from with_lost_letters()
    yield from with_answers_of_other_kinds()


def _with_remedies() -> Iterator[Story]:
    advice = {"text": "Log every letter", "kind": "recommendation"}
    for charter, stage in (("financial-ombudsman", "manager"), ("customer-promise", None)):
        story = Story(charter, stage=stage).do("reply", remedies=["A letter", "£50", advice])
        story.do("reassign_remedy", "manager").do("postpone_remedy", "manager").do(
            "accept_remedy", "manager", remedy=3
        )
        story.do("do_remedy", "manager", remedy=3).do("refuse_remedy", "manager", remedy=2)
        yield story.at("2027-03-01 10:00").do("do_remedy", "manager")
        yield (
            Story(charter, stage=stage)
            .do("reply", remedies=[advice])
            .do("refuse_remedy", "manager")
        )


def _with_questions() -> Iterator[Story]:
    yield Story(details="", remedy_sought=None).at("2026-12-01 10:00").do("reopen", Role.MANAGER)
    yield Story("customer-promise", channel="letter", service="planning-application")
    yield Story(contact_so_far=None).at("2026-11-01 10:00")
    yield Story(stage="manager", contact_so_far=None).do("reply")
    asked = Story(stage="manager", rules=patient()).do("ask_information", stops_clock=True)
    yield asked.do("record_information")
    yield Story().do("ask_information").do("record_contact", answers=True)
    heard = Story(details="").at("2026-10-22 10:00").do("ask_information")
    yield heard.do("record_information", request=2).do("revise_information")
    heard = Story(details="").at("2026-10-22 10:00").do("record_contact")
    yield heard.do("revise_information", answer_by=None)
    yield Story(details="").do("escalate")
    lapses = Story(stage="manager", rules=patient())
    lapses.do("ask_information", stops_clock=True, essential=False)
    yield lapses.at("2026-11-01 10:00")
    yield Story("insolvency-service").do("pause").at("2026-11-03 10:00")


def _with_appointments() -> Iterator[Story]:
    yield Story("casework-standards").do("record_contact", channel="visit")
    for held in ("on-time", "late", "not-held-by-us", "not-attended", None):
        story = Story("customer-promise").do("request_appointment").do("arrange_appointment")
        yield story.at("2026-10-15 15:00") if held else story.at("2026-11-01 10:00")
        if held:
            story.do("record_appointment", held=held, note="A note.")
    yield Story("customer-promise").do("request_appointment").do("close")
    story = Story("customer-promise").do("request_appointment").do("arrange_appointment")
    yield story.at("2026-10-15 15:00").do("close").do("record_appointment")
    for verb in ("accept", "withdraw", "merge"):
        story = Story("customer-promise").do("request_appointment", Role.CUSTOMER)
        if verb == "accept":
            story.do("reply")
        yield story.do(verb, None if verb == "merge" else Role.CUSTOMER)
    yield Story("customer-promise").do("request_appointment").do("reply").at("2026-12-01 10:00")
    for anew in (True, False):
        story = Story("customer-promise").do("request_appointment").do("arrange_appointment")
        yield story.do("cancel_appointment", arrange_anew=anew)

    for verb, said in (("reassign", {"reason": "conflict"}), ("declare_conflict", {})):
        story = Story("customer-promise").do("allocate", handler=OFFICER | LINE)
        story.do("request_appointment").do("arrange_appointment", officer=OFFICER)
        yield story.do(verb, person(OFFICER["id"], "case-handler"), **said)


def _with_somebody_who_acts() -> Iterator[Story]:
    solicitor = {"kind": "professional", "name": "R Law", "email": "law@x.org"}
    yield Story("insolvency-service", representative=solicitor).at("2026-12-01 10:00")
    for charter in SHIPPED:
        story = Story(charter).do("allocate").do("name_representative", representative=solicitor)
        story.do("ask_authority").do("give_authority").do("name_representative")
        story.do("give_authority", who="A Cousin").do("withdraw_authority", who="A Cousin")
        story.do("prefer")
        story.do("restrict_contact").at("2026-12-02 10:00")
        story.do("review_restriction", Role.MANAGER, keep=True, review_on="2027-01-08")
        story.do("lift_restriction", Role.MANAGER).do("restrict_contact", review_on="2027-02-01")
        story.do("review_restriction", Role.MANAGER)
        story.do("prefer", update_interval="none")
        if any(rule.interval for rule in story.rules.charter.promises):
            story.do("prefer", update_interval={"months": 2})
        story.do("close")
        yield story


def _with_conflicts() -> Iterator[Story]:
    case = {"reference": "C-9", "handler": {"id": "h.jones", "name": "H Jones", "phone": "0300 1"}}
    yield Story(about=["conduct"], subject_case=case)
    for charter in SHIPPED:
        story = Story(charter).do("declare_conflict", Role.ADMINISTRATOR).do("allocate")
        old, new = {"id": "h.jones", "name": "H Jones"}, {"id": "a.new", "name": "A New"}
        story.do("declare_conflict", person=old, handler=new | LINE)
        story.do("declare_conflict", person=new)
        yield story.do("allocate", handler={"id": "b.new", "name": "B New", "phone": "0300 1"})


def _a_long_one(charter: str, channel: str) -> Story:
    rules = patient(charter, all_of_it=True)
    story = Story(channel=channel, about=["delay", "outcome"], rules=rules)
    story.do("allocate").do("introduce").do("reassign").do("introduce").do("update")
    story.do("pause").do("pause").at("2026-10-16 10:00").do("resume").do("acknowledge")
    for number, how in enumerate(("email", "phone", "letter", "web-form", "visit"), 1):
        story.do("record_contact", channel=how).do("acknowledge", contact=number)
        story.do("answer_contact", contact=number)
    story.do("record_contact", channel="phone", from_whom="mp").do("conclude_case")
    story.do("pass_to_decision").do("update").at("2026-12-10 10:00")
    story.play(ReportUndeliverable(notice="x/1/progress/customer", reason="bounced"))
    story.play(
        ReportRefusal(command_id="s", refused_verb="withdraw", refusal="WrongRole", message="No.")
    )
    packed = base64.b64encode(story.rules.packed).decode()
    story.do("refresh", Role.ADMINISTRATOR, pinned=packed).do("reply")
    return story.do("update").do("accept", Role.CUSTOMER)


def _corrected() -> Iterator[Story]:
    """Complaints whose dates move though nobody asked for more time."""
    for charter in (*SHIPPED, "harbour-homes"):
        kept = Story(charter, channel="email").do("acknowledge")
        yield kept.do("correct", received_at=local("2026-09-21 10:00"))
        story = Story(charter).do("take_in").do("correct").do("apply_closure", Role.ADMINISTRATOR)
        yield story.do("migrate", Role.ADMINISTRATOR, **slower(story.rules))
    rules, wedding = rules_of("financial-ombudsman"), (date(2026, 10, 12),)
    known = pack(rules.charter, closed_on(rules.calendar, wedding, "A royal wedding"))
    yield Story().do("refresh", Role.ADMINISTRATOR, pinned=base64.b64encode(known).decode())


def slower(rules: Rules) -> dict[str, str]:
    """What moves a complaint to a version of its charter that promises everything a day later."""
    content = rules.charter.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    content["charter"]["version"] = "2027.1"
    for promise in content["promise"]:
        if "working-days" in promise["within"]:
            promise["within"]["working-days"] += 1
    packed = pack(Charter.model_validate(content), rules.calendar)
    return {"to_version": "2027.1", "pinned": base64.b64encode(packed).decode()}


def _surveyed() -> Story:
    story = Story("insolvency-service", channel="letter").do("reply").do("accept", Role.CUSTOMER)
    return story.at("2026-12-01 10:00")


def _to_the_top(charter: str) -> Story:
    story = Story(charter)
    if charter == "financial-ombudsman":
        story.do("allocate")
        story.do("escalate", Role.CUSTOMER).do("extend", new_due="2026-10-20")
    while story.state != "closed":
        story.do("reply")
        following = story.rules.next_stage(story.complaint.stage)
        if following is None:
            return story.at("2027-06-01 10:00")
        story.do("escalate", Role.CUSTOMER, to=following.id)
    return story


def _ended_by_the_reply() -> Story:
    rules = rules_of("insolvency-service")
    closing = rules.charter.closing.model_copy(update={"after_last_reply": None})
    charter = rules.charter.model_copy(update={"closing": closing})
    story = Story(rules=unpack(pack(charter, rules.calendar)), channel="email")
    return story.do("request_appointment").do("reply")


def _each() -> Iterator[tuple[str, Any, Complaint, Complaint, set[str]]]:
    """Verb, event, the complaint before and after it, and the kinds of notice that it owes."""
    for story in stories():
        before = Complaint(story.rules)
        for verb, event, after, owed in story.steps:
            yield verb, event, before, after, {str(notice.kind) for notice in owed}
            before = after


def test_every_verb_makes_the_events_and_notices_that_the_page_names_and_no_others() -> None:
    made: set[tuple[str, str]] = set()
    owed: set[tuple[str, str, str]] = set()
    for verb, event, _, _, notices in _each():
        made.add((verb, event.kind))
        owed |= {(verb, event.kind, kind) for kind in notices if type(event) is not NoticeSentAgain}
    rows = [(verb, event) for verb, permission in TABLE.items() for event in permission.events]
    kinds = {event: str(event.__dataclass_fields__["kind"].default) for _, event in rows}
    assert made == {(verb, kinds[event]) for verb, event in rows}
    assert owed == {
        (verb, kinds[event], str(kind)) for verb, event in rows for kind in notices_of(verb, event)
    }


def test_every_verb_is_done_only_in_the_states_that_the_page_names() -> None:
    for verb, event, before, _, _ in _each():
        if before.opening and type(event) in TABLE[verb].events and event.command_id:
            state = State.PAUSED if before.pause and not before.closed else before.state
            assert state in TABLE[verb].states, f"{verb} when {state}"


def test_the_clocks_that_turn_are_those_that_the_page_names() -> None:
    seen: dict[str, set[tuple[str, str, str]]] = {}
    for _, event, before, after, _ in _each():
        turned = turning(after.rules.charter, type(event))
        old = {clock.id: clock for clock in before.clocks}
        for clock in after.clocks:
            word = what_happened(old.get(clock.id), clock)
            if word and not (event.kind in RUNS_OUT and word == "misses"):
                assert clock.promise in turned[word], f"{event.kind} {word} {clock.id}"
                seen.setdefault(after.rules.charter.id, set()).add(
                    (event.kind, word, clock.promise)
                )
    for charter in SHIPPED:
        named = {promise.key for promise in rules_of(charter).charter.promises}
        started = {key for _, word, key in seen[charter] if word == "starts"}
        assert started == named, "a promise that no story starts"


def test_every_one_of_these_stories_keeps_the_laws() -> None:
    for story in stories():
        check_record(story)
