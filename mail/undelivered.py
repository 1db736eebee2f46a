"""Reporting a letter that did not arrive: to its complaint, and in the ledger.

Owns the report, which is one, whoever brings it: a bounce, a callback of GOV.UK Notify, or its list of failures;
and the page that Notify calls.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from domain.complaint.notify.recipients import by_email
from domain.notices import OF_A_DIGEST, Recipient, reference_of
from ledger.port import NoticeOnRecord
from letters.channels.notify.outcomes import OUTCOMES

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

MOST_BYTES = 20_000
"""How long a callback may be: Notify's have some hundred bytes."""


class Unplaced(Exception):
    """The complaint cannot take it: it is refused, or has ended. What it says is for staff."""


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Which letter did not arrive, why, and the address where that is why."""

    key: str
    reason: str
    address: str | None = None
    lasting: bool = True


class Reports(Protocol):
    """What a report is made to."""

    async def send(self, verb: str, reference: str, fields: Mapping[str, Any]) -> None:
        """Send a verb. Raises `Unplaced` where it is refused for good."""

    async def letters(self, reference: str) -> tuple[NoticeOnRecord, ...]:
        """Every letter of a complaint."""

    async def is_undelivered(self, key: str) -> bool:
        """Whether that is on record already."""

    async def undelivered(self, key: str, reason: str) -> None:
        """Put on record that a letter did not arrive."""


async def report(to: Reports, said: Undelivered) -> None:
    """Tell the complaint, then the ledger; told twice, it is told once. Raises what `send` raises.

    A digest belongs to no complaint: that is told to the ledger alone.
    """
    if reference := reference_of(said.key):
        digest = hashlib.sha256(said.key.encode()).hexdigest()[:32]
        await to.send(
            "report_undelivered",
            reference,
            {
                "command_id": f"undelivered-{digest}",
                "notice": said.key,
                "reason": said.reason,
                "address": said.address,
                "lasting": said.lasting,
            },
        )
    await to.undelivered(said.key, said.reason)


async def report_state(to: Reports, told: Mapping[str, Any]) -> bool:
    """Report what Notify says of one of its messages, where that is a failure not on record; says whether it was.

    What it tells is only our own if it has the reference of a letter of ours. Raises what `report` raises.
    """
    key, state = str(told.get("reference") or ""), str(told.get("status") or "")
    outcome = OUTCOMES.get(state)
    ours = reference_of(key) or key.startswith(OF_A_DIGEST)
    if not ours or outcome is None or outcome.arrived or await to.is_undelivered(key):
        return False
    # Where the address is not why, the letter is tried once more as it was.
    blamed = outcome.address_bad or state == "temporary-failure"
    address = await _went_to(to, key, told) if blamed else None
    await report(to, Undelivered(key, outcome.reason, address, lasting=outcome.address_bad))
    return True


async def _went_to(to: Reports, key: str, told: Mapping[str, Any]) -> str | None:
    """What the letter went to, as the complaint has it: Notify writes numbers and addresses in its own way."""
    kind = told.get("notification_type") or told.get("type")
    went = told.get("to") or told.get("email_address") or told.get("phone_number")
    if person := await recipient_of(to, key):
        ours = {"sms": person.phone, "letter": person.address}.get(str(kind))
        if not ours and by_email(
            person
        ):  # also where they had it passed on; else it is the post room's
            ours = person.email
        went = ours or went
    return str(went) if went else None


async def recipient_of(to: Reports, key: str) -> Recipient | None:
    """Whom the letter of that key was written to; none where it is not on record."""
    letters = await to.letters(reference_of(key) or "")
    return next((each.notice.recipient for each in letters if each.notice.key == key), None)


async def report_all(
    to: Reports, failed: AsyncIterable[Mapping[str, Any]]
) -> tuple[int, list[str]]:
    """Report every failure that is not on record: how many were, and what could not be placed."""
    told, unplaced = 0, []
    async for each in failed:
        try:
            told += await report_state(to, each)
        except Unplaced as refused:
            unplaced.append(f"{each.get('reference')}: {refused}")
    return told, unplaced


def callbacks(to: Reports, token: str) -> Starlette:
    """The page that Notify calls at `/notify`, with that bearer token, when a message came to an end.

    It answers 204 once it is on record, so that Notify, which tries five times, tries again whatever is not.
    """
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse, Response
    from starlette.routing import Route

    async def called(request: Request) -> Response:
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(shown.encode(), token.encode()):
            return PlainTextResponse("The bearer token is wrong.", 401)
        content = b""
        async for piece in request.stream():
            content += piece
            if len(content) > MOST_BYTES:
                return PlainTextResponse("It is too long.", 413)
        try:
            told = json.loads(content)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            return PlainTextResponse("It is no JSON object.", 400)
        try:
            await report_state(to, told)
        except Unplaced as refused:
            return PlainTextResponse(str(refused), 202)
        return Response(status_code=204)

    return Starlette(routes=[Route("/notify", called, methods=["POST"])])
