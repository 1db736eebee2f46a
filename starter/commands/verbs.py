"""Owns the options of each verb on the command line; what is sent is checked by `domain`.

Must not import anything heavy at the top.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer

from domain.vocabulary import Channel, ContactKind, FromWhom, Outcome, ReassignReason
from starter.commands.remedies import remedy_item
from starter.verb_command import OwnFields, day, instant, verb

app = typer.Typer()

HandlerId = Annotated[str, typer.Option("--handler-id", metavar="ID", help="The handler's id.")]
HandlerName = Annotated[
    str, typer.Option("--handler-name", metavar="NAME", help="The handler's name.")
]
HandlerEmail = Annotated[
    str | None,
    typer.Option("--handler-email", metavar="ADDRESS", help="Their direct line, for letters."),
]
HandlerPhone = Annotated[
    str | None,
    typer.Option("--handler-phone", metavar="NUMBER", help="Their direct line, for letters."),
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; goes on record.")]
Contact = Annotated[
    int, typer.Option("--contact", metavar="N", min=1, help="The contact's number.")
]
Because = Annotated[ReassignReason, typer.Option("--reason", help="Why another handler.")]


@verb(app, "allocate", "allocate FO-2026-000123 --handler-id h.jones --handler-name 'H Jones'")
def allocate(
    handler_id: HandlerId,
    handler_name: HandlerName,
    handler_email: HandlerEmail = None,
    handler_phone: HandlerPhone = None,
) -> OwnFields:
    """Give the complaint to a handler at its present stage."""
    return {"handler": _handler(handler_id, handler_name, handler_email, handler_phone)}


def _handler(who: str, name: str, email: str | None, phone: str | None) -> dict[str, str]:
    known = {"id": who, "name": name, "email": email, "phone": phone}
    return {field: value for field, value in known.items() if value is not None}


@verb(app, "introduce", "introduce FO-2026-000123")
def introduce() -> OwnFields:
    """Record that the handler has introduced themselves to the customer."""
    return {}


@verb(app, "acknowledge", "acknowledge FO-2026-000123")
def acknowledge(
    contact: Annotated[
        int | None,
        typer.Option("--contact", metavar="N", min=1, help="An inbound contact, by its number."),
    ] = None,
) -> OwnFields:
    """Acknowledge the complaint at its stage or, with --contact, one inbound contact."""
    return {} if contact is None else {"contact": contact}


@verb(app, "update", "update FO-2026-000123 --message 'We have asked the branch for its file.'")
def update(
    message: Annotated[
        str, typer.Option("--message", metavar="TEXT", help="What the customer is told.")
    ],
) -> OwnFields:
    """Tell the customer where things stand."""
    return {"message": message}


@verb(app, "extend", "extend FO-2026-000123 --new-due 2026-10-30 --reason 'The file is late.'")
def extend(
    new_due: Annotated[
        date, typer.Option("--new-due", parser=day, metavar="DATE", help="The new due date.")
    ],
    reason: Reason,
    promise: Annotated[
        str | None,
        typer.Option("--promise", metavar="ID", help="Which promise, where several could be."),
    ] = None,
) -> OwnFields:
    """Move a due date, with a reason, before it passes."""
    fields: dict[str, Any] = {"new_due": new_due, "reason": reason}
    return fields if promise is None else {**fields, "promise": promise}


@verb(app, "pause", "pause FO-2026-000123 --review-on 2026-11-02 --reason 'Bank asked for facts.'")
def pause(
    review_on: Annotated[
        date,
        typer.Option("--review-on", parser=day, metavar="DATE", help="When to look at it again."),
    ],
    reason: Reason,
    third_party: Annotated[
        str | None,
        typer.Option(
            "--third-party", metavar="TEXT", help="Who is asked; the customer hears if it drags on."
        ),
    ] = None,
) -> OwnFields:
    """Stop the clocks that may be paused, while facts are checked."""
    fields: dict[str, Any] = {"reason": reason, "review_on": review_on}
    return fields if third_party is None else {**fields, "third_party": third_party}


@verb(app, "resume", "resume FO-2026-000123")
def resume() -> OwnFields:
    """Let the paused clocks run on."""
    return {}


@verb(
    app,
    "record_contact",
    "record-contact FO-2026-000123 --channel phone --from-whom mp --summary 'Asks for news.'",
    signal=True,
)
def record_contact(
    channel: Annotated[Channel, typer.Option("--channel", help="How it reached us.")],
    from_whom: Annotated[FromWhom, typer.Option("--from-whom", help="Who it came from.")],
    summary: Annotated[str, typer.Option("--summary", metavar="TEXT", help="What it said.")],
    received_at: Annotated[
        datetime | None,
        typer.Option(
            "--received-at",
            parser=instant,
            metavar="INSTANT",
            help="When, such as 2026-11-20T16:45+00:00. Default: now.",
        ),
    ] = None,
    kind: Annotated[
        ContactKind | None,
        typer.Option("--kind", help="What sort of message; `call` was taken there and then."),
    ] = None,
    answers: Annotated[
        bool, typer.Option("--answers", help="It answers what the customer was asked.")
    ] = False,
) -> OwnFields:
    """Record that something came in: a message, a letter, a call, a visit."""
    fields: dict[str, Any] = {
        "channel": channel,
        "from_whom": from_whom,
        "summary": summary,
        "received_at": received_at or datetime.now(UTC),
    }
    fields |= {} if kind is None else {"contact_kind": kind}
    return fields | ({"answers": True} if answers else {})


@verb(app, "answer_contact", "answer-contact FO-2026-000123 --contact 2 --summary 'Called back.'")
def answer_contact(
    contact: Contact,
    summary: Annotated[str, typer.Option("--summary", metavar="TEXT", help="The answer.")],
) -> OwnFields:
    """Answer one inbound contact by its number."""
    return {"contact": contact, "summary": summary}


@verb(
    app,
    "escalate",
    "escalate FO-2026-000123 --to manager --grounds 'No reply came.'",
    signal=True,
)
def escalate(
    to: Annotated[str, typer.Option("--to", metavar="STAGE", help="The stage's id.")],
    grounds: Annotated[
        str, typer.Option("--grounds", metavar="TEXT", help="Why the customer goes on.")
    ],
) -> OwnFields:
    """Take the complaint to a later stage of the ladder."""
    return {"to": to, "grounds": grounds}


@verb(
    app,
    "reassign",
    "reassign FO-2026-000123 --handler-id k.lee --handler-name 'K Lee' --reason conflict",
)
def reassign(
    handler_id: HandlerId,
    handler_name: HandlerName,
    reason: Because,
    handler_email: HandlerEmail = None,
    handler_phone: HandlerPhone = None,
) -> OwnFields:
    """Give the complaint to another handler; a conflict of interest bars the old one."""
    handler = _handler(handler_id, handler_name, handler_email, handler_phone)
    return {"handler": handler, "reason": reason}


@verb(
    app,
    "reply",
    "reply FO-2026-000123 --outcome upheld --findings 'We lost it.' --remedy 'Refund of £40'",
)
def reply(
    outcome: Annotated[Outcome, typer.Option("--outcome", help="What the reply finds.")],
    findings: Annotated[
        str, typer.Option("--findings", metavar="TEXT", help="What was found, and why.")
    ],
    remedy: Annotated[
        list[str] | None,
        typer.Option(
            "--remedy",
            metavar="TEXT",
            help="What is put right; may be given again. Or a JSON object: text, kind, owner, due.",
        ),
    ] = None,
) -> OwnFields:
    """Answer the complaint at its stage."""
    remedies = tuple(remedy_item(each) for each in remedy or ())
    return {"findings": findings, "outcome": outcome, "remedies": remedies}


@verb(app, "accept", "accept FO-2026-000123")
def accept() -> OwnFields:
    """Record that the customer is content with the reply."""
    return {}


@verb(app, "withdraw", "withdraw FO-2026-000123 --reason 'Settled by phone.'", signal=True)
def withdraw(reason: Reason) -> OwnFields:
    """Record that the customer takes the complaint back."""
    return {"reason": reason}


@verb(app, "reopen", "reopen FO-2026-000123 --reason 'The refund never came.'")
def reopen(reason: Reason) -> OwnFields:
    """Take a replied or closed complaint up again at the stage it stood at."""
    return {"reason": reason}


@verb(app, "close", "close FO-2026-000123 --reason 'Opened twice, see FO-2026-000122.'")
def close(reason: Reason) -> OwnFields:
    """Close the complaint for a reason that no other verb covers."""
    return {"reason": reason}


@verb(app, "pass_to_decision", "pass-to-decision FO-2026-000123")
def pass_to_decision() -> OwnFields:
    """Record that the subject case has gone to its decision maker."""
    return {}


@verb(app, "conclude_case", "conclude-case FO-2026-000123 --answered-at 2026-11-20T16:45+00:00")
def conclude_case(
    answered_at: Annotated[
        datetime,
        typer.Option(
            "--answered-at", parser=instant, metavar="INSTANT", help="When it was answered."
        ),
    ],
) -> OwnFields:
    """Record that the subject case was answered: windows that it kept open begin to close."""
    return {"answered_at": answered_at}


@verb(app, "refresh", "refresh FO-2026-000123")
def refresh() -> OwnFields:
    """Pin the charter and calendar anew, as they stand now."""
    return {}
