"""Whatever happens to a complaint, a limit of contact changes none of its clocks (IS-12)."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import Refused
from tests.domain.playing.stories import SHIPPED, Story, local

MOVES = st.lists(
    st.tuples(
        st.sampled_from(
            ["allocate", "introduce", "acknowledge", "update", "pause", "resume", "record_contact",
             "answer_contact", "reply", "escalate", "reopen", "prefer"]
        ),
        st.integers(0, 15),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(moves=MOVES, at=st.integers(0, 11), charter=st.sampled_from(SHIPPED))
def test_is_12_a_limit_never_stops_a_clock(
    moves: list[tuple[str, int]], at: int, charter: str
) -> None:
    plain, other = Story(charter), Story(charter)
    now = local("2026-10-05 10:00")
    for number, (verb, hours) in enumerate(moves):
        if number == at:
            other.attempt(other.command("restrict_contact"))
        now = max(now, plain.now, other.now)
        for story in (plain, other):
            _move(story.until(now), verb, hours)
    later = local("2027-01-20 10:00")
    assert clocks(plain.until(later)) == clocks(other.until(later))


def _move(story: Story, verb: str, hours: int) -> None:
    following = story.rules.next_stage(story.complaint.stage)
    fields: dict[str, Any] = {"channel": "phone"} if verb == "record_contact" else {}
    if verb == "escalate":
        fields["to"] = following.id if following else "x"
    met = story.attempt(story.command(verb, **fields))
    assert isinstance(met, Refused | list)
    story.until(story.now.replace(hour=min(23, 8 + hours)))


def clocks(story: Story) -> list[tuple[Any, ...]]:
    """All that a clock is, but for the number of the event that started it."""
    return [
        (c.promise, c.contact, c.state, c.day_zero, c.ended_at, c.due_when_ended, c.spent, c.extra)
        for c in story.complaint.clocks
    ]
