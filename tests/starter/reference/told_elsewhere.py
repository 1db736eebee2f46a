"""What the page of verbs names and its own stories do not play."""

from __future__ import annotations

from dataclasses import replace

from domain.clocks.clock import Clock

ELSEWHERE = {
    "answer_feedback": ("appointment-lapsed", "closed", "feedback-answered"),
    "conclude_case": ("last-day-told",),
    "give_authority": ("information-postponed", "last-day-told", "reply-sent-again"),
    "give_reason": ("reason-given",),
    "hear_directly": (
        "heard-directly",
        "information-postponed",
        "last-day-told",
        "reply-sent-again",
    ),
    "name_representative": ("information-postponed", "last-day-told", "reply-sent-again"),
    "open": ("feedback-thanked", "informer-noted"),
    "prefer": ("information-postponed", "last-day-told", "reply-sent-again"),
    "return_call": ("call-returned",),
    "tick": ("astray-reminded", "case-asked-about"),
    "withdraw_authority": ("information-postponed", "last-day-told", "reply-sent-again"),
}
"""Events that no story here plays, by their verbs: each has tests of its own beside its feature."""
NOT_READ_HERE = {
    ("answer_contact", "contact-answered", "answered-directly"),
    ("open", "closed", "feedback-thanks"),
    ("open", "opened", "new-feedback"),
    ("open", "opened", "preferences-noted"),
    ("reply", "replied", "answered-directly"),
}
"""Notices of other events that no story here owes; the specimens of letters have all of them."""


def what_happened(old: Clock | None, new: Clock) -> str | None:
    """What became of a clock by one event: the word of the page, or nothing."""
    if old is None:
        return "starts"
    if old == new or replace(old, warned=True) == new:
        return None
    words = {"met": "meets", "stopped": "stops", "missed": "misses"}
    if new.fulfilled_late_at and not old.fulfilled_late_at:
        return "meets"
    return words.get(str(new.state), "moves") if new.state is not old.state else "moves"
