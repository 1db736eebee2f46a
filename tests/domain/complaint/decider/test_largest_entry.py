"""The largest thing that anybody may say fits into what the server takes, with every letter that it owes."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from itertools import islice
from typing import Any

import pytest

from activities.contracts import entry_of, pack_entry
from domain.complaint.decider.decide import take
from domain.complaint.decider.parsing import MOST_BYTES as MOST_OF_ONE
from domain.complaint.decider.parsing import parse_command
from domain.complaint.decider.registry import VERBS
from domain.complaint.state import Complaint
from domain.errors import InvalidCommand, Refused
from domain.vocabulary import Role
from tests.domain.playing.said import SAID
from tests.domain.playing.stories import PEOPLE, Story, all_states

ACTOR = PEOPLE[Role.MANAGER].model_dump(mode="json")
MOST_BYTES = 1_900_000
"""Of what one change hands to the server at its largest, sealing included: it takes two million, and ends a
complaint that hands it more."""
LONG = 200
"""Characters from which on a field is somebody's words."""


def words(length: int) -> str:
    """Text of that length that nothing makes shorter, of three bytes a character."""
    chance = random.Random(length)  # noqa: S311 - no secret
    return "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(length))


def at_its_longest(verb: str, of_lists: float = 0.0) -> dict[str, Any]:
    """What the verb says, with each text of words as long as may be, and lists of them filled to that part."""
    longest: dict[str, Any] = {}
    for name, each in VERBS[verb].model_json_schema()["properties"].items():
        if name in {"command_id", "actor", "pinned"}:
            continue
        for kind in each.get("anyOf", [each]):
            text = kind.get("items", kind) if kind.get("type") == "array" else kind
            if text.get("type") != "string" or text.get("maxLength", 0) < LONG or "pattern" in text:
                continue
            if text is kind:
                longest[name] = words(kind["maxLength"])
            elif items := int(kind.get("maxItems", 0) * of_lists):
                longest[name] = [words(text["maxLength"] - number) for number in range(items)]
    return longest


def everybody(story: Story) -> Complaint:
    """The complaint with as many people who hear of it as there may be."""
    complaint = story.complaint
    for number in range(12):
        person = {"kind": "friend", "name": f"Friend {number}", "email": f"f{number}@example.org"}
        naming: dict[str, Any] = {"representative": person}
        for verb, fields in (("name_representative", naming), ("give_authority", {})):
            with suppress(Refused):
                complaint = take(complaint, story.command(verb, **fields), story.now)[-1].complaint
    return complaint


@pytest.mark.parametrize("verb", sorted(SAID))
def test_the_largest_message_of_every_verb_fits_with_all_that_it_owes(verb: str) -> None:
    largest = 0
    for story in all_states():
        complaint = everybody(story)
        for part in (1.0, 0.5, 0.25, 0.1, 0.0):
            with suppress(Refused):
                command = story.command(verb, **at_its_longest(verb, part))
                if steps := take(complaint, command, story.now):
                    largest = max(largest, len(pack_entry(entry_of(complaint, steps))))
                    break
    assert largest < MOST_BYTES


def test_a_message_that_is_too_long_in_all_is_refused_with_how_long_it_may_be() -> None:
    (story,) = islice(all_states(), 1)
    with pytest.raises(InvalidCommand, match="bytes of 120,000 at most") as refused:
        story.command("reply", **at_its_longest("reply", 1.0))
    assert "fewer words" in refused.value.allowed


def test_it_is_what_is_said_that_counts_and_not_how_the_json_was_written() -> None:
    said = words(20_000)
    written = json.dumps({"command_id": "c", "actor": ACTOR, "message": said})
    assert len(written) > MOST_OF_ONE > len(said.encode())
    assert parse_command("update", written.encode()).command_id == "c"
