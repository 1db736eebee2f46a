"""The life of a clock, for every promise that a charter that ships keeps by one.

Owns the table: how each clock starts, when it runs out and who hears of that before and after, with every
date counted by hand from the published lists of bank holidays. What is true of all of them is in
`test_clocks`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.domain.playing.stories import SHIPPED, Story, rules_of

Step = tuple[str, str, dict[str, Any]]
"""When, which verb, and what it says; `by` names the role that says it."""

Said = tuple[str, dict[str, Any]]
"""A verb and what it says."""

MONDAY = "2026-10-05 10:00"
SATURDAY = "2026-10-03 10:00"
BEFORE_ST_ANDREWS = "2026-11-26 10:00"  # Monday 30 November is a holiday in Scotland
WRITER = {"kind": "mp", "name": "A Member", "email": "mp@parliament.example"}
MEMBER = {"kind": "mp", "name": "A Member", "email": "mp@x.org", "authorised": True}

HANDLER = ("case-handler", "manager")
"""Who hears of a miss: the role that is responsible and the next; after the last one, the manager."""
MANAGER = ("manager",)
TEAM = ("complaints-team", "manager")


def days(*when: tuple[int, int] | tuple[int, int, int]) -> tuple[date, ...]:
    """The days, of 2026 unless the third number names another year."""
    return tuple(date(*(each[2:] or (2026,)), each[0], each[1]) for each in when)


@dataclass(frozen=True, slots=True)
class Life:
    """A promise, the way to the start of its clock, and what is to become of that."""

    key: str
    dates: tuple[date, ...]
    """Due; warned of; the new date that the apology gives, none where too late is so for good, or where a reason is
    late and no other apology goes out with it."""
    told: tuple[str, ...]
    met_by: Said = ("reply", {})
    steps: tuple[Step, ...] = ()
    received: str = MONDAY
    opening: dict[str, Any] = field(default_factory=dict)

    @property
    def due(self) -> date:
        """The day on which it runs out."""
        return self.dates[0]

    @property
    def warned(self) -> date:
        """The day on which staff are warned."""
        return self.dates[1]

    @property
    def again(self) -> date | None:
        """The new date after a miss."""
        return self.dates[2] if len(self.dates) > 2 else None

    @property
    def charter(self) -> str:
        """The charter that makes the promise."""
        return CHARTER_OF[self.key.split("-", maxsplit=1)[0]]

    def begun(self) -> Story:
        """The complaint when the clock has just started."""
        story = Story(self.charter, self.received, **self.opening)
        for when, verb, said in self.steps:
            story.at(when).do(verb, said.get("by"), **{k: said[k] for k in said if k != "by"})
        return story

    def kept(self, story: Story) -> Story:
        """The complaint after what the promise waits for has come, now."""
        verb, said = self.met_by
        return story.do(verb, **said)


CHARTER_OF = {rules_of(each).charter.promises[0].id.split("-")[0]: each for each in SHIPPED}
"""By the letters of their ids."""

# --- what several lives have in common ------------------------------------------------------------

CAME = "2026-10-06 10:00"
TO_MANAGER: tuple[Step, ...] = ((CAME, "escalate", {"by": "customer", "to": "manager"}),)
TO_TEAM: tuple[Step, ...] = (
    *TO_MANAGER,
    ("2026-10-07 10:00", "reply", {}),
    ("2026-10-12 10:00", "escalate", {"by": "customer", "to": "complaints-team"}),
)
TO_STAGE_2: tuple[Step, ...] = (
    (CAME, "acknowledge", {}),
    ("2026-10-07 10:00", "reply", {}),
    ("2026-10-12 10:00", "escalate", {"by": "customer", "to": "manager"}),
)
INTRODUCED: tuple[Step, ...] = ((MONDAY, "allocate", {}), (MONDAY, "introduce", {}))
ASKED: tuple[Step, ...] = ((MONDAY, "request_appointment", {"by": "customer"}),)
ARRANGED: tuple[Step, ...] = (*ASKED, (CAME, "arrange_appointment", {}))  # for Thursday 15 October


def contact(when: str = CAME, **said: Any) -> tuple[Step, ...]:
    """Something comes in while the complaint is open."""
    return ((when, "record_contact", said),)


def acknowledged(when: str) -> tuple[Step, ...]:
    """It is acknowledged."""
    return ((when, "acknowledge", {}),)


ACKNOWLEDGE: Said = ("acknowledge", {})
ANSWER: Said = ("answer_contact", {"contact": 1})
RETURN: Said = ("acknowledge", {"contact": 1})
RING: Said = ("return_call", {"contact": None})
RING_ABOUT: Said = ("return_call", {"reached": False})
INTRODUCE: Said = ("introduce", {})
UPDATE: Said = ("update", {})
ARRANGE: Said = ("arrange_appointment", {})
HOLD: Said = ("record_appointment", {"appointment": 1, "held": "on-time"})

# --- the four published pages ---------------------------------------------------------------------

INSOLVENCY = (
    Life("IS-2", days((10, 26), (10, 21), (11, 2)), HANDLER),
    Life("IS-2/contact", days((10, 27), (10, 22), (11, 3)), HANDLER, ANSWER,
        steps=contact(channel="letter")),
    Life("IS-3", days((11, 2), (10, 27), (11, 9)), HANDLER,
        opening={"representative": MEMBER, "channel": "letter"}),
    Life("IS-3/contact", days((11, 4), (10, 29), (11, 11)), HANDLER, ANSWER,
        steps=(
            *contact("2026-10-07 10:00", channel="letter", from_whom="mp"),
            ("2026-10-07 10:30", "name_representative", {"representative": WRITER}),
        )),
)  # fmt: skip
OMBUDSMAN = (
    Life("FO-1", days((10, 12), (10, 9), (10, 19)), HANDLER, INTRODUCE,
        steps=((MONDAY, "allocate", {}),)),
    # A month from 5 November is a Saturday.
    Life("FO-2", days((11, 5), (10, 29), (12, 4)), HANDLER, UPDATE, steps=INTRODUCED),
    Life("FO-3", days((10, 8), (10, 7), (10, 12)), HANDLER, RETURN,
        steps=contact(channel="phone", contact_kind="voicemail")),
    # Two months from 20 October are a Sunday.
    Life("FO-3/opening", days((10, 7), (10, 6), (10, 9)), HANDLER, ACKNOWLEDGE),
    Life("FO-4", days((12, 18), (12, 11), (2, 18, 2027)), HANDLER, UPDATE,
        steps=(*INTRODUCED, ("2026-10-20 10:00", "pass_to_decision", {}))),
    Life("FO-8/acknowledge", days((10, 8), (10, 7), (10, 12)), ("manager", "complaints-team"),
        ACKNOWLEDGE, steps=TO_MANAGER),
    Life("FO-8/reply", days((10, 20), (10, 16), (10, 27)), ("manager", "complaints-team"),
        steps=(*TO_MANAGER, *acknowledged("2026-10-07 10:00"))),
    Life("FO-11/acknowledge", days((10, 14), (10, 13), (10, 16)),
        ("complaints-team", "independent-assessor"), ACKNOWLEDGE, steps=TO_TEAM),
    Life("FO-11/reply", days((10, 26), (10, 22), (11, 2)),
        ("complaints-team", "independent-assessor"),
        steps=(*TO_TEAM, *acknowledged("2026-10-13 10:00"))),
)  # fmt: skip
# What comes on a Saturday counts from that day: the Monday after is the first of the working days.
SOON, LATER = days((10, 7), (10, 6), (10, 9)), days((10, 16), (10, 14), (10, 23))
SOON_AGAIN, LATER_AGAIN = days((10, 9), (10, 8), (10, 13)), days((10, 20), (10, 16), (10, 27))
PROMISE = (
    *(
        life
        for key, channel, first, further in (
            ("CP-1", "phone", SOON, SOON_AGAIN),
            ("CP-2", "web-form", SOON, SOON_AGAIN),
            ("CP-3", "visit", SOON, SOON_AGAIN),
            ("CP-5", "email", LATER, LATER_AGAIN),
            ("CP-6", "letter", LATER, LATER_AGAIN),
        )
        for life in (
            Life(key, first, HANDLER, received=SATURDAY, opening={"channel": channel}),
            Life(f"{key}/contact", further, HANDLER, ANSWER, steps=contact(channel=channel)),
        )
    ),
    Life("CP-4", days((10, 12), (10, 9), (10, 14)), HANDLER, ARRANGE, steps=ASKED),
    Life("CP-4/on-time", days((10, 16), (10, 16)), HANDLER, HOLD,
        steps=ARRANGED),
)  # fmt: skip
LETTER: dict[str, Any] = {"channel": "letter"}
CASEWORK = (
    Life("CS-1", days((10, 7), (10, 6), (10, 9)), HANDLER, ACKNOWLEDGE),
    Life("CS-1/contact", days((10, 8), (10, 7), (10, 12)), HANDLER, RETURN, opening=LETTER,
        steps=contact(channel="email")),
    Life("CS-2", days((10, 19), (10, 15), (10, 26)), HANDLER, steps=acknowledged(CAME)),
    Life("CS-2/contact", days((10, 20), (10, 16), (10, 27)), HANDLER, ANSWER, opening=LETTER,
        steps=(*contact(channel="email"), ("2026-10-07 10:00", "acknowledge", {"contact": 1}))),
    Life("CS-3", days((10, 6), (10, 6), (10, 7)), HANDLER, RING,
        opening={"channel": "phone"}),
    Life("CS-3/contact", days((10, 7), (10, 7), (10, 8)), HANDLER, RING_ABOUT, opening=LETTER,
        steps=contact(channel="phone", contact_kind="call-back")),
    # As agreed with this customer; for whoever says nothing, monthly.
    Life("CS-4", days((10, 19), (10, 14), (11, 2)), HANDLER, UPDATE,
        opening=LETTER | {"complainant_update_interval": {"weeks": 2}}),
)  # fmt: skip

# --- the codes of the sectors ---------------------------------------------------------------------

TWO_STAGES = tuple(
    life
    for code in ("HC", "LG")
    for life in (
        Life(f"{code}-1/acknowledge", days((10, 12), (10, 9), (10, 19)), HANDLER, ACKNOWLEDGE),
        Life(f"{code}-1/reply", days((10, 22), (10, 20), (10, 29)), HANDLER,
            steps=acknowledged("2026-10-08 15:00")),
        Life(f"{code}-2/acknowledge", days((10, 19), (10, 16), (10, 26)), MANAGER, ACKNOWLEDGE,
            steps=TO_STAGE_2),
        Life(f"{code}-2/reply", days((11, 11), (11, 5), (11, 18)), MANAGER,
            steps=(*TO_STAGE_2, *acknowledged("2026-10-14 10:00"))),
    )
)  # fmt: skip
INVESTIGATED = {"stage": "manager"}
SECTORS = (
    *TWO_STAGES,
    # Twelve weeks end on Monday 28 December, which is closed, as the Friday before it is.
    Life("LG-3", days((12, 24), (12, 10), (1, 12, 2027)), HANDLER),
    # Thursday 26 November, the day of receipt, is the first of the days.
    Life("SM-1", days((12, 3), (12, 2), (12, 7)), HANDLER, received=BEFORE_ST_ANDREWS),
    Life("SM-2/acknowledge", days((12, 1), (11, 27), (12, 4)), MANAGER, ACKNOWLEDGE,
        received=BEFORE_ST_ANDREWS, opening=INVESTIGATED),
    Life("SM-2/reply", days((12, 24), (12, 18), (1, 6, 2027)), MANAGER,
        received=BEFORE_ST_ANDREWS, opening=INVESTIGATED),
    Life("FC-2/acknowledge", days((10, 12), (10, 9), (10, 19)), HANDLER, ACKNOWLEDGE),
    # Four weeks on are Monday 28 December, closed.
    Life("FC-2/reply", days((11, 30), (11, 16), (12, 24)), HANDLER, steps=acknowledged(CAME)),
    Life("NH-1", days((10, 8), (10, 7), (10, 13)), TEAM, ACKNOWLEDGE),
    Life("NH-2", days((11, 9), (11, 2), (11, 23)), TEAM),
)  # fmt: skip


# --- why a date was missed ------------------------------------------------------------------------

GIVE_REASON: Said = ("give_reason", {})


def missed_on(day: str) -> tuple[Step, ...]:
    """Nothing is kept until that evening, and somebody says so."""
    return ((f"{day} 18:00", "update", {}),)


FROM_7 = days((10, 14), (10, 12), (10, 21))
FROM_8 = days((10, 15), (10, 13), (10, 22))
FROM_9 = days((10, 16), (10, 14), (10, 23))
FROM_12, FROM_19 = days((10, 19), (10, 15), (10, 26)), days((10, 26), (10, 22), (11, 2))
"""Five working days from that day of October, on which the first promise was missed."""
REASONS = (
    Life("IS-4/reason", days((11, 2), (10, 29), (11, 9)), HANDLER, GIVE_REASON,
        steps=missed_on("2026-10-26")),
    Life("FO-9/reason", FROM_7, HANDLER, GIVE_REASON, steps=missed_on("2026-10-07")),
    Life("CP-8/reason", FROM_19, HANDLER, GIVE_REASON, steps=missed_on("2026-10-19")),
    Life("CS-5/reason", FROM_7, HANDLER, GIVE_REASON, steps=missed_on("2026-10-07")),
    Life("HC-3/reason", FROM_12, HANDLER, GIVE_REASON, steps=missed_on("2026-10-12")),
    Life("LG-4/reason", FROM_12, HANDLER, GIVE_REASON, steps=missed_on("2026-10-12")),
    Life("SM-4/reason", FROM_9, HANDLER, GIVE_REASON, steps=missed_on("2026-10-09")),
    Life("FC-3/reason", FROM_12, HANDLER, GIVE_REASON, steps=missed_on("2026-10-12")),
    Life("NH-3/reason", FROM_8, TEAM, GIVE_REASON, steps=missed_on("2026-10-08")),
)  # fmt: skip

LIVES = (*INSOLVENCY, *OMBUDSMAN, *PROMISE, *CASEWORK, *SECTORS, *REASONS)
