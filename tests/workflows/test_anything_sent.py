"""Nothing that anybody sends can stop a complaint: it is done, or refused by name, and the complaint goes on."""

from __future__ import annotations

import pytest

from benchmarks.fuzz import Fuzz
from tests.workflows.player import Office

CASES = 250


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_is_sent_is_a_change_or_a_refusal_by_name(office: Office, seed: int) -> None:
    with office.env.with_time_skipping_disabled():
        seen = await Fuzz(office.client, office.task_queue, seed).run(CASES)
    assert seen.faults == []
    assert seen.kinds["done"] > CASES / 100
    assert seen.kinds["refused: InvalidCommand"] > CASES / 20
