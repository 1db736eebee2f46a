"""Sending notices: each one delivered once, however often it is asked for.

Owns the order in which the ledger and the channel are spoken to. What a notice says is in
`rendering`, how it is addressed in `envelope`, how it leaves in `channels`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contracts import SEND_NOTICE, Delivery, Fate
from domain.notices import Notice
from ledger.port import Ledger, NoticeFate, NoticeState
from letters.channels.port import Channel, PermanentRefusal, TemporaryFailure
from letters.envelope import Sender, compose, message_id
from letters.rendering import render
from letters.required_facts import Unwritable
from letters.routing import route

PROMPT_SECONDS = 2.0
"""How long the prompt attempt waits for a channel before it leaves the notice for later."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Notifications:
    """The activities that send notices."""

    def __init__(
        self,
        channel: Channel,
        ledger: Ledger,
        sender: Sender,
        *,
        own_words: Path | None = None,
        prompt_seconds: float = PROMPT_SECONDS,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        """`own_words` is a folder of templates that go before the shipped ones. `prompt_seconds` bounds the prompt attempt up to the hand-over of the message."""
        self._channel, self._ledger, self._sender = channel, ledger, sender
        self._own_words = own_words
        self._prompt_seconds, self._now = prompt_seconds, now
        self._log = structlog.get_logger(__name__)

    async def begin(self, notice: Notice) -> NoticeState:
        """Put on record that the notice is attempted, and return how far it had come before.

        Unless that is on record, a lost reply could not be told from no attempt: a ledger that
        cannot be written stops the sending here.
        """
        return await self._mark(notice, NoticeState.ATTEMPTED)

    async def arrived(self, key: str) -> bool:
        """Whether the notice of that key is known to have been delivered, by whoever tried to."""
        state = (await self._ledger.fate(key)).state
        if state is not NoticeState.ATTEMPTED:
            return state is NoticeState.DELIVERED
        return bool(await self._channel.find(message_id(key, self._sender.domain)))

    async def send_notice_promptly(
        self, notice: Notice, before: NoticeState | None = None
    ) -> Delivery:
        """Send the notice if that is quickly done; `DEFERRED` for whatever stands in the way.

        `before` is what `begin` returned, if it was called. For a single attempt: raises nothing
        for mail or ledger trouble.
        """
        try:
            return await self._send(notice, before, self._prompt_seconds)
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
            return await self._send(notice)
        except TemporaryFailure as failure:
            raise ApplicationError(failure.reason, type=type(failure).__name__) from failure

    async def _send(
        self,
        notice: Notice,
        before: NoticeState | None = None,
        patience_seconds: float | None = None,
    ) -> Delivery:
        log, channel = self._log_of(notice), self._channel.name
        before = before or await self.begin(notice)
        if before is NoticeState.DELIVERED:
            return Delivery(Fate.DELIVERED, "delivered before")
        if before is NoticeState.REFUSED:
            return Delivery(Fate.REFUSED, "refused before")
        if before is NoticeState.ATTEMPTED and await self._was_taken(notice, log):
            return await self._delivered(notice, f"{channel}, found")
        try:
            letter, way = render(notice, self._own_words), route(notice)
            mail = compose(notice, letter, way, self._sender, self._now())
            await self._channel.send(mail, patience_seconds=patience_seconds)
        except (PermanentRefusal, Unwritable) as refusal:
            return await self._refused(notice, refusal, log)
        except TemporaryFailure as failure:
            log.warning("notice-not-taken", code=failure.code, channel=channel)
            raise
        _carry(mail.message_id)
        log.info("notice-sent", channel=channel, by=way.by)
        return await self._delivered(notice, f"{channel}, {way.by}")

    async def _mark(
        self, notice: Notice, state: NoticeState, detail: str | None = None
    ) -> NoticeState:
        own_id = message_id(notice.key, self._sender.domain)
        return await self._ledger.mark(
            NoticeFate(
                key=notice.key, state=state, message_id=own_id, at=self._now(), detail=detail
            )
        )

    async def _was_taken(self, notice: Notice, log: Any) -> bool:
        own_id = message_id(notice.key, self._sender.domain)
        found = True if _carried(own_id) else await self._channel.find(own_id)
        if found is None:
            log.warning("notice-repeated", because="the channel cannot say whether it took it")
        return bool(found)

    async def _delivered(self, notice: Notice, where: str) -> Delivery:
        await self._mark(notice, NoticeState.DELIVERED, where)
        return Delivery(Fate.DELIVERED, where)

    async def _refused(
        self, notice: Notice, refusal: PermanentRefusal | Unwritable, log: Any
    ) -> Delivery:
        if isinstance(refusal, PermanentRefusal):
            reason = refusal.reason
            log.warning("notice-refused", code=refusal.code)
        else:
            reason = f"The notice could not be written. {refusal}"
            log.error("notice-unwritable", because=type(refusal.__cause__ or refusal).__name__)
        await self._mark(notice, NoticeState.REFUSED, reason)
        return Delivery(Fate.REFUSED, reason)

    def _log_of(self, notice: Notice) -> Any:
        return self._log.bind(notice=notice.key, kind=notice.kind.value)


def _carry(own_id: str) -> None:
    """Leave word with the engine that the message was taken, for an attempt on any worker."""
    if activity.in_activity() and not activity.info().is_local:
        activity.heartbeat(own_id)


def _carried(own_id: str) -> bool:
    return activity.in_activity() and own_id in activity.info().heartbeat_details
