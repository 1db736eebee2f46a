"""How people are reached, and what no name or address can do to a message."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.notices import Notice
from domain.vocabulary import Channel
from domain.wire import usable_address
from letters.channels.port import PermanentRefusal
from letters.envelope import Sender, compose, message_id
from letters.plain_text import one_line
from letters.rendering import render
from letters.routing import NAME_LIMIT, route
from tests.letters.channels.mail_server import words_in
from tests.letters.notice_samples import CUSTOMER, STAFF, notice, to

SENDER = Sender("complaints@ombudsman.example", "Complaints")
POST = {"email": None, "address": "4 Stryd Fawr\nBangor", "phone": "01248 000000"}


def sent(one: Notice) -> EmailMessage:
    """The message as it is read at the other end."""
    read = message_from_bytes(raw(one), policy=default)
    assert isinstance(read, EmailMessage)
    return read


def raw(one: Notice) -> bytes:
    """The message as it leaves."""
    at = datetime(2026, 10, 5, 9, tzinfo=UTC)
    return compose(one, render(one), route(one), SENDER, at).content


def test_a_message_says_who_it_is_from_and_what_it_is() -> None:
    message = sent(notice())
    assert message["From"] == '"Complaints, Ombudsman Example" <complaints@ombudsman.example>'
    assert message["Reply-To"] == "help@ombudsman.example"
    assert message["Date"] == "Mon, 05 Oct 2026 09:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert message["X-Uphold-Reference"] == "FO-2026-000123"


@pytest.mark.parametrize(
    ("channel", "changes", "asked"),
    [
        (Channel.LETTER, {}, "Please print this letter and post it to:"),
        (Channel.PHONE, {}, "Please ring Siân Prŷs-Ŵyn on 01248 000000"),
        (Channel.VISIT, {}, "would rather be told in person"),
        (Channel.EMAIL, {}, "Please print this letter and post it to:"),
        (Channel.WEB_FORM, {"address": None}, "Please ring Siân Prŷs-Ŵyn on 01248 000000"),
        (Channel.PHONE, {"phone": None}, "Please print this letter and post it to:"),
        (Channel.LETTER, {"address": None}, "Please ring Siân Prŷs-Ŵyn on 01248 000000"),
    ],
)
def test_who_has_no_e_mail_is_reached_through_the_post_room(
    channel: Channel, changes: dict[str, None], asked: str
) -> None:
    message = sent(to(CUSTOMER, channel=channel, adjustments=("large print",), **(POST | changes)))
    body = words_in(message)
    assert message["To"] == "Post room <post@ombudsman.example>"
    assert body.startswith("POST ROOM. ")
    assert asked in body
    assert "They asked for: large print" in body
    assert "Dear Siân Prŷs-Ŵyn," in body


@pytest.mark.parametrize("channel", [Channel.LETTER, Channel.PHONE, Channel.VISIT])
def test_who_would_rather_not_have_e_mail_gets_it_only_when_there_is_nothing_else(
    channel: Channel,
) -> None:
    preferring = to(CUSTOMER, channel=channel, **(POST | {"email": "sian@customer.example"}))
    assert sent(preferring)["To"] == "Post room <post@ombudsman.example>"
    only = to(CUSTOMER, channel=channel)
    assert sent(only)["To"] == "Siân Prŷs-Ŵyn <sian@customer.example>"


def test_staff_without_a_mailbox_are_reached_through_the_post_room() -> None:
    message = sent(to(STAFF, email=None))
    assert message["Subject"].startswith("[Please pass on] ")
    assert "pass this on to: Manager" in words_in(message)


def test_nothing_on_record_is_a_refusal_that_says_so() -> None:
    with pytest.raises(PermanentRefusal, match="No e-mail address, and no postal address"):
        route(to(CUSTOMER, email=None))
    with pytest.raises(PermanentRefusal, match="on record cannot be used"):
        route(to(CUSTOMER, email="not an address"))


def test_a_charter_without_a_usable_post_room_is_a_refusal() -> None:
    posted = to(CUSTOMER, **POST)
    with pytest.raises(PermanentRefusal, match="post room"):
        route(replace(posted, facts=posted.facts | {"post_room": "down the hall"}))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "@",
            "a@",
            "@b.example",
            "a b@c.example",
            "a@b.example, c@d.example",
            "a@b@c.example",
        ),
        *("a@b.example\r\nBcc: all@c.example", "a@b.example\nRCPT TO:<x@y>", "<a@b.example>"),
        *(
            "Name <a@b.example>",
            "siân@b.example",
            "a@b..example",
            "a@" + "b" * 300,
            "a" * 65 + "@b.example",
            "a@b.example..",
            "a\0@b.example",
            "ann@under_score.example",
        ),
    ],
)
def test_an_address_is_one_plain_mailbox_or_none(text: str) -> None:
    assert usable_address(text) is None


@pytest.mark.parametrize("text", ["a@b.example", "o'neil+x@b.example", "a@localhost", "a@tŷ.cymru"])
def test_ordinary_addresses_are_usable(text: str) -> None:
    found = usable_address(text)
    assert found is not None
    assert found.isascii()


@pytest.mark.parametrize(
    ("domain", "host"),
    [
        ("straße.example", "xn--strae-oqa.example"),
        ("βόλος.example", "xn--nxasmm1c.example"),
        ("EXAMPLE.Org", "example.org"),
        ("example.org.", "example.org"),
    ],
)
def test_no_domain_becomes_that_of_another_owner(domain: str, host: str) -> None:
    assert usable_address(f"ann@{domain}") == f"ann@{host}"


@pytest.mark.parametrize(
    "organisation",
    [
        "Anytown and District Borough Council, Housing and Planning Directorate",
        "Cyngor Bwrdeistref Sirol Rhywle, Tai, Cynllunio a Gwasanaethau Tŷ ac Ystâd",
        "An =?utf-8?q?odd=2C?= name",
        "N" * 300,
    ],
)
def test_a_long_organisation_is_one_mailbox(organisation: str) -> None:
    one = notice()
    one = replace(one, facts=one.facts | {"organisation": organisation})
    message = sent(one)
    assert [each.addr_spec for each in message["From"].addresses] == [
        "complaints@ombudsman.example"
    ]
    (name, address), *others = getaddresses([message_from_bytes(raw(one))["From"]])
    assert (address, others) == ("complaints@ombudsman.example", [])
    shown = str(make_header(decode_header(name)))
    assert shown == f"Complaints, {one_line(organisation, NAME_LIMIT)}"
    assert all(len(line) <= 78 for line in raw(one).split(b"\r\n"))


@pytest.mark.parametrize(
    "name", ["Eve\r\nBcc: all@x.example", "a" * 500, 'Q" <x@y.example>, "', "\x00"]
)
def test_no_name_can_add_a_header_or_a_recipient(name: str) -> None:
    message = sent(to(CUSTOMER, name=name))
    assert [address.addr_spec for address in message["To"].addresses] == ["sian@customer.example"]
    assert message["Bcc"] is None


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=100))
def test_any_name_and_organisation_make_a_message_with_the_headers_we_gave(
    name: str, organisation: str
) -> None:
    one = to(CUSTOMER, name=name)
    message = sent(replace(one, facts=one.facts | {"organisation": organisation}))
    assert set(message.keys()) == set(sent(notice()).keys())
    assert [address.addr_spec for address in message["To"].addresses] == ["sian@customer.example"]


@given(st.lists(st.text(min_size=1, max_size=120), min_size=2, max_size=2, unique=True))
def test_a_message_id_is_the_same_for_a_key_and_different_for_another(keys: list[str]) -> None:
    one, other = (message_id(key, "b.example") for key in keys)
    assert one != other
    assert one == message_id(keys[0], "b.example")
    assert len(one) < 200
    assert not set(' \r\n\t<>"') & set(one[1:-1])
