"""What staff write reaches a reader of Welsh in Welsh, or marked as English; under every charter, in every letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, partial
from typing import Any

import pytest
from jinja2 import nodes

from domain.charter.translations import CHARTER_FACTS
from domain.complaint.decider.registry import VERBS
from domain.complaint.notify.own_words import OWN_WORDS, warnings_of
from domain.errors import InvalidCommand
from domain.notices import Notice
from domain.vocabulary import CUSTOMERS_OWN
from letters.rendering import render
from letters.required_facts import RENDERED, STAFF_KINDS
from letters.specimens.player import Played
from letters.specimens.steps import FOUND, GROUNDS, New, begin, contact
from letters.specimens.stories import STORIES
from letters.wording import environment
from tests.domain.playing.stories import SHIPPED, Story, rules_of
from tests.letters.languages.test_twins import LETTERS, source

MARK = "(yn Saesneg)"
SAID = "Cymraeg"
"""Stands before whatever is given in Welsh, which is otherwise the English: so it is known where it came from."""
OURS = "Roedd wedi dod i law cyn hynny"
"""How the one reason begins that nobody wrote: a duplicate had come before."""
FIELDS = [(verb, name) for verb, model in VERBS.items() for name in model.translatable()]


class Spoken(Played):
    """A specimen whose staff give the Welsh of all that they say, or none of it."""

    def __init__(self, *given: Any, translates: bool = True, **more: Any) -> None:
        self.translates = translates
        self.asked: list[tuple[Any, list[Notice]]] = []
        super().__init__(*given, **more)

    def play(self, command: Any) -> None:
        before = len(self.notices)
        super().play(command)
        if command.verb in VERBS:
            self.asked.append((command, self.notices[before:]))

    def _command(self, verb: str, role: str, fields: dict[str, Any]) -> Any:
        said = {
            f"{name}_cy": _in_welsh(fields[name])
            for name in VERBS[verb].translatable()
            if self.translates and fields.get(name) and role not in CUSTOMERS_OWN
        }
        if self.translates and "limits" in fields:
            said["limits"] = [
                each | ({"text_cy": _in_welsh(each["text"])} if "text" in each else {})
                for each in fields["limits"]
            ]
        return super()._command(verb, role, fields | said)


def _in_welsh(said: Any) -> Any:
    if isinstance(said, str):
        return f"{SAID} {said}"
    return [_in_welsh(each if isinstance(each, str) else each["text"]) for each in said]


def on_paper(new: New) -> Played:
    """The customer takes it back in a letter, and staff enter that."""
    story = new()
    begin(story)
    contact(story, "I take it back.", "letter")
    story.do("withdraw", contact=1, reason="They have been paid")
    return story


def one_sided(new: New, outcome: str) -> Played:
    """Somebody could not be heard, and nothing changes."""
    story = new()
    begin(story)
    said = {"heard": ["customer"], "unheard": "The clerk has left", "changes": []}
    why = {"unchanged": "It was one letter", "nothing_recommended": "It was put right in May."}
    story.do("reply", findings=FOUND, outcome=outcome, **(GROUNDS | said | why))
    return story


MORE = (on_paper, partial(one_sided, outcome="upheld"), partial(one_sided, outcome="not-upheld"))


@cache
def played(charter: str, language: str, translates: bool) -> list[Spoken]:
    who = {"name": "Ann Price", "email": "ann@post.example", "language": language}
    new = partial(Spoken, rules_of(charter), complainant=who, translates=translates)
    stories: tuple[Any, ...] = (*STORIES, *MORE)
    return [story(new) for story in stories]


def own_words_of(notice: Notice) -> Iterator[str]:
    """Each text of the staff's own that its letter prints."""
    for name in OWN_WORDS:
        if str(notice.facts.get(name)).startswith(OURS):
            continue
        fact = notice.facts.get(name) or ()
        for each in [fact] if isinstance(fact, str) else fact:
            yield each if isinstance(each, str) else each["text"] or SAID


def letters(charter: str, language: str, *, translates: bool) -> Iterator[tuple[Any, Notice, str]]:
    for story in played(charter, language, translates):
        for command, notices in story.asked:
            for notice in notices:
                welsh = notice.recipient.language == language
                if notice.kind not in STAFF_KINDS and welsh:
                    yield command, notice, " ".join(render(notice).body.replace("\n>", "").split())


@pytest.mark.parametrize("charter", SHIPPED)
def test_words_with_a_translation_are_in_welsh_in_every_letter(charter: str) -> None:
    for command, notice, text in letters(charter, "cy", translates=True):
        if command.actor.role in CUSTOMERS_OWN:
            continue
        assert MARK not in text, (notice.kind, text)
        for said in own_words_of(notice):
            assert said.startswith(SAID), (notice.kind, said)
        assert warnings_of(command, [notice]) == {}


