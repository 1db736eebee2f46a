"""Each notice delivered once, however often it is asked for and whatever fails in between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from temporalio import activity
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.contracts import Delivery, Fate
from activities.notifications import Notifications
from domain.notices import Notice, NoticeKind
from letters.channels.maildir import MaildirChannel
from letters.channels.memory import MemoryChannel
from letters.channels.port import Channel, PermanentRefusal, TemporaryFailure
from letters.envelope import Sender, compose, message_id, read_message
from letters.rendering import render
from letters.routing import route
from tests.activities.failing_ledger import LedgerDown, NoticeMemory
from tests.letters.channels.mail_server import channel_to, mail_server
from tests.letters.notice_samples import notice

SENDER = Sender("complaints@ombudsman.example", "Complaints")
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
DOWN = TemporaryFailure("the mail server is away")
GONE = PermanentRefusal("550 no such person", "550")

Way = Callable[[Notifications, Notice], Awaitable[Delivery]]
BOTH_WAYS = pytest.mark.parametrize(
    "send", [Notifications.send_notice, Notifications.send_notice_promptly]
)


def notifications(channel: Channel, ledger: NoticeMemory) -> Notifications:
    return Notifications(channel, ledger, SENDER, now=lambda: NOON)


@BOTH_WAYS
async def test_a_notice_is_sent_once_however_often_it_is_asked_for(send: Way) -> None:
    channel, ledger = MemoryChannel(), NoticeMemory()
    sending = notifications(channel, ledger)
    deliveries = [await send(sending, notice()) for _ in range(3)]
    assert [delivery.fate for delivery in deliveries] == [Fate.DELIVERED] * 3
    assert len(channel.taken) == 1
    assert [mark.state for mark in ledger.marks][:2] == ["attempted", "delivered"]
    assert {mark.message_id for mark in ledger.marks} == {channel.taken[0].message_id}


async def test_the_prompt_attempt_defers_what_the_ordinary_one_raises() -> None:
    channel, ledger = MemoryChannel(), NoticeMemory()
    sending = notifications(channel, ledger)
    channel.next_time(DOWN, DOWN)
    delivery = await sending.send_notice_promptly(notice())
    assert delivery == Delivery(Fate.DEFERRED, "the mail server is away")
    with pytest.raises(ApplicationError, match="away") as failure:
        await sending.send_notice(notice())
    assert failure.value.non_retryable is False
    assert (await sending.send_notice(notice())).fate is Fate.DELIVERED
    assert len(channel.taken) == 1
    assert channel.patience == [2.0, None, None]


@BOTH_WAYS
async def test_a_refusal_for_good_is_recorded_and_not_tried_again(send: Way) -> None:
    channel, ledger = MemoryChannel(), NoticeMemory()
    sending = notifications(channel, ledger)
    channel.next_time(GONE)
    assert await send(sending, notice()) == Delivery(Fate.REFUSED, "550 no such person")
    assert (ledger.marks[-1].state, ledger.marks[-1].detail) == ("refused", "550 no such person")
    assert (await send(sending, notice())).fate is Fate.REFUSED
    assert channel.taken == []


@BOTH_WAYS
async def test_a_notice_that_cannot_be_written_is_refused_with_what_is_missing(send: Way) -> None:
    channel, ledger = MemoryChannel(), NoticeMemory()
    bare = replace(notice(), facts={"organisation": "Ombudsman Example"})
    delivery = await send(notifications(channel, ledger), bare)
    assert delivery.fate is Fate.REFUSED
    assert "facts are missing" in delivery.detail
    assert channel.taken == []


@BOTH_WAYS
async def test_a_lost_reply_is_looked_up_before_the_notice_is_repeated(send: Way) -> None:
    channel, ledger = MemoryChannel(), NoticeMemory()
    sending = notifications(channel, ledger)
    channel.next_time("taken-but-reply-lost")
    assert (await sending.send_notice_promptly(notice())).fate is Fate.DEFERRED
    assert (await send(sending, notice())).fate is Fate.DELIVERED
    assert len(channel.taken) == 1
    assert (ledger.marks[-1].state, ledger.marks[-1].detail) == ("delivered", "memory, found")


async def test_where_the_channel_cannot_know_the_notice_goes_again_under_the_same_id() -> None:
    channel, ledger = MemoryChannel(knows=False), NoticeMemory()
    sending = notifications(channel, ledger)
    channel.next_time("taken-but-reply-lost")
    await sending.send_notice_promptly(notice())
    assert (await sending.send_notice(notice())).fate is Fate.DELIVERED
    assert len({mail.message_id for mail in channel.taken}) == 1
    assert len(channel.taken) == 2


async def test_a_ledger_that_cannot_be_told_stops_the_sending() -> None:
    channel, ledger = MemoryChannel(), NoticeMemory("attempted")
    sending = notifications(channel, ledger)
    assert (await sending.send_notice_promptly(notice())).fate is Fate.DEFERRED
    with pytest.raises(LedgerDown):
        await sending.send_notice(notice())
    assert channel.taken == []
    ledger.down.clear()
    assert (await sending.send_notice(notice())).fate is Fate.DELIVERED
    assert len(channel.taken) == 1


@BOTH_WAYS
async def test_killed_between_sending_and_marking_the_notice_is_found_and_not_repeated(
    send: Way, tmp_path: Path
) -> None:
    ledger = NoticeMemory("delivered")
    assert (
        await notifications(MaildirChannel(tmp_path), ledger).send_notice_promptly(notice())
    ).fate is Fate.DEFERRED
    with pytest.raises(LedgerDown):
        await notifications(MaildirChannel(tmp_path), ledger).send_notice(notice())
    ledger.down.clear()
    restarted = notifications(MaildirChannel(tmp_path), ledger)
    assert await send(restarted, notice()) == Delivery(Fate.DELIVERED, "maildir, found")
    assert len(list((tmp_path / "new").iterdir())) == 1


async def test_a_process_that_saw_the_mail_server_take_it_does_not_repeat_it() -> None:
    ledger = NoticeMemory("delivered")
    async with mail_server() as desk:
        sending = notifications(channel_to(desk), ledger)
        assert (await sending.send_notice_promptly(notice())).fate is Fate.DEFERRED
        ledger.down.clear()
        assert (await sending.send_notice(notice())).fate is Fate.DELIVERED
    assert len(desk.taken) == 1


async def test_another_worker_learns_from_the_engine_that_the_mail_server_took_it() -> None:
    ledger, engine = NoticeMemory("delivered"), ActivityEnvironment()
    left: list[object] = []
    engine.on_heartbeat = lambda *details: left.extend(details)
    async with mail_server() as desk:
        with pytest.raises(LedgerDown):
            await engine.run(notifications(channel_to(desk), ledger).send_notice, notice())
        assert left == [message_id(notice().key, SENDER.domain)]
        ledger.down.clear()
        elsewhere = ActivityEnvironment()
        elsewhere.info = replace_details(elsewhere.info, left)
        delivery = await elsewhere.run(
            notifications(channel_to(desk), ledger).send_notice, notice()
        )
    assert delivery == Delivery(Fate.DELIVERED, "smtp, found")
    assert len(desk.taken) == 1


def replace_details(info: activity.Info, details: list[object]) -> activity.Info:
    return replace(info, heartbeat_details=details, attempt=2)


async def test_a_prompt_attempt_leaves_no_word_with_the_engine_as_no_other_would_read_it() -> None:
    engine = ActivityEnvironment()
    left: list[object] = []
    engine.on_heartbeat = lambda *details: left.extend(details)
    await engine.run(notifications(MemoryChannel(), NoticeMemory()).send_notice_promptly, notice())
    assert left == []


async def test_a_notice_survives_the_wire_to_an_activity() -> None:
    for kind in NoticeKind:
        payloads = await pydantic_data_converter.encode([notice(kind)])
        (received,) = await pydantic_data_converter.decode(payloads, [Notice])
        channel = MemoryChannel()
        delivery = await notifications(channel, NoticeMemory()).send_notice(received)
        assert delivery.fate is Fate.DELIVERED


@pytest.mark.parametrize("outcome", [DOWN, GONE, "taken", "taken-but-reply-lost"])
async def test_logs_name_the_notice_and_nobody(outcome: object) -> None:
    channel, ledger = MemoryChannel(knows=False), NoticeMemory()
    sending = notifications(channel, ledger)
    channel.next_time(outcome)  # type: ignore[arg-type] # one of its outcomes
    with capture_logs() as logs:
        await sending.send_notice_promptly(notice())
        await sending.send_notice_promptly(notice())
    assert logs
    assert all(line["notice"] == notice().key for line in logs)
    for personal in ("Siân", "Prŷs", "customer.example", "H Jones"):
        assert personal not in str(logs)


def test_a_sender_that_is_no_address_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="not an e-mail address"):
        Sender("complaints")


@BOTH_WAYS
async def test_what_leaves_is_kept_before_it_leaves_and_for_good(send: Way) -> None:
    channel, ledger = MemoryChannel(), NoticeMemory()
    channel.next_time(DOWN)
    sending = notifications(channel, ledger)
    await sending.send_notice_promptly(notice())
    ((key, message),) = ledger.letters
    assert (key, channel.taken) == (notice().key, [])
    await send(sending, notice())
    assert {each for _, each in ledger.letters} == {message} == {channel.taken[0].content}


async def test_what_was_taken_though_its_reply_was_lost_keeps_the_words_in_which_it_left() -> None:
    channel, ledger = MemoryChannel(), NoticeMemory()
    channel.next_time("taken-but-reply-lost")
    await notifications(channel, ledger).send_notice_promptly(notice())
    later = Notifications(channel, ledger, Sender("new@ombudsman.example"), now=lambda: NOON)
    assert (await notifications(channel, ledger).send_notice(notice())).fate is Fate.DELIVERED
    assert (await later.send_notice(notice())).fate is Fate.DELIVERED
    assert [message for _, message in ledger.letters] == [channel.taken[0].content]


async def test_of_a_digest_nothing_is_kept_and_of_a_letter_that_cannot_be_written() -> None:
    ledger = NoticeMemory()
    sending = notifications(MemoryChannel(), ledger)
    await sending.send_notice(replace(notice(), key="digest/2026-10-05/team@office.example"))
    await sending.send_notice(replace(notice(), facts={"organisation": "Ombudsman Example"}))
    assert ledger.letters == []


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_message_is_read_again_as_it_was_written(kind: NoticeKind) -> None:
    letter, way = render(notice(kind)), route(notice(kind))
    mail = compose(notice(kind), letter, way, SENDER, NOON)
    subject, text, language = read_message(mail.content)
    assert (subject, language) == (way.subject_prefix + letter.subject, letter.language)
    assert text == way.instructions + letter.body
