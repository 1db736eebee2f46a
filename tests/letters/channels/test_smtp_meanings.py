"""What a refusal blames: the address, the message or its size, or whoever sends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from letters.channels.port import Mail, PermanentRefusal, TemporaryFailure
from letters.channels.smtp import leads_to_nobody
from letters.envelope import Sender, compose
from letters.rendering import render
from letters.routing import route
from tests.letters.channels.mail_server import channel_to, mail_server
from tests.letters.notice_samples import notice


def message() -> Mail:
    one, sender = notice(), Sender("complaints@ombudsman.example")
    return compose(one, render(one), route(one), sender, datetime(2026, 10, 5, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    ("answer", "bad"),
    [
        ("550 5.1.1 <sian@customer.example>: no such user", True),
        ("550 5.1.10 the domain takes no mail", True),
        ("550 5.2.1 the mailbox is disabled", True),
        ("550 No such user here", True),
        ("551 User unknown", True),
        ("553 sorry, no mailbox here by that name", True),
        ("550 The email account that you tried to reach does not exist", True),
        ("552 5.2.2 mailbox full", False),
        ("550 5.4.1 Recipient address rejected: Access denied", False),
        ("550 5.7.1 looks like spam", False),
        ("550 mailbox unavailable", False),
        ("554 no such user", False),
        ("550 go away", False),
    ],
)
async def test_an_address_is_bad_only_where_the_server_says_that_there_is_none(
    answer: str, bad: bool
) -> None:
    async with mail_server() as desk:
        desk.at_recipient = answer
        with pytest.raises(PermanentRefusal) as refusal:
            await channel_to(desk).send(message())
    assert refusal.value.address_bad is bad
    assert refusal.value.code == answer[:3]
    assert answer.rpartition(" ")[2] in refusal.value.reason


@pytest.mark.parametrize(
    "answer",
    [
        "550 relay not permitted",
        "550 5.7.1 Relaying denied",
        "554 Service unavailable; Client host [1.2.3.4] blocked using zen.spamhaus.org",
        "530 Authentication required",
        "535 5.7.8 bad credentials",
        "550 5.7.26 this mail is not signed by its domain",
        "550 5.1.8 sender's domain not found",
    ],
)
async def test_what_is_our_own_fault_is_nobodys_bad_address_and_is_tried_again(answer: str) -> None:
    async with mail_server() as desk:
        desk.at_recipient = answer
        with pytest.raises(TemporaryFailure, match=answer[:3]):
            await channel_to(desk).send(message())
        desk.at_recipient = "250 OK"
        desk.at_data = answer
        with pytest.raises(TemporaryFailure, match=answer[:3]):
            await channel_to(desk).send(message())


async def test_a_letter_that_is_too_large_for_the_recipient_is_said_to_be_so() -> None:
    async with mail_server() as desk:
        desk.at_recipient = "552 5.3.4 message size exceeds fixed limit"
        with pytest.raises(PermanentRefusal, match="too large for the mail server") as refusal:
            await channel_to(desk).send(message())
    assert refusal.value.address_bad is False


@pytest.mark.parametrize("said", ["550 host 5.1.1.1 sends too much", "4.1.1", "2.1.5", ""])
def test_what_only_looks_like_the_code_of_a_bad_address_blames_none(said: str) -> None:
    assert leads_to_nobody(said) is False
