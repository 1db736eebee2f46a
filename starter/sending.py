"""Owns what every typed verb is made of: sending it by its name, and the answer.

The verbs themselves are in `verbs`, and those of corrections in `correcting_verbs`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from domain.complaint.commands import Actor
from starter.status import Summary

Fields = Mapping[str, Any]


class Sending(ABC):
    """Whatever can send a verb to a running complaint."""

    @abstractmethod
    async def send(
        self,
        verb: str,
        reference: str,
        actor: Actor,
        command_id: str | None = None,
        fields: Fields | None = None,
    ) -> Summary:
        """Send the verb with its own `fields`; every typed method is this one."""
