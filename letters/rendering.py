"""Puts a notice into words: a template in the recipient's language, filled with its facts.

Owns the choice of template and what follows from the recipient. What a language can say is in
`wording`. Does not know channels or addresses.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Template, TemplateError

from domain.charter.translations import translated
from domain.notices import Notice, NoticeKind, RecipientKind
from letters.languages import FALLBACK, language_for
from letters.plain_text import laid_out, marked, one_line
from letters.required_facts import OPTIONAL, STAFF_KINDS, Unwritable, check_facts, layout_of
from letters.wording import environment, source_of, told, words_of

SUBJECT = "Subject: "
SUBJECT_LIMIT = 150


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice in words: `subject` is one line, `body` plain text, `language` what it is in."""

    subject: str
    body: str
    language: str = FALLBACK
    unfolded: str = ""
    """The body with each paragraph on one line, for whoever lays it out otherwise."""
    mark: str = ""
    """What stands before words in another language than the letter's, which is English then."""
    own: Path | None = None
    """The folder of an organisation's own letters, if it was written with one."""


def render(notice: Notice, own: Path | None = None) -> Letter:
    """The notice in words, in the recipient's language or, where there is none, in English.

    The words are those of the folder `own`, where it has some and they can be written, else those
    that ship. Raises `Unwritable` when a fact is missing or is not what its template needs.
    """
    check_facts(notice)
    if own:
        with suppress(
            Unwritable
        ):  # nobody waits for a letter because of a slip in somebody's words
            return written(notice, own)
    return written(notice)


def written(notice: Notice, own: Path | None = None) -> Letter:
    """As `render`, in the words of that folder or not at all. Raises `Unwritable`."""
    to_staff = notice.kind in STAFF_KINDS
    language = FALLBACK if to_staff else language_for(notice.recipient.language)
    try:
        names = _names(notice, language, own)
        subject, words = _templates(language, notice.kind, own)
        layout = environment(language, own).get_template(layout_of(notice.kind))
        body = layout.render(names, text=words.render(names).strip())
        title = one_line(subject.render(names), SUBJECT_LIMIT)
    except (
        TemplateError,
        ArithmeticError,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
    ) as error:
        raise Unwritable(f"{notice.kind}: {error}") from error
    mark = "" if language == FALLBACK else words_of(language, own)["quoting"]["in-english"]
    return Letter(title, laid_out(body), language, body.strip(), mark, own)


def split_source(source: str) -> tuple[str, str]:
    """A template's source as the template of its subject and the template of its message.

    Raises `ValueError` when the first line is not `Subject: …`.
    """
    first, _, rest = source.partition("\n")
    if not first.startswith(SUBJECT) or not first.removeprefix(SUBJECT).strip():
        raise ValueError(f"a template's first line is '{SUBJECT}…', not {first!r}")
    return first.removeprefix(SUBJECT), rest


def _names(notice: Notice, language: str, own: Path | None) -> dict[str, Any]:
    """What a template may use: the facts, those told in sentences among them, and the recipient."""
    recipient, facts = notice.recipient, _marked(notice.facts, language, own)
    represented = recipient.kind is RecipientKind.REPRESENTATIVE
    whose = "feedback" if facts.get("feedback") else "represented" if represented else "own"
    phrase = words_of(language, own)["complaint"][whose]
    step = facts["next_step"]
    kind = step["kind"] if isinstance(step, dict) else None
    return {
        **OPTIONAL,
        **facts,
        "represented": represented,
        "step": kind,
        "over": (kind or "").startswith(("closed", "remedy")),
        "on_hold": kind == "review" or (kind == "answer" and not facts.get("due")),
        "next_step": told(step, "next_step", language, facts, own=own),
        "proof": told(facts["proof"], "proof", language, own=own),
        "own_time": told(facts.get("own_time"), "own_time", language, own=own),
        "recipient": one_line(recipient.name, SUBJECT_LIMIT),
        "complaint": phrase.replace("NAME", one_line(facts["customer_name"], SUBJECT_LIMIT)),
        "adjustments_asked": list(recipient.adjustments),
        "offer": _offer(recipient.language, language, facts, own),
        **({"groups": _titled(facts["groups"], own)} if notice.kind is NoticeKind.DIGEST else {}),
    }


def _titled(groups: list[dict[str, Any]], own: Path | None) -> list[dict[str, Any]]:
    """The notes of a digest, each with the subject that it would have by itself, without the reference."""

    def title(note: dict[str, Any]) -> str:
        subject, _ = _templates(FALLBACK, NoticeKind(note["kind"]), own)
        said = one_line(subject.render({**OPTIONAL, **note["facts"]}), SUBJECT_LIMIT)
        return said.removeprefix(f"{note['reference']}: ")

    return [
        group | {"notes": [note | {"title": title(note)} for note in group["notes"]]}
        for group in groups
    ]


def _offer(wanted: str, language: str, facts: dict[str, Any], own: Path | None) -> str:
    """What stands above a letter in another language than was wanted, or partly in another; else nothing."""
    offers: dict[str, str] = words_of(language, own)["offers"]
    if wanted != language:
        return offers.get(wanted, offers["other"])
    return offers.get("partly", "") if facts.get("partly_english") else ""


def _marked(facts: dict[str, Any], language: str, own: Path | None) -> dict[str, Any]:
    """The facts with a mark before whatever staff wrote that nobody gave in the letter's language."""
    own_words, closures = facts.get("untranslated", ()), facts.get("closures_untranslated", ())
    if not (own_words or closures):
        return facts
    mark = words_of(language, own)["quoting"]["in-english"]
    said = facts | {name: marked(facts[name], mark) for name in own_words}
    return translated(said, {name: f"{name} {mark}" for name in closures})


@lru_cache
def _templates(language: str, kind: NoticeKind, own: Path | None) -> tuple[Template, Template]:
    made = environment(language, own)
    subject, words = split_source(source_of(f"{kind.value}.txt", language, own))
    return made.from_string(subject), made.from_string(words)
