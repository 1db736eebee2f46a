"""Owns `uphold worker`, `health`, `settings` and `setup`: what an operator runs.

Must not import anything heavy at the top.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

import typer

from starter.acting import the_settings
from starter.exits import run
from starter.printing import add_row, console, say, table, tell

_LEDGER_WORDS: Final = {
    "missing": "created",
    "behind": "brought up to date",
    "current": "there already",
}


def worker() -> None:
    r"""Run a worker until it is told to stop (SIGTERM or Ctrl-C), then drain its work.

    Exit codes: 0 stopped as asked, 69 no server, 70 the worker failed, 77 credentials refused,
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
) -> None:
    r"""Print every setting: its variable, its value here, and what it means.

    \b
    Examples:
      uphold settings
      uphold settings --markdown > docs/settings-table.md
    """
    from engine.settings import PREFIX, Settings, load_settings, settings_table

    if markdown:
        say(settings_table().rstrip())
        return
    now = load_settings()
    made = table(None, "variable", "value", "meaning")
    for name, field in Settings.model_fields.items():
        value = "(hidden)" if not field.repr and getattr(now, name) else getattr(now, name)
        add_row(made, PREFIX + name.upper(), value, field.description)
    console().print(made)


def setup() -> None:
    r"""Create what is missing: namespace, search attributes, the ledger's tables.

    May be run again at any time: what is there is left as it is.

    \b
    Example:
      TEMPORAL_ADDRESS=temporal:7233 TEMPORAL_NAMESPACE=uphold uphold setup
    """
    for line in run(_set_up()):
        say(line)


async def _set_up() -> list[str]:
    from activities.ledger.migrating import schema_state, upgrade
    from engine.connect import connect
    from engine.provision import ensure_namespace, ensure_search_attributes
    from engine.settings import load_settings

    settings = load_settings()
    client = await connect(settings, check_namespace=False, progress=tell)
    created = await ensure_namespace(client, timedelta(days=settings.retention_days))
    registered = await ensure_search_attributes(client)
    before = await schema_state(settings.ledger_url)
    await upgrade(settings.ledger_url)
    return [
        f"namespace {client.namespace}: {'created' if created else 'there already'}",
        f"search attributes: {', '.join(key.name for key in registered) or 'there already'}",
        f"ledger: {_LEDGER_WORDS[before]}",
    ]
