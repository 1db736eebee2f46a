"""Files that are written whole or not at all: keys, tokens, and what people sent.

Owns that nobody but their owner can read them at any moment, unless that is said.
"""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4


def write_whole(file: Path, content: str | bytes, *, mode: int = 0o600) -> None:
    """Put it into the file, in the place of what was there; its folder is made where it is missing.

    `mode` says who may read it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{uuid4().hex}")
    try:
        opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(opened, "wb") as written:
            written.write(content.encode() if isinstance(content, str) else content)
            written.flush()
            os.fsync(written.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
