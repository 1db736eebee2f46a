"""A running worker shows what dashboard and alerts are made of, and nothing that is about a person."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml

from domain.complaint.commands import Actor
from domain.errors import Unproven, WrongState
from domain.vocabulary import Role
from engine.connect import connect_here
from engine.dev_server import DevServer, free_port
from ledger.migrations.schema import upgrade
from starter.client import Complaints
from telemetry import metrics
from tests.worker.conftest import PATIENCE_SECONDS, Start
from tests.worker.test_build import _opening

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy" / "prometheus" / "uphold.rules.yml"
DASHBOARD = ROOT / "deploy" / "grafana" / "uphold.json"
NAME = re.compile(r"\b(?:uphold|temporal)_[a-z_]+\b")
LINE = re.compile(r"^(?P<name>\w+?)(?:\{(?P<labels>.*)\})? (?P<value>\S+)$", re.MULTILINE)
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
HANDLER = Actor(id="h.jones", name="Huw Jones", role=Role.CASE_HANDLER)
NO_PROMTOOL = "promtool was not found (Debian: apt-get install prometheus)"


def rules() -> list[dict[str, Any]]:
    """The alert rules."""
    (group,) = yaml.safe_load(RULES.read_text())["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def expressions() -> Iterator[str]:
    """What alerts and dashboard ask."""
    yield from (rule["expr"] for rule in rules())
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        yield from (target["expr"] for target in panel["targets"])


async def page_of(address: str, *wanted: str) -> str:
    """The page at that address, once all that is wanted stands on it."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            text = await asyncio.to_thread(fetched, f"http://{address}/metrics")
            if all(each in text for each in wanted):
                return text
            await asyncio.sleep(0.1)


def fetched(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310 - a page of our own
        text: str = response.read().decode()
    return text


async def test_every_metric_of_dashboard_and_alerts_is_shown_by_a_running_worker(
    dev_server: DevServer, start: Start, tmp_path: Path
) -> None:
    queue, reference, address = f"seen-{uuid4()}", f"FO-{uuid4()}", f"127.0.0.1:{free_port()}"
    url = f"sqlite:///{tmp_path}/ledger.sqlite3"
    await upgrade(url)
    service = await start(
        "worker",
        UPHOLD_TASK_QUEUE=queue,
        UPHOLD_LEDGER_URL=url,
        UPHOLD_MAILDIR=str(tmp_path / "outbox"),
        UPHOLD_METRICS_ADDRESS=address,
        UPHOLD_METRICS_INTERVAL_SECONDS="1",
    )
    await service.until("started")
    client = await connect_here(dev_server.address, timedelta(seconds=10))
    complaints, forging = Complaints(client, queue), Complaints(client, queue, token=lambda *_: "x")
    await complaints.open(_opening(reference))
    await service.until("notice-sent")
    with pytest.raises(WrongState):
        await complaints.resume(reference, HANDLER)
    with pytest.raises(Unproven):
        await forging.acknowledge(reference, HANDLER)
    await complaints.acknowledge(reference, HANDLER)
    auditor = HANDLER.model_copy(update={"role": Role.QUALITY})
    await complaints.signal("withdraw", reference, auditor, fields={"reason": "gone"})
    text = await page_of(
        address, 'uphold_open{charter="financial-ombudsman"', 'refusal="WrongRole"', "uphold_notices_waiting"
    )  # fmt: skip
    shown = {match["name"]: float(match["value"]) for match in LINE.finditer(text)}
    named = {name for expression in expressions() for name in NAME.findall(expression)}
    assert named - shown.keys() == set()
    ours = {one.name + ("_count" if one.kind == "histogram" else "") for one in metrics.OURS}
    assert ours - shown.keys() == set(), "metrics of ours that nothing shows"
    labels = {one.name: set(one.labels) for one in metrics.OURS}
    for match in LINE.finditer(text):
        if match["name"] in labels:
            assert {name for name, _ in LABEL.findall(match["labels"] or "")} == labels[
                match["name"]
            ]
    assert 'uphold_decisions_total{verb="acknowledge"} 1' in text
    assert 'uphold_refusals_total{refusal="WrongState",verb="resume"} 1' in text
    assert 'uphold_refusals_total{refusal="WrongRole",verb="withdraw"} 1' in text
    assert 'uphold_tokens_refused_total{way="update"} 1' in text
    for personal in (reference, "Asha", "asha", "jones", "Jones", "six weeks"):
        assert personal not in text
    await client.get_workflow_handle(f"complaint:{reference}").terminate()


async def test_an_address_that_cannot_be_listened_on_is_a_wrong_setting(start: Start) -> None:
    service = await start(
        "worker", UPHOLD_LEDGER_URL="memory://", UPHOLD_METRICS_ADDRESS="192.0.2.1:1"
    )
    assert await service.code() == os.EX_CONFIG
    assert "metrics_address: 192.0.2.1:1 cannot be listened on" in service.lines[-1]["reason"]


def test_the_page_of_operations_lists_every_metric() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert metrics.table() in page


def test_every_alert_says_who_does_what() -> None:
    for rule in rules():
        assert re.search(r"\b(Operators|Managers)\b", rule["annotations"]["description"]), rule


def test_promtool_takes_every_rule_and_every_question_of_the_dashboard(tmp_path: Path) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip(NO_PROMTOOL)
    asked = tmp_path / "asked.yml"
    records = [
        {"record": f"asked:{number}", "expr": expression.replace("$charter", ".*")}
        for number, expression in enumerate(expressions())
    ]
    asked.write_text(yaml.safe_dump({"groups": [{"name": "asked", "rules": records}]}))
    for file in (RULES, asked):
        done = subprocess.run(
            [promtool, "check", "rules", str(file)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
