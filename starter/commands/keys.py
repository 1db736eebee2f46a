"""`uphold keys`: the key ring, and the data keys that it wraps."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from starter.terminal.exits import REFUSED
from starter.terminal.options import AsJson, Commands, Reference
from starter.terminal.printing import counted, print_table, say, say_json
from starter.terminal.session import the_ledger, the_settings

if TYPE_CHECKING:
    from collections.abc import Collection

    from ledger.sql.ledger import SqlLedger
    from sealing.data_keys import DataKeys

app = Commands("List and change the keys under which whatever is personal is sealed.")


@app.command("list")
async def list_keys(as_json: AsJson = False) -> None:
    r"""List the keys of the ring, and how many data keys of the ledger each of them wraps.

    Says which keys are lost: needed by the ledger and not in the ring.

    \b
    Example:
      uphold keys list --json
    """
    from ledger.keys.data_keys import count_by_ring_key
    from sealing.ring import read_ring

    ring = read_ring(_ring_file())
    async with the_ledger() as ledger:
        counts = await ledger.reading(count_by_ring_key)
    destroyed = counts.pop("", 0)
    rows = [
        {
            "key": name,
            "current": name == ring.current,
            "lost": name not in ring.ids,
            "data_keys": counts.get(name, 0),
        }
        for name in sorted(ring.ids | set(counts))
    ]
    if as_json:
        say_json({"keys": rows, "destroyed": destroyed})
        return
    print_table(
        None, ("key", "", "data keys"),
        [(row["key"], _word(current=bool(row["current"]), lost=bool(row["lost"])), row["data_keys"])
         for row in rows],
    )  # fmt: skip
    say(f"Destroyed, as their complaints were erased: {destroyed}.")


def _free_name(taken: Collection[str], now: datetime) -> str:
    """The day and, where the ring has a key of that name, the next number."""
    day, number = f"{now:%Y-%m-%d}", 2
    if day not in taken:
        return day
    while f"{day}-{number}" in taken:
        number += 1
    return f"{day}-{number}"


def _word(*, current: bool, lost: bool) -> str:
    if lost:
        return "LOST: what it wraps cannot be read"
    return "current" if current else "may be taken out once it wraps nothing"


@app.command()
async def rotate(
    name: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Of the new key. Default: the present day, with a number if it is taken.",
        ),
    ] = None,
) -> None:
    r"""Put a new key into the ring, which wraps data keys from now on; the others stay. Makes the ring if there is none.

    Workers read the ring when they start: give all of them the new file before any of them uses it, and start
    them one after the other.

    \b
    Example:
      UPHOLD_KEY_RING=/etc/uphold/keys.toml uphold keys rotate
    """
    from sealing.ring import read_ring, with_new_key, write_ring

    file = _ring_file()
    before = read_ring(file) if file.exists() else None
    ring = with_new_key(before, name or _free_name(before.ids if before else (), datetime.now(UTC)))
    write_ring(file, ring)
    say(f"{file} holds {counted(len(ring.ids), 'key')}; {ring.current} is the current one.")
    say(
        "Keep a copy of the file apart from the ledger's backups: without it nothing can be read again."
    )


@app.command()
async def rewrap(as_json: AsJson = False) -> None:
    r"""Wrap every data key with the current key of the ring; no complaint is touched.

    May be interrupted and repeated, while workers run. Afterwards older keys of the ring wrap nothing: taken out
    of the file, they leave old backups of the ledger unreadable.

    \b
    Example:
      uphold keys rewrap
    """
    from sealing.data_keys import DataKeys
    from sealing.ring import read_ring

    ring = read_ring(_ring_file())
    async with the_ledger() as ledger:
        wrapped = await wrap_all(ledger, DataKeys(ring, ledger))
    if as_json:
        say_json({"current": ring.current, "rewrapped": wrapped})
    else:
        say(f"{counted(wrapped, 'data key')} wrapped anew: all are under {ring.current}.")


@app.command("export")
async def export_keys(
    file: Annotated[
        Path,
        typer.Argument(help="Where they go; only you can read it, and an earlier one is replaced."),
    ],
) -> None:
    r"""Copy the data keys into a file, wrapped as they are: without the ring it is of use to nobody.

    Do it every few minutes, to another machine than the ledger's: a ledger that is restored from an older copy lacks the
    keys of what was opened since, and has those of what was erased since. Like every backup an old copy holds the keys
    of what is erased later: keep the newest alone.

    \b
    Example:
      uphold keys export /mnt/elsewhere/data-keys.jsonl
    """
    from ledger.keys.copying import lines_of
    from sealing.whole_files import write_whole

    async with the_ledger() as ledger:
        lines = await ledger.reading(lambda c: list(lines_of(c)))
    write_whole(file, "".join(f"{line}\n" for line in lines))
    say(f"{counted(len(lines), 'data key')} in {file}.")


@app.command("import")
async def import_keys(
    file: Annotated[Path, typer.Argument(help="What `uphold keys export` wrote.")],
    as_json: AsJson = False,
) -> None:
    r"""Put data keys from a copy into a ledger that was restored, before any worker starts.

    Adds what the ledger lacks. What was erased since the ledger's copy is erased again, and nothing that was erased
    comes back. Exit code 1 where a complaint was given another key meanwhile.

    \b
    Example:
      uphold keys import /mnt/elsewhere/data-keys.jsonl
    """
    from ledger.keys.copying import TakenIn, keys_in, take_in
    from sealing.ring import read_ring

    ring = read_ring(_ring_file())
    try:
        keys = keys_in(file.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise typer.BadParameter(f"{file} cannot be read: {error}.") from None
    async with the_ledger() as ledger:
        counts = await ledger.writing(lambda c: take_in(c, keys, ring.ids))
    if as_json:
        say_json({kind.name.lower(): counts[kind] for kind in TakenIn})
    else:
        say(", ".join(f"{counts[kind]} {kind}" for kind in TakenIn) + ".")
    if counts[TakenIn.ANOTHER]:
        raise typer.Exit(REFUSED)


@app.command()
async def uses(reference: Reference, as_json: AsJson = False) -> None:
    r"""List what the key service was asked about a complaint: when, by whom, in which role, and what became of it.

    \b
    Example:
      uphold keys uses FO-2026-000123
    """
    from ledger.evidence.key_uses import uses_of

    async with the_ledger() as ledger:
        found = await ledger.reading(lambda c: uses_of(c, reference))
    if as_json:
        say_json([asdict(each) for each in found])
    elif found:
        print_table(
            reference, ("when (UTC)", "what", "by", "role", "token"),
            [(f"{each.at:%Y-%m-%d %H:%M:%S}", each.what, each.who, each.role, each.token)
             for each in found],
        )  # fmt: skip
    else:
        say(f"The key service was asked nothing about {reference}.")


async def wrap_all(ledger: SqlLedger, keys: DataKeys) -> int:
    """Wrap all data keys of the ledger with the current key of the ring; says how many were not."""
    from functools import partial

    from ledger.keys.data_keys import wrap_all_anew, wrapped_otherwise

    count = 0
    while found := await ledger.reading(lambda c: wrapped_otherwise(c, keys.ring.current)):
        anew = [(each, *await keys.rewrapped(each)) for each in found]

        await ledger.writing(partial(wrap_all_anew, keys=anew))
        count += len(found)
    return count


def _ring_file() -> Path:
    """The file of the ring. Raises a usage error where none is named."""
    file = the_settings().key_ring
    if file is None:
        raise typer.BadParameter(
            "It is not known where the key ring is: set UPHOLD_KEY_RING.", param_hint="keys"
        )
    return file
