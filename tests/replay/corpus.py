"""The kept histories: where they lie, and what each of them shows.

Owns reading them. They are never recorded again to make a test pass: a history that does not
replay is a running complaint that would break.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHistory

FOLDER = Path(__file__).parent / "histories"


@dataclass(frozen=True, slots=True)
class Kept:
    """One kept history."""

    name: str
    history: WorkflowHistory
    events: tuple[dict[str, Any], ...]

    @property
    def waits_in(self) -> tuple[str, str]:
        """Stage and state, as last shown in its search attributes; empty if it never opened."""
        shown: dict[str, Any] = {}
        for event in self.events:
            for part in event.values():
                fields = part.get("searchAttributes") if isinstance(part, dict) else None
                shown |= (fields or {}).get("indexedFields", {})
        return _text(shown.get("UpholdStage")), _text(shown.get("UpholdState"))

    @property
    def closed_how(self) -> str | None:
        """How the complaint ended, if its workflow completed."""
        done = self.events[-1].get("workflowExecutionCompletedEventAttributes")
        if not done:
            return None
        result: dict[str, str] = json.loads(_decoded(done["result"]["payloads"][0]))
        return result.get("closed_how")


def kept() -> Iterator[Kept]:
    """Every kept history, by name."""
    for path in sorted(FOLDER.glob("*.json")):
        text = path.read_text()
        events = tuple(json.loads(text)["events"])
        began = events[0]["workflowExecutionStartedEventAttributes"]
        yield Kept(path.stem, WorkflowHistory.from_json(began["workflowId"], text), events)


def _decoded(payload: dict[str, Any]) -> bytes:
    return base64.b64decode(payload["data"])


def _text(payload: dict[str, Any] | None) -> str:
    return str(json.loads(_decoded(payload))) if payload else ""
