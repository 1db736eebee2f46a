"""The words of one part of a message: its bytes as characters, and a page as text.

Owns what is guessed where a message does not say, or says wrongly, what its bytes mean.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from html.parser import HTMLParser

LINK_LIMIT = 300
"""Characters of a link that is told beside its words."""
_BLOCKS = frozenset(
    "address article aside blockquote dd div dl dt fieldset figcaption footer form h1 h2 h3 h4 h5 h6 header hr li main"
    " nav ol p pre section table tr ul".split()
)
_CELLS = frozenset({"td", "th"})
_UNREAD = frozenset({"style", "script", "head", "title"})
_WIDER = {
    "iso8859-1": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
    "euc_kr": "cp949", "big5": "big5hkscs",
}  # fmt: skip
"""What programs write that name another set: it has all of that, and more."""
_LEADS = frozenset({"http", "https", "mailto", "tel"})
_MISSED = 5
"""How many words of a page the plain text may lack, whatever their share."""


def clean(text: str) -> str:
    """The text without what is no character: nothing takes that in."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def decoded(content: bytes, charset: str) -> tuple[str, bool]:
    """The text, and whether it surely is that: by the set that it names, else by UTF-8, else by what is likely."""
    for name in (*_sets(charset), "utf-8"):
        try:
            return content.decode(name), True
        except ValueError:
            continue
    return content.decode("cp1252", "replace"), False


def _sets(charset: str) -> Iterator[str]:
    """The sets that the name stands for, the likeliest first."""
    for name in (charset, re.sub("^x-|-[ie]$", "", charset), charset.replace("windows-", "cp")):
        try:
            found = codecs.lookup(name).name
            "".encode(found)  # some are no sets of characters
        except (LookupError, ValueError):
            continue
        yield from filter(None, (_WIDER.get(found), found))
        return


def says_more(page: str, *, than: str) -> bool:
    """Whether the page says more than twice what the plain text beside it does, such as that one should see the page."""
    said = set(re.findall(r"\w+", page.casefold()))
    missed = said - set(re.findall(r"\w+", than.casefold()))
    return len(missed) >= _MISSED and 2 * len(missed) > len(said)


def words_of_page(page: str) -> tuple[str, bool]:
    """The words of a page, with where its links lead, and whether they surely are all."""
    read = _Words()
    read.feed(page)
    read.close()
    return read.text, read.whole


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._said: list[str] = []
        self._unread = 0
        self._kept_as_it_is = 0
        self._link: tuple[str, int] | None = None
        self._left_out = False

    @property
    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self._said).split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    @property
    def whole(self) -> bool:
        """Whether nothing was left out: neither what stands in a head without end, nor a link of great length."""
        return not (self._unread or self._left_out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in _UNREAD
        if tag == "body" or tag in _BLOCKS:
            self._unread = 0  # a head ends there, whether it says so or not
        self._kept_as_it_is += tag == "pre"
        if tag == "br":
            self._said.append("\n")
        elif tag in _CELLS:
            self._said.append(" ")
        elif tag == "a":
            self._end_link()
            self._link = (dict(attrs).get("href") or "", len(self._said))
        self._apart(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in _UNREAD and self._unread > 0
        self._kept_as_it_is -= tag == "pre" and self._kept_as_it_is > 0
        if tag == "a":
            self._end_link()
        self._apart(tag)

    def close(self) -> None:
        super().close()
        self._end_link()

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._said.append(data if self._kept_as_it_is else data.replace("\n", " "))

    def _apart(self, tag: str) -> None:
        """What is in a block stands on lines of its own."""
        if tag in _BLOCKS and self._said and not self._said[-1].endswith("\n"):
            self._said.append("\n")

    def _end_link(self) -> None:
        """A link ends with its tag, where another begins, and where the page breaks off."""
        if self._link:
            self._lead(*self._link)
            self._link = None

    def _lead(self, to: str, since: int) -> None:
        """Where a link leads, behind its words, unless these are just that."""
        scheme, _, rest = to.partition(":")
        if self._unread or scheme.casefold() not in _LEADS:
            return
        to = to if rest.startswith("//") else rest
        if to.rstrip("/") in "".join(self._said[since:]):
            return
        if len(to) > LINK_LIMIT:
            self._left_out = True
        else:
            self._said.append(f" <{to}>")
