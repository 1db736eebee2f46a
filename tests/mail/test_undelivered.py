"""What Notify says of a message: by its call or when asked, told once, and each state in its own way."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette

from letters.channels.notify.client import NotifyClient
from letters.channels.notify.outcomes import FAILED, OUTCOMES
from mail.undelivered import callbacks, report_all
from tests.letters.channels.notify_server import KEY, notify
from tests.letters.channels.web_server import serving
from tests.mail.notebook import Notebook
from tests.mail.samples import ANN, LETTER

TOKEN = "a-token-that-notify-shows"


def told(status: str, **more: str) -> dict[str, str]:
    return {
        "id": "740e5834-3a29-46b4-9a6f-16142fde533a",
        "reference": LETTER,
        "to": ANN.upper(),
        "status": status,
        "notification_type": "email",
    } | more


async def call(page: Starlette, content: object, token: str = TOKEN) -> int:
    async with serving(page) as port, httpx.AsyncClient() as client:
        answer = await client.post(
            f"http://127.0.0.1:{port}/notify",
            json=content,
            headers={"Authorization": f"Bearer {token}"},
        )
    return answer.status_code


@pytest.mark.parametrize("status", sorted(OUTCOMES))
async def test_each_final_state_has_its_consequence(status: str) -> None:
    notebook = Notebook()
    assert await call(callbacks(notebook, TOKEN), told(status)) == 204
    if status in {"delivered", "sent"}:
        assert (notebook.sent, notebook.lost) == ([], {})
        return
    ((verb, _, said),) = notebook.sent
    assert (verb, said["notice"], said["reason"]) == (
        "report_undelivered",
        LETTER,
        OUTCOMES[status].reason,
    )
    blamed = status in {"permanent-failure", "returned-letter", "temporary-failure"}
    assert said["address"] == (ANN if blamed else None)
    assert said["lasting"] is OUTCOMES[status].address_bad
    assert notebook.lost == {LETTER: OUTCOMES[status].reason}


@pytest.mark.parametrize(
    "content",
    [
        *(told("sending"), told("unheard-of"), told("cancelled") | {"reference": ""}),
        told("cancelled") | {"reference": "INV-2026-7"},  # of another service with the same account
    ],
)
async def test_what_is_not_final_or_not_ours_changes_nothing(content: dict[str, str]) -> None:
    notebook = Notebook()
    assert await call(callbacks(notebook, TOKEN), content) == 204
    assert (notebook.sent, notebook.lost) == ([], {})


async def test_that_a_digest_did_not_arrive_is_told_to_the_ledger_alone() -> None:
    notebook, digest = Notebook(), "digest/2026-10-06/team@council.example"
    assert await call(callbacks(notebook, TOKEN), told("cancelled") | {"reference": digest}) == 204
    assert (notebook.sent, set(notebook.lost)) == ([], {digest})


async def test_nobody_without_the_token_is_heard() -> None:
    notebook = Notebook()
    assert await call(callbacks(notebook, TOKEN), told("cancelled"), "another-token") == 401
    assert await call(callbacks(notebook, TOKEN), ["no", "object"]) == 400
    assert notebook.sent == []


async def test_a_call_that_came_to_nothing_is_answered_so_that_notify_tries_again() -> None:
    notebook = Notebook()
    notebook.breaks = ConnectionError("no server")
    assert await call(callbacks(notebook, TOKEN), told("cancelled")) == 500
    notebook.breaks, notebook.refuses = None, "It has ended."
    assert await call(callbacks(notebook, TOKEN), told("cancelled")) == 202


async def test_what_notify_gave_up_telling_is_asked_for_and_told_once() -> None:
    notebook = Notebook()
    async with notify() as server:
        server.messages = [
            {
                "id": status,
                "type": "email",
                "email_address": ANN,
                "reference": reference,
                "status": status,
            }
            for reference, status in (
                (LETTER, "permanent-failure"),
                (f"{LETTER}-other", "delivered"),
                (None, "cancelled"),
            )
        ]
        client = NotifyClient(KEY, url=server.url)
        first = await report_all(notebook, client.in_states(FAILED))
        second = await report_all(notebook, client.in_states(FAILED))
        await client.close()
    assert (first, second) == ((1, []), (0, []))
    assert notebook.sent[0][2]["address"] == ANN
