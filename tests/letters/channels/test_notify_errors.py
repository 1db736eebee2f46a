"""What an error of GOV.UK Notify means: a fault of our settings costs nobody a letter, one of the message is for good."""

from __future__ import annotations

from pathlib import Path

import pytest

from activities.contracts import Fate
from activities.notifications import Notifications
from domain.vocabulary import Channel
from ledger.memory import MemoryLedger
from letters.channels.port import PermanentRefusal, TemporaryFailure
from tests.letters.channels.notify_server import notify
from tests.letters.channels.test_notify import SENDER, channel, send
from tests.letters.notice_samples import CUSTOMER, notice, to

OURS = [
    (400, "BadRequestError", "Missing personalisation: name"),
    (400, "BadRequestError", "Service is not allowed to send emails"),
    (400, "BadRequestError", "Template not found"),
    (400, "BadRequestError", "Template has been deleted"),
    (400, "BadRequestError", "sms template is not suitable for email notification"),
    (400, "ValidationError", "template_id is not a valid UUID"),
    (400, "BadRequestError", "Can’t send to this recipient using a team-only API key"),
    (400, "BadRequestError", "Cannot send letters with a team api key"),
    (400, "BadRequestError", "Cannot send letters when service is in trial mode"),
    (400, "BadRequestError", "email_reply_to_id x does not exist in database"),
    (401, "AuthError", "Unauthorized"),
    (403, "AuthError", "Invalid token: API key not found"),
    (403, "BadRequestError", "Forbidden"),
    (404, "NoResultFound", "No result found"),
    (405, "", "Method not allowed"),
    (408, "", "Request timeout"),
    (500, "Exception", "Internal server error"),
]
OF_THE_MESSAGE = [
    (
        400,
        "BadRequestError",
        "Content for template has a character count greater than the limit of 918",
    ),
    (
        400,
        "BadRequestError",
        "Text messages cannot be longer than 918 characters. Your message is 1055 characters.",
    ),
    (400, "BadRequestError", "Emails cannot be longer than 2000000 bytes."),
    (400, "BadRequestError", "Cannot send to international mobile numbers"),
    (400, "ValidationError", "phone_number Not enough digits"),
    (400, "ValidationError", "Last line of address must be a real UK postcode"),
    (413, "", "Request entity too large"),
]


@pytest.mark.parametrize("answer", OURS)
async def test_a_fault_of_our_settings_or_of_the_server_refuses_no_letter(
    answer: tuple[int, str, str],
) -> None:
    async with notify() as desk:
        desk.answers = answer
        with pytest.raises(TemporaryFailure) as failure:
            await send(desk, notice())
    assert failure.value.code == ("notify-settings" if answer[0] == 400 else f"notify-{answer[0]}")
    assert answer[2] in failure.value.reason


@pytest.mark.parametrize("answer", OF_THE_MESSAGE)
async def test_what_is_said_of_this_message_is_for_good(answer: tuple[int, str, str]) -> None:
    async with notify() as desk:
        desk.answers = answer
        with pytest.raises(PermanentRefusal) as refusal:
            await send(desk, notice())
    assert refusal.value.address_bad is answer[2].startswith("phone_number")


async def test_once_our_settings_are_mended_the_same_letter_leaves() -> None:
    async with notify() as desk, channel(desk) as way_out:
        sending = Notifications(way_out, MemoryLedger(), SENDER)
        desk.also_wants = "name"
        first = await sending.send_notice_promptly(notice())
        desk.also_wants, desk.forbidden = "", {"email"}
        second = await sending.send_notice_promptly(notice())
        desk.forbidden = set()
        third = await sending.send_notice_promptly(notice())
    assert [each.fate for each in (first, second, third)] == [
        Fate.DEFERRED,
        Fate.DEFERRED,
        Fate.DELIVERED,
    ]
    assert len(desk.messages) == 1


async def test_a_text_that_is_too_long_for_notify_is_read_out_by_the_post_room_at_once(
    tmp_path: Path,
) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "_letter.txt").write_text("{{ text }}")
    (tmp_path / "en" / "acknowledgement.txt").write_text("Subject: We have it\n\nWe have it.")
    texted = to(CUSTOMER, channel=Channel.PHONE, phone="07700 900123")
    for limit, kind, detail in ((918, "sms", "text"), (5, "email", "post-room")):
        async with notify() as desk, channel(desk) as way_out:
            desk.text_limit = limit
            sending = Notifications(way_out, MemoryLedger(), SENDER, own_words=tmp_path)
            delivery = await sending.send_notice_promptly(texted)
        (taken,) = desk.messages
        assert (delivery.fate, taken["type"]) == (Fate.DELIVERED, kind)
        assert delivery.detail == f"notify, {detail}"
