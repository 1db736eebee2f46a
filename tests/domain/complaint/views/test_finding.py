"""Whoever a complaint names is found, however they and whoever looks for them are typed."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints
from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.complaint.decider.registry import EVENT_KINDS
from domain.complaint.features.handling.receiving import Opened
from domain.complaint.features.people.preferences import PreferencesStated
from domain.complaint.features.people.reaching import NoticeUndeliverable
from domain.complaint.features.people.representation.events import RepresentativeNamed
from domain.complaint.opening import Complainant, Opening, Representative, SubjectCase
from domain.complaint.views.finding import Field, Mark, marks_of, plain, ways_to_find, words_of
from domain.vocabulary import Channel, Correspondent, Topic

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
ANN = Complainant(
    name="Dr Siân O’Brien-Ôl",
    email="Sian@Example.ORG",
    phone="+44 (0)20 7946 0018",
    address="1 High Street, Cardiff CF10 1AA",
)
BOB = Representative(
    kind=Correspondent.FRIEND, name="Bob Jones", phone="07700 900123", email="bob@example.net"
)


def opened(who: Complainant = ANN, helper: Representative | None = BOB) -> Opened:
    opening = Opening(
        reference="FO-1", charter="financial-ombudsman", received_at=NOW, channel=Channel.EMAIL,
        about=(Topic.DELAY,), details="", complainant=who, representative=helper,
        subject_case=SubjectCase(reference="C-9 / 2026"),
    )  # fmt: skip
    return Opened(number=1, at=NOW, opening=opening, stage="case-handler", digest="d")


def found(event: Any, text: str) -> bool:
    there = set(marks_of(event))
    return any(way <= there for way in ways_to_find(text))


@pytest.mark.parametrize(
    "text",
    [
        "sian@example.org", " SIAN@EXAMPLE.ORG ", "Siân", "sian o'brien", "O'BRIEN", "Ôl", "ol sian",
        "Dr Sian O’Brien-Ol", "020 7946 0018", "+44 20 7946 0018", "02079460018", "0044 20 79 46 00 18",
        "CF10 1AA", "cf101aa", "C-9 / 2026", "c-9  / 2026", "Bob", "Mr Jones", "07700900123", "bob@example.net",
        "\uff33\uff49\uff41\uff4e", "Sia\u0302n", "CF10\u00a01AA", "O\u00adBrien",
    ],
)  # fmt: skip
def test_a_complaint_is_found_by_whoever_it_names_and_by_how_they_are_reached(text: str) -> None:
    assert found(opened(), text)


@pytest.mark.parametrize(
    "text",
    ["ian@example.org", "Sia", "Price", "020 7946 0019", "CF10 1AB", "C-9", "Siân Price", "0018",
     "Dr", "", "  ", "-", "@"],
)  # fmt: skip
def test_it_is_not_found_by_what_it_does_not_say(text: str) -> None:
    assert not found(opened(), text)


def test_letters_that_few_keyboards_have_are_found_without_them() -> None:
    assert words_of("Łukasz Işık Bjørn Þór Læssøe") == words_of("lukasz isik bjorn thor laessoe")


def test_whoever_is_named_later_and_what_was_said_since_is_found_too() -> None:
    named = RepresentativeNamed(number=2, at=NOW, representative=BOB)
    assert found(named, "bob jones")
    moved = PreferencesStated(
        number=3, at=NOW, email="new@example.org", phone="029 2018 0000", address="2 Low Road, NP10 8XG"
    )  # fmt: skip
    for text in ("new@example.org", "02920180000", "np10 8xg"):
        assert found(moved, text)


def test_every_event_that_names_a_customer_or_a_helper_is_looked_at() -> None:
    """A table over all events: whose fields can hold such a person, or how one is reached."""
    people = {Complainant, Representative, Opening}
    for kind in EVENT_KINDS:
        for name, hint in get_type_hints(kind).items():
            if {hint, *get_args(hint)} & people:
                assert name in {"opening", "representative", "complainant"}, (
                    f"{kind.__name__}.{name}"
                )
        own = {each.name for each in fields(kind)}
        if {"email", "phone", "address"} & own:
            # An address that led to nobody was found when it was stated.
            assert kind in {PreferencesStated, NoticeUndeliverable}, kind.__name__


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)


@given(NAMES)
@example("ẞ İ ﬃ ΐ \u0345")
def test_what_is_plain_is_plain_already(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(
    st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=1, max_size=20)
)
def test_capitals_accents_and_spaces_tell_no_names_apart(name: str) -> None:
    for typed in (normalize("NFD", name), normalize("NFC", name), f"  {name}\t", name.swapcase()):
        assert words_of(typed) == words_of(name)
    assert set(words_of(f"{name} {name}")) == set(words_of(name))


PEOPLE = st.builds(
    Complainant,
    name=st.text(st.characters(categories=["L"]), min_size=1, max_size=30),
    email=st.emails(),
    phone=st.from_regex(r"0[0-9]{10}", fullmatch=True),
    address=st.from_regex(
        r"[0-9]{1,3} High Street, [A-Z]{1,2}[0-9]{1,2} [0-9][A-Z]{2}", fullmatch=True
    ),
)


@given(PEOPLE)
def test_everybody_is_found_by_each_of_their_ways_and_by_each_word_of_their_name(
    who: Complainant,
) -> None:
    event = opened(who, helper=None)
    assert who.email
    assert who.phone
    assert who.address
    typed = [
        who.email,
        who.email.upper(),
        who.phone,
        f"+44 {who.phone[1:]}",
        who.address.rpartition(", ")[2],
        who.name,
    ]
    assert [text for text in typed if not found(event, text)] == []


def test_what_a_text_can_mean_says_each_thing_once() -> None:
    ways = ways_to_find("020 7946 0018")
    assert frozenset({Mark(Field.PHONE, "079460018")}) in ways
    assert len(ways) == len(set(ways))
