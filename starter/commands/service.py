"""What an operator or a developer runs: `uphold demo`, `dev`, `setup`, `worker`, `health`, `settings`, `schemas`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from starter.terminal.exits import run_until_stopped
from starter.terminal.options import AsJson
from starter.terminal.printing import print_table, say, say_json, tell
from starter.terminal.session import the_settings

_LEDGER_WORDS: Final = {
    "missing": "created",
    "behind": "brought up to date",
    "current": "there already",
}
_SCHEDULE_WORDS: Final = {"created": "created", "changed": "changed", "there": "there already"}
_SCHEDULED: Final = {
    "digest": "digests: {}, every working day at {}",
    "erase": "erasing: {}, every night at {}, by what charters say",
    "seal": "seals: {}, every night at {}, with a worker's key",
}


Unsealed = Annotated[
    bool,
    typer.Option(
        "--unsealed", help="Seal nothing, so that Temporal's web page shows what is inside."
    ),
]


def demo(
    keep: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Leave everything in this empty folder, instead of ./var/demo,"
            " which each run replaces.",
        ),
    ] = None,
    stay: Annotated[
        bool,
        typer.Option("--stay", help="Keep server and web page running at the end, until Ctrl-C."),
    ] = False,
    unsealed: Unsealed = False,
) -> None:
    r"""Watch the sample complaints run their course on a real Temporal server.

    The server skips the time between what people do, so that months pass in seconds. Ledger,
    outbox and logs are left to look at. Exit code 1 if a story went another way than its script.

    \b
    Examples:
      uphold demo
      uphold demo --keep /tmp/complaints
    """
    from demo.premises import DEFAULT_FOLDER
    from demo.run import run_demo

    folder = keep or DEFAULT_FOLDER
    raise typer.Exit(
        run_until_stopped(
            run_demo(folder, replace=keep is None, stay=stay, unsealed=unsealed), "Stopped."
        )
    )


def dev(
    folder: Annotated[
        Path, typer.Option("--dir", metavar="DIR", help="Where everything is kept.")
    ] = Path("var"),
    unsealed: Unsealed = False,
) -> None:
    r"""Start everything on this machine: Temporal server, web page, ledger, outbox, worker.

    It prints where each is when complaints can be opened, and runs until Ctrl-C. What was done
    is kept in the folder, and goes on when it is started again. Whatever is personal is sealed under a
    key ring in the folder, unless UPHOLD_KEY_RING names another.

    \b
    Examples:
      uphold dev
      uphold dev --unsealed
    """
    from engine.logs import configure_logs
    from engine.settings import load_settings
    from starter.dev import run_dev
    from starter.terminal.pages.running import tell_where

    settings = load_settings()
    if "log_level" not in settings.model_fields_set:
        settings = settings.model_copy(update={"log_level": "warning"})
    configure_logs(settings)
    tell("Starting the Temporal server and a worker …")
    code = run_until_stopped(run_dev(folder, settings, tell_where, unsealed=unsealed))
    tell("Everything has stopped.")
    raise typer.Exit(code)


def worker() -> None:
    r"""Run a worker until it is told to stop (SIGTERM or Ctrl-C), then drain its work.

    Exit codes: 0 stopped as asked, 69 no server or issuer, 70 the worker failed, 77 credentials refused,
    78 settings, namespace, search attributes or ledger are not as they must be.

    \b
    Example:
      UPHOLD_LEDGER_URL=postgresql+asyncpg://uphold:…@db/uphold uphold worker
    """
    from worker.__main__ import main

    main()


def health(
    url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The worker's health page. Default: from the settings."),
    ] = None,
) -> None:
    r"""Ask a worker whether it is ready; exit code 0 if it is, 69 if not.

    \b
    Example:
      uphold health --url http://127.0.0.1:8089
    """
    import os

    from worker.health import check_health

    settings = the_settings()
    host = settings.health_host if settings.health_host not in {"0.0.0.0", "::"} else "127.0.0.1"  # noqa: S104 - compared, not bound
    shown = f"[{host}]" if ":" in host else host
    ready, told = check_health(url or f"http://{shown}:{settings.health_port}")
    (say if ready else tell)(told.strip())
    if not ready:
        raise typer.Exit(os.EX_UNAVAILABLE)


def settings(
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the table of the documentation instead.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    r"""Print every setting: its variable, its value here, and what it means.

    \b
    Examples:
      uphold settings
      uphold settings --json
      uphold settings --markdown > docs/settings-table.md
    """
    from engine.settings import PREFIX, Settings, load_settings, settings_table

    if markdown:
        say(settings_table().rstrip())
        return
    now = load_settings()
    rows = []
    for name, field in Settings.model_fields.items():
        value = getattr(now, name)
        hidden = bool(value) and not field.repr
        rows.append((PREFIX + name.upper(), value, field.description, hidden))
    if as_json:
        told = ("variable", "value", "meaning", "hidden")
        say_json([dict(zip(told, (n, None if h else v, m, h), strict=True)) for n, v, m, h in rows])
        return
    shown = [(name, "(hidden)" if hidden else v, meaning) for name, v, meaning, hidden in rows]
    print_table(None, ("variable", "value", "meaning"), shown)


async def setup(
    new_ring: Annotated[
        bool,
        typer.Option(
            "--new-ring",
            help="First make the key ring in UPHOLD_KEY_RING, where there is none; overwrites none.",
        ),
    ] = False,
    new_key: Annotated[
        bool,
        typer.Option(
            "--new-key",
            help="First make the key of seals in UPHOLD_SEAL_KEY_FILE; overwrites none.",
        ),
    ] = False,
    grant: Annotated[
        str | None,
        typer.Option(
            metavar="ROLE",
            help="On PostgreSQL: the role of workers and staff, which may add to the record and alter nothing of it.",
        ),
    ] = None,
) -> None:
    r"""Create what is missing: namespace, search attributes, the ledger's tables, the digests' schedule.

    May be run again at any time: what is there is left as it is. It makes keys only where it is told to: workers
    and apps are given them as secrets, and a ring that is made anew cannot read what an older one sealed.

    \b
    Examples:
      UPHOLD_KEY_RING=/etc/uphold/keys.toml uphold setup --new-ring
      TEMPORAL_ADDRESS=temporal:7233 TEMPORAL_NAMESPACE=uphold uphold setup
      UPHOLD_LEDGER_URL=postgresql://uphold_owner:…@db/uphold uphold setup --grant uphold
    """
    from engine.connect import connect
    from engine.provision import (
        ensure_namespace,
        ensure_schedules,
        ensure_search_attributes,
        schedules_of,
    )
    from engine.settings import load_settings
    from ledger.migrations.schema import schema_state, upgrade
    from starter.desk.keeping.keys import see_to_ring, see_to_seal_key

    settings = load_settings()
    client = await connect(settings, check_namespace=False, progress=tell)
    created = await ensure_namespace(client, timedelta(days=settings.retention_days))
    registered = await ensure_search_attributes(client)
    before = await schema_state(settings.ledger_url)
    await upgrade(settings.ledger_url, grant)
    say(f"namespace {client.namespace}: {'created' if created else 'there already'}")
    say(f"search attributes: {', '.join(key.name for key in registered) or 'there already'}")
    granted = f"; {grant} may add to it and alter nothing of the record" if grant else ""
    say(f"ledger: {_LEDGER_WORDS[before]}{granted}")
    hours, zone = schedules_of(settings), settings.digest_time_zone
    for each, state in (await ensure_schedules(client, settings)).items():
        say(_SCHEDULED[each.name].format(_SCHEDULE_WORDS[state], f"{hours[each]}:00 {zone}"))
    # Last, for what is wrong with a key ends it, and is nothing that the rest needs.
    say(await see_to_ring(settings, new=new_ring))
    say(see_to_seal_key(settings.seal_key_file, new=new_key))


def schemas(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Another folder than that of Uphold itself."),
    ] = None,
) -> None:
    r"""Write the JSON Schemas of the wire contract, for apps in other languages.

    \b
    Example:
      uphold schemas --out schemas
    """
    from starter.commands.verbs import SCHEMAS
    from starter.reference.schemas import write_schemas

    for file in write_schemas(out or SCHEMAS):
        say(str(file))
