"""The command of every regular verb, and the sending of any verb.

A verb's options, their help and the command's own come from its JSON Schema, which is made from its
model: who adds a verb writes nothing here.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from inspect import Parameter
from pathlib import Path
from typing import Any, Final

from starter.terminal.options import NOBODY, Acts, AsJson, CommandId, NoWait, prepared
from starter.terminal.options import Reference as TheReference
from starter.terminal.printing import say, say_json, standing_in_words, tell
from starter.terminal.session import the_sender, who_acts
from starter.terminal.verb_options import Option, Schema, fields_of, options_of

SCHEMAS: Final = Path(__file__).parents[1] / "reference" / "json_schemas"
_NO_VERBS: Final = {"opening", "status", "answer", "case-file", "report"}
_BY_DEFAULT_NOW: Final = {"record_contact": "received_at", "request_appointment": "requested_at"}
_OTHERWISE: Final = """Or say which: --remedy '{"text": "…", "kind": "…"}'."""
_EXAMPLES: Final = {
    "update": "--message 'We have asked the branch for its file.'",
    "extend": "--new-due 2026-10-30 --reason 'The file is late.'",
    "pause": "--reason 'Bank asked for facts.' --review-on 2026-11-02",
    "record_contact": "--channel phone --from-whom mp --summary 'Asks for news.'",
    "answer_contact": "--contact 2 --summary 'Called back.'",
    "escalate": "--to manager --grounds 'No reply came.'",
    "allocate": "--handler-id k.lee --handler-name 'K Lee' --handler-phone '0300 000 0001'",
    "return_call": "--contact 2 --reached --summary 'She asks for the date of the call.'",
    "reassign": "--handler-id k.lee --handler-name 'K Lee' --handler-phone '0300 000 0001' --reason conflict",
    "reply": "--outcome upheld --findings 'We lost it.' --remedy 'Refund of £40'",
    "answer_feedback": "--answer 'Thank you. We have told the team.'",
    "do_remedy": "--remedy 1 --how 'Paid into their account.'",
    "prefer": "--channel letter --language cy --update-interval '2 weeks'",
    "declare_conflict": "--reason 'We are related.' --handler-id k.lee --handler-name 'K Lee' --handler-phone 1",
    "ask_information": "--question 'On which day did you ring?' --answer-by 2026-11-02",
    "review_restriction": "--keep --review-on 2027-03-01 --reason 'It goes on.'",
    "apply_closure": "--day 2026-12-08 --reason 'Storm: every office is closed.'",
}
"""Where real words teach more than the options alone."""


@cache
def _schema_of(verb: str) -> Schema:
    found: Schema = json.loads((SCHEMAS / f"{verb}.json").read_text(encoding="utf-8"))
    return found


def every_verb() -> list[str]:
    """The names of all verbs."""
    return sorted({file.stem for file in SCHEMAS.glob("*.json")} - _NO_VERBS)


def verb_command(verb: str, schema: Schema | None = None) -> Callable[..., Any]:
    """The function that is the verb's command: it takes the verb's options, and sends it."""
    schema = schema or _schema_of(verb)
    options = list(options_of(schema, _BY_DEFAULT_NOW.get(verb, "")))

    async def command(reference: str, **given: Any) -> None:
        fields = fields_of(options, given)
        if now := _BY_DEFAULT_NOW.get(verb):
            fields.setdefault(now, datetime.now(UTC).isoformat())
        for line in remedies_in_words(fields.get("remedies", ())) if verb == "reply" else ():
            tell(line)
        await send_verb(verb, reference, fields, given)

    sent_beside: dict[str, tuple[Any, Any]] = {
        "acts": (Acts, NOBODY), "command_id": (CommandId, None), "as_json": (AsJson, False),
        **({"no_wait": (NoWait, False)} if schema.get("x-signal") else {}),
    }  # fmt: skip
    parameters = [
        Parameter("reference", Parameter.KEYWORD_ONLY, annotation=TheReference),
        *(option.parameter for option in options),
        *(
            Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
            for name, (annotation, default) in sent_beside.items()
        ),
    ]
    command.__name__ = verb
    command.__doc__ = f"{schema['description']}\n\n\b\nExample:\n  {_example(verb, options)}"
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    return prepared(command)


async def send_verb(
    verb: str, reference: str, fields: Mapping[str, Any], given: Mapping[str, Any]
) -> None:
    """Send the verb as it is, and print the answer; `given` are the options beside its own.

    What is wrong with a field is said by the complaint: nothing is checked twice.
    """
    actor = who_acts(given["acts"])
    from uuid import uuid4

    argument = {"command_id": given["command_id"] or str(uuid4()), "actor": actor, **fields}
    sender = await the_sender()
    if given.get("no_wait"):
        await sender.hand_over(verb, reference, argument)
        answer: dict[str, Any] = {"reference": reference, "handed_over": True}
        words = f"{reference}: {verb} handed over; `uphold show` tells what became of it."
    else:
        answer = await sender.execute(verb, reference, argument)
        words = standing_in_words(answer)
    for warning in answer.get("warnings", ()):
        tell(warning.replace("_cy", "-cy"))
    if given["as_json"]:
        say_json(answer)
    else:
        say(words)


def remedies_in_words(remedies: Iterable[str | Mapping[str, Any]]) -> Iterator[str]:
    """What each remedy of a reply is taken for, for whoever is about to send it."""
    from domain.complaint.features.remedies.kinds import done_already, kind_of

    for number, remedy in enumerate(remedies, 1):
        item = {"text": remedy} if isinstance(remedy, str) else remedy
        text = str(item.get("text", ""))
        did = done_already(text)
        kind = item.get("kind") or kind_of(did or text)
        done = ", done already" if did or item.get("done") else ""
        told = f"Remedy {number} is taken for: {kind}{done} ({did or text})."
        yield told if item.get("kind") else f"{told} {_OTHERWISE}"


def _example(verb: str, options: list[Option]) -> str:
    words = _EXAMPLES.get(verb) or " ".join(each.sample for each in options if each.needed)
    return f"uphold {verb.replace('_', '-')} FO-2026-000123 {words}".rstrip()
