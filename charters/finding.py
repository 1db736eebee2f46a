"""Where the file of a charter is: those that ship with the product, and an organisation's own.

Must not import anything heavy: a list of complaints asks for the time zone in such a file, and for nothing else.
"""

from __future__ import annotations

from pathlib import Path

from domain.errors import UnknownCharter


def find_charter(charter_id: str, extra_dir: Path | None = None) -> Path:
    """The file of that charter; one in `extra_dir` goes before the one that ships.

    Raises `UnknownCharter` with the ids there are.
    """
    known = all_charters(extra_dir)
    if charter_id not in known:
        ids = ", ".join(known) or "none"
        raise UnknownCharter(f"There is no charter {charter_id!r}. Known charters: {ids}.")
    return known[charter_id]


def all_charters(extra_dir: Path | None = None) -> dict[str, Path]:
    """The file of every charter by its id, sorted; `UnknownCharter` if `extra_dir` is no folder."""
    if extra_dir is not None and not extra_dir.is_dir():
        raise UnknownCharter(f"{extra_dir} is not a folder of charters.")
    found = {path.stem: path for path in Path(__file__).parent.glob("*.toml")}
    found |= {path.stem: path for path in extra_dir.glob("*.toml")} if extra_dir else {}
    return dict(sorted(found.items()))
