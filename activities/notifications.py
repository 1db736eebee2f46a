"""Sending notices: each one delivered once, however often it is asked for.

Owns the order in which the ledger and the channel are spoken to. What a notice says is in
`rendering`, how it is addressed in `envelope`, how it leaves in `channels`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.contracts import SEND_NOTICE, Delivery, Fate
from domain.notices import Notice
from ledger.port import Ledger, NoticeFate, NoticeState
from letters.channels.port import Channel, Mail, PermanentRefusal, TemporaryFailure, Way
from letters.envelope import Sender, compose, message_id
from letters.rendering import Letter, render
from letters.required_facts import Unwritable
from letters.routing import Route, by_hand, route
from telemetry.metrics import NOTICES, instruments
from telemetry.traces import span

PROMPT_SECONDS = 2.0
"""How long the prompt attempt waits for a channel before it leaves the notice for later."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that can leave, how it goes in a word, and what else can be done where it is refused."""

    mail: Mail
    by: str
    went: str | None = None
    """The detail of the person that it goes to; none for what goes through the post room."""
    instead: Ready | None = None
    """The same through the post room, for what the channel might not print or text."""


class Begun(NamedTuple):
    """An attempt that is on record."""

    before: NoticeState
    """How far the notice had come."""
    ready: Ready | Exception
    """The message, or why there is none."""


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
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`own_words` is a folder of templates that go before the shipped ones. `prompt_seconds` bounds the prompt attempt up to the hand-over of the message."""
        self._channel, self._ledger, self._sender = channel, ledger, sender
        self._own_words = own_words
        self._prompt_seconds, self._now = prompt_seconds, now
        self._log = structlog.get_logger(__name__)

    async def begin(self, notice: Notice) -> Begun:
        """Write the letter, and put on record that it is attempted and what it says.

        Unless that is on record, a lost reply could not be told from no attempt: a ledger that
        cannot be written stops the sending here.
        """
        ready = await self._written(notice)
        before = await self._mark(notice, NoticeState.ATTEMPTED, letter=_kept(notice, ready))
        return Begun(before, ready)

    async def arrived(self, key: str) -> bool:
        """Whether the notice of that key is known to have been delivered, by whoever tried to."""
        state = (await self._ledger.fate(key)).state
        if state is not NoticeState.ATTEMPTED:
            return state is NoticeState.DELIVERED
        return bool(await self._channel.find(message_id(key, self._sender.domain), key))

    async def send_notice_promptly(self, notice: Notice, begun: Begun | None = None) -> Delivery:
        """Send the notice if that is quickly done; `DEFERRED` for whatever stands in the way.

        `begun` is what `begin` returned, if it was called. For a single attempt: raises nothing
        for mail or ledger trouble.
        """
        try:
            return await self._send(notice, begun, self._prompt_seconds)
        except TemporaryFailure as failure:
            self._count(Fate.DEFERRED)
            return Delivery(Fate.DEFERRED, failure.reason)
        except Exception as error:  # noqa: BLE001 - the ordinary attempt repeats and reports it
            self._count(Fate.DEFERRED)
            self._log_of(notice).warning("notice-deferred", because=type(error).__name__)
            return Delivery(Fate.DEFERRED, f"{type(error).__name__} before the notice was sure")

    @activity.defn(name=SEND_NOTICE)
    async def send_notice(self, notice: Notice) -> Delivery:
        """Send the notice: `DELIVERED`, or `REFUSED` for good.

        Raises a retryable `ApplicationError` on a temporary failure, and whatever the ledger
        raises: in both cases nothing is lost by trying again.
        """
        try:
            delivery = await self._send(notice)
        except TemporaryFailure as failure:
            self._count(Fate.DEFERRED)
            raise ApplicationError(
                failure.reason, type=type(failure).__name__, next_retry_delay=failure.wait
            ) from failure
        if activity.in_activity() and delivery.fate is Fate.DELIVERED:
            instruments().took("letter", self._now() - activity.info().scheduled_time)
        return delivery

    async def _send(
        self,
        notice: Notice,
        begun: Begun | None = None,
        patience_seconds: float | None = None,
    ) -> Delivery:
        log, channel = self._log_of(notice), self._channel.name
        before, ready = begun or await self.begin(notice)
        if before is NoticeState.DELIVERED:
            return Delivery(Fate.DELIVERED, "delivered before")
        if before is NoticeState.UNDELIVERED:
            return Delivery(Fate.DELIVERED, "it left, and did not arrive")
        if before is NoticeState.REFUSED:
            return Delivery(Fate.REFUSED, "refused before")
        if before is NoticeState.ATTEMPTED:
            if await self._was_taken(notice, log):
                return await self._delivered(notice, f"{channel}, found")
            if letter := _kept(notice, ready):
                await self._mark(notice, NoticeState.ATTEMPTED, letter=letter, again=True)
        try:
            if isinstance(ready, Exception):
                raise ready
            with span(f"Letter:{notice.kind}", channel=channel):
                ready = await self._hand_over(notice, ready, patience_seconds)
        except (PermanentRefusal, Unwritable) as refusal:
            went = ready.went if isinstance(ready, Ready) else None
            return await self._refused(notice, refusal, went, log)
        except TemporaryFailure as failure:
            log.warning("notice-not-taken", code=failure.code, channel=channel)
            raise
        _carry(ready.mail.message_id, prompt=patience_seconds is not None)
        log.info("notice-sent", channel=channel, by=ready.by)
        self._count(Fate.DELIVERED)
        return await self._delivered(notice, f"{channel}, {ready.by}")

    async def _hand_over(
        self, notice: Notice, ready: Ready, patience_seconds: float | None
    ) -> Ready:
        """Hand the letter to the channel, and return what left.

        What the channel cannot print or text the post room posts, or reads out.
        """
        try:
            await self._channel.send(ready.mail, patience_seconds=patience_seconds)
        except PermanentRefusal:
            if ready.instead is None:
                raise
            letter = _kept(notice, ready.instead)
            await self._mark(notice, NoticeState.ATTEMPTED, letter=letter, again=True)
            return await self._hand_over(notice, ready.instead, patience_seconds)
        return ready

    async def _written(self, notice: Notice) -> Ready | Exception:
        """The message, or why there is none: that is dealt with where it would be sent."""
        try:
            notice = await self._whole(notice)
            letter = render(notice, self._own_words)
            way = route(notice, self._channel.ways, len(letter.body))
            other = by_hand(notice) if way.way is not Way.EMAIL else None
            instead = self._ready(notice, letter, other) if other else None
            return replace(self._ready(notice, letter, way), instead=instead)
        except Exception as error:  # noqa: BLE001 - it is raised when it is to be sent
            return error

    def _ready(self, notice: Notice, letter: Letter, way: Route) -> Ready:
        mail = compose(notice, letter, way, self._sender, self._now())
        return Ready(mail, way.by, _detail_of(notice, way))

    async def _whole(self, notice: Notice) -> Notice:
        """The notice with its words: of one that is sent again they are those on record."""
        if not notice.again:
            return notice
        on_record = await self._ledger.notices(notice.reference)
        whole = notice.whole({each.notice.key: each.notice for each in on_record})
        if whole is notice:
            raise PermanentRefusal(f"There is no letter {notice.again} on record.", "no-letter")
        return whole

    async def _mark(
        self, notice: Notice, state: NoticeState, detail: str | None = None, **kept: Any
    ) -> NoticeState:
        own_id = message_id(notice.key, self._sender.domain)
        fate = NoticeFate(
            key=notice.key,
            state=state,
            message_id=own_id,
            at=self._now(),
            detail=detail,
            channel=self._channel.name,
        )
        return await self._ledger.mark(fate, **kept)

    async def _was_taken(self, notice: Notice, log: Any) -> bool:
        own_id = message_id(notice.key, self._sender.domain)
        found = True if _carried(own_id) else await self._channel.find(own_id, notice.key)
        if found is None:
            log.warning("notice-repeated", because="the channel cannot say whether it took it")
        return bool(found)

    async def _delivered(self, notice: Notice, where: str) -> Delivery:
        await self._mark(notice, NoticeState.DELIVERED, where)
        return Delivery(Fate.DELIVERED, where)

    async def _refused(
        self, notice: Notice, refusal: PermanentRefusal | Unwritable, went: str | None, log: Any
    ) -> Delivery:
        if isinstance(refusal, PermanentRefusal):
            reason = refusal.reason
            log.warning("notice-refused", code=refusal.code)
        else:
            reason = f"The notice could not be written. {refusal}"
            log.error("notice-unwritable", because=type(refusal.__cause__ or refusal).__name__)
        self._count(Fate.REFUSED)
        await self._mark(notice, NoticeState.REFUSED, reason)
        bad = isinstance(refusal, PermanentRefusal) and refusal.address_bad
        return Delivery(Fate.REFUSED, reason, went if bad else None)

    def _count(self, fate: Fate) -> None:
        instruments().count(NOTICES, self._channel.name, fate)

    def _log_of(self, notice: Notice) -> Any:
        return self._log.bind(notice=notice.key, kind=notice.kind.value)


def _kept(notice: Notice, ready: Ready | Exception) -> bytes | None:
    """What is kept of it as it leaves; of a digest nothing, as it is of several complaints."""
    own = notice.key.startswith(f"{notice.reference}/")
    return ready.mail.content if own and isinstance(ready, Ready) else None


def _detail_of(notice: Notice, way: Route) -> str | None:
    """The detail of the person that the letter goes to; none for what goes through the post room."""
    if way.instructions:
        return None
    person = notice.recipient
    return {Way.EMAIL: person.email, Way.TEXT: person.phone, Way.LETTER: person.address}[way.way]


def _carry(own_id: str, *, prompt: bool) -> None:
    """Leave word with the engine that the message was taken, for the next attempt on any worker; none follows a prompt one."""
    if activity.in_activity() and not prompt:
        activity.heartbeat(own_id)


def _carried(own_id: str) -> bool:
    return activity.in_activity() and own_id in activity.info().heartbeat_details
