"""Whatever is sent to a complaint: what becomes of it is a change or a refusal by name, and the complaint goes on.

Owns the making of messages, from the fields that each verb and the opening take, well and badly filled in, and the
looking at what they did. One seed is one run.
"""

from __future__ import annotations

import asyncio
import json
import random
import string
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from benchmarks.report import Figure
from benchmarks.server.worker import settings_for
from domain.complaint.decider.parsing import SIGNALS
from domain.complaint.decider.registry import VERBS
from domain.complaint.opening import Opening
from domain.errors import REFUSALS
from domain.vocabulary import Role
from engine.dev_server import embedded_environment
from ledger.memory import MemoryLedger
from letters.channels.memory import MemoryChannel
from worker.build import build_worker

PATIENCE: Final = timedelta(seconds=60)
A_LIFE: Final = 150
"""Messages to one complaint, before the next one is opened."""
BROKEN: Final = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
        EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED,
    }
)
NOT_OPENED: Final = frozenset({"InvalidOpening", "UnknownCharter", "BeyondCalendar", *REFUSALS})
"""The names by which an opening is refused."""
ENCODINGS: Final = (b"binary/plain", b"binary/null", b"json/protobuf", b"nobody's", b"")
NAMES: Final = ("a.smith", "h.jones", "b.brown")
TEXTS: Final = (
    "", " ", "x", "\u200b", "\u3164", "\x00", "é" * 500, "\U0001f600" * 600, "=1+1", "{{ findings }}", "None",
    "\r\nBcc: all@example.org", "2026-11-20T10:00:00Z", "2026-02-30", "0001-01-01", "9999-12-31T23:59:59-14:00",
    "P1M", "-1", "NaN", "x" * 20_001,
)  # fmt: skip
ODD: Final[tuple[Any, ...]] = (
    None, True, 0, 1, -1, 7, 10**30, 1.5, float("nan"), [], {}, [[]], [{}], {"a": {"b": [None]}}, ["x"] * 60,
)  # fmt: skip


@dataclass(slots=True)
class Seen:
    """What became of the messages so far."""

    kinds: Counter[str] = field(default_factory=Counter)
    """How many were done, refused (by name), signalled, opened."""
    faults: list[str] = field(default_factory=list)
    """What must never be, each with the message that did it."""


@dataclass(slots=True)
class Messages:
    """Messages, made of what the models take."""

    luck: random.Random

    def fields(self, schema: dict[str, Any]) -> dict[str, Any]:
        """An object of that schema; each field is well filled in as a rule."""
        return {
            name: self.value(each, schema.get("$defs", {}), name)
            for name, each in schema["properties"].items()
            if name in schema.get("required", ()) or self.luck.random() < 0.5
            if self.luck.random() > 0.02
        }

    def value(self, schema: dict[str, Any], defs: dict[str, Any], name: str) -> Any:
        """A value of that schema as a rule, and else anything."""
        if self.luck.random() < 0.04:
            return self.luck.choice((*TEXTS, *ODD))
        if "$ref" in schema:
            return self.value(defs[schema["$ref"].rsplit("/", 1)[-1]], defs, name)
        if kinds := schema.get("anyOf") or schema.get("oneOf"):
            return self.value(self.luck.choice(kinds), defs, name)
        if "const" in schema or "enum" in schema:
            return self.luck.choice(schema.get("enum") or [schema["const"]])
        if "properties" in schema:
            return self.fields({**schema, "$defs": defs})
        return self._plain(schema, defs, name)

    def _plain(self, schema: dict[str, Any], defs: dict[str, Any], name: str) -> Any:
        day = f"2026-{self.luck.randint(10, 12)}-{self.luck.randint(1, 28):02}"
        match schema.get("type"), schema.get("format"):
            case "array", _:
                many = self.luck.randint(0, 3)
                return [self.value(schema["items"], defs, name) for _ in range(many)]
            case "integer" | "boolean" as kind, _:
                return self.luck.randint(1, 4) if kind == "integer" else self.luck.random() < 0.5
            case "string", "date-time" | "date" as kind:
                return day if kind == "date" else f"{day}T10:00:00Z"
            case "string", _:
                return self._text(name)
        return None

    def _text(self, name: str) -> str:
        if name in {"id", "name"}:
            return self.luck.choice(NAMES)
        long = self.luck.random() < 0.05
        return "".join(self.luck.choices(string.printable, k=19_000 if long else 12))

    def spoilt(self, fields: dict[str, Any]) -> bytes:
        """The object as JSON; now and then none."""
        text = json.dumps(fields).encode()
        match self.luck.randrange(40):
            case 0:
                return text[: self.luck.randrange(len(text))]
            case 1:
                return self.luck.randbytes(self.luck.randrange(200))
            case 2:
                return b'{"reason": ' * 1500 + b"1" + b"}" * 1500
            case 3:
                return text.replace(b'": "', b'": "\\ud800', 1)
            case 4:
                return b"[" + text + b"]"
            case _:
                return text

    def command(self, verb: str) -> bytes:
        """The JSON of a command of that verb."""
        fields = self.fields(VERBS[verb].model_json_schema()) | {
            "command_id": f"c{self.luck.randrange(10_000)}",
            "actor": {"id": self.luck.choice(NAMES), "name": "Somebody", "role": self.luck.choice([*Role])},
        }  # fmt: skip
        fields.pop("pinned", None)
        return self.spoilt(fields)

    def opening(self, reference: str) -> bytes:
        """The JSON of an opening."""
        fields = self.fields(Opening.model_json_schema()) | {"reference": reference}
        return self.spoilt(
            fields | {"charter": self.luck.choice(["financial-ombudsman", "nobody's"])}
        )


