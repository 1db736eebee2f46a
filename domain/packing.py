"""Packing: JSON in few bytes, for what stands in histories and tables for years.

Owns the packed form: a zlib stream (RFC 1950) whose words were given beforehand. The stream names
them by their checksum and cannot be read with others, so they are never changed; better ones would
stand beside them.
"""

from __future__ import annotations

import json
import zlib
from typing import Any

from domain.packing_words import WORDS

_LEVEL = 6
_NEW = zlib.compressobj(_LEVEL, zdict=WORDS)
"""A stream that has begun: copying it is quicker than giving it its words each time."""


class NotPacked(ValueError):
    """These bytes were not packed here, or are cut short."""


def pack_json(text: bytes) -> bytes:
    """The JSON text, packed; equal texts give equal bytes."""
    stream = _NEW.copy()
    return stream.compress(text) + stream.flush()


def unpack_json(packed: bytes) -> bytes:
    """The text that `pack_json` packed. Raises `NotPacked`."""
    stream = zlib.decompressobj(zdict=WORDS)
    try:
        text = stream.decompress(packed)
    except zlib.error as error:
        raise NotPacked(str(error)) from None
    if not stream.eof:
        msg = "it ends too early"
        raise NotPacked(msg)
    return text


def canonical(content: dict[str, Any]) -> bytes:
    """The one JSON text of equal values: sorted keys, nothing between them."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
