"""An organisation's own templates and words, checked when a worker starts: no letter waits for a slip in them."""

from __future__ import annotations

from collections.abc import Iterator

from charters.files import CharterBook
from charters.pinning import resolve
from domain.charter.rules import Rules, pack, unpack
from engine.errors import SettingsError
from engine.settings import Settings
from letters.specimens.checking import slips
from letters.specimens.player import RECEIVED


def check_letters(settings: Settings) -> None:
    """Write every letter that the settings' own templates write. Raises `SettingsError` for a slip."""
    folder = settings.letters_dir
    if folder is None:
        return
    found = slips(folder, every_rules(CharterBook(settings.charters_dir)))
    if found:
        raise SettingsError("letters_dir: " + " ".join(str(each) for each in found))


def every_rules(book: CharterBook) -> Iterator[Rules]:
    """The rules of every charter, as a complaint that is received with the specimens has them."""
    for charter in book.ids():
        yield unpack(pack(*resolve(book, charter, RECEIVED)))
