"""The doctor at a deployment that runs: before it is set up, after, and with a worker of another build."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from engine.connect import connect
from engine.dev_server import start_dev_server
from engine.provision import DIGESTS, ERASING, ensure_schedules
from engine.settings import Settings
from ledger.memory import MemoryLedger
from letters.channels.memory import MemoryChannel
from operations.doctor.findings import Grade
from operations.doctor.server import look_at_server
from worker.build import build_worker


async def test_the_doctor_follows_a_deployment_from_nothing_to_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = f"examined-{uuid4()}"
    async with start_dev_server(tmp_path / "temporal.db") as server:
        monkeypatch.setenv("TEMPORAL_ADDRESS", server.address)
        settings = Settings(task_queue=queue)
        before = [each async for each in look_at_server(settings)]
        wrong = [each for each in before if each.grade is Grade.WRONG]
        assert {each.about for each in wrong} == {"schedules", "workers"}
        said = " ".join(each.says for each in wrong)
        for daily in (DIGESTS, ERASING):
            assert f"There is no {daily.id_for(queue)}, by which {daily.so}." in said
        client = await connect(settings)
        await ensure_schedules(client, settings)
        async with build_worker(client, settings, MemoryLedger(), MemoryChannel()):
            during = [each async for each in look_at_server(settings)]
            assert [each for each in during if each.grade is Grade.WRONG] == []
            assert "1 worker asks for complaints" in " ".join(each.says for each in during)
            assert "agree" in next(each.says for each in during if each.about == "clocks")
            await client.get_schedule_handle(DIGESTS.id_for(queue)).pause()
            other = Settings(task_queue=queue, build_id="another")
            later = [each async for each in look_at_server(other)]
        assert "is paused" in next(each.says for each in later if each.about == "schedules")
        assert "no version is current" in next(each.says for each in later if each.about == "build")
