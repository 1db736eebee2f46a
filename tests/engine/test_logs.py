"""Log lines have one form, go to standard error, and name the complaint they are about."""

from __future__ import annotations

import json
import logging

import pytest
import structlog
from temporalio import activity
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from domain.vocabulary import complaint_of
from engine.logs import ActivityLogContext, configure_logs
from engine.settings import Settings


def test_lines_of_structlog_and_of_the_standard_library_are_json_of_one_form(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs(Settings(log_format="json"))
    structlog.stdlib.get_logger("ours").info("started", queue="complaints")
    logging.getLogger("theirs").warning("took %d s", 3)
    captured = capsys.readouterr()
    ours, theirs = (json.loads(line) for line in captured.err.splitlines())
    assert captured.out == ""
    assert ours["event"] == "started"
    assert ours["queue"] == "complaints"
    assert ours["level"] == "info"
    assert theirs["event"] == "took 3 s"
    assert ours.keys() - {"queue"} == theirs.keys() == {"event", "level", "logger", "timestamp"}


def test_a_failure_is_logged_with_its_traceback_in_one_line_of_json(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs(Settings(log_format="json"))
    try:
        raise ValueError("broken")
    except ValueError:
        logging.getLogger("theirs").exception("failed")
    (line,) = capsys.readouterr().err.splitlines()
    assert "ValueError: broken" in json.loads(line)["exception"]


def test_auto_is_json_where_nobody_watches_and_console_is_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs(Settings(log_format="auto"))
    structlog.stdlib.get_logger("ours").info("one")
    assert json.loads(capsys.readouterr().err)["event"] == "one"
    configure_logs(Settings(log_format="console"))
    structlog.stdlib.get_logger("ours").info("two", port=1)
    assert "port=1" in capsys.readouterr().err


def test_the_level_holds_back_what_is_less(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(Settings(log_level="warning"))
    structlog.stdlib.get_logger("ours").info("too little")
    logging.getLogger("theirs").info("too little")
    assert capsys.readouterr().err == ""


class _Innermost(ActivityInboundInterceptor):
    def __init__(self) -> None:
        """Stands at the end of the chain."""

    async def execute_activity(self, input: ExecuteActivityInput) -> object:  # noqa: A002 - the SDK's name
        structlog.stdlib.get_logger("ours").info("working")
        activity.logger.info("as well")
        return "done"


@pytest.mark.parametrize(
    ("workflow_id", "reference"),
    [("complaint:FO-2026-000123", "FO-2026-000123"), ("other", None), (None, None)],
)
def test_a_reference_is_read_from_the_workflow_id(
    workflow_id: str | None, reference: str | None
) -> None:
    assert complaint_of(workflow_id) == reference


async def test_every_line_within_an_activity_names_complaint_activity_and_attempt(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logs(Settings(log_format="json"))
    chain = ActivityLogContext().intercept_activity(_Innermost())
    environment = ActivityEnvironment()
    environment.info = ActivityEnvironment.default_info()
    object.__setattr__(environment.info, "workflow_id", "complaint:FO-1")

    async def act() -> object:
        return await chain.execute_activity(ExecuteActivityInput(act, (), None, {}))

    assert await environment.run(act) == "done"
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["event"] for line in lines] == ["working", "as well"]
    for line in lines:
        assert line["reference"] == "FO-1"
        assert line["attempt"] == 1
        assert line["activity"] == environment.info.activity_type
    assert not structlog.contextvars.get_contextvars()
