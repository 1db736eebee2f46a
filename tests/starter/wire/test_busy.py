"""A server that has too much to do is asked again; when it stays so, that is what people are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

from engine.errors import ServerUnavailable
from starter.wire.errors import NotAnswered, ServerBusy, from_server
from starter.wire.sender import Sender

BUSY = (
    RPCError("consistent query buffer is cleared, please retry", RPCStatusCode.UNAVAILABLE, b""),
    RPCError("namespace rate limit exceeded", RPCStatusCode.RESOURCE_EXHAUSTED, b""),
)
AWAY = RPCError("tcp connect error", RPCStatusCode.UNAVAILABLE, b"")


class Asking(Sender):
    """Asks what fails so many times, and counts how often it asked."""

    def __init__(self, client: Client, failing: RPCError, times: int) -> None:
        super().__init__(client, answer_within=timedelta(seconds=1))
        self.failing, self.times, self.asked = failing, times, 0

    async def ask(self) -> str:
        return await self._patiently(self._once)

    async def _once(self) -> str:
        self.asked += 1
        if self.asked <= self.times:
            raise self.failing
        return "answered"


@pytest.mark.parametrize("error", BUSY)
async def test_it_is_asked_again_until_it_answers(
    env: WorkflowEnvironment, error: RPCError
) -> None:
    asking = Asking(env.client, error, times=3)
    assert await asking.ask() == "answered"
    assert asking.asked == 4


@pytest.mark.parametrize("error", BUSY)
async def test_one_that_stays_busy_is_named_and_not_called_away(
    env: WorkflowEnvironment, error: RPCError
) -> None:
    with pytest.raises(RPCError):
        await Asking(env.client, error, times=1000).ask()
    told = from_server(error, "A-1")
    assert isinstance(told, ServerBusy)
    assert isinstance(told, NotAnswered)
    assert "Nothing is lost" in str(told)


async def test_one_that_is_away_is_not_asked_again(env: WorkflowEnvironment) -> None:
    asking = Asking(env.client, AWAY, times=1)
    with pytest.raises(RPCError):
        await asking.ask()
    assert asking.asked == 1
    assert "No Temporal server answers" in str(from_server(AWAY))


def test_a_list_that_the_server_does_not_give_in_time_is_no_complaint_without_an_answer() -> None:
    late = from_server(RPCError("context deadline exceeded", RPCStatusCode.DEADLINE_EXCEEDED, b""))
    assert isinstance(late, ServerUnavailable)
    assert "complaint" not in str(late)
