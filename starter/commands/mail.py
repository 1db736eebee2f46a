"""`uphold mail`: what comes in by mail, and word of letters that did not arrive."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Annotated

import typer

from engine.errors import EngineError, SettingsError
from starter.commands.mail_tray import TRAY, tell_dealt, the_desk, the_office
from starter.terminal.options import NOBODY, Acts, AsJson, Commands
from starter.terminal.printing import counted, say, say_json, tell
from starter.terminal.session import the_settings

if TYPE_CHECKING:
    from engine.settings import Settings
    from mail.desk import Desk
    from mail.mailboxes import Mailbox


class MailboxUnreachable(EngineError):
    """Where mail comes in cannot be read, or not now."""

    exit_code = os.EX_UNAVAILABLE


app = Commands("Read mail that comes in, and word of letters that did not arrive.")


@app.command("read")
async def read(
    every: Annotated[
        int | None,
        typer.Option("--every", min=5, metavar="SECONDS", help="Go on, and look again so often."),
    ] = None,
    acts: Acts = NOBODY,
    as_json: AsJson = False,
) -> None:
    r"""Deal with all mail that has come in, each message once.

    An answer to a letter becomes a contact of its complaint; a message that names none opens a complaint under the
    charter whose mailbox it went to; word that a letter did not arrive goes to its complaint; what a machine wrote is
    put away; and whatever cannot be told or read waits in the tray (`uphold mail tray`). Only then does a message
    leave the mailbox, for its folder `Done`: whoever is interrupted begins again, and nothing is done twice. With
    --every a mailbox that is away is tried again.

    \b
    Examples:
      uphold mail read
      uphold mail read --every 60
    """
    settings = the_settings()
    mailbox = _mailbox(settings)
    async with the_office(settings, acts) as office:
        desk = the_desk(settings, office)
        await keep_on(lambda: _deal_with_all(mailbox, desk, as_json=as_json), every)


async def keep_on(
    look: Callable[[], Awaitable[None]],
    every: int | None,
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Look once or, with `every`, again after so many seconds, also where the mailbox is away meanwhile.

    Raises whatever else `look` raises.
    """
    while True:
        try:
            await look()
        except MailboxUnreachable as away:
            if every is None:
                raise
            tell(f"{away} It is tried again in {every} seconds.")
        if every is None:
            return
        await wait(every)


async def _deal_with_all(mailbox: Mailbox, desk: Desk, *, as_json: bool) -> None:
    from mail.mailboxes import MailboxAway

    try:
        async with aclosing(mailbox.messages()) as messages:
            async for taken in messages:
                dealt = await desk.deal_with(taken.message)
                await taken.put_away()
                tell_dealt(dealt, as_json=as_json)
    except MailboxAway as away:
        raise MailboxUnreachable(str(away)) from away


for _name, _command in TRAY.items():
    app.command(_name)(_command)


@app.command("outcomes")
async def outcomes(acts: Acts = NOBODY, as_json: AsJson = False) -> None:
    r"""Ask GOV.UK Notify which letters of the last seven days did not arrive, and tell their complaints.

    Notify calls `uphold mail listen` as well, but gives up after five tries: let this run some times a day.

    \b
    Example:
      uphold mail outcomes
    """
    from letters.channels.notify.outcomes import FAILED
    from mail.undelivered import report_all
    from worker.leaving import notify_client

    settings = the_settings()
    client = notify_client(settings)
    try:
        async with the_office(settings, acts) as office:
            told, unplaced = await report_all(office, client.in_states(FAILED))
    finally:
        await client.close()
    if as_json:
        say_json({"told": told, "unplaced": unplaced})
        return
    for each in unplaced:
        tell(each)
    say(f"{counted(told, 'letter')} that did not arrive, and that nobody had told of yet.")


@app.command("listen")
async def listen(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port.")] = 8090,
    acts: Acts = NOBODY,
) -> None:
    r"""Hear from GOV.UK Notify what became of each message, until stopped.

    Notify calls `https://YOUR-HOST/notify` with the token of UPHOLD_NOTIFY_CALLBACK_TOKEN; put a server with TLS in
    front.

    \b
    Example:
      uphold mail listen --port 8090
    """
    import uvicorn

    from mail.undelivered import callbacks

    settings = the_settings()
    token = settings.notify_callback_token
    if token is None:
        raise SettingsError("notify_callback_token must be set: Notify shows it with each call.")
    async with the_office(settings, acts) as office:
        page = callbacks(office, token.get_secret_value())
        tell(f"Listening on http://{host}:{port}/notify")
        await uvicorn.Server(uvicorn.Config(page, host, port, log_config=None)).serve()


def _mailbox(settings: Settings) -> Mailbox:
    """Where mail comes in, as the settings say. Raises `SettingsError` where they say nothing."""
    from mail.mailboxes import mailbox_of
    from worker.leaving import tokens_of

    tokens = tokens_of(settings)
    if mailbox := mailbox_of(settings, tokens.get if tokens else None):
        return mailbox
    raise SettingsError(
        "No mail comes in: set mail_folder, or mail_imap_host and mail_imap_username."
    )
