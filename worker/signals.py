"""Owns what SIGTERM and SIGINT mean to the service: first asked to stop, then urged to."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


@dataclass(slots=True)
class Stop:
    """Whether, and how urgently, the service has been told to stop."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)
    urged: asyncio.Event = field(default_factory=asyncio.Event)
    number: int = signal.SIGTERM

    def hear(self, number: int) -> None:
        """Takes in one signal: the first asks, every further one urges."""
        self.number = number
        (self.urged if self.asked.is_set() else self.asked).set()


@contextmanager
def stop_signals() -> Iterator[Stop]:
    """Listens to SIGTERM and SIGINT until the block ends, in place of what Python does on them."""
    loop = asyncio.get_running_loop()
    stop = Stop()
    for number in SIGNALS:
        loop.add_signal_handler(number, stop.hear, number)
    try:
        yield stop
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)
