"""How long effects may take and how often they are tried again.

Owns the timeouts and retry policies of every activity that a workflow starts.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from temporalio.common import Priority, RetryPolicy

A_MOMENT = timedelta(seconds=1)
"""The shortest sleep, so that no mistake can make a workflow spin."""

SOON = timedelta(days=1)
"""What falls due within this is near its end."""


def priority_of(due: datetime | None, now: datetime) -> Priority:
    """Before others where something falls due soon; else as they come. Of whom it is says nothing.

    Servers that know no priorities pass it over.
    """
    near = due is not None and due - now < SOON
    return Priority(priority_key=2) if near else Priority.default


PROMPTLY: dict[str, Any] = {
    # Longer than a mail server may take to answer, so that a letter under way is not sent again.
    "start_to_close_timeout": timedelta(seconds=40),
    "retry_policy": RetryPolicy(maximum_attempts=1),
}
"""A first try: one attempt, and nothing lost if it fails."""

PATIENTLY: dict[str, Any] = {
    "start_to_close_timeout": timedelta(seconds=30),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=2),
        backoff_coefficient=2.0,
        maximum_interval=timedelta(minutes=10),
    ),
}
"""Tried again until it is done: the ledger comes back one day."""

BY_POST: dict[str, Any] = {
    "start_to_close_timeout": timedelta(minutes=2),
    "schedule_to_close_timeout": timedelta(days=7),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=10),
        backoff_coefficient=2.0,
        maximum_interval=timedelta(hours=1),
    ),
}
"""A notice is tried for a week; then somebody on the staff has to reach the person."""

FOR_A_DAY: dict[str, Any] = {
    "start_to_close_timeout": timedelta(minutes=2),
    "schedule_to_close_timeout": timedelta(hours=20),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=2),
        backoff_coefficient=2.0,
        maximum_interval=timedelta(minutes=15),
    ),
}
"""A digest is tried until the next is near, which then takes up what it would have told."""

RESOLVING: dict[str, Any] = {
    "start_to_close_timeout": timedelta(seconds=10),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=30)
    ),
}
"""Looking up a charter, before a complaint can open."""
