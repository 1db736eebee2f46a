"""Where answers to a letter go, and where word goes that it did not arrive."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.notices import Notice, NoticeKind
from letters.channels.port import Mail
from letters.envelope import Sender, compose
from letters.rendering import render
from letters.routing import route
from tests.letters.notice_samples import CUSTOMER, notice, to

SENDER = Sender(
    "complaints@council.example",
    replies="complaints@council.example",
    bounces="bounces@council.example",
)


def mail(one: Notice, sender: Sender = SENDER) -> Mail:
    return compose(one, render(one), route(one), sender, datetime(2026, 10, 5, 9, tzinfo=UTC))


def test_a_customers_answer_goes_to_an_address_that_names_the_complaint() -> None:
    assert b"Reply-To: complaints+FO-2026-000123@council.example\r\n" in mail(notice()).content


@pytest.mark.parametrize(
    "inside",
    [
        notice(NoticeKind.STAGE_ENTERED),
        to(CUSTOMER, email=None, address="4 Stryd Fawr\nBangor"),
    ],
)
def test_what_staff_and_the_post_room_answer_is_no_customers(inside: Notice) -> None:
    assert b"Reply-To: help@ombudsman.example\r\n" in mail(inside).content


def test_the_mail_server_is_told_an_address_that_names_the_letter() -> None:
    sender = mail(notice()).sender
    assert sender.startswith("bounces+FO-2026-000123=7=")
    assert sender.endswith("@council.example")
    assert sender != mail(notice(NoticeKind.REPLY)).sender
    assert sender == mail(notice()).sender


def test_without_such_addresses_the_senders_own_is_used() -> None:
    plain = mail(notice(), Sender("complaints@council.example"))
    assert plain.sender == "complaints@council.example"
    assert b"Reply-To: help@ombudsman.example\r\n" in plain.content


def test_a_reference_that_fits_no_address_leaves_the_plain_one() -> None:
    assert SENDER.envelope(f"{'X' * 60}/7/reply/customer") == "bounces@council.example"
    assert SENDER.answers("a reference, with blanks") is None
