"""A complaint driven with nothing but the Temporal command line and JSON, as the contract says."""

from __future__ import annotations

import asyncio
import json
import os
import re
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

import pytest

from engine.dev_server import server_binary
from starter.wire.names import workflow_id
from tests.starter.conftest import Office
from tests.workflows.player import eventually

PAGE = Path(__file__).parents[2] / "docs" / "contract.md"
HANDLER = {"id": "h.jones", "name": "H Jones", "role": "case-handler"}


async def temporal(office: Office, *words: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the Temporal command line."""
    process = await asyncio.create_subprocess_exec(
        *(str(server_binary()), *words, "--address", office.environ["TEMPORAL_ADDRESS"]),
        stdout=PIPE,
        stderr=PIPE,
    )
    out, error = await process.communicate()
    return process.returncode or 0, out.decode(), error.decode()


async def asked(office: Office, *words: str) -> Any:
    """What it answers as JSON."""
    code, out, error = await temporal(office, *words, "--output", "json")
    assert code == 0, error
    return json.loads(out)


async def updated(office: Office, reference: str, verb: str, **fields: Any) -> tuple[int, str, str]:
    command = {"command_id": f"{verb}-1", "actor": HANDLER, **fields}
    return await temporal(
        office,
        *("workflow", "update", "execute", "--workflow-id", workflow_id(reference)),
        *("--name", verb, "--input", json.dumps(command), "--output", "json"),
    )


async def started(office: Office, opening: dict[str, Any]) -> tuple[int, str, str]:
    """The answer to the start, once the complaint has opened and can be asked."""
    answer = await sent(office, opening)
    assert answer[0] == 0, answer[2]
    await eventually(lambda: office.stands(opening["reference"]))
    return answer


async def sent(office: Office, opening: dict[str, Any]) -> tuple[int, str, str]:
    """The answer to the start; whether it opens is seen later."""
    return await temporal(
        office,
        *("workflow", "start", "--type", "Complaint", "--task-queue", "complaints"),
        *("--workflow-id", f"complaint:{opening['reference']}", "--input", json.dumps(opening)),
        *("--id-conflict-policy", "UseExisting", "--id-reuse-policy", "AllowDuplicateFailedOnly"),
        *("--output", "json"),
    )


async def test_every_command_of_the_page_works_as_it_stands(office: Office, tmp_path: Path) -> None:
    blocks = re.findall(
        r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert len(blocks) >= 5
    process = await asyncio.create_subprocess_exec(
        *("bash", "-euxc", "".join(blocks)),
        stdout=PIPE,
        stderr=PIPE,
        cwd=tmp_path,
        env={
            **os.environ,
            "PATH": f"{server_binary().parent}:{os.environ['PATH']}",
            "TEMPORAL_ADDRESS": office.environ["TEMPORAL_ADDRESS"],
        },
    )
    _, error = await process.communicate()
    assert process.returncode == 0, error.decode()
    status = await office.complaints.status("FO-2026-000123")
    assert (status.stage, status.handler_id, status.state) == ("manager", None, "received")
    kinds = [entry.kind for entry in status.timeline]
    assert kinds == ["opened", "allocated", "acknowledged", "replied", "escalated"]


async def test_a_complaint_is_driven_to_its_end(office: Office) -> None:
    opening = office.opening(charter="customer-promise")
    reference = opening["reference"]
    code, first, _ = await started(office, opening)
    assert code == 0
    code, second, _ = await started(office, opening)
    assert json.loads(first)["runId"] == json.loads(second)["runId"]
    code, answer, error = await updated(office, reference, "acknowledge")
    assert code == 0, error
    assert json.loads(answer)["result"]["state"] == "acknowledged"
    status = await asked(
        office, "workflow", "query", "--workflow-id", workflow_id(reference), "--name", "status"
    )
    (found,) = status["queryResult"]
    assert all(clock["proof"] for clock in found["clocks"])
    withdrawal = {"command_id": "w", "actor": {**HANDLER, "role": "customer"}, "reason": "Settled."}
    code, _, error = await temporal(
        office,
        *("workflow", "signal", "--workflow-id", workflow_id(reference)),
        *("--name", "withdraw", "--input", json.dumps(withdrawal)),
    )
    assert code == 0, error
    status = await asked(
        office, "workflow", "query", "--workflow-id", workflow_id(reference), "--name", "status"
    )
    assert status["queryResult"][0]["closed_how"] == "withdrawn"
    told = await asked(office, "workflow", "describe", "--workflow-id", workflow_id(reference))
    held = told["workflowExecutionInfo"]["searchAttributes"]["indexedFields"]
    assert {"UpholdCharter", "UpholdStage", "UpholdState", "UpholdMissed"} <= held.keys()
    assert "Ann" not in json.dumps(held)


async def test_a_refusal_names_its_type_and_changes_nothing(office: Office) -> None:
    opening = office.opening()
    await started(office, opening)
    before = (await office.complaints.status(opening["reference"])).events
    code, _, error = await updated(office, opening["reference"], "reply", outcome="upheld")
    assert code != 0
    assert "findings" in error
    code, _, error = await updated(office, opening["reference"], "acknowledge", by="phone")
    assert code != 0
    assert "by: it is not one of the fields" in error
    assert (await office.complaints.status(opening["reference"])).events == before


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"channel": "fax"}, "channel"),
        ({"charter": "nowhere"}, "nowhere"),
        ({"received_at": "2029-01-05T10:00:00+00:00"}, "future"),
        ({"colour": "blue"}, "colour"),
    ],
)
async def test_a_wrong_opening_fails_with_the_reason_and_leaves_the_reference_free(
    changed: dict[str, Any], told: str, office: Office
) -> None:
    opening = office.opening()
    assert (await sent(office, opening | changed))[0] == 0
    name = workflow_id(opening["reference"])
    _, out, error = await temporal(
        office, "workflow", "result", "--workflow-id", name, "--output", "json"
    )
    assert told in out + error
    assert (await started(office, opening))[0] == 0
    assert (await office.complaints.status(opening["reference"])).events
