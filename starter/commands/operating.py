"""`uphold doctor` and `uphold shadow`: what operators ask of a deployment."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from starter.terminal.exits import REFUSED
from starter.terminal.options import AsJson
from starter.terminal.printing import counted, progress, say, say_json, tell
from starter.terminal.session import the_settings

if TYPE_CHECKING:
    from operations.doctor.findings import Finding
    from operations.shadow import Shadowed


async def doctor(as_json: AsJson = False) -> None:
    r"""Look at a whole deployment, and say in sentences what is as it must be, what is not, and who does what.

    Settings, server, namespace, search attributes, schedules, workers, build, clocks, the ledger with its tables,
    rights and keys, the issuer's keys, the mail server, mail that comes in, letters that failed at GOV.UK Notify, the
    disk. Nothing is changed and nothing is sent. Run it where a worker runs, with its settings, and where mail is
    read. Exit code 1 if anything is wrong.

    \b
    Examples:
      uphold doctor
      uphold doctor --json
    """
    from engine.errors import SettingsError
    from operations.doctor.examining import examine
    from operations.doctor.findings import Grade, wrong

    found: list[Finding] = []
    try:
        settings = the_settings()
    except SettingsError as error:
        found.append(
            wrong("settings", str(error), "Operators correct them: nothing else was looked at.")
        )
    else:
        async for finding in examine(settings):
            found.append(finding)
            if not as_json:
                say(str(finding))
    faults = sum(each.grade is Grade.WRONG for each in found)
    if as_json:
        say_json({"well": not faults, "findings": [asdict(each) for each in found]})
    elif len(found) == 1:
        say(str(found[0]))
    else:
        say(
            f"{counted(faults, 'thing')} {'is' if faults == 1 else 'are'} wrong."
            if faults
            else "Nothing is wrong."
        )
    if faults:
        raise typer.Exit(REFUSED)


async def shadow(
    sample: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=1, help="Only so many, taken by chance. Default: all that run."
        ),
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            metavar="DATE",
            formats=["%Y-%m-%d"],
            help="Only those whose history began on that day or later.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    r"""Replay the complaints that run on this version, before it is deployed, and say which would break.

    Run it with the new version's own `uphold`, with the settings of a worker (its key ring too). No complaint is
    touched. A history is some 200 events at most and takes about 60 ms. Exit code 1 if any would break or could
    not be read.

    \b
    Examples:
      uphold shadow
      uphold shadow --sample 500 --json
    """
    from engine.connect import connect
    from identity.sending import token_of_file
    from operations import shadow as shadowing
    from starter.wire.keys import keys_for

    settings = the_settings()
    keys = keys_for(settings, token_of_file(settings.token_file))
    client = await connect(settings, keys=keys)
    chosen = await shadowing.running(client, since.date() if since else None, sample)
    replayed = 0
    broken: list[Shadowed] = []
    with progress("Replaying", len(chosen)) as told:
        async for one in shadowing.shadow(client, chosen, keys):
            replayed += 1
            told(replayed)
            if not one.holds:
                broken.append(one)
    if as_json:
        say_json({"replayed": replayed, "broken": [asdict(each) for each in broken]})
    else:
        for each in broken:
            say(f"{each.reference}: {each.breaks or f'could not be read. {each.unread}'}")
        if broken:
            tell(
                "A complaint that would break stops at its next event, until a version that fits is current again."
                " Developers guard the change (docs/changing-workflows.md); do not make this version current."
            )
        say(
            f"{counted(replayed, 'complaint')} replayed on this version; {len(broken)} would not go on."
        )
    if broken:
        raise typer.Exit(REFUSED)
