"""Sending notices: each one delivered once, however often it is asked for.

Owns the order in which the ledger and the channel are spoken to. What a notice says is in
`rendering`, how it is addressed in `envelope`, how it leaves in `channels`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any, Protocol

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.channels import Channel, PermanentRefusal, TemporaryFailure
from activities.contracts import SEND_NOTICE, Delivery, Fate
from activities.envelope import Route, Sender, compose, message_id, route
from activities.rendering import Unwritable, render
from domain.notices import Notice

PROMPT_SECONDS = 2.0
"""How long the prompt attempt waits for a channel before it leaves the notice for later."""


class NoticeLog(Protocol):
    """The ledger's memory of what became of each notice. Every method may be repeated."""

    async def notice_attempted(self, key: str, message_id: str, at: datetime) -> None:
        """Note that the notice is about to be handed to a channel."""

    async def notice_delivered(self, key: str, at: datetime, where: str) -> None:
        """Note that a channel took the notice."""

    async def notice_refused(self, key: str, at: datetime, reason: str) -> None:
        """Note that the notice was refused for good."""

    async def notice_fate(self, key: str) -> str | None:
        """`owed`, `attempted`, `delivered` or `refused`; None for a notice not known yet."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Notifications:
    """The activities that send notices."""

    def __init__(
        self,
        channel: Channel,
        notices: NoticeLog,
        sender: Sender,
        *,
        prompt_seconds: float = PROMPT_SECONDS,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        """`prompt_seconds` bounds the prompt attempt up to the hand-over of the message."""
        self._channel, self._notices, self._sender = channel, notices, sender
        self._prompt_seconds, self._now = prompt_seconds, now
        self._log = structlog.get_logger(__name__)

    async def send_notice_promptly(self, notice: Notice) -> Delivery:
        """Send the notice if that is quickly done; `DEFERRED` for whatever stands in the way.

        For a single attempt: raises nothing for mail or ledger trouble.
        """
        try:
            return await self._send(notice, self._prompt_seconds)
        except TemporaryFailure as failure:
            return Delivery(Fate.DEFERRED, failure.reason)
        except Exception as error:  # noqa: BLE001 - the ordinary attempt repeats and reports it
            self._log_of(notice).warning("notice-deferred", because=type(error).__name__)
            return Delivery(Fate.DEFERRED, f"{type(error).__name__} before the notice was sure")

    @activity.defn(name=SEND_NOTICE)
    async def send_notice(self, notice: Notice) -> Delivery:
        """Send the notice: `DELIVERED`, or `REFUSED` for good.

        Raises a retryable `ApplicationError` on a temporary failure, and whatever the ledger
        raises: in both cases nothing is lost by trying again.
        """
        try:
            return await self._send(notice, None)
        except TemporaryFailure as failure:
            raise ApplicationError(failure.reason, type=type(failure).__name__) from failure

    async def _send(self, notice: Notice, patience_seconds: float | None) -> Delivery:
        log, key = self._log_of(notice), notice.key
        own_id = message_id(key, self._sender.domain)
        fate = await self._notices.notice_fate(key)
        if fate == Fate.DELIVERED:
            return Delivery(Fate.DELIVERED, "delivered before")
        if fate == Fate.REFUSED:
            return Delivery(Fate.REFUSED, "refused before")
        if fate == "attempted" and await self._was_taken(own_id, log):
            return await self._delivered(key, f"{self._channel.name}, found")
        try:
            way, message = self._written(notice)
            # Unless the attempt is on record, a lost reply could not be told from no attempt:
            # a ledger that cannot be written stops the sending here.
            await self._notices.notice_attempted(key, own_id, self._now())
            await self._channel.send(message, patience_seconds=patience_seconds)
        except (PermanentRefusal, Unwritable) as refusal:
            return await self._refused(key, refusal, log)
        except TemporaryFailure as failure:
            log.warning("notice-not-taken", code=failure.code, channel=self._channel.name)
            raise
        _carry(own_id)
        log.info("notice-sent", channel=self._channel.name, by=way.by)
        return await self._delivered(key, f"{self._channel.name}, {way.by}")

    def _written(self, notice: Notice) -> tuple[Route, EmailMessage]:
        letter, way = render(notice), route(notice)
        return way, compose(notice, letter, way, self._sender, self._now())

    async def _was_taken(self, own_id: str, log: Any) -> bool:
        found = True if _carried(own_id) else await self._channel.find(own_id)
        if found is None:
            log.warning("notice-repeated", because="the channel cannot say whether it took it")
        return bool(found)

    async def _delivered(self, key: str, where: str) -> Delivery:
        await self._notices.notice_delivered(key, self._now(), where)
        return Delivery(Fate.DELIVERED, where)

    async def _refused(
        self, key: str, refusal: PermanentRefusal | Unwritable, log: Any
    ) -> Delivery:
        if isinstance(refusal, PermanentRefusal):
            reason = refusal.reason
            log.warning("notice-refused", code=refusal.code)
        else:
            reason = f"The notice could not be written. {refusal}"
            log.error("notice-unwritable", because=type(refusal.__cause__ or refusal).__name__)
        await self._notices.notice_refused(key, self._now(), reason)
        return Delivery(Fate.REFUSED, reason)

    def _log_of(self, notice: Notice) -> Any:
        return self._log.bind(notice=notice.key, kind=notice.kind.value)


def _carry(own_id: str) -> None:
    """Leave word with the engine that the message was taken, for an attempt on any worker."""
    if activity.in_activity() and not activity.info().is_local:
        activity.heartbeat(own_id)


def _carried(own_id: str) -> bool:
    return activity.in_activity() and own_id in activity.info().heartbeat_details
