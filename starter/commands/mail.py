"""`uphold mail`: what comes in by mail, and word of letters that did not arrive.

Must not import anything heavy at the top.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine.errors import EngineError, SettingsError
from starter.terminal.options import NOBODY, Acts, AsJson, Commands, Reference
from starter.terminal.printing import counted, print_table, say, say_json, say_json_line, tell
from starter.terminal.session import connected, the_book, the_ledger, the_settings, who_acts

if TYPE_CHECKING:
    from engine.settings import Settings
    from mail.desk import Dealt, Desk
    from mail.keeping import Tray
    from mail.mailboxes import Mailbox
    from starter.wire.mail_office import MailOffice


class MailboxUnreachable(EngineError):
    """Where mail comes in cannot be read, or not now."""

    exit_code = os.EX_UNAVAILABLE


app = Commands("Read mail that comes in, and word of letters that did not arrive.")

Number = Annotated[
    str, typer.Argument(metavar="NUMBER", help="The message's number; see `uphold mail tray`.")
]


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
    async with _the_office(settings, acts) as office:
        desk = _desk(settings, office)
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
                _tell(dealt, as_json=as_json)
    except MailboxAway as away:
        raise MailboxUnreachable(str(away)) from away


@app.command("tray")
def tray(as_json: AsJson = False) -> None:
    r"""List the mail that nobody could place; `uphold mail place` says what one is about.

    \b
    Example:
      uphold mail tray
    """
    waiting = [
        {
            "number": each.number,
            "received_at": each.message.received_at.isoformat(),
            "from": each.message.sender[1],
            "subject": each.message.header("Subject"),
            "why": each.why,
        }
        for each in _tray(the_settings()).waiting()
    ]
    if as_json:
        say_json(waiting)
    elif waiting:
        print_table(None, tuple(waiting[0]), [tuple(each.values()) for each in waiting])
    else:
        say("Nothing waits.")


@app.command("place")
async def place(
    number: Number, reference: Reference, acts: Acts = NOBODY, as_json: AsJson = False
) -> None:
    r"""Say which complaint a message in the tray is about: it becomes a contact of it, or word of its letter.

    \b
    Example:
      uphold mail place 3f9ab2c411 FO-2026-000123
    """
    from mail.desk import Became

    settings = the_settings()
    found = _found(settings, number)
    async with _the_office(settings, acts) as office:
        dealt = await _desk(settings, office).deal_with(found, reference)
    if dealt.became is not Became.WAITS:
        _tray(settings).done(number)
    _tell(dealt, as_json=as_json)


@app.command("discard")
def discard(number: Number) -> None:
    r"""Take a message out of the tray that is about no complaint.

    \b
    Example:
      uphold mail discard 3f9ab2c411
    """
    settings = the_settings()
    _found(settings, number)
    _tray(settings).done(number)
    say(f"{number} waits no more.")


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
        async with _the_office(settings, acts) as office:
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
    async with _the_office(settings, acts) as office:
        page = callbacks(office, token.get_secret_value())
        tell(f"Listening on http://{host}:{port}/notify")
        await uvicorn.Server(uvicorn.Config(page, host, port, log_config=None)).serve()


def _tell(dealt: Dealt, *, as_json: bool) -> None:
    if as_json:
        say_json_line({"became": dealt.became, "reference": dealt.reference, "why": dealt.why})
    else:
        say(f"{dealt.became}: {dealt.reference or '-'}: {dealt.why}")


@asynccontextmanager
async def _the_office(settings: Settings, acts: Acts) -> AsyncIterator[MailOffice]:
    from starter.wire.mail_office import MailOffice

    actor = who_acts(acts)
    async with the_ledger() as ledger:
        yield MailOffice(await connected(settings), ledger, actor)


def _desk(settings: Settings, office: MailOffice) -> Desk:
    from mail.desk import Desk
    from mail.keeping import Attachments, Openings

    secret = settings.bounce_secret
    book = the_book()
    charters: dict[str, Any] = {}
    for each in book.ids():
        charters.setdefault(book.get(each).contact.email.casefold(), []).append(each)
    return Desk(
        office,
        Attachments(settings.mail_kept / "attachments"),
        _tray(settings),
        Openings(settings.mail_kept / "openings", settings.mail_openings_a_day),
        own_address=settings.sender_address,
        replies=settings.replies_address,
        bounces=settings.bounces_address,
        secret=secret.get_secret_value() if secret else None,
        # A mailbox of several charters does not tell which one is meant.
        charters={mailbox: ids[0] for mailbox, ids in charters.items() if len(ids) == 1},
    )


def _tray(settings: Settings) -> Tray:
    from mail.keeping import Tray

    return Tray(settings.mail_kept / "tray")


def _found(settings: Settings, number: str) -> Any:
    found = _tray(settings).take(number)
    if found is None:
        raise typer.BadParameter("no message waits under it.", param_hint="'NUMBER'")
    return found.message


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
