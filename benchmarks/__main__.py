"""`python -m benchmarks`: measure, print what was reached, leave with 0 whatever that is."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import signal
import sys
from dataclasses import asdict

import structlog
from rich.console import Console

from benchmarks.report import Figures, as_json, show
from benchmarks.run import QUICK, Plan, Progress, measure
from benchmarks.yearly_report import measure_report, show_report
from engine.leaving import leave

MANY, QUICK_REPORT = 100_000, 5_000


def main(arguments: list[str]) -> None:
    """Run once, as the flags say."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small counts: shapes, not figures")
    parser.add_argument("--json", action="store_true", help="JSON on standard output")
    parser.add_argument(
        "--report", action="store_true", help="only the report over many complaints"
    )
    flags = parser.parse_args(arguments)
    # The six months are played by a worker within this process.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    errors = Console(stderr=True)
    if flags.report:
        _report(QUICK_REPORT if flags.quick else MANY, errors, as_json=flags.json)
        return
    plan = QUICK if flags.quick else Plan()
    figures = asyncio.run(_measure(plan, lambda what: errors.print(f"measuring {what} …")))
    if flags.json:
        print(json.dumps(as_json(figures), indent=2))
    else:
        show(figures, Console())


def _report(complaints: int, errors: Console, *, as_json: bool) -> None:
    errors.print(f"filling a ledger with {complaints:,} complaints …")
    figures = asyncio.run(measure_report(complaints))
    if as_json:
        print(json.dumps(asdict(figures), indent=2))
    else:
        show_report(figures, Console())


async def _measure(plan: Plan, progress: Progress) -> Figures:
    work = asyncio.current_task()
    assert work is not None
    # Otherwise SIGTERM would leave the server and its workers behind.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, work.cancel)
    return await measure(plan, progress)


if __name__ == "__main__":
    main(sys.argv[1:])
    leave(0)
