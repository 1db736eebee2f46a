"""Letters in Welsh on their way: headers, circumflexes, the post room, and hostile names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.notices import Notice, NoticeKind, RecipientKind
from domain.vocabulary import Channel
from letters.envelope import Sender, compose
from letters.rendering import render
from letters.required_facts import STAFF_KINDS
from letters.routing import route
from tests.letters.channels.mail_server import words_in
from tests.letters.notice_samples import CUSTOMER, notice

LETTERS = [kind for kind in NoticeKind if kind not in STAFF_KINDS]
SENDER = Sender("cwynion@comisiwn.example", "Cwynion")
WELSH_READER = replace(CUSTOMER, language="cy")


def sent(one: Notice) -> tuple[bytes, EmailMessage]:
    at = datetime(2026, 10, 5, 9, tzinfo=UTC)
    raw = compose(one, render(one), route(one), SENDER, at).content
    read = message_from_bytes(raw, policy=default)
    assert isinstance(read, EmailMessage)
    return raw, read


def to_welsh_reader(kind: NoticeKind = NoticeKind.ACKNOWLEDGEMENT, **changes: Any) -> Notice:
    return replace(notice(kind), recipient=replace(WELSH_READER, **changes))


@pytest.mark.parametrize("kind", LETTERS)
def test_a_welsh_message_names_its_language_and_keeps_its_letters(kind: NoticeKind) -> None:
    raw, message = sent(to_welsh_reader(kind))
    assert raw.isascii()
    assert message["Content-Language"] == "cy"
    assert "Annwyl Siân Prŷs-Ŵyn," in words_in(message)
    assert message["Subject"].strip() == render(to_welsh_reader(kind)).subject


def test_circumflexes_survive_in_every_header() -> None:
    one = to_welsh_reader()
    named = replace(one, facts=one.facts | {"organisation": "Cyngor Tŷ'r Ŵyn ŷ ŵ â ê î ô û"})
    letter = replace(render(named), subject="ŷ ŵ Ŷ Ŵ â ê î ô û " * 8)
    raw = compose(named, letter, route(named), SENDER, datetime(2026, 10, 5, tzinfo=UTC)).content
    read = message_from_bytes(raw, policy=default)
    assert raw.isascii()
    assert read["Subject"].strip() == letter.subject.strip()
    # Below Python 3.13 the parser of names puts a blank between the parts of an encoded one.
    (sender,) = getaddresses([message_from_bytes(raw)["From"]])
    assert str(make_header(decode_header(sender[0]))) == "Cwynion, Cyngor Tŷ'r Ŵyn ŷ ŵ â ê î ô û"
    assert str(read["To"]) == "Siân Prŷs-Ŵyn <sian@customer.example>"


@pytest.mark.parametrize("channel", [Channel.LETTER, Channel.PHONE, Channel.VISIT])
def test_the_post_room_is_told_which_language_the_person_reads(channel: Channel) -> None:
    by_hand: dict[str, Any] = {
        "email": None,
        "address": "4 Stryd Fawr\nBangor",
        "phone": "01248 000000",
    }
    _, message = sent(to_welsh_reader(channel=channel, adjustments=("print bras",), **by_hand))
    above, below = words_in(message).split("-" * 40)
    assert "They would like Welsh." in above
    assert "They asked for: print bras" in above
    assert "Gofynnoch i ni am y canlynol: print bras." in " ".join(below.split())
    assert message["Content-Language"] == "cy"
    _, english = sent(replace(notice(), recipient=replace(CUSTOMER, channel=channel, **by_hand)))
    assert "They would like" not in words_in(english)


def test_a_representative_is_told_in_welsh_on_whose_behalf() -> None:
    someone = to_welsh_reader(name="Ann Ash")
    friend = replace(
        someone, recipient=replace(someone.recipient, kind=RecipientKind.REPRESENTATIVE)
    )
    assert "eich cwyn ar ran Siân Prŷs-Ŵyn" in " ".join(render(friend).body.split())


HOSTILE = st.text(max_size=120) | st.sampled_from(
    ["Eve\r\nBcc: a@b.example", "{{ 7*7 }}{% raw %}", "NAME", "\u202eŷ\x00", "N" * 500, "ŵ" * 200]
)


@settings(deadline=None, max_examples=60)
@given(HOSTILE, HOSTILE, st.sampled_from(LETTERS))
def test_no_name_can_do_anything_to_a_welsh_letter(
    name: str, organisation: str, kind: NoticeKind
) -> None:
    one = to_welsh_reader(kind, name=name)
    one = replace(one, facts=one.facts | {"organisation": organisation, "customer_name": name})
    raw, message = sent(one)
    assert raw.isascii()
    assert set(message.keys()) == set(sent(to_welsh_reader(kind))[1].keys())
    assert [each.addr_spec for each in message["To"].addresses] == ["sian@customer.example"]
    assert len(render(one).subject.splitlines()) == 1
    assert message["Content-Language"] == "cy"
