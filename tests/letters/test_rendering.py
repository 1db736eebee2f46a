"""What notices say: every kind, with everything and with nothing, and from hostile hands."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.notices import NoticeKind, RecipientKind
from letters.languages import STAFF_NOTES, TEMPLATES, languages
from letters.plain_text import LINE_WIDTH
from letters.rendering import render, split_source
from letters.required_facts import (
    OPTIONAL,
    RENDERED,
    STAFF_KINDS,
    Unwritable,
    named_in,
    required_facts,
    templates_of,
)
from letters.wording import source_of
from tests.letters import notice_samples as samples
from tests.letters.notice_samples import CUSTOMER, emptied_facts_of, facts_of, notice

LANGUAGES = languages()
KINDS = list(NoticeKind)
LETTERS = [kind for kind in KINDS if kind not in STAFF_KINDS]

HOSTILE = (
    "Eve\r\nBcc: all@customer.example\r\n\r\nSubject: pwned\x00\x1b[2J\u202e{{ 7*7 }}{% raw %}"
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_template_names_nothing_that_is_not_given(kind: NoticeKind, language: str) -> None:
    if kind not in STAFF_KINDS:
        sources = (source_of(part, language) for part in templates_of(kind))
        named = {name for source in sources for name in named_in(source)}
        assert named <= required_facts(kind) | OPTIONAL.keys() | RENDERED
    assert required_facts(kind) <= samples.COMMON.keys() | samples.OWN.keys()


def test_a_name_that_nobody_gives_is_a_fact_that_is_missing() -> None:
    assert named_in("{% if findings %}{{ customer_nmae }}{% endif %}") == {
        "findings",
        "customer_nmae",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_a_template_for_every_letter_and_none_besides(language: str) -> None:
    found = {path.name for path in (TEMPLATES / language).iterdir()}
    expected = {part for kind in LETTERS for part in templates_of(kind)}
    assert found == expected | {"_sentences.txt", "words.toml"}


def test_a_note_to_staff_is_no_letter_as_well() -> None:
    notes = {path.name for path in STAFF_NOTES.iterdir()}
    assert notes == {"_staff.txt", "_digest.txt", *(f"{kind.value}.txt" for kind in STAFF_KINDS)}


@pytest.mark.parametrize(
    ("numbers", "subject", "said"),
    [
        (
            (1,),
            "remedy 1 is yours to see to",
            "The reply promised this, and it is yours to see to: Remedy 1, by Monday 30 November"
            " 2026, for H Jones: > We will say sorry for the letter that we lost Say when it is"
            " done and how, or refuse it with a reason. The customer is told either way.",
        ),
        (
            (2,),
            "remedy 2 is yours to see to",
            "The reply recommends this, and it is yours to see to: Remedy 2 (recommended), no date"
            " set, nobody named: > Change how letters are logged Accept it, or refuse it with a"
            " reason; then say when it is done. The customer and whoever recommended it are told"
            " each time.",
        ),
        (
            (1, 2),
            "2 remedies are yours to see to",
            "Accept what is recommended, or refuse it with a reason; then say when it is done. The"
            " customer and whoever recommended it are told each time. Say when each promise is"
            " done and how, or refuse it with a reason. The customer is told either way.",
        ),
    ],
)
def test_one_note_tells_of_all_the_remedies_of_a_reply(
    numbers: tuple[int, ...], subject: str, said: str
) -> None:
    owed = [each for each in samples.OWED["remedies"] if each["number"] in numbers]
    note = render(notice(NoticeKind.REMEDY_OWED, remedies=owed))
    assert note.subject == f"FO-2026-000123: {subject}"
    assert said in " ".join(note.body.split())


def test_a_note_on_a_closed_complaint_says_so_and_asks_for_nothing_further() -> None:
    note = render(notice(NoticeKind.REMEDY_OVERDUE, next_step={"kind": "closed"})).body
    assert "The complaint is closed." in note
    assert "To do" not in note


@pytest.mark.parametrize("source", ["Dear you", "Subject:", "Subject:   \nDear you", ""])
def test_a_template_without_a_subject_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="first line"):
        split_source(source)


@pytest.mark.parametrize("facts", [facts_of, emptied_facts_of])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_reads_well_with_all_facts_and_with_none(
    kind: NoticeKind, facts: Callable[[NoticeKind], dict[str, Any]]
) -> None:
    letter = render(replace(notice(kind), facts=facts(kind)))
    for trace in ("None", "{{", "}}", "{%", "[]", "()", " .", "..", ": \n", "\n\n\n"):
        assert trace not in letter.body, trace
    assert not any("  " in line.strip() for line in letter.body.splitlines())
    assert letter.subject.startswith("FO-2026-000123: ") is (kind is not NoticeKind.DIGEST)
    assert all(len(line) <= LINE_WIDTH for line in letter.body.splitlines())


@pytest.mark.parametrize("kind", LETTERS)
def test_every_letter_carries_next_step_date_with_proof_contact_and_further_steps(
    kind: NoticeKind,
) -> None:
    body = " ".join(render(notice(kind)).body.split())
    for said in (
        "Dear Siân Prŷs-Ŵyn,",
        "The manager will look at your complaint and answer you.",
        "by Friday 16 October 2026.",
        "Ten working days from Saturday 3 October 2026, England and Wales.",
        "H Jones is dealing with your complaint",
        "help@ombudsman.example",
        "0800 000 0000",
        "Complaints team. You can ask until Saturday 16 January 2027.",
        "Parliamentary Ombudsman: Looks at complaints about government bodies. You need to go"
        " through an MP.",
    ):
        assert said in body, said


@pytest.mark.parametrize(
    ("closes", "while_open", "said"),
    [
        ("2027-01-16", False, "You can ask until Saturday 16 January 2027."),
        (
            None,
            True,
            "You can ask at any time while your case is open. Once it has been answered we will "
            "write to you with the last day: you will still have 1 month from the day on which",
        ),
        (None, False, "Complaints team. Just write to us"),
    ],
)
def test_the_window_is_told_as_it_is(closes: str | None, while_open: bool, said: str) -> None:
    window = samples.COMMON["window"] | {"closes": closes, "while_case_open": while_open}
    assert said in " ".join(render(notice(window=window)).body.split())


@pytest.mark.parametrize("kind", sorted(STAFF_KINDS - {NoticeKind.DIGEST}))
def test_a_note_to_staff_says_what_to_do_by_when_and_no_name_in_its_subject(
    kind: NoticeKind,
) -> None:
    letter = render(notice(kind))
    assert "By: Friday 16 October 2026." in letter.body
    assert "To do: " in letter.body
    assert "Prŷs" not in letter.subject


def test_a_representative_is_told_whose_complaint_it_is() -> None:
    friend = replace(CUSTOMER, kind=RecipientKind.REPRESENTATIVE, name="Ann Ash")
    body = render(replace(notice(), recipient=friend)).body
    assert body.startswith("Dear Ann Ash,")
    assert "Siân Prŷs-Ŵyn's complaint" in " ".join(body.split())


def test_a_reader_of_another_language_is_offered_it_and_one_of_english_is_not() -> None:
    polish = render(replace(notice(), recipient=replace(CUSTOMER, language="pl")))
    assert "another language" in " ".join(polish.body.split("\n\n")[0].split())
    assert render(notice()).body.startswith("Dear ")


@pytest.mark.parametrize("language", ["..", "../en", "en/..", "/", "", "\0", "EN"])
def test_a_language_cannot_name_a_path(language: str) -> None:
    letter = render(replace(notice(), recipient=replace(CUSTOMER, language=language)))
    assert letter.language == "en"


def test_adjustments_stand_on_every_letter() -> None:
    person = replace(CUSTOMER, adjustments=("large print", "calls after 2 pm"))
    assert "large print; calls after 2 pm." in render(replace(notice(), recipient=person)).body


@pytest.mark.parametrize("name", sorted(samples.COMMON))
def test_a_missing_fact_is_named(name: str) -> None:
    facts = facts_of(NoticeKind.REPLY)
    del facts[name]
    with pytest.raises(Unwritable, match=rf"reply: facts are missing: {name}\."):
        render(replace(notice(NoticeKind.REPLY), facts=facts))


@pytest.mark.parametrize(
    "wrong",
    [
        {"due": "soon"},
        {"contact": None},
        {"contact": {}},
        {"further": [{}]},
        {"due": 7},
        {"next_step": {"kind": "dance"}},
        {"proof": {"unit": "weeks"}},
    ],
)
def test_a_fact_of_the_wrong_shape_is_no_letter(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unwritable, match="acknowledgement: "):
        render(notice(**wrong))


@pytest.mark.parametrize("kind", KINDS)
def test_no_fact_can_add_a_line_to_the_subject_or_act_in_the_body(kind: NoticeKind) -> None:
    hostile = {
        name: HOSTILE
        for name, value in facts_of(kind).items()
        if isinstance(value, str) and name not in DATES
    }
    eve = replace(notice(kind).recipient, name=HOSTILE)
    letter = render(replace(notice(kind, **hostile), recipient=eve))
    assert letter.subject.isprintable()
    assert len(letter.subject) <= 150
    for character in letter.body:
        assert character == "\n" or unicodedata.category(character) != "Cc"
    assert "\u202e" not in letter.body
    assert "49" not in letter.body


DATES = {
    "due",
    *("old_due", "new_due", "missed_due", "reason_by", "review_on", "ends", "received_on"),
    *("passed_on", "then_due", "promised_by"),
    *("window_closed", "first_sent", "remedy_due", "next_reminder"),
    *("old_received", "new_received", "counted_from", "replied_on"),
    *("answer_by", "closes_on", "reopen_by"),
    *("came_on", "arrange_by", "appointment_day", "next_ask", "day"),
}


def test_the_sample_names_every_declared_date() -> None:
    dates = {name for name, value in (samples.COMMON | samples.OWN).items() if is_date(value)}
    assert dates == DATES


def is_date(value: object) -> bool:
    try:
        return bool(date.fromisoformat(str(value)))
    except ValueError:
        return False


@settings(deadline=None)
@given(st.text(), st.text(max_size=200))
def test_any_text_makes_a_letter_that_can_be_sent(details: str, name: str) -> None:
    letter = render(notice(NoticeKind.NEW_COMPLAINT, details=details, customer_name=name))
    letter.body.encode()
    letter.subject.encode()
    assert len(letter.subject.splitlines()) == 1


def test_huge_details_are_cut_with_a_note_but_findings_never() -> None:
    note = render(notice(NoticeKind.NEW_COMPLAINT, details="word " * 20_000))
    assert len(note.body) < 6000
    assert "the whole is in the case file" in note.body
    reply = render(notice(NoticeKind.REPLY, findings="word " * 20_000 + "END"))
    assert "END" in reply.body


def test_other_scripts_and_emoji_stay_as_they_are() -> None:
    told = "Ŵyn a ŷd. שלום עולם. مرحبا. 👩‍👩‍👧 £100"
    assert told in render(notice(NoticeKind.PROGRESS, message=told)).body


def test_a_fact_printed_where_nothing_is_there_is_no_letter() -> None:
    with pytest.raises(Unwritable, match="empty"):
        render(notice(NoticeKind.PROGRESS, organisation=None))
