"""`python -m benchmarks`: measure, print what was reached, leave with 0 whatever that is."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from benchmarks.core import measure_beside, measure_core
from benchmarks.fuzz import measure_fuzz
from benchmarks.ledger import measure_report
from benchmarks.report import Figure, Sides, as_json, as_markdown
from benchmarks.run import QUICK, Plan, measure
from engine.process_exit import end_in_order_on_sigterm, leave


def main(arguments: list[str]) -> None:
    """Run once, as the flags say."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small counts: shapes, not figures")
    parser.add_argument("--json", action="store_true", help="JSON on standard output")
    parser.add_argument("--core", action="store_true", help="only the core alone")
    parser.add_argument(
        "--beside", type=Path, metavar="CHECKOUT", help="compare the core with another checkout's"
    )
    parser.add_argument(
        "--report", action="store_true", help="only the report over many complaints"
    )
    parser.add_argument(
        "--fuzz", type=int, metavar="MESSAGES", help="only send so many messages of every kind"
    )
    flags = parser.parse_args(arguments)
    # The six months are played by a worker within this process.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    figures, sides = asyncio.run(_measure(flags, QUICK if flags.quick else Plan()))
    if flags.json:
        print(json.dumps(as_json(figures, sides), indent=2))
    else:
        print(as_markdown(figures, sides))


async def _measure(flags: argparse.Namespace, plan: Plan) -> tuple[list[Figure], Sides]:
    end_in_order_on_sigterm()
    if flags.report:
        _say(f"a report over {plan.reported:,} complaints")
        return await measure_report(plan.reported), {}
    if flags.fuzz:
        _say(f"{flags.fuzz:,} messages of every kind")
        with TemporaryDirectory() as folder:
            return await measure_fuzz(Path(folder), flags.fuzz, _sent), {}
    if flags.core:
        _say("the core alone")
        beside, told = flags.beside, plan.told
        return measure_beside(beside, told) if beside else measure_core(told), {}
    return await measure(plan, _say, flags.beside)


def _say(what: str) -> None:
    print(f"measuring {what} …", file=sys.stderr, flush=True)


def _sent(messages: int) -> None:
    print(f"  {messages:,} sent", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
    leave(0)
