"""The client for apps: opening complaints, asking how they stand, sending verbs, listing.

complaints = await Complaints.connect()
started = await complaints.open(opening)
await complaints.acknowledge(started.reference, actor)
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from pydantic import BaseModel, ValidationError
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import Priority, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from domain.complaint.commands import Actor
from domain.complaint.decider.parsing import SIGNALS, parse_command
from domain.complaint.decider.registry import VERBS
from domain.complaint.opening import Opening
from domain.errors import InvalidCommand
from domain.faults import describe_faults
from engine.settings import Settings
from identity.sending import TokenOf, token_of_file
from sealing.clear import InTheClear
from sealing.codec import SealingCodec
from starter.wire.errors import AlreadyClosed, from_server
from starter.wire.keys import keys_for
from starter.wire.listing import Filters, Listed, to_query, to_row
from starter.wire.names import (
    DIGEST_MEMO,
    EVENTS_QUERY,
    TASK_QUEUE,
    WORKFLOW_TYPE,
    fairness_key,
    workflow_id,
)
from starter.wire.sender import ANSWER_WITHIN, Sender
from starter.wire.status import Status, Summary
from starter.wire.verbs import Fields, Verb, method_of


@dataclass(frozen=True, slots=True)
class Started:
    """A complaint that runs now."""

    reference: str
    already: bool
    """Whether it ran before this call: then nothing was started."""
    differs: bool = False
    """Whether it was opened before with another content; the first one counts."""


class Complaints(Sender):
    """Complaints on one Temporal server and namespace; each verb is a method (`starter.wire.verbs`)."""

    if TYPE_CHECKING:

        def __getattr__(self, verb: str) -> Verb: ...

    def __init__(
        self,
        client: Client,
        task_queue: str = TASK_QUEUE,
        *,
        answer_within: timedelta = ANSWER_WITHIN,
        token: TokenOf | None = None,
    ) -> None:
        """`client` must carry `engine.plugin.UpholdPlugin`; `connect` makes one that does.

        `token` gives what proves who acts: it is asked at each call, with the reference, and the actor
        as sent or None for an opening.
        """
        super().__init__(client, answer_within=answer_within, token=token)
        self._task_queue = task_queue

    @classmethod
    async def connect(
        cls, settings: Settings | None = None, *, token: TokenOf | None = None
    ) -> Self:
        """The complaints on the server that the environment names.

        `token` gives what proves who acts; by default it is what the settings' `token_file` holds. Raises the
        `EngineError` that says what is not there, `BadKeyRing` or `BadKeyService`.
        """
        from engine.connect import connect
        from engine.settings import load_settings

        settings = settings or load_settings()
        token = token or token_of_file(settings.token_file)
        client = await connect(settings, keys=keys_for(settings, token))
        return cls(client, settings.task_queue, token=token)

    async def open(
        self, opening: Opening | Mapping[str, Any], *, _start_delay: timedelta | None = None
    ) -> Started:
        """Start a complaint, once: the same reference again returns the one that runs.

        Raises `InvalidCommand` naming each field at fault (nothing is started), `AlreadyClosed`
        for a reference whose complaint has ended, `ServerUnavailable`. `_start_delay` is for the
        demo on skipped time, which opens complaints in its future.
        """
        valid = parse_opening(opening)
        received = f"{valid.received_at:%-d %B %Y %H:%M}"
        async with self._asking(valid.reference):
            digest = await self._digest_of(valid)
            try:
                await self._patiently(
                    lambda: self._client.start_workflow(
                        WORKFLOW_TYPE,
                        valid.model_dump(mode="json", exclude_defaults=True),
                        id=workflow_id(valid.reference),
                        task_queue=self._task_queue,
                        # A complaint whose opening was refused never was; one that ended is not started again.
                        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                        id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                        memo={DIGEST_MEMO: digest},
                        # One organisation's flood holds up nobody else's.
                        priority=Priority(fairness_key=fairness_key(valid.charter)),
                        static_summary=InTheClear(
                            f"{valid.charter}, received {received} UTC by {valid.channel}"
                        ),
                        start_delay=_start_delay,
                        rpc_timeout=self._answer_within,
                    )
                )
            except WorkflowAlreadyStartedError:
                return await self._already(valid.reference, digest)
        return Started(valid.reference, already=False)

    async def status(self, reference: str) -> Status:
        """How the complaint stands: every clock with its proof, and the timeline.

        Waits for one that is being opened. Also of one that has ended, for as long as the server keeps
        it. Raises `UnknownComplaint`, `NotAnswered`, `ServerUnavailable`.
        """
        return Status.model_validate(await self.standing(reference))

    async def events_from(self, reference: str, number: int) -> dict[str, Any]:
        """The complaint's events from that number on, as many as one answer holds: `pinned`, `events`, `of`.

        For a ledger that was restored. Of a long text there may be no more than its beginning. Raises as
        `status` does.
        """
        async with self._asking(reference):
            return await self._patiently(
                lambda: self._handle(reference).query(
                    EVENTS_QUERY,
                    number,
                    result_type=dict[str, Any],
                    rpc_timeout=self._answer_within,
                )
            )

    async def send(
        self,
        verb: str,
        reference: str,
        actor: Actor,
        command_id: str | None = None,
        fields: Fields | None = None,
    ) -> Summary:
        """Send the verb and wait until it is done; `InvalidCommand` before anything is sent.

        Raises the refusal, `UnknownComplaint`, `NotAnswered` (ask again with the same
        `command_id`), `ServerUnavailable`.
        """
        argument = _argument(verb, actor, command_id, fields)
        return Summary.model_validate(await self.execute(verb, reference, argument))

    async def signal(
        self,
        verb: str,
        reference: str,
        actor: Actor,
        command_id: str | None = None,
        fields: Fields | None = None,
    ) -> None:
        """Send one of `SIGNALS` without waiting for what becomes of it.

        A refusal is then recorded with the complaint and told to staff, not raised here.
        """
        if verb not in SIGNALS:
            raise InvalidCommand(
                f"{verb!r} cannot be signalled.", f"Signals: {', '.join(SIGNALS)}."
            )
        await self.hand_over(verb, reference, _argument(verb, actor, command_id, fields))

    async def list(self, filters: Filters | None = None, *, limit: int = 100) -> list[Listed]:
        """At most `limit` complaints for which all that is given holds, as the server finds them.

        This is Temporal's own index: it follows a change after a moment, knows no remedies, and is not
        in order of what is due. `Ledger.complaints` is, and has every page. Raises `InvalidCommand`.
        """
        query = to_query(filters or Filters())

        async def found() -> list[Listed]:
            rows = self._client.list_workflows(query, page_size=limit, limit=limit)
            return [to_row(each) async for each in rows]

        try:
            return await self._patiently(found)
        except RPCError as error:
            raise from_server(error) from error

    async def _digest_of(self, opening: Opening) -> str:
        """A short digest by which the same opening is known again; under a key ring nobody can guess at it."""
        codec = self._client.data_converter.payload_codec
        if isinstance(codec, SealingCodec):
            key = await codec.keys.of(opening.reference)
            return key.digest(opening.model_dump_json().encode())
        return digest_of(opening)

    async def _already(self, reference: str, digest: str) -> Started:
        told = await self._handle(reference).describe(rpc_timeout=self._answer_within)
        first = await told.memo_value(DIGEST_MEMO, digest, type_hint=str)
        if told.status != WorkflowExecutionStatus.RUNNING:
            raise AlreadyClosed(reference, differs=first != digest)
        return Started(reference, already=True, differs=first != digest)


for _verb, _model in VERBS.items():
    setattr(Complaints, _verb, method_of(_verb, _model))


def parse_opening(opening: Opening | Mapping[str, Any]) -> Opening:
    """The opening, checked. Raises `InvalidCommand` naming each field at fault and its value."""
    if isinstance(opening, Opening):
        return opening
    try:
        return Opening.model_validate(opening)
    except ValidationError as error:
        raise InvalidCommand(f"open: {describe_faults(error)}") from None


def digest_of(opening: Opening) -> str:
    """A short digest by which the same opening is known again; says nothing about the customer."""
    return hashlib.sha256(opening.model_dump_json().encode()).hexdigest()[:16]


def _argument(
    verb: str, actor: Actor, command_id: str | None, fields: Fields | None
) -> dict[str, Any]:
    """The verb's argument as it travels. Raises `InvalidCommand` naming each field at fault."""
    own = {
        name: value.model_dump() if isinstance(value, BaseModel) else value
        for name, value in (fields or {}).items()
    }
    command = parse_command(verb, {"command_id": command_id or str(uuid4()), "actor": actor, **own})
    return command.model_dump(mode="json", exclude_defaults=True)
