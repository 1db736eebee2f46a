"""What is printed of a complaint that was erased, and of what was done about the keeping of any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ledger.keys.holds import Act
from starter.desk.keeping.shell import Shell
from starter.terminal.printing import at_instant, print_table, say
from starter.terminal.session import zone_of


def say_shell(shell: Shell) -> None:
    """What is left of it."""
    say(shell.sentence)
    if shell.standing:
        say("\nWhat is counted of it stays:")
        for name, value in _left(shell):
            say(f"  {name:9} {value}")
    say_keeping(shell.acts)


def say_keeping(acts: Sequence[Act]) -> None:
    """Who did what about its keeping; nothing where nobody did."""
    if not acts:
        return
    say("\nKeeping")
    print_table(
        None, ("no.", "when", "who", "what", "why"),
        [
            (one.number, at_instant(one.at), f"{one.actor_name} ({one.actor_role})", one.what, one.reason)
            for one in acts
        ],
    )  # fmt: skip


def _left(shell: Shell) -> Iterator[tuple[str, object]]:
    standing = shell.standing
    if standing is None:
        return
    zone = zone_of(standing.charter)
    yield "charter", f"{standing.charter} {standing.charter_version}"
    yield "received", f"{at_instant(standing.received_at, zone)} by {standing.channel}"
    yield "closed", f"{at_instant(standing.closed_at, zone)}: {standing.closed_how}"
    yield "outcome", standing.outcome or "none"
    yield "promises", f"{shell.kept} kept in time, {standing.missed} missed"
