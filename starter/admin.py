"""The admin script `uphold`: which commands there are, in which groups, and where each is.

A command is loaded when it is asked for, so that one verb waits for nothing but itself.
"""

from __future__ import annotations

from importlib import import_module
from typing import Annotated, Any, Final, NoReturn

import typer

from engine.process_exit import stand_in_for_closed_streams
from starter.terminal.exits import ended_by, leave
from starter.terminal.options import Group, prepared
from starter.terminal.plain_values import PlainCommand, read_plainly

VERBS: Final = "starter.commands.verbs"
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "Everyday work": (
        "open", "list", "find", "show", "allocate", "introduce", "acknowledge", "update", "extend",
        "give-reason", "pause", "resume", "record-contact", "answer-contact", "answer-feedback", "return-call", "reply", "escalate", "reassign", "accept",
        "withdraw", "reopen", "close", "pass-to-decision", "conclude-case",
    ),
    "People": (
        "name-representative", "ask-authority", "give-authority", "withdraw-authority", "hear-directly", "prefer",
        "report-undelivered", "resend-notice",
        "declare-conflict", "restrict-contact", "review-restriction", "lift-restriction",
    ),
    "Appointments and information": (
        "request-appointment", "arrange-appointment", "cancel-appointment", "record-appointment",
        "ask-information", "revise-information", "record-information",
    ),
    "Putting right": (
        "accept-remedy", "do-remedy", "refuse-remedy", "reassign-remedy", "postpone-remedy",
        "correct", "merge", "take-in", "link", "unlink",
    ),
    "Charters and closed days": (
        "charter", "promises", "due", "simulate", "closure", "apply-closure", "migrate", "refresh",
    ),
    "Quality and reports": ("measure", "sample", "report", "export"),
    "Erasing": ("erase", "hold", "unhold"),
    "Letters and mail": ("notice", "mail"),
    "Service": ("demo", "dev", "login", "setup", "worker", "health", "doctor", "shadow", "settings", "ledger", "keys", "codec-server", "schemas"),
}  # fmt: skip
"""Every command in its group, as the help shows them; a verb that is not named here comes first."""

WRITTEN: Final[dict[str, str]] = {
    "open": "opening:open_file", "list": "listing:list_complaints", "find": "listing:find", "show": "show:show",
    "restrict-contact": "restrict_contact:restrict_contact", "merge": "merge:merge",
    "link": "link:link", "unlink": "link:unlink",
    "closure": "closures:app", "charter": "charter:app", "promises": "promises:promises",
    "due": "due:due", "simulate": "simulate:simulate", "measure": "measures:app",
    "sample": "sample:app", "report": "report:report", "notice": "notice:app", "mail": "mail:app", "demo": "service:demo",
    "dev": "service:dev", "login": "login:login", "setup": "service:setup", "worker": "service:worker",
    "health": "service:health", "settings": "service:settings", "ledger": "ledger:app", "keys": "keys:app",
    "doctor": "operating:doctor", "shadow": "operating:shadow",
    "schemas": "service:schemas", "export": "export:export",
    "codec-server": "codec_server:codec_server",
    "erase": "erase:erase", "hold": "erase:hold", "unhold": "erase:unhold",
}  # fmt: skip
"""Where each command is that is no regular verb: its module in `starter.commands`, and its name there."""


class Script(Group):
    """The root command: whatever a command raises ends here, as words and an exit code."""

    def __init__(self, **given: Any) -> None:
        """`given` is what Typer makes of the app."""
        super().__init__(**given)
        _keep_lines(self)
        self.commands: dict[str, Any] = dict.fromkeys(_every_name())

    def get_params(self, ctx: Any) -> list[Any]:
        """Its own options."""
        return read_plainly(super().get_params(ctx))

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for. Raises `typer.Exit` for every error."""
        with ended_by():
            return super().invoke(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, made when it is asked for; none for none."""
        del ctx
        if cmd_name in self.commands and self.commands[cmd_name] is None:
            self.commands[cmd_name] = _made(cmd_name)
        return self.commands.get(cmd_name)


app = typer.Typer(
    name="uphold",
    cls=Script,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _say_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"uphold {version('uphold')}")
        raise typer.Exit


@app.callback()
def uphold(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_say_version,
            is_eager=True,
            help="Print the version, and nothing else.",
        ),
    ] = False,
) -> None:
    r"""Keep the promises an organisation publishes about handling complaints.

    \b
    To see it at work:   uphold demo
    To begin:            uphold dev
    Open complaints:     uphold open complaints.csv
    See what is due:     uphold list
    Find a customer's:   uphold find "Siân Price"
    Read a case file:    uphold show FO-2026-000123
    Say who you are:     uphold login m.rees
    Act on a complaint:  uphold acknowledge FO-2026-000123

    Who acts comes from the token of `uphold login` or of UPHOLD_TOKEN_FILE (where identity is off, from
    UPHOLD_ACTOR_ID, _NAME and _ROLE or from flags); where the server is, from TEMPORAL_ADDRESS and its
    like. `uphold settings` lists every setting.
    """


def _every_name() -> list[str]:
    """The names of all commands, in the order of the groups."""
    verbs = [verb.replace("_", "-") for verb in import_module(VERBS).every_verb()]
    placed = [name for group in GROUPS.values() for name in group]
    return [verb for verb in verbs if verb not in placed] + placed


def _made(name: str) -> Any:
    """The command of that name."""
    group = next((group for group, names in GROUPS.items() if name in names), next(iter(GROUPS)))
    module, _, attribute = WRITTEN.get(name, "").partition(":")
    if module:
        found = getattr(import_module(f"starter.commands.{module}"), attribute)
    else:
        found = import_module(VERBS).verb_command(name.replace("-", "_"))
    if isinstance(found, typer.Typer):
        command: Any = typer.main.get_group(found)
    else:
        made = typer.Typer(add_completion=False, rich_markup_mode=None)
        made.command(cls=None if module else PlainCommand)(prepared(found))
        command = typer.main.get_command(made)
    command.name, command.rich_help_panel = name, group
    return _keep_lines(command)


def _keep_lines(command: Any) -> Any:
    """Let examples keep their lines: the mark that asks for it stands in raw docstrings."""
    command.help = (command.help or "").replace("\\b\n", "\b\n")
    for inner in getattr(command, "commands", {}).values():
        _keep_lines(inner)
    return command


def main() -> NoReturn:
    """Run the script: the entry point `uphold`."""
    stand_in_for_closed_streams()
    try:
        app()
    except SystemExit as ended:
        leave(ended.code)
    leave(0)


if __name__ == "__main__":
    main()
