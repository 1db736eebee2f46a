"""A verb that nobody wrote a command for has one: its options come from its model."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
import typer
from pydantic import Field
from typer.testing import CliRunner

from domain.complaint.commands import Command
from domain.vocabulary import Channel
from domain.wire import Day, Handler, Instant, Line
from starter.commands import verbs
from starter.reference.schemas import schema_of
from starter.terminal.verb_options import fields_of, options_of


class MendRemedy(Command):
    """Mend what was done badly."""

    verb = "mend_remedy"
    remedy: Annotated[int, Field(ge=1)] = Field(description="Which, by its number.")
    how: Line = Field(description="What was done.")
    due: Day | None = Field(default=None, description="By when.")
    seen_at: Instant = Field(description="When it was seen.")
    by: Handler = Field(description="Who mends it:")
    helped_by: Handler | None = Field(default=None, description="Who helps:")
    channel: Channel = Field(default=Channel.EMAIL, description="How they hear.")
    parties: tuple[Line, ...] | None = Field(default=None, description="Who is asked.")
    days: tuple[Day, ...] = Field(default=(), description="When.")
    ways: tuple[Channel, ...] = Field(default=(), description="By which ways.")
    loud: bool = Field(default=False, description="It is said aloud.")
    again: bool = Field(default=True, description="It may be mended again.")


SCHEMA = schema_of(MendRemedy)
NEEDED = (
    "--remedy", "2", "--how", "Glued.", "--seen-at", "2026-11-20T16:45+01:00", "--by-id", "k.lee",
    "--by-name", "K Lee",
)  # fmt: skip


def sent(*words: str) -> dict[str, Any]:
    """The fields that the command would send."""
    options = list(options_of(SCHEMA))
    found: dict[str, Any] = {}
    app = typer.Typer()
    command = verbs.verb_command("mend_remedy", SCHEMA)
    given: list[dict[str, Any]] = []

    async def keep(
        verb: str, reference: str, fields: dict[str, Any], beside: dict[str, Any]
    ) -> None:
        assert (verb, reference) == ("mend_remedy", "R-1")
        given.append(beside)
        found.update(fields)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verbs, "send_verb", keep)
        app.command()(command)
        answer = CliRunner().invoke(app, ["R-1", *words])
    assert answer.exit_code == 0, answer.output
    assert fields_of(options, given[0]) == found
    return found


def test_what_is_needed_is_asked_for_and_what_is_left_out_is_not_sent() -> None:
    assert sent(*NEEDED) == {
        "remedy": 2,
        "how": "Glued.",
        "seen_at": "2026-11-20T15:45:00+00:00",
        "by": {"id": "k.lee", "name": "K Lee"},
        "loud": False,
        "again": True,
    }


def test_every_kind_of_field_has_its_options_and_the_model_takes_what_they_make() -> None:
    fields = sent(
        *NEEDED, "--due", "2026-12-01", "--helped-by-id", "m.rees", "--helped-by-name", "M Rees",
        "--channel", "web-form", "--party", "The bank", "--party", "The shop", "--day", "2026-12-02",
        "--way", "letter", "--way", "visit", "--loud", "--no-again",
    )  # fmt: skip
    assert fields["parties"] == ["The bank", "The shop"]
    assert fields["days"] == ["2026-12-02"]
    assert (fields["loud"], fields["again"]) == (True, False)
    actor = {"id": "a", "name": "A", "role": "manager"}
    made = MendRemedy.model_validate({**fields, "command_id": "1", "actor": actor})
    assert made.helped_by == Handler(id="m.rees", name="M Rees")


def test_a_list_can_be_emptied() -> None:
    assert sent(*NEEDED, "--no-parties")["parties"] == []


@pytest.mark.parametrize(
    "words",
    [
        (),
        (*NEEDED[2:], "--remedy", "0"),
        (*NEEDED, "--due", "soon"),
        (*NEEDED, "--channel", "pigeon"),
        (*NEEDED, "--party", "The bank", "--no-parties"),
    ],
)
def test_what_cannot_be_is_wrong_usage(words: tuple[str, ...]) -> None:
    app = typer.Typer()
    app.command()(verbs.verb_command("mend_remedy", SCHEMA))
    assert CliRunner().invoke(app, ["R-1", *words]).exit_code == 2


def test_the_help_is_the_models_own_and_ends_with_an_example() -> None:
    app = typer.Typer(rich_markup_mode=None)
    app.command()(verbs.verb_command("mend_remedy", SCHEMA))
    told = " ".join(CliRunner().invoke(app, ["--help"]).stdout.split())
    for words in (
        "Mend what was done badly.",
        "Which, by its number.",
        "Who mends it: their name.",
        "How they hear. One of: email, phone, letter, web-form, visit. Default: email.",
        "uphold mend-remedy FO-2026-000123 --remedy 1 --how '…'",
    ):
        assert words in told
