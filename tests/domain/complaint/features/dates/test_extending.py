"""More time: of several clocks that could have it, the one that needs it."""

from __future__ import annotations

from domain.charter.rules import pack, unpack
from domain.errors import ExtensionRefused
from tests.domain.playing.stories import Story, rules_of


def test_of_two_contacts_more_time_goes_to_the_one_that_is_due_first() -> None:
    rules = rules_of("casework-standards")
    terms = rules.promises["CS-2"].promise.extension
    promises = tuple(
        each.model_copy(update={"extension": terms}) if each.key == "CS-2/contact" else each
        for each in rules.charter.promises
    )
    charter = rules.charter.model_copy(update={"promises": promises})
    story = Story(rules=unpack(pack(charter, rules.calendar))).do("acknowledge")
    story.do("record_contact").at("2026-10-06 10:00").do("record_contact")
    for new_due in ("2026-10-21", "2026-10-22", "2026-10-23", "2026-10-26"):
        story.do("extend", promise="CS-2/contact", new_due=new_due)
    first, second = story.clocks("CS-2/contact")
    assert (len(first.superseded), len(second.superseded)) == (2, 2)
    assert isinstance(
        story.refused("extend", promise="CS-2/contact", new_due="2026-10-27"), ExtensionRefused
    )
