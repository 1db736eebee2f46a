"""GOV.UK Notify against a server that obeys its rules: what goes how, once, and what its errors mean."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from activities.contracts import Fate
from activities.notifications import Notifications
from domain.notices import Notice
from domain.vocabulary import Channel
from ledger.memory import MemoryLedger
from letters.channels.notify.channel import NotifyChannel
from letters.channels.notify.client import A_MINUTE, NotifyClient
from letters.channels.notify.outcomes import FAILED, OUTCOMES
from letters.channels.port import PermanentRefusal, TemporaryFailure, Way
from letters.envelope import Sender, compose
from letters.rendering import render
from letters.routing import route
from tests.letters.channels.notify_server import KEY, SERVICE, TEMPLATES, NotifyDesk, notify
from tests.letters.notice_samples import CUSTOMER, notice, to

SENDER = Sender("complaints@ombudsman.example")
ALL = {
    Way.EMAIL: TEMPLATES["email"],
    Way.TEXT: TEMPLATES["sms"],
    Way.LETTER: TEMPLATES["letter"],
}
HOME = "4 Stryd Fawr\nBangor\nLL57 1AA"
AT = datetime(2026, 10, 5, 9, tzinfo=UTC)


@asynccontextmanager
async def channel(
    desk: NotifyDesk, templates: dict[Way, str] | None = None, key: str = KEY
) -> AsyncIterator[NotifyChannel]:
    made = NotifyChannel(NotifyClient(key, url=desk.url), templates or ALL)
    try:
        yield made
    finally:
        await made.close()


async def send(desk: NotifyDesk, one: Notice, templates: dict[Way, str] | None = None) -> None:
    async with channel(desk, templates) as way_out:
        letter = render(one)
        way = route(one, way_out.ways, len(letter.body))
        await way_out.send(compose(one, letter, way, SENDER, AT))


async def test_an_e_mail_goes_with_subject_words_and_our_key() -> None:
    async with notify() as desk:
        await send(desk, notice())
    (taken,) = desk.messages
    assert (taken["type"], taken["reference"]) == ("email", notice().key)
    assert taken["said"]["email_address"] == "sian@customer.example"
    words = taken["said"]["personalisation"]
    assert words["subject"] == render(notice()).subject
    assert "Dear Siân Prŷs-Ŵyn," in words["body"]
    assert "\n# What happens next\n" in words["body"]


async def test_who_prefers_letters_gets_one_at_their_address() -> None:
    async with notify() as desk:
        await send(desk, to(CUSTOMER, channel=Channel.LETTER, address=HOME))
    (taken,) = desk.messages
    words = taken["said"]["personalisation"]
    assert taken["type"] == "letter"
    assert [words[f"address_line_{at}"] for at in (1, 2, 3, 4)] == [
        "Siân Prŷs-Ŵyn",
        *HOME.split("\n"),
    ]


@pytest.mark.parametrize(
    ("length", "phone", "way"),
    [
        (500, "07700 900123", Way.TEXT),
        (500, "+44 7700 900123", Way.TEXT),
        (5000, "07700 900123", Way.EMAIL),
        (500, "+33 6 12 34 56 78", Way.TEXT),
        (500, "01248 000000", Way.EMAIL),
        (500, "+44 1248 000000", Way.EMAIL),
    ],
)
def test_who_prefers_the_telephone_is_texted_what_fits_a_mobile_and_rung_otherwise(
    length: int, phone: str, way: Way
) -> None:
    found = route(to(CUSTOMER, channel=Channel.PHONE, phone=phone), frozenset(ALL), length)
    assert found.way is way
    assert bool(found.instructions) is (way is Way.EMAIL)


def test_who_asked_for_help_or_a_visit_is_served_by_people() -> None:
    asked = to(CUSTOMER, channel=Channel.LETTER, address=HOME, adjustments=("large print",))
    visited = to(CUSTOMER, channel=Channel.VISIT, address=HOME)
    assert route(asked, frozenset(ALL)).by == route(visited, frozenset(ALL)).by == "post-room"


async def test_without_a_letter_template_the_post_room_posts() -> None:
    async with notify() as desk:
        posted = to(CUSTOMER, channel=Channel.LETTER, address=HOME)
        await send(desk, posted, {Way.EMAIL: TEMPLATES["email"]})
    (taken,) = desk.messages
    assert taken["said"]["email_address"] == "post@ombudsman.example"


async def test_a_letter_that_notify_cannot_print_is_posted_by_the_post_room() -> None:
    nowhere = to(CUSTOMER, channel=Channel.LETTER, address="1 Deep Street\nOld Town\nAtlantis")
    async with notify() as desk, channel(desk) as way_out:
        delivery = await Notifications(way_out, MemoryLedger(), SENDER).send_notice(nowhere)
    (taken,) = desk.messages
    assert (delivery.fate, delivery.detail) == (Fate.DELIVERED, "notify, post-room")
    assert taken["said"]["personalisation"]["subject"].startswith("[Please post] ")


async def test_a_message_whose_reply_was_lost_is_looked_up_before_it_is_sent_again() -> None:
    async with notify() as desk, channel(desk) as way_out:
        desk.loses_replies = 1
        sending = Notifications(way_out, MemoryLedger(), SENDER)
        first = await sending.send_notice_promptly(notice())
        second = await sending.send_notice(notice())
    assert (first.fate, second.fate) == (Fate.DEFERRED, Fate.DELIVERED)
    assert (len(desk.messages), second.detail) == (1, "notify, found")


async def test_what_notify_failed_to_send_or_has_forgotten_is_not_found() -> None:
    async with notify() as desk, channel(desk) as way_out:
        await send(desk, notice())
        assert await way_out.find("", notice().key) is True
        desk.became(notice().key, "technical-failure")
        assert await way_out.find("", notice().key) is False
        desk.became(notice().key, "delivered")
        desk.age_days[notice().key] = 8
        assert await way_out.find("", notice().key) is False


async def test_the_limit_of_a_minute_and_that_of_a_day_are_told_apart() -> None:
    async with notify() as desk:
        desk.per_minute = 0
        with pytest.raises(TemporaryFailure, match="rate limit") as minute:
            await send(desk, notice())
        desk.per_day = 0
        with pytest.raises(TemporaryFailure, match="for today") as day:
            await send(desk, notice())
    assert (minute.value.code, day.value.code) == ("notify-minute", "notify-today")
    assert minute.value.wait == A_MINUTE
    assert day.value.wait is not None
    assert A_MINUTE < day.value.wait <= timedelta(days=1) + A_MINUTE


async def test_what_notify_says_of_the_message_is_for_good_and_keeps_the_address_to_itself() -> (
    None
):
    async with notify() as desk:
        with pytest.raises(PermanentRefusal, match="Not a valid email address") as refusal:
            await send(desk, to(CUSTOMER, email="sian@nowhere.example"))
    assert "sian" not in refusal.value.reason


@pytest.mark.parametrize(
    ("key", "templates"),
    [(f"uphold-{SERVICE}-{SERVICE}", ALL), (KEY, {Way.EMAIL: "another-template"})],
)
async def test_a_wrong_key_or_template_is_our_own_fault_and_nobodys_refusal(
    key: str, templates: dict[Way, str]
) -> None:
    async with notify() as desk, channel(desk, templates, key) as way_out:
        mail = compose(notice(), render(notice()), route(notice()), SENDER, AT)
        with pytest.raises(TemporaryFailure):
            await way_out.send(mail)


async def test_a_notify_that_is_away_is_tried_again() -> None:
    desk = NotifyDesk()
    desk.url = "http://127.0.0.1:9"
    with pytest.raises(TemporaryFailure, match="ConnectError"):
        await send(desk, notice())


def test_a_key_that_is_none_is_named_as_such() -> None:
    with pytest.raises(ValueError, match="name-SERVICE-SECRET"):
        NotifyClient("let-me-in")


async def test_failed_messages_are_read_page_by_page() -> None:
    async with notify() as desk:
        for number in range(8):
            await send(desk, replace(notice(), key=f"FO-1/{number}/reply/customer"))
            desk.became(f"FO-1/{number}/reply/customer", FAILED[number % len(FAILED)])
        await send(desk, notice())
        client = NotifyClient(KEY, url=desk.url)
        found = [each["reference"] async for each in client.in_states(FAILED)]
        await client.close()
    assert sorted(found) == [f"FO-1/{number}/reply/customer" for number in range(8)]


def test_every_final_state_has_its_consequence() -> None:
    arrived = {state for state, outcome in OUTCOMES.items() if outcome.arrived}
    bad = {state for state, outcome in OUTCOMES.items() if outcome.address_bad}
    assert arrived == {"delivered", "sent"}
    assert bad == {"permanent-failure", "returned-letter"}
    assert set(FAILED) - bad == {
        *("temporary-failure", "technical-failure", "validation-failed"),
        *("virus-scan-failed", "cancelled"),
    }
