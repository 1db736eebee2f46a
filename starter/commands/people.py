"""Owns the options of the verbs about the people in a case; what is sent is checked by `domain`.

Must not import anything heavy at the top.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from domain.vocabulary import Channel, Correspondent, NoticesTo
from starter.verb_command import OwnFields, verb

app = typer.Typer()

HelperKind = StrEnum(  # type: ignore[misc]
    "HelperKind", {each.name: each.value for each in Correspondent if each != "customer"}
)
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; goes on record.")]
Email = Annotated[str | None, typer.Option("--email", metavar="ADDRESS", help="Their e-mail.")]
Phone = Annotated[str | None, typer.Option("--phone", metavar="NUMBER", help="Their telephone.")]
Address = Annotated[str | None, typer.Option("--address", metavar="TEXT", help="Their address.")]


def given(**fields: Any) -> dict[str, Any]:
    """The fields that were given at all: what is left out stays as it is."""
    return {name: value for name, value in fields.items() if value is not None}


@verb(
    app,
    "name_representative",
    "name-representative FO-2026-000123 --kind professional --name 'R Law' --email law@example.org",
)
def name_representative(
    kind: Annotated[HelperKind, typer.Option("--kind", help="Who they are to the customer.")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Their name.")],
    email: Email = None,
    phone: Phone = None,
    address: Address = None,
) -> OwnFields:
    """Say who is to act for the customer, who is asked whether they may."""
    named = given(kind=str(kind), name=name, email=email, phone=phone, address=address)
    return {"representative": named}


@verb(app, "ask_authority", "ask-authority FO-2026-000123")
def ask_authority() -> OwnFields:
    """Ask the customer whether their representative may act for them."""
    return {}


@verb(
    app,
    "give_authority",
    "give-authority FO-2026-000123 --how 'Signed form of 3 October' --notices-to both",
)
def give_authority(
    how: Annotated[str, typer.Option("--how", metavar="TEXT", help="How it was given.")],
    scope: Annotated[
        str | None, typer.Option("--scope", metavar="TEXT", help="What they may do. Default: all.")
    ] = None,
    notices_to: Annotated[
        NoticesTo, typer.Option("--notices-to", help="Whom letters go to from now on.")
    ] = NoticesTo.BOTH,
) -> OwnFields:
    """Record that the customer lets their representative act for them."""
    return {"how": how, "notices_to": notices_to} | given(scope=scope)


@verb(app, "withdraw_authority", "withdraw-authority FO-2026-000123 --reason 'Moved abroad.'")
def withdraw_authority(reason: Reason) -> OwnFields:
    """Record that the representative may act no longer; nothing more goes to them."""
    return {"reason": reason}


@verb(app, "prefer", "prefer FO-2026-000123 --channel letter --language cy --updates '2 weeks'")
def prefer(
    channel: Annotated[Channel | None, typer.Option("--channel", help="How they hear.")] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="CODE", help="Two letters, such as cy.")
    ] = None,
    updates: Annotated[
        str | None,
        typer.Option(
            "--updates",
            metavar="INTERVAL",
            help="How often, such as '2 weeks', '5 working days' or '1 month'; or none.",
        ),
    ] = None,
    adjustment: Annotated[
        list[str] | None,
        typer.Option(
            "--adjustment",
            metavar="TEXT",
            help="What helps them; may be given again. All that holds: earlier ones go.",
        ),
    ] = None,
    no_adjustments: Annotated[
        bool, typer.Option("--no-adjustments", help="Nothing is asked for any more.")
    ] = False,
    email: Email = None,
    phone: Phone = None,
    address: Address = None,
) -> OwnFields:
    """Say how the customer wants to hear from now on; what is left out stays as it is."""
    helps = tuple(adjustment) if adjustment else () if no_adjustments else None
    return given(
        channel=channel,
        language=language,
        update_interval=updates,
        adjustments=helps,
        email=email,
        phone=phone,
        address=address,
    )


@verb(
    app,
    "declare_conflict",
    "declare-conflict FO-2026-000123 --reason 'We are related.' --handler-id k.lee --handler-name 'K Lee'",
)
def declare_conflict(
    reason: Reason,
    person_id: Annotated[
        str | None, typer.Option("--person-id", metavar="ID", help="Who has it. Default: you.")
    ] = None,
    person_name: Annotated[
        str | None, typer.Option("--person-name", metavar="NAME", help="Their name.")
    ] = None,
    handler_id: Annotated[
        str | None,
        typer.Option("--handler-id", metavar="ID", help="Who takes over. Default: it goes back."),
    ] = None,
    handler_name: Annotated[
        str | None, typer.Option("--handler-name", metavar="NAME", help="Their name.")
    ] = None,
) -> OwnFields:
    """Declare a conflict of interest: whoever has it does nothing more on this complaint.

    If the complaint is theirs it goes to somebody else at once, or back to its stage as a task.
    """
    person = given(id=person_id, name=person_name)
    handler = given(id=handler_id, name=handler_name)
    return {"reason": reason} | given(person=person or None, handler=handler or None)
