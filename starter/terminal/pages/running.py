"""What `uphold dev` prints once it runs: where everything is, and what another terminal has to be told."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from sealing.beside import LEDGER, ring_beside
from starter.dev import Running
from starter.terminal.printing import say


def tell_where(running: Running) -> None:
    """Print it."""
    elsewhere = "".join(f"  export {name}={value}\n" for name, value in _exports(running))
    here = Path("var/identity/people.toml").absolute()
    login = ""
    if running.people:
        folder = shlex.quote(str(running.people.parent))
        place = "" if running.people == here else f" --dir {folder}"
        login = f"  uphold login m.rees{place}   # who may act: {running.people}\n"
    say(
        f"""Uphold is ready.
  Temporal server  {running.address}  (log: {running.server_log})
  its web page     {running.web_page}
  ledger           {running.ledger_url}
  key ring         {running.key_ring or "none: nothing is sealed"}
  outbox           {running.outbox}
  health page      {running.health_page}/ready
In another terminal, for instance:
{elsewhere}{login}  uphold open complaints.csv
  uphold list
Ctrl-C stops everything."""
    )


def _exports(running: Running) -> Iterator[tuple[str, object]]:
    """What another terminal has to be told, beside what it finds by itself."""
    if running.address != "127.0.0.1:7233":
        yield "TEMPORAL_ADDRESS", running.address
    if running.ledger_url != LEDGER:
        yield "UPHOLD_LEDGER_URL", shlex.quote(running.ledger_url)
    if running.key_ring and running.key_ring != ring_beside(running.ledger_url):
        yield "UPHOLD_KEY_RING", shlex.quote(str(running.key_ring))
