"""Appointments, questions and services by the script: asked for, arranged, answered, and shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from starter.intake.columns import COLUMNS, to_fields
from tests.starter.conftest import Office


async def told(office: Office, *words: str) -> dict[str, Any]:
    """The answer of a command that has to succeed."""
    answer = await office.uphold(*words, "--json")
    assert answer.exit_code == 0, answer.stderr
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


async def test_the_case_file_shows_service_appointments_and_questions(office: Office) -> None:
    reference = await office.opened(
        charter="customer-promise", service="information-request", channel="letter"
    )
    await told(office, "request-appointment", reference, "--about", "My papers.")
    again = (await told(office, "request-appointment", reference, "--about", "A second matter."))[
        "due"
    ]
    assert sum(clock.startswith("CP-4#") for clock in again) == 2
    await told(
        office, "cancel-appointment", reference, "--reason", "Not needed.", "--no-arrange-anew",
        "--appointment", "2",
    )  # fmt: skip
    await told(office, "ask-information", reference, "--question", "When?", "--question", "Whom?")
    shown = (await office.uphold("show", reference)).stdout
    assert "service   information-request, which has a timescale of its own" in shown
    assert "meeting   appointment 1: requested" in shown
    assert "meeting   appointment 2: cancelled" in shown
    assert "asked     request 1, answer by" in shown
    now = await told(office, "record-information", reference, "--summary", "In May. Mr Lane.")
    assert now["state"] == "received"
    status = await office.complaints.status(reference)
    assert status.requests[0].state == "answered"
    assert [each.state for each in status.appointments] == ["requested", "cancelled"]


async def test_an_appointment_of_the_past_and_an_unknown_one_are_refused(office: Office) -> None:
    reference = await office.opened(charter="customer-promise")
    await told(office, "request-appointment", reference, "--about", "My papers.")
    arranging = (
        "arrange-appointment", reference, "--officer-id", "p.lane", "--officer-name", "P Lane",
    )  # fmt: skip
    past = await office.uphold(*arranging, "--at", "2020-01-06T10:00+00:00")
    assert (past.exit_code, past.stdout) == (1, "")
    assert "is not ahead" in past.stderr
    unknown = await office.uphold("record-appointment", reference, "--held", "late")
    assert "Refused (WrongState)" in unknown.stderr
    wrong = await office.uphold("record-appointment", reference, "--held", "early")
    assert wrong.exit_code == 2


async def test_a_contact_can_say_its_kind_and_that_it_answers(office: Office) -> None:
    reference = await office.opened()
    await told(office, "ask-information", reference, "--question", "When?", "--no-essential")
    await told(
        office, "record-contact", reference, "--channel", "phone", "--from-whom", "customer",
        "--summary", "In May.", "--contact-kind", "voicemail", "--answers",
    )  # fmt: skip
    status = await office.complaints.status(reference)
    assert (status.contacts[0].kind, status.requests[0].state) == ("voicemail", "answered")


async def test_a_pause_names_whom_it_waits_for(office: Office) -> None:
    now = datetime.now(UTC)
    reference = await office.opened(charter="insolvency-service", received_at=now.isoformat())
    await told(
        office, "pause", reference, "--review-on", f"{now + timedelta(days=7):%Y-%m-%d}",
        "--reason", "Its records.", "--third-party", "The bank",
    )  # fmt: skip
    assert (await office.complaints.status(reference)).state == "paused"


def test_a_file_of_complaints_has_a_column_for_the_service_and_what_was_tried() -> None:
    assert {"service", "contact_so_far"} <= set(COLUMNS)
    fields = to_fields({"service": "planning-application", "contact_so_far": "Two letters."})
    assert fields == {"service": "planning-application", "contact_so_far": "Two letters."}
