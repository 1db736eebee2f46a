"""A history that grows long is cut, and nothing of the complaint is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest_asyncio

from engine.dev_server import embedded_environment
from letters.channels.memory import MemoryChannel
from letters.channels.port import Mail, TemporaryFailure
from tests.workflows.laws import check_laws
from tests.workflows.player import Office, an_office
from tests.workflows.season import close_of, day, monday, working_day

CUT_AT = 60
"""Events after which the server suggests a new history."""


@pytest_asyncio.fixture(scope="module", loop_scope="session", name="cutting")
async def _cutting() -> AsyncIterator[Office]:
    arguments = ("--dynamic-config-value", f"limit.historyCount.suggestContinueAsNew={CUT_AT}")
    async with embedded_environment(extra_args=arguments) as env, an_office(env) as office:
        yield office


async def test_a_long_story_goes_on_in_new_histories(cutting: Office) -> None:
    case = await cutting.open(stage="manager")
    first = await case.do("acknowledge", command_id="early")
    for at in range(1, 10):
        for n in range(3):
            await case.do("update", command_id=f"{at}/{n}", message=f"Day {at}.")
        await case.until(day(at))
    again = await case.do("acknowledge", command_id="early")
    assert again["events"] > first["events"], "it is known, and answered with how things stand"
    assert (await case.do("update", command_id="1/0"))["events"] == again["events"]
    runs = await case.cut(into=3)
    assert max(len(run.events) for run in runs) < 2 * CUT_AT
    assert await case.kinds() == ["opened", "acknowledged", *["updated"] * 27]
    assert (await case.told()).count("progress to customer") == 27
    clock = await case.clock("FO-8/reply")
    assert (clock["state"], clock["due_on"]) == ("running", day(14).date().isoformat())
    await case.do("reply")
    await case.do("accept", "customer")
    assert (await case.result())["closed_how"] == "accepted"
    await check_laws(case)


async def test_commands_that_come_in_a_flood_are_each_done_once_across_histories(
    cutting: Office,
) -> None:
    case = await cutting.open(stage="manager")
    for wave in range(3):
        ids = [f"{wave}/{n}" for n in range(6)]
        await asyncio.gather(*(case.do("update", command_id=one) for one in ids for _ in range(2)))
    await asyncio.gather(*(case.do("update", command_id=f"{n}/0") for n in range(3)))
    await case.cut()
    assert await case.kinds() == ["opened", *["updated"] * 18]
    assert (await case.told()).count("progress to customer") == 18
    await check_laws(case)


async def test_signals_that_come_in_a_flood_are_each_done_once_across_histories(
    cutting: Office,
) -> None:
    case = await cutting.open(stage="manager")
    said = {"received_at": monday()}
    for wave in range(6):
        await asyncio.gather(
            *(
                case.handle.signal(
                    "record_contact",
                    case.argument(
                        "record_contact", "upstream-app", command_id=f"{wave}/{n}", **said
                    ),
                )
                for n in range(12)
            )
        )
    assert (await case.settled())["events"] == 73
    assert await case.kinds() == ["opened", *["contact-received"] * 72]
    await check_laws(case)


class Post(MemoryChannel):
    """A channel that can be out of order."""

    down = False

    async def send(self, mail: Mail, *, patience_seconds: float | None = None) -> None:
        """Take the message, unless it is out of order."""
        if self.down:
            raise TemporaryFailure("it is down")
        await super().send(mail, patience_seconds=patience_seconds)


async def test_clocks_go_on_while_a_history_cannot_be_cut_because_mail_is_down(
    cutting: Office,
) -> None:
    post = Post()
    async with an_office(cutting.env, channel=post) as office:
        case = await office.open(day(2, 16, 40), stage="manager")
        post.down = True
        for n in range(8):
            await case.do("update", message=f"Step {n}.")
        await case.until(day(2, 17))
        kinds = [row["kind"] for row in (await case.status())["timeline"]]
        assert kinds[-1] == "promise-missed"
        assert len(await case.runs()) == 1
        post.down = False
        await case.passes(timedelta(hours=1))
        await case.cut()
        assert (await case.told()).count("progress to customer") == 8
        await check_laws(case)


async def test_a_complaint_that_was_cut_still_warns_and_climbs(cutting: Office) -> None:
    case = await cutting.open(stage="manager")
    for n in range(16):
        await case.do("update", message=f"Step {n}.")
    await case.cut()
    await case.do("acknowledge")
    for n in range(16):
        await case.do("update", message=f"Step {n}.")
    await case.until(close_of(working_day(day(0).date(), 10)))
    assert (await case.kinds())[-2:] == ["promise-warned", "promise-missed"]
    await case.do("reply")
    await case.do("escalate", "customer", to="complaints-team")
    refused = await case.refused("reply", "manager")
    assert refused.type == "WrongRole"
    await check_laws(case)
