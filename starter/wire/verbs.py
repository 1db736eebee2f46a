"""The verbs as methods of the client, made from their models.

Every method takes the reference, the actor and the verb's own fields in the model's order or by name,
answers how the complaint stands afterwards, and raises the refusal if the rules do not allow it.
`command_id` is the name under which the command is done once: without one each call has a new one, so
**a caller that tries again must pass its own**, the same each time. `help(Complaints.pause)` shows the
fields of `pause`; what is wrong with one is an `InvalidCommand`, and nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from inspect import Parameter, Signature
from typing import Any, Final, Protocol

from domain.complaint.commands import Actor, Command
from starter.wire.status import Summary

Fields = Mapping[str, Any]
_NOT_OWN: Final = frozenset({"command_id", "actor", "pinned"})


class Verb(Protocol):
    """One verb: its own fields follow the actor."""

    def __call__(
        self, reference: str, actor: Actor, *own: Any, command_id: str | None = None, **named: Any
    ) -> Coroutine[Any, Any, Summary]:
        """Send it, and answer how the complaint stands."""
        ...


def method_of(verb: str, model: type[Command]) -> Callable[..., Any]:
    """The method that sends a verb; its signature and its help name the model's own fields."""
    fields = {name: field for name, field in model.model_fields.items() if name not in _NOT_OWN}
    own = [
        Parameter(
            name,
            Parameter.POSITIONAL_OR_KEYWORD,
            default=Parameter.empty if field.is_required() else field.default,
            annotation=field.annotation,
        )
        for name, field in sorted(fields.items(), key=lambda each: not each[1].is_required())
    ]
    signature = Signature(
        [
            Parameter("self", Parameter.POSITIONAL_ONLY),
            Parameter("reference", Parameter.POSITIONAL_ONLY, annotation=str),
            Parameter("actor", Parameter.POSITIONAL_OR_KEYWORD, annotation=Actor),
            *own,
            Parameter("command_id", Parameter.KEYWORD_ONLY, default=None, annotation=str | None),
        ]
    )

    async def method(*values: Any, **named: Any) -> Summary:
        given = signature.bind(*values, **named).arguments
        client: Any = given.pop("self")
        reference, actor = given.pop("reference"), given.pop("actor")
        done: Summary = await client.send(
            verb, reference, actor, given.pop("command_id", None), given
        )
        return done

    help_text = [f"{name}: {field.description}" for name, field in fields.items()]
    method.__name__, method.__qualname__ = verb, f"Complaints.{verb}"
    method.__doc__ = "\n".join([model.__doc__ or "", "", *help_text])
    method.__signature__ = signature  # type: ignore[attr-defined]
    return method
