"""Who acts, how the customer hears, limits of contact and conflicts, by the script and the client."""

from __future__ import annotations

import json
from typing import Any

from domain.calendar.interval import Interval
from domain.complaint.commands import Actor
from domain.complaint.contact_limits import Limit
from domain.complaint.opening import Representative
from domain.vocabulary import Channel, ContactLimit, Correspondent, NoticesTo
from domain.wire import Person
from starter.intake.columns import to_fields
from tests.starter.conftest import CUSTOMER, HANDLER, MANAGER, Office

APPROVER = Actor(id="m.rees", name="M Rees", role=MANAGER.role)


async def told(office: Office, *words: str, env: dict[str, Any] | None = None) -> dict[str, Any]:
    """The answer of a command that has to succeed."""
    answer = await office.uphold(*words, "--json", env=env)
    assert answer.exit_code == 0, answer.stderr
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


async def test_the_case_file_shows_who_acts_wishes_limits_and_who_is_barred(office: Office) -> None:
    reference = await office.opened()
    await told(
        office, "name-representative", reference, "--representative-kind", "friend", "--representative-name", "R Help",
        "--representative-email", "r@example.org",
    )  # fmt: skip
    await told(office, "give-authority", reference, "--how", "By phone", "--notices-to", "both")
    await told(
        office, "prefer", reference, "--language", "cy", "--update-interval", "2 weeks",
        "--adjustment", "large print",
    )  # fmt: skip
    await told(
        office, "restrict-contact", reference, "--not-by", "phone", "--not-by", "visit",
        "--how-often", "One e-mail a week.", "--reason", "Threats.", "--approver-id", "m.rees",
        "--approver-name", "M Rees", "--review-on", "2027-03-01",
    )  # fmt: skip
    await told(
        office, "declare-conflict", reference, "--reason", "He is my brother.", "--person-id",
        "k.lee", "--person-name", "K Lee",
    )  # fmt: skip
    shown = (await office.uphold("show", reference)).stdout
    for line in (
        "wishes    email, in cy; every 2 weeks",
        "help      large print",
        "helper    friend acts; letters to both",
        "limited   not by phone, visit; how often: One e-mail a week.; review on",
        "barred    k.lee",
    ):
        assert line in shown, line


async def test_every_verb_about_people_is_a_method_of_the_client(office: Office) -> None:
    reference, complaints = await office.opened(), office.complaints
    helper = Representative(kind=Correspondent.FRIEND, name="R Help", email="r@example.org")
    await complaints.name_representative(reference, CUSTOMER, helper)
    await complaints.ask_authority(reference, HANDLER)
    await complaints.give_authority(
        reference, CUSTOMER, "By form", notices_to=NoticesTo.REPRESENTATIVE
    )
    await complaints.withdraw_authority(reference, CUSTOMER, "No longer.")
    await complaints.prefer(reference, CUSTOMER, update_interval=Interval(weeks=1))
    await complaints.prefer(reference, CUSTOMER, channel=Channel.PHONE, phone="01 234")
    limits = [Limit(kind=ContactLimit.CHANNELS, channels=(Channel.VISIT,))]
    day = (await complaints.status(reference)).received_at.date().replace(year=2027, month=3, day=1)
    await complaints.restrict_contact(reference, HANDLER, limits, "Threats.", APPROVER, day)
    later = day.replace(month=4)
    await complaints.review_restriction(
        reference, MANAGER, keep=True, reason="On.", review_on=later
    )
    await complaints.lift_restriction(reference, MANAGER, "Settled.")
    await complaints.declare_conflict(reference, MANAGER, "Kin.", person=Person(id="k", name="K"))
    status = await complaints.status(reference)
    assert status.preferences
    assert (status.preferences.channel, status.preferences.update_interval) == ("phone", "1 week")
    assert status.representation
    assert status.representation.authorised is False
    assert status.restriction is None
    assert status.barred == ("k",)


async def test_what_is_not_allowed_is_said_in_a_line(office: Office) -> None:
    reference = await office.opened()
    limiting = (
        "restrict-contact", reference, "--only-in-writing", "--reason", "x", "--approver-id",
        HANDLER.id, "--approver-name", "H Jones", "--review-on", "2027-03-01",
    )  # fmt: skip
    own = await office.uphold(*limiting)
    assert (own.exit_code, own.stdout) == (1, "")
    assert "h.jones is the one who asks for it" in " ".join(own.stderr.split())
    often = await office.uphold("prefer", reference, "--update-interval", "often")
    assert "Refused (InvalidCommand)" in often.stderr
    assert "update_interval" in often.stderr
    nobody = await office.uphold("ask-authority", reference)
    assert "Refused (WrongState)" in nobody.stderr


def test_a_file_of_complaints_says_how_often_in_words() -> None:
    fields = to_fields({"complainant.name": "A", "complainant.update_interval": "2 weeks"})
    assert fields == {"complainant": {"name": "A", "update_interval": "2 weeks"}}
