"""`uphold codec-server`: keys for apps, and Temporal's pages in the clear."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from starter.terminal.printing import tell
from starter.terminal.session import ring_of, the_ledger, the_settings


async def codec_server(
    host: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Address that it listens on [UPHOLD_CODEC_HOST]."),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="Its port; 0 takes any free one [UPHOLD_CODEC_PORT: 8088]."
        ),
    ] = None,
    origins: Annotated[
        list[str] | None,
        typer.Option(
            "--origin",
            metavar="URL",
            help="A place whose pages may ask, such as that of Temporal's web page; may be repeated"
            " [UPHOLD_CODEC_ORIGINS].",
        ),
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Its certificate, to be asked by https.")
    ] = None,
    private_key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The certificate's key.")
    ] = None,
) -> None:
    r"""Let those who may read what is sealed: on Temporal's pages, and in apps without key ring and ledger.

    Each request proves a token, as all else does (docs/identity.md). Staff read every complaint; an upstream app
    those that it opened; a customer none. Who read what is on record in the ledger's table `key_uses`. It needs the
    key ring and the ledger, and runs until SIGTERM or Ctrl-C.

    \b
    Examples:
      uphold codec-server --origin http://127.0.0.1:8233
      temporal workflow show --workflow-id complaint:FO-2026-000123 \
        --codec-endpoint http://127.0.0.1:8088 --codec-auth "Bearer $(cat var/identity/token)"
      UPHOLD_KEY_SERVICE=http://127.0.0.1:8088 uphold acknowledge FO-2026-000123
    """
    import asyncio

    from engine.errors import SettingsError
    from engine.logs import configure_logs
    from keyservice.app import application
    from keyservice.desk import Desk
    from keyservice.serving import Listening, served
    from sealing.data_keys import DataKeys
    from sealing.ring import missing
    from worker.door import door_of
    from worker.service import stop_signals

    settings = the_settings()
    configure_logs(settings)
    ring, door = ring_of(settings), door_of(settings)
    if ring is None:
        raise SettingsError("Nothing is sealed, so there is nothing to read: set UPHOLD_KEY_RING.")
    port = settings.codec_port if port is None else port
    listening = Listening(host or settings.codec_host, port, certificate, private_key)
    listening.require_safe(door)
    await door.require_keys()
    listed = (each.strip() for each in (settings.codec_origins or "").split(","))
    pages = origins or [each for each in listed if each]
    async with the_ledger() as ledger:
        await ledger.require_ready(to_write=True)
        if lost := await ledger.ring_keys() - ring.ids:
            raise SettingsError(f"key_ring: {missing(lost, ring)}")
        app = application(Desk(ledger, DataKeys(ring, ledger)), door, pages)
        with stop_signals() as stop:
            async with served(app, listening) as (address, running):
                tell(f"Keys are given, and payloads read, at {address} until Ctrl-C.")
                asked = asyncio.create_task(stop.asked.wait())
                await asyncio.wait((running, asked), return_when=asyncio.FIRST_COMPLETED)
                asked.cancel()
    tell("It has stopped.")
