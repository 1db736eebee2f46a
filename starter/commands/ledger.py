"""`uphold ledger`: the check, the seals and the mending of the record."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from starter.terminal.exits import REFUSED
from starter.terminal.options import AsJson, Commands, DryRun
from starter.terminal.printing import counted, progress, say, say_json, tell
from starter.terminal.session import connected, the_ledger, the_settings

if TYPE_CHECKING:
    from engine.settings import Settings
    from starter.client import Complaints

app = Commands("Check, seal and mend the ledger: the record of every complaint.")


Which = Annotated[
    list[str] | None, typer.Argument(metavar="REF", help="Which; default: all on record.")
]
Offline = Annotated[bool, typer.Option("--offline", help="Ask no Temporal server.")]


@app.command()
async def verify(
    references: Which = None,
    roots: Annotated[
        list[str] | None,
        typer.Option(
            "--root", metavar="ROOT", help="A seal's root that was kept elsewhere; repeatable."
        ),
    ] = None,
    public_keys: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The seals' public keys. Default: beside UPHOLD_SEAL_KEY_FILE."
        ),
    ] = None,
    offline: Offline = False,
    as_json: AsJson = False,
) -> None:
    r"""Check that the record is whole: chains, seals, and what the events come to.

    Every event and letter is counted again; so are the seals and their signatures. The events are folded and
    compared with the ledger's rows and, where a server answers, with the complaints. Exit code 1 if anything
    is not as it was recorded.

    \b
    Examples:
      uphold ledger verify
      uphold ledger verify --offline --root 5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9
      uphold ledger verify FO-2026-000123 --json
    """
    from ledger.evidence.checking import count_of_complaints
    from ledger.evidence.keys import public_file, read_public_keys
    from starter.desk.verifying import Verification

    for root in roots or ():
        if not re.fullmatch(r"[0-9a-f]{64}", root):
            raise typer.BadParameter(
                f"{root!r} is no root: those are 64 of the figures 0 to 9 and a to f, as `uphold ledger seal` prints them.",
                param_hint="--root",
            )
    settings = the_settings()
    beside = public_file(settings.seal_key_file) if settings.seal_key_file else None
    file = public_keys or (beside if beside and beside.exists() else None)
    keys = read_public_keys(file) if file else None
    async with the_ledger() as held:
        complaints, remarks = await _asked(settings, offline=offline)
        total = len(references) if references else await held.reading(count_of_complaints)
        with progress("Checking", total) as told:
            verification = Verification(held, complaints, keys)
            found = await verification.run(references or (), roots or (), remarks, told)
    if as_json:
        say_json(asdict(found))
    else:
        for remark in found.remarks:
            tell(remark)
        for each in found.findings:
            say(f"{each.where}: {each.what}")
        say(
            f"{counted(found.complaints, 'complaint')} with {counted(found.events, 'event')} on record,"
            f" {found.compared} compared with the complaint itself; {counted(found.seals, 'seal')}."
            f" {_in_all(len(found.findings))}."
        )
    if found.findings:
        raise typer.Exit(REFUSED)


def _in_all(findings: int) -> str:
    if not findings:
        return "All is as it was recorded"
    return f"{counted(findings, 'thing')} {'is' if findings == 1 else 'are'} not"


async def _asked(settings: Settings, *, offline: bool) -> tuple[Complaints | None, list[str]]:
    """The complaints to ask, and else why none are asked."""
    from engine.errors import EngineError

    if offline:
        return None, ["No server was asked: the record was compared with itself alone."]
    try:
        return await connected(settings), []
    except EngineError as error:
        return None, [f"No server was asked, the record was compared with itself alone. {error}"]


@app.command()
async def seal(
    new_key: Annotated[
        bool,
        typer.Option(
            "--new-key", help="First make the key in UPHOLD_SEAL_KEY_FILE; overwrites none."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    r"""Seal what is new on record: sign the last link of every complaint with new events.

    Keep the root that it prints where nobody who writes the ledger can change it: `uphold ledger verify --root`
    finds with it whatever was altered since.

    \b
    Examples:
      uphold ledger seal --new-key
      uphold ledger seal --json >> /mnt/elsewhere/roots.jsonl
    """
    from ledger.evidence.keys import make_key, read_key
    from ledger.evidence.seals import seal_within

    file = the_settings().seal_key_file
    if file is None:
        raise typer.BadParameter(
            "It is not known which key to sign with: set UPHOLD_SEAL_KEY_FILE.", param_hint="seal"
        )
    key = make_key(file) if new_key else read_key(file)
    async with the_ledger() as held:
        made, count = await held.writing(lambda c: seal_within(c, key, datetime.now(UTC)))
    if as_json:
        say_json({**asdict(made), "complaints": count})
        return
    new = f"seals {counted(count, 'complaint')}" if count else "stands: nothing is new since"
    say(
        f"Seal {made.number} {new}.\n  root       {made.root}\n  signature  {made.signature}\n  key        {made.key}"
    )


@app.command()
async def rebuild(
    references: Which = None,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="Bring a ledger that was restored forward: record what the complaints on the server know beyond it.",
        ),
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    r"""Make what is read of the events again: complaints, clocks, remedies, by what they are found, what waits.

    No event and no letter is changed, and nothing is made of a record that is broken. Says what was not as the
    events say. With --repair first what was lost by restoring an older copy is recorded again, and no letter is sent
    for it. Exit code 1 if a complaint could not be.

    \b
    Examples:
      uphold ledger rebuild --dry-run
      uphold ledger rebuild FO-2026-000123
      uphold ledger rebuild --repair
    """
    from starter.desk.mending import Mending

    settings = the_settings()
    async with the_ledger() as held:
        mending = Mending(held, await connected(settings) if repair else None, dry_run=dry_run)
        with progress("Rebuilding", None) as told:
            mended = await mending.run(references or (), told)
    if as_json:
        say_json([asdict(each) for each in mended if each.said or each.fault])
    else:
        for each in mended:
            for line in each.said:
                say(f"{each.reference}: {line}")
            if each.fault:
                say(f"{each.reference}: {each.fault}")
        mostly = "would be made" if dry_run else "made"
        differed = sum(bool(each.said) for each in mended)
        say(
            f"{counted(len(mended), 'complaint')}: {differed} {mostly} anew, {sum(bool(e.fault) for e in mended)} could not be."
        )
    if any(each.fault for each in mended):
        raise typer.Exit(REFUSED)
