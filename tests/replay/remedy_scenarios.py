"""The complaints whose histories are kept for what they owe after their replies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.workflows.player import Case, Office
from tests.workflows.season import day

ADVICE = {"text": "Log every letter", "kind": "recommendation"}
OPEN_CASE: dict[str, Any] = {"subject_case": {"reference": "C-9", "open": True}}


async def remedies_of_two_replies(office: Office) -> Case:
    friend = {"kind": "friend", "name": "R Help", "email": "r@help.org", "authorised": True}
    case = await office.open(stage="manager", representative=friend, **OPEN_CASE)
    await case.do(
        "reply", remedies=["A letter", {"text": "We will pay you £50", "kind": "payment"}]
    )
    await case.do("escalate", "customer", to="complaints-team")
    await case.do("reply", remedies=["Another letter", {**ADVICE, "due": day(30).date()}])
    await case.do("accept", "customer")
    await case.do("withdraw_authority", "customer", reason="We no longer speak.")
    await case.do("do_remedy", "manager", remedy=1, how="It was sent.")
    await case.do("accept_remedy", "manager", remedy=4)
    await case.do("refuse_remedy", "manager", remedy=4, reason="It cannot be done.")
    await case.do("reassign_remedy", "manager", remedy=2, owner={"id": "k.lee", "name": "K Lee"})
    await case.do("do_remedy", "manager", remedy=2, how="It was paid.")
    await case.do("do_remedy", "manager", remedy=3, how="It was sent.")
    return case


async def a_remedy_that_is_late(office: Office) -> Case:
    case = await office.open(stage="manager", **OPEN_CASE)
    await case.do("reply", remedies=["A letter"])
    await case.do("accept", "customer")
    await case.do("apply_closure", "administrator", days=[day(3).date()], reason="Snow.")
    await case.do("postpone_remedy", "manager", remedy=1, new_due=day(36).date(), reason="Ill.")
    await case.until(day(75))
    return case


async def asked_how_it_was(office: Office) -> Case:
    case = await office.open(charter="insolvency-service", channel="letter")
    await case.do("reply")
    await case.do("accept", "customer")
    await case.passes(timedelta(days=10))
    return case
