"""An office in which nobody acts unproven, on the real server.

Owns the key of its issuer, and how somebody sends beside a token, good or bad.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from joserfc.jwk import Key
from temporalio.client import WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.testing import WorkflowEnvironment

from domain.complaint.commands import Actor
from domain.complaint.decider.registry import VERBS
from identity.sending import sending, with_tokens
from tests.domain.playing.said import SAID
from tests.identity.tokens import FAULTS, ISSUER, claims_for, new_key, publish, signed
from tests.workflows.player import (
    A_MOMENT,
    PEOPLE,
    Case,
    Office,
    an_office,
    eventually,
    opening,
    refusal,
)


@dataclass(slots=True)
class Guarded:
    """An office in which nobody acts without a token, and the key of its issuer."""

    office: Office
    key: Key
    published: Path

    def token(self, role: str, **other: Any) -> str:
        """A good token for one of `PEOPLE`."""
        return signed(self.key, claims_for(PEOPLE[role].model_dump(), **other))

    def handle(self, reference: str) -> WorkflowHandle[Any, Any]:
        """The complaint, for whoever sends a token along."""
        return with_tokens(self.office.client).get_workflow_handle(f"complaint:{reference}")

    async def open(self, token: str | None, reference: str = "", **fields: Any) -> Case:
        """A complaint that was started with this token."""
        office, reference = self.office, reference or self.office.reference()
        own, office.env = office.env, _Sends(office.env)  # type: ignore[assignment]
        try:
            argument = opening(reference, **fields)
            with sending(token):
                at = argument["received_at"] + A_MOMENT
                return await office.start(argument, at=at, reference=reference)
        finally:
            office.env = own

    def faulty(self, fault: str, role: str) -> str | None:
        """A token of somebody in that role with this wrong with it; none where that is what is wrong."""
        make, _ = FAULTS[fault]
        return make(self.key, PEOPLE[role].model_dump()) if make else None

    async def opened(self) -> Case:
        """One that an app opened."""
        case = await self.open(self.token("upstream-app"))
        case.stage = await eventually(case.where)
        await case.settled()
        return case

    async def refused(
        self, case: Case, verb: str, actor: Actor, token: str | None
    ) -> ApplicationError:
        """With what the verb of this actor is refused, beside this token."""
        with sending(token):
            sent = self.handle(case.reference).execute_update(
                verb, case.argument(verb, actor, **said(verb))
            )
            return await refusal(sent)


class _Sends:
    """The environment, whose client sends tokens."""

    def __init__(self, env: WorkflowEnvironment) -> None:
        self._env, self.client = env, with_tokens(env.client)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._env, name)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def guarded(
    env: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Guarded]:
    """An office whose worker takes tokens alone."""
    key, place = new_key(), tmp_path_factory.mktemp("issuer") / "keys.json"
    publish(place, key)
    settings: dict[str, Any] = {
        "identity": "tokens", "identity_issuer": ISSUER, "identity_keys": str(place),
        "identity_refresh_seconds": 0,
    }  # fmt: skip
    async with an_office(env, **settings) as office:
        yield Guarded(office, key, place)


def said(verb: str) -> dict[str, Any]:
    """What the verb says, complete enough to be read."""
    at = {"received_at", "requested_at", "answered_at"} & VERBS[verb].model_fields.keys()
    return {name: opening("x")["received_at"].isoformat() for name in at} | SAID[verb]
