"""The tray of `uphold mail`: what nobody could place, and what a person says that it is.

Owns the desk as the settings make it, which `uphold mail read` has too.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from starter.terminal.exits import REFUSED
from starter.terminal.options import NOBODY, Acts, AsJson
from starter.terminal.printing import print_table, say, say_json, say_json_line
from starter.terminal.session import connected, the_book, the_ledger, the_settings, who_acts

if TYPE_CHECKING:
    from engine.settings import Settings
    from mail.desk import Dealt, Desk
    from mail.keeping import Tray, Waiting
    from starter.wire.mail_office import MailOffice

Number = Annotated[
    str, typer.Argument(metavar="NUMBER", help="The message's number; see `uphold mail tray`.")
]


def tray(as_json: AsJson = False) -> None:
    r"""List the mail that nobody could place; `uphold mail show` prints one.

    \b
    Example:
      uphold mail tray
    """
    waiting = [_about(each) for each in _tray(the_settings()).waiting()]
    if as_json:
        say_json(waiting)
    elif waiting:
        print_table(None, tuple(waiting[0]), [tuple(each.values()) for each in waiting])
    else:
        say("Nothing waits.")


def show(number: Number, as_json: AsJson = False) -> None:
    r"""Print a message in the tray: who wrote it to whom, what it says, and the files with it.

    \b
    Example:
      uphold mail show 3f9ab2c411
    """
    settings = the_settings()
    found = _found(settings, number)
    about = _about(found) | {"to": ", ".join(found.message.recipients)}
    try:
        text, files = found.message.text, found.message.attachments
    except Exception:  # noqa: BLE001 - what a body in nobody's form does to its reader; the file is named
        text, files = "", ()
    named = [{"name": each.name, "bytes": len(each.content)} for each in files]
    whole = str(_tray(settings).path(number).absolute())
    if as_json:
        say_json({**about, "text": text, "files": named, "whole": whole})
        return
    for name, value in about.items():
        say(f"{name.replace('_', ' ')}: {value}")
    say(f"\n{text or 'It has no words that can be read.'}\n")
    for each in named:
        say(f"file: {each['name']} ({each['bytes']:,} bytes)")
    say(f"the whole message: {whole}")


async def place(
    number: Number,
    references: Annotated[
        list[str], typer.Argument(metavar="REF...", help="The complaint's reference, or several.")
    ],
    acts: Acts = NOBODY,
    as_json: AsJson = False,
) -> None:
    r"""Say which complaint a message in the tray is about: it becomes a contact of it, or word of its letter.

    One that is about several becomes a contact of each. Where one does not take it, it goes on waiting, and the exit
    code is 1: whatever is done already is not done again.

    \b
    Examples:
      uphold mail place 3f9ab2c411 FO-2026-000123
      uphold mail place 3f9ab2c411 FO-2026-000123 FO-2026-000124
    """
    settings = the_settings()
    message = _found(settings, number).message
    async with the_office(settings, acts) as office:
        desk = the_desk(settings, office)
        dealt = [await desk.deal_with(message, each) for each in dict.fromkeys(references)]
    _ended(settings, number, dealt, as_json=as_json)


async def open_(
    number: Number,
    charter: Annotated[
        str, typer.Option("--charter", metavar="ID", help="The charter that it is opened under.")
    ],
    name: Annotated[
        str | None,
        typer.Option("--name", help="The customer's name, where somebody else sent it."),
    ] = None,
    email: Annotated[
        str | None,
        typer.Option("--email", help="The customer's address, where somebody else sent it."),
    ] = None,
    acts: Acts = NOBODY,
    as_json: AsJson = False,
) -> None:
    r"""Open a complaint with a message in the tray, as if it had come to the mailbox of that charter.

    \b
    Examples:
      uphold mail open 3f9ab2c411 --charter financial-ombudsman
      uphold mail open 3f9ab2c411 --charter financial-ombudsman --name "Ann Example" --email ann@example.org
    """
    from domain.wire import usable_address

    settings = the_settings()
    if charter not in the_book().ids():
        raise typer.BadParameter(f"{charter!r} is no charter.", param_hint="'--charter'")
    message = _found(settings, number).message
    sender, address = message.sender
    given = usable_address(email or address)
    if given is None:
        raise typer.BadParameter("no address to write to: give one.", param_hint="'--email'")
    async with the_office(settings, acts) as office:
        whose = name or (sender if email is None else given)
        dealt = await the_desk(settings, office).open_for(message, charter, whose, given)
    _ended(settings, number, [dealt], as_json=as_json)


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


TRAY: Final = {"tray": tray, "show": show, "place": place, "open": open_, "discard": discard}
"""The commands of the tray, by name."""


def tell_dealt(dealt: Dealt, *, as_json: bool) -> None:
    """Print what became of a message."""
    if as_json:
        say_json_line({"became": dealt.became, "reference": dealt.reference, "why": dealt.why})
    else:
        say(f"{dealt.became}: {dealt.reference or '-'}: {dealt.why}")


@asynccontextmanager
async def the_office(settings: Settings, acts: Acts) -> AsyncIterator[MailOffice]:
    """What mail is told to, as whoever acts."""
    from starter.wire.mail_office import MailOffice

    actor = who_acts(acts)
    async with the_ledger() as ledger:
        yield MailOffice(await connected(settings), ledger, actor)


def the_desk(settings: Settings, office: MailOffice) -> Desk:
    """Who deals with mail, as the settings and the charters say."""
    from mail.desk import Desk
    from mail.keeping import Attachments, Openings

    secret = settings.bounce_secret
    book = the_book()
    charters: dict[str, Any] = {}
    staff: set[str] = set()
    for each in book.ids():
        charters.setdefault(book.get(each).contact.email.casefold(), []).append(each)
        staff |= {mailbox.casefold() for mailbox in book.get(each).mailboxes.values()}
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
        staff=frozenset(staff),
    )


def _ended(settings: Settings, number: str, dealt: list[Dealt], *, as_json: bool) -> None:
    """Say what became of it. Whatever is wholly done waits no more; else the exit code is that of a refusal."""
    from mail.desk import Became

    for each in dealt:
        tell_dealt(each, as_json=as_json)
    if any(each.became is Became.WAITS for each in dealt):
        raise typer.Exit(REFUSED)
    _tray(settings).done(number)


def _about(waiting: Waiting) -> dict[str, str]:
    name, address = waiting.message.sender
    return {
        "number": waiting.number,
        "received_at": waiting.message.received_at.isoformat(),
        "from": address or name,
        "subject": waiting.message.header("Subject"),
        "why": waiting.why,
    }


def _tray(settings: Settings) -> Tray:
    from mail.keeping import Tray

    return Tray(settings.mail_kept / "tray")


def _found(settings: Settings, number: str) -> Waiting:
    found = _tray(settings).take(number)
    if found is None:
        raise typer.BadParameter("no message waits under it.", param_hint="'NUMBER'")
    return found
