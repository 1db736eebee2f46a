"""The entry point of the worker's process: `python -m worker`, and what `uphold worker` runs."""

from __future__ import annotations

import asyncio
import sys
from typing import NoReturn

from engine.errors import SettingsError
from engine.logs import configure_logs
from engine.process_exit import leave, stand_in_for_closed_streams
from engine.settings import load_settings
from worker.service import OpenParts, serve


def main() -> NoReturn:
    """Runs the worker of complaints until it is told to stop, then leaves with its exit code."""
    from worker.build import open_parts

    stand_in_for_closed_streams()
    run(open_parts)


def run(open_parts: OpenParts) -> NoReturn:
    """Runs a worker of these parts, with the settings of this process, and ends the process."""
    try:
        settings = load_settings()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
    configure_logs(settings)
    leave(asyncio.run(serve(settings, open_parts)))


if __name__ == "__main__":
    main()
