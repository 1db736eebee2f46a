"""Owns `uphold dev`. Must not import anything heavy at the top."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from starter.exits import INTERRUPTED, run
from starter.printing import say, tell

if TYPE_CHECKING:
    from starter.dev import Running

_DEFAULT_ADDRESS = "127.0.0.1:7233"


def dev(
    folder: Annotated[
        Path, typer.Option("--dir", metavar="DIR", help="Where everything is kept.")
    ] = Path("var"),
) -> None:
    r"""Start everything on this machine: Temporal server, web page, ledger, outbox, worker.

    It prints where each is when complaints can be opened, and runs until Ctrl-C. What was done
    is kept in the folder, and goes on when it is started again.

    \b
    Example:
      uphold dev
    """
    from engine.logs import configure_logs
    from engine.settings import load_settings
    from starter.dev import run_dev

    settings = load_settings()
    if "log_level" not in settings.model_fields_set:
        settings = settings.model_copy(update={"log_level": "warning"})
    configure_logs(settings)
    tell("Starting the Temporal server and a worker …")
    try:
        code = run(run_dev(folder, settings, _print))
    except (KeyboardInterrupt, asyncio.CancelledError):
        code = INTERRUPTED
    tell("Everything has stopped.")
    raise typer.Exit(code)


def _print(where: Running) -> None:
    lines = [
        "Uphold is ready.",
        f"  Temporal server  {where.address}  (log: {where.server_log})",
        f"  its web page     {where.web_page}",
        f"  ledger           {where.ledger_url}",
        f"  outbox           {where.outbox}",
        f"  health page      {where.health_page}/ready",
        "In another terminal, for instance:",
    ]
    if where.address != _DEFAULT_ADDRESS:
        lines.append(f"  export TEMPORAL_ADDRESS={where.address}")
    lines += ["  uphold open complaints.csv", "  uphold list", "Ctrl-C stops everything."]
    for line in lines:
        say(line)