class Fuzz:
    """A run against one server and task queue."""

    def __init__(self, client: Client, task_queue: str, seed: int) -> None:
        """The client stays the caller's; a worker has to serve the queue."""
        self._client, self._queue, self._seed = client, task_queue, seed
        # Nothing here has to be hard to guess; it has to be the same again.
        self._messages = Messages(random.Random(seed))  # noqa: S311
        self._numbers = iter(range(10**9))
        self.seen = Seen()

    async def run(self, cases: int, say: Callable[[int], None] = lambda _: None) -> Seen:
        """Send so many messages, and look at what each did."""
        while self.seen.kinds.total() < cases:
            handle = await self._open_one()
            for verb in self._verbs(min(A_LIFE, cases - self.seen.kinds.total())):
                await self._send(handle, verb)
                if (await handle.describe()).status != WorkflowExecutionStatus.RUNNING:
                    break
            await self._look(handle)
            say(self.seen.kinds.total())
        return self.seen

    def _verbs(self, many: int) -> Iterator[str]:
        yield from self._messages.luck.choices(sorted(VERBS), k=many)

    async def _open_one(self) -> WorkflowHandle[Any, Any]:
        """A complaint that is open; every other attempt on the way is anything at all."""
        while self._messages.luck.random() < 0.6:
            await self._try_opening()
        reference = self._reference()
        plain = {
            "reference": reference, "charter": "financial-ombudsman", "stage": "manager", "channel": "email",
            "received_at": "2026-10-05T10:00:00Z", "about": ["delay"], "details": "x",
            "complainant": {"name": "Ann Price", "email": "ann@example.org"},
        }  # fmt: skip
        return await self._start(reference, _sent(json.dumps(plain).encode()))

    async def _try_opening(self) -> None:
        reference = self._reference()
        text = self._messages.opening(reference)
        handle = await self._start(reference, *self._badly_sent(text))
        try:
            await handle.execute_update("resume", _sent(b"{}"), rpc_timeout=PATIENCE)
        except WorkflowUpdateFailedError:
            self.seen.kinds["opened"] += 1
        except RPCError:
            try:
                await handle.result(follow_runs=False)
            except WorkflowFailureError as error:
                kind = getattr(error.cause, "type", type(error.cause).__name__)
                self.seen.kinds[f"not opened: {kind}"] += 1
                if kind not in NOT_OPENED:
                    self._fault(f"an opening failed by {kind}: {error.cause}", text)
        await self._look(handle)

    def _badly_sent(self, text: bytes) -> list[RawValue]:
        """The opening as one argument as a rule, and now and then as none, several, or of another encoding."""
        luck, one = self._messages.luck, _sent(text)
        if luck.random() < 0.8:
            return [one]
        other = _sent(text, luck.choice(ENCODINGS))
        return luck.choice(([], [other], [one, one], [one, other], [other, one, other]))

    async def _start(self, reference: str, *arguments: RawValue) -> WorkflowHandle[Any, Any]:
        more: dict[str, Any] = {"id": f"complaint:{reference}", "task_queue": self._queue}
        return await self._client.start_workflow("Complaint", args=arguments, **more)

    def _reference(self) -> str:
        return f"F{self._seed}-{next(self._numbers)}-{self._queue[-12:]}"

    async def _send(self, handle: WorkflowHandle[Any, Any], verb: str) -> None:
        text = self._messages.command(verb)
        argument = _sent(text)
        if verb in SIGNALS and self._messages.luck.random() < 0.4:
            await handle.signal(verb, argument, rpc_timeout=PATIENCE)
            self.seen.kinds["signalled"] += 1
            return
        try:
            await handle.execute_update(verb, argument, rpc_timeout=PATIENCE)
        except WorkflowUpdateFailedError as error:
            kind = getattr(error.cause, "type", "") or type(error.cause).__name__
            self.seen.kinds[f"refused: {kind}"] += 1
            ended = kind == "AcceptedUpdateCompletedWorkflow"
            if not isinstance(error.cause, ApplicationError) or (
                kind not in REFUSALS and not ended
            ):
                self._fault(f"{verb} was refused by {kind}: {error.cause}", text)
        except RPCError as error:
            self.seen.kinds[error.status.name] += 1
            if error.status != RPCStatusCode.NOT_FOUND:
                self._fault(f"{verb}: {error.status.name}: {error.message}", text)
        else:
            self.seen.kinds["done"] += 1

    async def _look(self, handle: WorkflowHandle[Any, Any]) -> None:
        """The complaint answers, nothing of it broke, and it ended as it should, if it did."""
        try:
            await handle.query("status", rpc_timeout=PATIENCE)
        except RPCError as error:
            self._fault(f"{handle.id} could not say how it stands: {error.message}", b"")
        broken = Counter(
            EventType.Name(event.event_type)
            for event in (await handle.fetch_history()).events
            if event.event_type in BROKEN
        )
        if broken:
            self._fault(f"{handle.id}: {dict(broken)}", b"")

    def _fault(self, what: str, text: bytes) -> None:
        self.seen.faults.append(f"{what[:400]} <- {text[:400]!r}")


def _sent(data: bytes, encoding: bytes = b"json/plain") -> RawValue:
    return RawValue(Payload(metadata={"encoding": encoding}, data=data))


async def measure_fuzz(folder: Path, cases: int, say: Callable[[int], None]) -> list[Figure]:
    """Send so many messages to complaints on the embedded server, on two seeds side by side."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = settings_for("fuzz", folder)
    async with (
        embedded_environment(log_file=folder / "server.log") as env,
        build_worker(env.client, settings, MemoryLedger(), MemoryChannel()),
    ):
        with env.with_time_skipping_disabled():
            runs = [Fuzz(env.client, settings.task_queue, seed) for seed in (1, 2)]
            found = await asyncio.gather(*(run.run(cases // 2, say) for run in runs))
    kinds = found[0].kinds + found[1].kinds
    faults = [fault for seen in found for fault in seen.faults]
    for fault in faults:
        print(fault, file=sys.stderr)
    return [
        Figure("messages of every kind to complaints", kinds.total()),
        *(Figure(f"… {kind}", many) for kind, many in sorted(kinds.items())),
        Figure("… that broke anything", len(faults), "", at_most=0),
    ]
