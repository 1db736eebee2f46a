"""Complaints on which something is entered late, or comes after the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.domain.playing.stories import Story, local


def heard_late() -> Iterator[Story]:
    """What nobody answers, what is entered after the end, and what comes after it."""
    answered = Story(stage="manager").do("reply")
    yield answered.do("record_contact").at("2026-12-01 10:00")
    in_time: dict[str, Any] = {"received_at": local("2026-10-20 10:00")}
    yield Story(stage="manager").do("reply").at("2026-11-10 10:00").do("record_contact", **in_time)
    late = Story(stage="manager").do("reply").at("2026-11-10 10:00")
    yield late.do("escalate", to="complaints-team", **in_time)
    yield Story(details="").at("2026-12-01 10:00").do("record_contact", **in_time)
    after = Story("casework-standards").do("close").do("record_contact").at("2026-12-01 10:00")
    yield after.do("acknowledge", contact=1).do("answer_contact")
