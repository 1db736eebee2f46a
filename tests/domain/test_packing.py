"""What stands in histories for years: packed, and read again."""

from __future__ import annotations

import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.packing import NotPacked, canonical, pack_json, unpack_json
from domain.packing_words import WORDS

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)

CHECKSUM = 0x755EB475
OLD = "78bb755eb47543adb482c1cbadb14dec20af4239daa8540b0007f012a9"


@given(st.dictionaries(st.text(), VALUES))
def test_what_was_packed_is_read_again(content: dict[str, object]) -> None:
    text = canonical(content)
    assert unpack_json(pack_json(text)) == text
    assert json.loads(text) == content


def test_the_words_never_change_since_old_histories_are_read_with_them() -> None:
    assert zlib.adler32(WORDS) == CHECKSUM
    packed = bytes.fromhex(OLD)
    assert unpack_json(packed) == b'{"reference":"S-1","kind":"acknowledged","handler":"\xc5\x81"}'


def test_common_words_take_no_room() -> None:
    text = b'{"number":1,"actor":null,"command_id":null,"kind":"acknowledged"}'
    assert len(pack_json(text)) < len(zlib.compress(text, 9)) * 2 / 3


@pytest.mark.parametrize("cut", [b"", b"none", pack_json(b"{}" * 99)[:-5]])
def test_what_was_not_packed_or_is_cut_short_is_named(cut: bytes) -> None:
    with pytest.raises(NotPacked):
        unpack_json(cut)
