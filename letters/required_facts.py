"""Which facts each kind of notice needs: those that its template, in English, and its layout name.

Whoever makes a notice gives all of them, also those that only one branch of a template prints.
"""

from __future__ import annotations

from functools import cache

from jinja2 import meta

from domain.notices import Notice, NoticeKind
from letters.languages import FALLBACK, STAFF_NOTES
from letters.wording import environment, source_of

STAFF_KINDS: frozenset[NoticeKind] = frozenset(
    kind for kind in NoticeKind if (STAFF_NOTES / f"{kind.value}.txt").is_file()
)
"""The kinds that are notes to staff; all others are letters."""

ADDRESSING = frozenset({"organisation", "contact", "post_room", "customer_name", "next_step"})
"""The facts that every notice is addressed and signed with, by `routing` and `envelope` too."""

_EMPTY = (
    "acted_on answered_on chance contact_kind first_sent nothing_recommended own_time service third_party"
    " unkept_interval"
)
_FALSE = "ask_preferences ended estimate expected feedback in_time limited partly_english sent_before unread"
OPTIONAL = {
    **dict.fromkeys(_EMPTY.split()),
    **dict.fromkeys(_FALSE.split(), False),
    "mind": (),
}
"""The facts that need not be given, and what stands for them then."""

RENDERED = frozenset(
    "adjustments_asked complaint offer on_hold over recipient represented step text".split()
)
"""The names that rendering itself adds for templates."""


class Unwritable(Exception):
    """A notice cannot be put into words: its facts do not fill its template."""


def layout_of(kind: NoticeKind) -> str:
    """The name of the template that the kind's message is set into."""
    if kind is NoticeKind.DIGEST:  # of no one complaint
        return "_digest.txt"
    return "_staff.txt" if kind in STAFF_KINDS else "_letter.txt"


@cache
def required_facts(kind: NoticeKind) -> frozenset[str]:
    """The names of the facts that a notice of the kind must be given."""
    named = {name for part in templates_of(kind) for name in named_in(source_of(part))}
    return frozenset((named | ADDRESSING) - OPTIONAL.keys() - RENDERED)


@cache
def templates_of(kind: NoticeKind) -> frozenset[str]:
    """The names of the templates that a message of the kind is made of: its own, its layout, and what it includes."""
    own = f"{kind.value}.txt"
    included = meta.find_referenced_templates(environment(FALLBACK).parse(source_of(own)))
    return frozenset({own, layout_of(kind), *filter(None, included)})


def named_in(source: str) -> set[str]:
    """Every name that a template takes from outside, on whichever of its branches."""
    return meta.find_undeclared_variables(environment(FALLBACK).parse(source))


def check_facts(notice: Notice) -> None:
    """Raises `Unwritable` naming each fact that the notice's kind needs and was not given."""
    missing = required_facts(notice.kind) - notice.facts.keys()
    if missing:
        raise Unwritable(f"{notice.kind}: facts are missing: {', '.join(sorted(missing))}.")
