"""Owns `uphold demo`. Must not import anything heavy at the top."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from starter.exits import INTERRUPTED, run
from starter.printing import tell


def demo(
    keep: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Leave everything in this empty folder, instead of ./var/demo,"
            " which each run replaces.",
        ),
    ] = None,
    stay: Annotated[
        bool,
        typer.Option("--stay", help="Keep server and web page running at the end, until Ctrl-C."),
    ] = False,
) -> None:
    r"""Watch the sample complaints run their course on a real Temporal server.

    The server skips the time between what people do, so that months pass in seconds. Ledger,
    outbox and logs are left to look at. Exit code 1 if a story went another way than its script.

    \b
    Examples:
      uphold demo
      uphold demo --keep /tmp/complaints
    """
    from demo.premises import DEFAULT_FOLDER
    from demo.run import run_demo

    try:
        code = run(run_demo(keep or DEFAULT_FOLDER, replace=keep is None, stay=stay))
    except (KeyboardInterrupt, asyncio.CancelledError):
        tell("Stopped.")
        code = INTERRUPTED
    raise typer.Exit(code)
