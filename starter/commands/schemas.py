"""Owns `uphold schemas`. Must not import anything heavy at the top."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from starter.printing import say


def schemas(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write into.")],
) -> None:
    r"""Write the JSON Schemas of the wire contract, for apps in other languages.

    \b
    Example:
      uphold schemas --out docs/schemas
    """
    from starter.schemas import write_schemas

    for file in write_schemas(out):
        say(str(file))
