"""`uphold notice`: read the letters before anybody gets one.

They come from made-up complaints, played under a charter (`letters.specimens`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from starter.terminal.options import NOBODY, Acts, AsJson, Commands, Reference
from starter.terminal.printing import counted, print_table, say, say_json, tell
from starter.terminal.session import the_book, the_charter, the_settings

if TYPE_CHECKING:
    from domain.charter.rules import Rules
    from domain.notices import Notice, NoticeKind

app = Commands("Read letters and notes before anybody gets one: any kind, charter and language.")

UsedCharter = Annotated[
    str, typer.Option("--charter", metavar="ID", help="The charter that the complaint is under.")
]
Language = Annotated[
    str, typer.Option("--language", metavar="CODE", help="The reader's language: en or cy.")
]
_VARIANTS: Final = 4
"""How many letters of a kind the book shows in each chapter."""


@app.command("list")
def list_kinds(charter: UsedCharter = "", as_json: AsJson = False) -> None:
    r"""List the kinds of letters and notes; with a charter, those that its complaints can bring.

    \b
    Examples:
      uphold notice list
      uphold notice list --charter financial-ombudsman
    """
    from domain.notices import NoticeKind
    from letters.required_facts import STAFF_KINDS

    owed = _specimens(charter) if charter else dict.fromkeys(NoticeKind)
    rows = [(str(kind), "staff" if kind in STAFF_KINDS else "customer") for kind in owed]
    if as_json:
        say_json([{"kind": kind, "to": who} for kind, who in rows])
    else:
        print_table(None, ("kind", "to"), rows)


@app.command("show")
def show(
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="Its kind; see `uphold notice list`.")
    ],
    charter: UsedCharter,
    language: Language = "en",
    every: Annotated[
        bool, typer.Option("--all", help="Every way in which it can read, not only the first.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    r"""Show a letter or note as it goes out, on a made-up complaint.

    \b
    Examples:
      uphold notice show acknowledgement --charter casework-standards
      uphold notice show reply --charter financial-ombudsman --language cy --all
    """
    from letters.rendering import render
    from letters.specimens.page import distinct

    _check_language(language)
    owed = _specimens(charter, language).get(_kind(kind), [])
    own = the_settings().letters_dir
    letters = distinct(render(notice, own) for notice in owed)
    if not letters:
        tell(f"No complaint under {charter} brings a letter of the kind {kind}.")
        raise typer.Exit(1)
    shown = letters if every else letters[:1]
    if as_json:
        say_json([{"subject": each.subject, "body": each.body, "language": each.language}
                  for each in shown])  # fmt: skip
        return
    say(f"\n{'-' * 72}\n\n".join(f"Subject: {each.subject}\n\n{each.body}" for each in shown))
    if len(letters) > len(shown):
        tell(f"{counted(len(letters), 'wording')} in all; --all shows them.")


@app.command("book")
def book(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the page goes.")],
    at_most: Annotated[
        int,
        typer.Option("--at-most", min=1, metavar="N", help="Letters of each kind in a chapter."),
    ] = _VARIANTS,
) -> None:
    r"""Write all letters, of every kind, charter and language, as one HTML page.

    \b
    Example:
      uphold notice book --out letters.html
    """
    from letters.specimens.page import page

    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf-8") as file:
        file.writelines(page(_chapters(), at_most))
    say(f"{out}: every letter of {counted(len(the_book().ids()), 'charter')}")


@app.command("resend")
async def resend(
    reference: Reference,
    notice: Annotated[
        str, typer.Argument(metavar="KEY", help="The letter's key; `uphold show` lists them.")
    ],
    acts: Acts = NOBODY,
    as_json: AsJson = False,
) -> None:
    r"""Send the customer a letter once more, as they are reached now.

    \b
    Example:
      uphold notice resend FO-2026-000123 FO-2026-000123/7/acknowledgement/customer
    """
    from starter.commands.verbs import send_verb

    given = {"acts": acts, "command_id": None, "as_json": as_json}
    await send_verb("resend_notice", reference, {"notice": notice}, given)


@app.command("check")
def check(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Your own templates and words.")],
    as_json: AsJson = False,
) -> None:
    r"""Check a folder of your own templates and words, and name every slip.

    The worker makes the same check of UPHOLD_LETTERS_DIR when it starts. Exit code 0 if every letter can
    be written, 1 if not.

    \b
    Example:
      uphold notice check our-letters
    """
    from letters.specimens.checking import slips
    from worker.leaving import every_rules

    found = slips(folder, every_rules(the_book()))
    if as_json:
        say_json([{"where": each.where, "what": each.what} for each in found])
    else:
        for each in found:
            tell(str(each))
    if found:
        raise typer.Exit(1)
    if not as_json:
        say(f"{folder}: ok: every letter can be written with it")


def _chapters() -> Any:
    from letters.languages import languages
    from letters.rendering import render
    from letters.specimens.page import Chapter, distinct

    own = the_settings().letters_dir
    for charter in the_book().ids():
        for language in reversed(languages()):
            owed = _specimens(charter, language)
            yield Chapter(charter, language, {
                kind: distinct(render(notice, own) for notice in notices)
                for kind, notices in owed.items()
            })  # fmt: skip


def _specimens(charter: str, language: str = "en") -> dict[NoticeKind, list[Notice]]:
    from letters.specimens.stories import by_kind, specimens

    return by_kind(specimens(_rules(charter), language))


def _rules(charter: str) -> Rules:
    """The rules of the charter of that id. Raises a usage error naming those there are."""
    from charters.pinning import pinned_rules
    from letters.specimens.player import RECEIVED

    the_charter(charter)
    return pinned_rules(the_book(), charter, RECEIVED)


def _kind(kind: str) -> NoticeKind:
    from domain.faults import allowed_words
    from domain.notices import NoticeKind

    if kind not in set(NoticeKind):
        raise typer.BadParameter(
            f"{kind!r} is no kind of letter. Allowed: {allowed_words(kind, list(NoticeKind))}.",
            param_hint="'KIND'",
        )
    return NoticeKind(kind)


def _check_language(language: str) -> None:
    from letters.languages import languages

    if language not in languages():
        raise typer.BadParameter(
            f"there are no letters in {language!r}. Allowed: {', '.join(languages())}.",
            param_hint="'--language'",
        )