@pytest.mark.parametrize("charter", SHIPPED)
def test_words_without_one_are_marked_as_english_and_the_verb_warns(charter: str) -> None:
    for command, notice, text in letters(charter, "cy", translates=False):
        said = [] if command.actor.role in CUSTOMERS_OWN else list(own_words_of(notice))
        for each in said:
            plain = " ".join(each.split())
            before, after = text.count(f"{MARK} {plain}"), text.count(f"{plain} {MARK}")
            assert text.count(plain) == before + after, (notice.kind, text)
        said += notice.facts.get("closures_untranslated", [])
        assert (MARK in text) == any(each in text for each in said), (notice.kind, text)
        mine = {
            name
            for name in command.translatable()
            if notice.facts.get(name) and said and name in notice.facts.get("untranslated", ())
        }
        (warning,) = warnings_of(command, [notice]).get("warnings", [""])
        assert {name for name in mine if f"{name}_cy" in warning} == mine


@pytest.mark.parametrize("translates", [True, False])
@pytest.mark.parametrize("charter", SHIPPED)
def test_a_letter_in_english_has_the_words_as_they_are(charter: str, translates: bool) -> None:
    for command, notice, text in letters(charter, "en", translates=translates):
        assert SAID not in text
        assert MARK not in text
        assert "(in English)" not in text
        assert warnings_of(command, [notice]) == {}


def test_every_field_that_may_be_given_in_welsh_stands_in_some_letter() -> None:
    found: dict[tuple[str, str], int] = defaultdict(int)
    for charter in SHIPPED:
        for command, _, text in letters(charter, "cy", translates=True):
            for name in command.translatable():
                said = getattr(command, f"{name}_cy")
                for each in [said] if isinstance(said, str) else said or ():
                    found[command.verb, name] += " ".join(each.split()) in text
    assert [each for each in FIELDS if not found[each]] == []


def test_a_list_in_welsh_is_as_long_as_in_english() -> None:
    story = Story()
    refusal = story.do("acknowledge").refused(
        "reply", evidence=["The file", "The diary"], evidence_cy=["Y ffeil"]
    )
    assert isinstance(refusal, InvalidCommand)
    assert "evidence_cy: there are 1, and 2 of evidence." in str(refusal)


CUSTOMERS = {"grounds", "purpose", "scope"}
"""What the customer's side said, in the language in which they did."""
NAMES = {
    "appointment_time", "charter_version", "contact", "customer_name", "direct", "duplicate", "handler", "into", "officer",
    "place", "reference", "representative_name", "still_acting", "wrote",
}  # fmt: skip
"""Names, numbers and addresses, which are the same in every language."""


def test_every_text_in_a_letter_is_known_to_be_somebodys() -> None:
    printed: dict[str, str] = {}
    for name in (*LETTERS, "_letter"):
        for output in environment("en").parse(source("en", name)).find_all(nodes.Output):
            for each in output.nodes:
                filters = {one.name for one in each.find_all(nodes.Filter)}
                filters |= {each.name} if isinstance(each, nodes.Filter) else set()
                if not filters & {"day", "words", "counted", "language_name"}:
                    printed |= {one.name: name for one in _first_names(each)}
    own = set(OWN_WORDS) | CHARTER_FACTS | CUSTOMERS | NAMES | RENDERED | {"proof", "next_step"}
    inner = {"each", "limit", "loop", "one", "other", "remedy"}  # what a template goes through
    unknown = {name: where for name, where in printed.items() if name not in own | inner}
    assert unknown == {}, "whose words are they? Staff's may be given in Welsh (own_words.py)"


def _first_names(node: nodes.Node) -> Iterator[nodes.Name]:
    yield from node.find_all(nodes.Name)
    if isinstance(node, nodes.Name):
        yield node


@pytest.mark.parametrize("welsh", ["T May sy'n delio â chi", None])
def test_the_words_of_a_limit_are_in_welsh_in_every_letter_that_has_them(welsh: str | None) -> None:
    limit = {"kind": "named-person", "text": "T May deals with you"}
    who = {"name": "Ann Price", "email": "ann@post.example", "language": "cy"}
    story = Spoken(rules_of("casework-standards"), complainant=who, translates=False)
    begin(story)
    by = {"id": "t.may", "name": "T May", "role": "manager"}
    said: dict[str, Any] = {"reason": "Threats", "reason_cy": "Bygythiadau", "approved_by": by}
    limits = [limit | ({"text_cy": welsh} if welsh else {})]
    assert story.do("restrict_contact", limits=limits, review_on=story.day(15), **said)
    command, notices = story.asked[-1]
    warned = warnings_of(command, notices).get("warnings", [""])[0]
    assert ("text_cy of each limit" in warned) == (welsh is None)
    story.do("prefer", "customer", adjustments=["print bras"])
    bodies = [" ".join(render(each).body.split()) for each in story.notices[-3:] if each.kind not in STAFF_KINDS]  # fmt: skip
    for body in bodies:
        assert (welsh or f"{MARK} {limit['text']}") in body
    assert len(bodies) > 1
