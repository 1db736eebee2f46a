"""Owns what the demonstration says at its end: which complaints to look at, and how.

Every command that it names works on what the demonstration left. Must not import `temporalio`.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from domain.notices import NoticeKind
from letters.channels.maildir import file_name

if TYPE_CHECKING:
    from demo.morning import Told
    from demo.play import Played
    from demo.premises import Premises

CASE_FILE: Final = "FO-2026-000101"
"""The complaint whose case file has the most to show."""
CHARTER: Final = "financial-ombudsman"
LETTER: Final = ("FO-2026-000103", NoticeKind.APOLOGY)
QUERY: Final = "select kind, count(*) from events group by kind order by 2 desc"


async def point_further(
    out: Console, premises: Premises, played: Sequence[Played], digests: Sequence[Told]
) -> None:
    """Print which complaints are worth a look, and the commands that open what was left."""
    out.print("Worth a look")
    for each in played:
        if each.plan.story.look:
            out.print(Text(f"  {each.plan.opening.reference}  {each.plan.story.shows}"))
    out.print("\nTo look further")
    for comment, command in await _commands(premises, played, digests):
        out.print(Text(f"  # {comment}", "dim"), soft_wrap=True)
        out.print(Text(f"  {command}"), soft_wrap=True)


async def _commands(
    premises: Premises, played: Sequence[Played], digests: Sequence[Told]
) -> list[tuple[str, str]]:
    folder, uphold = premises.folder, as_called(Path(sys.argv[0]))
    events = sum(len(each.events) for each in played)
    letters = sum(1 for _ in (folder.outbox / "new").glob("*"))
    letter, page = shlex.quote(str(await _letter(premises))), shlex.quote(str(folder.report))
    sets = f"export UPHOLD_CONFIG={shlex.quote(str(folder.settings_file))}"
    if premises.web_page:
        sets += f" TEMPORAL_ADDRESS={premises.address}"
    return [
        ("where the demo left its ledger and outbox, for the commands below", sets),
        ("a case file: timeline, clocks with their proofs, notices", f"{uphold} show {CASE_FILE}"),
        ("the ladder and the promises that it was held to", f"{uphold} charter show {CHARTER}"),
        ("every promise, where it was published, how it is kept and which tests show it",
         f"{uphold} promises"),
        ("a report on how well the charter was kept, as a page that prints",
         f"{uphold} report {CHARTER} {_period(played)} --format html -o {page}"),
        ("what was done on the closed complaints, done again under the charter (or another one)",
         f"{uphold} simulate {CHARTER} --from-ledger"),
        (f"one of the {letters} letters in the outbox, a Maildir that any mail reader opens",
         f"cat {letter}"),
        *(("the digest that one mailbox had in the morning", f"cat {shlex.quote(str(each.file))}")
          for each in [one for one in digests if one.file][:1]),
        (f"the ledger, with its {events} events, in SQL", ledger_command(folder.ledger)),
        *(with_the_server(uphold, premises.web_page, sealed=premises.settings.key_ring is not None)
          if premises.web_page else _without(uphold)),
    ]  # fmt: skip


def with_the_server(uphold: str, web_page: str, *, sealed: bool) -> tuple[tuple[str, str], ...]:
    """What else can be looked at while the server goes on."""
    shows = "what is personal is sealed there" if sealed else "nothing is sealed there"
    return (
        ("every complaint that has ended, by the ledger", f"{uphold} list --state closed"),
        (
            "what replies undertook and is still owed, the next due first",
            f"{uphold} list --remedies",
        ),
        ("the ledger, folded again and compared with each complaint", f"{uphold} ledger verify"),
        (f"Temporal's own page of every complaint, until Ctrl-C; {shows}", web_page),
    )


def _without(uphold: str) -> tuple[tuple[str, str], ...]:
    return (
        ("the same with Temporal's web page, and with the server at hand, until Ctrl-C",
         f"{uphold} demo --stay"),
        ("a server of your own that goes on and remembers", f"{uphold} dev"),
    )  # fmt: skip


def _period(played: Sequence[Played]) -> str:
    """From the first receipt under that charter to the last day on which anything happened."""
    under = [each for each in played if each.events and each.plan.opening.charter == CHARTER]
    first = min(each.plan.opening.received_at for each in under)
    last = max(each.events[-1].at for each in under)
    return f"--from {first.date()} --to {last.date()}"


def as_called(program: Path) -> str:
    """How to call the admin script again from here, as this time."""
    if program.suffix == ".py":
        return f"{shlex.quote(sys.executable)} -m starter.admin"
    found = shutil.which(program.name)
    if found and Path(found).absolute() == program.absolute():
        return program.name
    here = Path.cwd()
    shown = program.relative_to(here) if program.is_relative_to(here) else program
    return shlex.quote(str(shown))


async def _letter(premises: Premises) -> Path:
    reference, kind = LETTER
    for each in await premises.ledger.notices(reference):
        if each.notice.kind == kind and each.fate.message_id:
            return premises.folder.outbox / "new" / file_name(each.fate.message_id)
    return premises.folder.outbox / "new"


def ledger_command(file: Path) -> str:
    """A command that asks the ledger something with what this machine has."""
    if shutil.which("sqlite3"):
        return f'sqlite3 {shlex.quote(str(file))} "{QUERY}"'
    opened = f"sqlite3.connect({str(file)!r})"
    return f"{shlex.quote(sys.executable)} -c \"import sqlite3; print(*{opened}.execute('{QUERY}'), sep=chr(10))\""
