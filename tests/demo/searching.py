"""What the sample says of its customers, and a search for it in files, in every form in which it could stand there.

Owns what counts as said of a customer: names, addresses, and whatever anybody wrote. Staff are named on record, and
codes and dates are counted: they are no secrets.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, quote_plus

from demo.plan import Plan
from domain.packing_words import WORDS

_NAMES: Final = frozenset({"name", "email", "phone", "address"})
_CODES: Final = frozenset(
    "reference charter channel about received_at kind language preferred_channel subject_case handler officer"
    " owner person to outcome from_whom contact_kind cause heard command_id limits".split()
)
"""Fields that hold a code, a reference or somebody of the staff."""
_SPAN: Final = re.compile(r"\d+ (working )?(day|month|week)s?( at \d\d:\d\d)?|[\d:. -]+")
_SENTENCE: Final = re.compile(r"(?<=[.!?]) ")
_FEWEST_WORDS: Final = 3
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/_-]{24,}")
_HEADER: Final = re.compile(rb"\x78[\x01\x20\x3f\x5e\x7d\x9c\xbb\xda\xf9]|\x1f\x8b\x08")
_DEEPEST: Final = 4
_LARGEST: Final = 1_000_000
_EITHER: Final = 32 + zlib.MAX_WBITS
"""With the header of zlib or of gzip."""

Found = Mapping[str, frozenset[str]]
"""What was found, and in which files and forms."""


def said_in(plans: Iterable[Plan], *, refused: bool) -> frozenset[str]:
    """Every name, address, number and sentence that the plans say of customers; also in what is refused, or not."""
    found: set[str] = set()
    for plan in plans:
        found |= set(_leaves(plan.opening.model_dump(mode="json"), ""))
        for step in plan.steps:
            if step.refused and not refused:
                continue
            found |= set(_leaves(json.loads(json.dumps(step.fields, default=_plain)), ""))
    return frozenset(found)


def search(folder: Path, needles: Iterable[str], apart: frozenset[str] = frozenset()) -> Found:
    """Where each of them stands in the files of the folder, but for those parts of it that are set apart."""
    forms = {needle: set(_forms(needle)) for needle in needles}
    found: dict[str, set[str]] = defaultdict(set)
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder)
        if not file.is_file() or name.parts[0] in apart:
            continue
        layers: dict[str, list[bytes]] = defaultdict(list)
        for how, content in _layers(file.read_bytes(), str(name), 0):
            layers[how].append(content)
        for how, contents in layers.items():
            all_of_it = b"\0\n".join(contents).lower()
            for needle, shapes in forms.items():
                if any(shape in all_of_it for shape in shapes):
                    found[needle].add(how)
    return {needle: frozenset(places) for needle, places in found.items()}


def _plain(value: object) -> Any:
    dump = getattr(value, "model_dump", None)
    return dump(mode="json") if dump else str(value)


def _leaves(value: Any, key: str) -> Iterator[str]:
    if key in _CODES:
        return
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _leaves(each, str(name))
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each, key)
    elif isinstance(value, str) and value:
        yield from _texts(value, key)


def _texts(text: str, key: str) -> Iterator[str]:
    if key in _NAMES:
        yield text
        return
    if _SPAN.fullmatch(text):
        return
    for sentence in _SENTENCE.split(text.removeprefix("done: ")):
        if len(sentence.split()) >= _FEWEST_WORDS:
            yield sentence.rstrip(".!?")


def _forms(needle: str) -> Iterator[bytes]:
    """The forms in which it could stand; letters in lower case, as the files are read."""
    texts = {needle, json.dumps(needle)[1:-1], json.dumps(needle, ensure_ascii=False)[1:-1]}
    texts |= {quote(needle), quote_plus(needle), quote(needle, safe="")}
    texts |= {needle.replace("'", "’"), needle.replace("'", "''"), needle.replace("'", "&#39;")}
    for text in texts:
        yield text.encode().lower()
        yield text.encode("utf-16-le").lower()
        yield text.encode("utf-16-be").lower()


def _layers(content: bytes, how: str, depth: int) -> Iterator[tuple[str, bytes]]:
    """The content, and whatever is packed in it: base64, zlib and gzip, with our words and without, also in each other."""
    yield how, content
    if depth == _DEEPEST:
        return
    for packed in _HEADER.finditer(content):
        if plain := _unpacked(content[packed.start() : packed.start() + _LARGEST]):
            yield from _layers(plain, f"{how} > zlib", depth + 1)
    for coded in _BASE64.finditer(content):
        for skipped in range(4):
            text = coded.group()[skipped:]
            text = text[: len(text) - len(text) % 4]
            try:
                plain = base64.b64decode(text, altchars=b"-_" if set(text) & set(b"-_") else b"+/")
            except ValueError:
                continue
            yield from _layers(plain, f"{how} > base64", depth + 1)


def _unpacked(packed: bytes) -> bytes:
    for stream in (zlib.decompressobj(_EITHER), zlib.decompressobj(zdict=WORDS)):
        try:
            return stream.decompress(packed, _LARGEST)
        except zlib.error:
            continue
    return b""
