"""Owns the commands of questions to the customer: asked, given more time, taken back, and answered.

Must not import anything heavy at the top.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from starter.verb_command import OwnFields, day, verb

app = typer.Typer()


@verb(
    app,
    "ask_information",
    "ask-information FO-2026-000123 --question 'On which day did you ring?' --answer-by 2026-11-02",
)
def ask_information(
    question: Annotated[
        list[str],
        typer.Option("--question", metavar="TEXT", help="One question; may be given again."),
    ],
    answer_by: Annotated[
        date | None,
        typer.Option(
            "--answer-by", parser=day, metavar="DATE", help="Default: as the charter says."
        ),
    ] = None,
    essential: Annotated[
        bool,
        typer.Option(
            "--essential/--not-essential",
            help="Without an answer the complaint is closed, or the work goes on without one.",
        ),
    ] = True,
    stops_clock: Annotated[
        bool,
        typer.Option("--stops-clock", help="The clocks that may be paused wait for the answer."),
    ] = False,
) -> OwnFields:
    """Ask the customer for what is missing: they are reminded, and told before anything is closed."""
    fields: dict[str, Any] = {
        "questions": tuple(question), "essential": essential, "stops_clock": stops_clock,
    }  # fmt: skip
    return fields if answer_by is None else {**fields, "answer_by": answer_by}


@verb(
    app,
    "revise_information",
    "revise-information FO-2026-000123 --answer-by 2026-12-01 --reason 'You are in hospital.'",
)
def revise_information(
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; the customer is told.")
    ],
    answer_by: Annotated[
        date | None,
        typer.Option(
            "--answer-by", parser=day, metavar="DATE", help="A later day. Left out: taken back."
        ),
    ] = None,
    request: Annotated[
        int | None,
        typer.Option("--request", metavar="N", min=1, help="Which, where several are open."),
    ] = None,
) -> OwnFields:
    """Give the customer longer to answer a question, or take it back."""
    fields = {"reason": reason, "answer_by": answer_by, "request": request}
    return {name: value for name, value in fields.items() if value is not None}


@verb(app, "record_information", "record-information FO-2026-000123 --summary 'It was 3 May.'")
def record_information(
    summary: Annotated[str, typer.Option("--summary", metavar="TEXT", help="The answer.")],
    request: Annotated[
        int | None,
        typer.Option("--request", metavar="N", min=1, help="Which. Default: all that are open."),
    ] = None,
) -> OwnFields:
    """Record that the customer has answered what was asked."""
    return {"summary": summary} if request is None else {"summary": summary, "request": request}
