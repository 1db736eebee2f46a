"""Words that staff wrote, in a letter to somebody who reads Welsh.

Owns which facts hold such words, what stands for them in a letter in Welsh, and which verb has to be told that
some had no translation. How a letter marks those is in `letters.rendering`. Source: `004_223f6b270ec16c9f.txt`
(Welsh as well as English).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from domain.charter.translations import translated
from domain.complaint.commands import Command
from domain.complaint.state import Complaint
from domain.notices import Notice
from domain.vocabulary import CUSTOMERS_OWN

WELSH = "cy"
OWN_WORDS = (
    "answer", "changes", "evidence", "findings", "how", "limits", "message", "not_done", "note",
    "nothing_recommended", "one_person", "questions", "reason", "remedies", "remedy", "summary", "third_party",
    "unchanged", "unheard", "why",
)  # fmt: skip
"""The facts of letters that staff write; what a customer said is nobody's to mark or to translate. Names stay."""
UNTRANSLATED = "untranslated"
"""The fact that names those of them which a letter in Welsh gives in English."""

CLOSURES = "closures_untranslated"
"""The fact that names the closed days in its proofs for which it has no Welsh either."""


def in_welsh(facts: Iterable[str]) -> list[str]:
    """Those of the facts, by their names, that say another in Welsh."""
    return [name for name in facts if name[-3:] == "_cy"]


def in_own_words(
    complaint: Complaint, event: Any, language: str, facts: dict[str, Any], welsh: list[str]
) -> dict[str, Any]:
    """The facts with what staff wrote in the reader's language, where somebody gave it.

    The Welsh of a fact stands in the event or beside it, under its name and `_cy`: such are `welsh`.
    """
    told = facts
    if welsh:
        told = {name: fact for name, fact in facts.items() if name not in welsh}
    if language != WELSH:
        return told
    if complaint.closures_cy:
        told = _with_closures(complaint, told)
    given = (event.in_welsh or {}) | {name[:-3]: facts[name] for name in welsh}
    ours = [name for name in OWN_WORDS if told.get(name) and not _theirs(event, name)]
    said = {name: given[name] for name in ours if given.get(name)}
    lacking = [name for name in ours if name not in said]
    return told | said | ({UNTRANSLATED: lacking} if lacking else {})


def _theirs(event: Any, name: str) -> bool:
    """Whether the fact is what the customer's side said with this event."""
    return bool(event.actor and event.actor.role in CUSTOMERS_OWN and getattr(event, name, None))


def _with_closures(complaint: Complaint, told: dict[str, Any]) -> dict[str, Any]:
    """The facts with days that staff closed under their names in Welsh, and which have none."""
    named = dict(complaint.closures_cy)
    lacking = [name for name, said in named.items() if not said]
    given = translated(told, {name: said for name, said in named.items() if said})
    return given | ({CLOSURES: lacking} if lacking else {})


def warnings_of(command: Command, notices: Iterable[Notice]) -> dict[str, list[str]]:
    """What an update answers beside the standing: that its words go out in English in a letter in Welsh."""
    lacking = {name for notice in notices for name in notice.facts.get(UNTRANSLATED, ())}
    mine = [f"{name}_cy" for name in command.translatable() if name in lacking]
    mine += [said for name, said in command.inner_welsh.items() if name in lacking]
    if not mine:
        return {}
    told = "The letter goes out in Welsh, with your own words in English."
    return {"warnings": [f"{told} Their Welsh can be given: {', '.join(mine)}."]}
