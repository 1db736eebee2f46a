"""What several specimens have in common: who is in them, and the steps that they share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from letters.specimens.player import Played

New = Callable[..., Played]
"""Opens the story's complaint, with fields of its own."""

HANDLER = {
    "id": "h.jones", "name": "H Jones", "email": "h.jones@office.example", "phone": "0300 000 0101"
}  # fmt: skip
ANOTHER = {
    "id": "k.lee", "name": "K Lee", "email": "k.lee@office.example", "phone": "0300 000 0102"
}  # fmt: skip
FRIEND = {"kind": "friend", "name": "Bob Ash", "email": "bob@post.example"}
MEMBER = {"kind": "mp", "name": "Mary Lane", "email": "mary.lane@parliament.example"}
FOUND = "We had your letter of 3 May and did not pass it on. That is why nobody answered you."
REMEDIES = ("A letter of apology", "Pay £50 for the delay", "Change how letters are passed on")
GROUNDS: dict[str, Any] = {
    "heard": ["customer", "staff"],
    "evidence": ["Your letter of 3 May", "The post book of the branch"],
    "cause": "procedure",
    "changes": ["Every letter is logged on the day on which it comes"],
}
"""What a reply says beside, where the charter asks for it."""
APPROVER = {"id": "t.may", "name": "T May", "role": "manager"}


def begin(story: Played) -> None:
    """Somebody has it, introduces themselves and acknowledges it."""
    story.do("allocate", handler=HANDLER)
    story.do("introduce")
    story.do("acknowledge")


def reply(story: Played, outcome: str = "partly-upheld") -> None:
    """It is answered at its stage."""
    story.do("reply", findings=FOUND, outcome=outcome, remedies=REMEDIES, **GROUNDS)


def climb(story: Played) -> None:
    """Every further stage: asked for, acknowledged, answered."""
    while (stage := story.rules.next_stage(story.complaint.stage)) and story.complaint.reply:
        if not story.do(
            "escalate", "customer", to=stage.id, grounds="Nobody says why it took so long."
        ):
            break
        story.do("acknowledge")
        story.wait(2)
        reply(story)


def contact(story: Played, summary: str, channel: str = "email", who: str = "customer") -> None:
    """Somebody gets in touch now."""
    story.do(
        "record_contact", channel=channel, from_whom=who, summary=summary, received_at=story.now
    )
