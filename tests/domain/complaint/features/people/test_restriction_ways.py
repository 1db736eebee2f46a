"""While contact is limited, letters go by what is open and by nothing else (IS-12, CS-11)."""

from __future__ import annotations

from typing import Any

import pytest

from domain.errors import InvalidCommand, WrongState
from domain.vocabulary import Role
from letters.routing import route
from tests.domain.playing.stories import Story

IS = "insolvency-service"
WRITING = [{"kind": "only-in-writing"}]
PHONE, EMAIL = ({"kind": "channels", "channels": [each]} for each in ("phone", "email"))


@pytest.mark.parametrize(
    ("fields", "limits", "by"),
    [
        ({"preferred_channel": "letter", "phone": "0123"}, WRITING, "e-mail"),
        ({"preferred_channel": "web-form", "address": "1 Road"}, [EMAIL], "Please post"),
        ({"preferred_channel": "web-form", "phone": "0123"}, [EMAIL], "Please ring"),
        ({"preferred_channel": "visit", "phone": "0123"}, WRITING, "e-mail"),
        (
            {"preferred_channel": "visit", "phone": "0123", "address": "1 Road"},
            [PHONE],
            "in person",
        ),
        ({"preferred_channel": "phone", "phone": "0123"}, [EMAIL], "Please ring"),
    ],
)
def test_is_12_a_closed_channel_is_no_way_out_either(
    fields: dict[str, Any], limits: list[Any], by: str
) -> None:
    theirs: dict[str, Any] = {f"complainant_{name}": value for name, value in fields.items()}
    story = Story(IS, **theirs)
    story.do("restrict_contact", limits=limits).do("update")
    for notice in (story.sent("contact-limited")[0], story.sent("progress")[0]):
        way = route(notice)
        assert by in (way.subject_prefix or way.by)
        assert getattr(notice.recipient, "email" if limits == [EMAIL] else "phone") is None


def test_is_12_a_limit_that_leaves_no_way_to_reach_the_customer_is_refused() -> None:
    refusal = Story(IS).refused("restrict_contact", limits=[EMAIL])
    assert isinstance(refusal, InvalidCommand)
    assert "no open channel" in refusal.message
    only_phone = Story(IS, complainant_email=None, complainant_phone="0123")
    assert isinstance(only_phone.refused("restrict_contact"), InvalidCommand)
    only_phone.do("prefer", Role.CUSTOMER, address="1 Road").do("restrict_contact")


def test_is_12_web_form_is_no_way_round_a_closed_mailbox() -> None:
    story = Story(IS, complainant_address="1 Road").do("restrict_contact", limits=[EMAIL])
    assert isinstance(story.refused("prefer", channel="web-form"), WrongState)
    story.do("prefer", channel="letter")


def test_is_12_a_new_number_is_kept_but_not_used_while_calls_are_closed() -> None:
    story = Story(IS).do("restrict_contact").do("prefer", Role.CUSTOMER, phone="0456")
    assert story.do("update").sent("progress")[0].recipient.phone is None
    story.do("lift_restriction", Role.MANAGER).do("update")
    assert story.sent("progress")[1].recipient.phone == "0456"
