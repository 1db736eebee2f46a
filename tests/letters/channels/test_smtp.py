"""The mail-server channel against a real server: what each answer means for a notice."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from domain.notices import Notice
from letters.channels.connections import Connections, Tls
from letters.channels.port import Mail, PermanentRefusal, TemporaryFailure
from letters.channels.smtp import SmtpChannel
from letters.envelope import Sender, compose
from letters.rendering import render
from letters.routing import route
from tests.letters.channels.mail_server import (
    authenticator,
    channel_to,
    mail_server,
    server_tls,
    trusting_tls,
    words_in,
)
from tests.letters.notice_samples import CUSTOMER, notice, to

SENDER = Sender("complaints@ombudsman.example", "Complaints")


def message_of(one: Notice) -> Mail:
    return compose(one, render(one), route(one), SENDER, datetime(2026, 10, 5, 9, tzinfo=UTC))


async def test_a_message_arrives_whole_with_its_letters_and_headers() -> None:
    message = message_of(notice(next_step="Ŵyn a ŷd: שלום 🎉"))
    async with mail_server() as desk:
        channel = channel_to(desk)
        await channel.send(message)
        assert await channel.find(message.message_id) is True
    (taken,) = desk.taken
    assert desk.recipients == ["sian@customer.example"]
    assert taken["To"] == "Siân Prŷs-Ŵyn <sian@customer.example>"
    assert taken["From"] == '"Complaints, Ombudsman Example" <complaints@ombudsman.example>'
    assert taken["Message-ID"] == message.message_id
    assert taken["Auto-Submitted"] == "auto-generated"
    assert "Ŵyn a ŷd: שלום 🎉" in words_in(taken)


@pytest.mark.parametrize("answer", ["550 5.1.1 <SIAN@customer.example> unknown", "553 bad mailbox"])
async def test_a_recipient_refused_for_good_is_a_refusal_that_keeps_the_address_to_itself(
    answer: str,
) -> None:
    async with mail_server() as desk:
        desk.at_recipient = answer
        with pytest.raises(PermanentRefusal) as refusal:
            await channel_to(desk).send(message_of(notice()))
    assert refusal.value.code == answer[:3]
    assert "sian" not in refusal.value.reason.lower()


@pytest.mark.parametrize("answer", ["452 4.2.2 mailbox full", "421 closing"])
async def test_a_recipient_not_taken_now_is_tried_again(answer: str) -> None:
    async with mail_server() as desk:
        desk.at_recipient = answer
        with pytest.raises(TemporaryFailure, match=answer[:3]):
            await channel_to(desk).send(message_of(notice()))
        desk.at_recipient = "250 OK"
        await channel_to(desk).send(message_of(notice()))
    assert len(desk.taken) == 1


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [("554 looks like spam", PermanentRefusal), ("451 try later", TemporaryFailure)],
)
async def test_the_answer_to_the_message_itself_counts_too(
    answer: str, meaning: type[Exception]
) -> None:
    async with mail_server() as desk:
        desk.at_data = answer
        channel = channel_to(desk)
        with pytest.raises(meaning, match=answer[:3]):
            await channel.send(message_of(notice()))
        assert await channel.find(message_of(notice()).message_id) is None


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and not listening: connections are refused
        channel = SmtpChannel(Connections("127.0.0.1", taken.getsockname()[1], tls=Tls.NONE))
        with pytest.raises(TemporaryFailure):
            await channel.send(message_of(notice()))


@pytest.mark.parametrize("when", ["in-data", "before-reply"])
async def test_a_connection_lost_with_the_message_under_way_leaves_its_fate_unknown(
    when: str,
) -> None:
    message = message_of(notice())
    async with mail_server() as desk:
        desk.hangs_up = when
        channel = channel_to(desk)
        with pytest.raises(TemporaryFailure):
            await channel.send(message)
        assert await channel.find(message.message_id) is None
    assert len(desk.taken) == (when == "before-reply")


async def test_patience_ends_with_a_server_that_does_not_answer() -> None:
    async with mail_server() as desk:
        desk.silent = True
        with pytest.raises(TemporaryFailure):
            await channel_to(desk).send(message_of(notice()), patience_seconds=0.05)
    assert desk.taken == []


async def test_a_sending_nobody_waits_for_any_more_is_finished_and_found() -> None:
    message = message_of(notice())
    async with mail_server() as desk:
        desk.may_answer.clear()
        channel = channel_to(desk)
        sending = asyncio.create_task(channel.send(message, patience_seconds=5.0))
        await desk.reading.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        looking = asyncio.create_task(channel.find(message.message_id))
        desk.may_answer.set()
        assert await looking is True
    assert len(desk.taken) == 1


async def test_starttls_encrypts_before_anything_is_said() -> None:
    async with mail_server(tls_context=server_tls(), require_starttls=True) as desk:
        await channel_to(desk, tls=Tls.STARTTLS, tls_context=trusting_tls()).send(
            message_of(notice())
        )
    assert desk.encrypted == [True]


async def test_tls_from_the_first_byte() -> None:
    async with mail_server(tls=server_tls()) as desk:
        await channel_to(desk, tls=Tls.TLS, tls_context=trusting_tls()).send(message_of(notice()))
    assert len(desk.taken) == 1


async def test_a_server_that_cannot_prove_itself_gets_nothing() -> None:
    async with mail_server(tls_context=server_tls()) as desk:
        with pytest.raises(TemporaryFailure):
            await channel_to(desk, tls=Tls.STARTTLS).send(message_of(notice()))
    assert desk.taken == []


async def test_a_server_without_starttls_gets_nothing_when_starttls_is_set() -> None:
    async with mail_server() as desk:
        with pytest.raises(TemporaryFailure):
            await channel_to(desk, tls=Tls.STARTTLS).send(message_of(notice()))
    assert desk.taken == []


async def test_a_wrong_password_is_nobodys_bad_address() -> None:
    strict: dict[str, Any] = {
        "tls_context": server_tls(),
        "auth_required": True,
        "authenticator": authenticator,
    }
    ours: dict[str, Any] = {
        "tls": Tls.STARTTLS,
        "tls_context": trusting_tls(),
        "username": "uphold",
    }
    async with mail_server(**strict) as desk:
        with pytest.raises(TemporaryFailure, match="535") as failure:
            await channel_to(desk, password="wrong one", **ours).send(message_of(notice()))
        assert "wrong one" not in failure.value.reason
        await channel_to(desk, password="let me in", **ours).send(message_of(notice()))
    assert len(desk.taken) == 1


async def test_a_domain_in_other_letters_is_written_as_mail_servers_know_it() -> None:
    async with mail_server() as desk:
        await channel_to(desk).send(message_of(to(CUSTOMER, email="sian@tŷ.example")))
    assert desk.recipients == ["sian@xn--t-foa.example"]


async def test_more_notices_than_connections_all_arrive() -> None:
    notices = [replace(notice(), key=f"FO-1/{number}/reply/customer") for number in range(30)]
    async with mail_server() as desk:
        channel = channel_to(desk)
        await asyncio.gather(*(channel.send(message_of(one)) for one in notices))
    assert len({taken["Message-ID"] for taken in desk.taken}) == 30
