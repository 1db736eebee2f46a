"""What somebody can ask for: one frozen model per verb, as it stands on the wire.

Owns the base of every command and the verbs that every complaint has; those of a single matter are
with it in `matters`, the registry of all in `verbs`. Who may ask, and when, is in `permissions`;
what follows is in `decisions`.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, StringConstraints

from domain.complaint.features.remedies.remedy_promise import RemedyGiven
from domain.complaint.opening import Opening
from domain.faults import TOLD, cut
from domain.vocabulary import Channel, ContactKind, FromWhom, Outcome, ReassignReason, Role
from domain.wire import Body, Day, Handler, Instant, Line, Person, Wire

Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
ID_LIMIT = 200
CommandId = Annotated[str, StringConstraints(min_length=1, max_length=ID_LIMIT)]


class Actor(Person):
    """Who asks, and in which role."""

    role: Role


class Command(Wire):
    """A verb with its actor and an id under which it is done once."""

    verb: ClassVar[str]
    command_id: CommandId
    actor: Actor


class Allocate(Command):
    """Give the complaint to a handler at its present stage."""

    verb = "allocate"
    handler: Handler


class Introduce(Command):
    """The handler has introduced themselves to the customer."""

    verb = "introduce"


class Acknowledge(Command):
    """Acknowledge the complaint at this stage or, with `contact`, one inbound contact."""

    verb = "acknowledge"
    contact: Annotated[int, Field(ge=1)] | None = None


class Update(Command):
    """Tell the customer where things stand."""

    verb = "update"
    message: Body


class Extend(Command):
    """Move a due date, with a reason, before it passes."""

    verb = "extend"
    new_due: Day
    reason: Reason
    promise: Line | None = Field(default=None, description="which promise, where several could be")


class Pause(Command):
    """Stop the clocks that may be paused, while facts are checked."""

    verb = "pause"
    reason: Reason
    review_on: Day
    third_party: Line | None = Field(
        default=None, description="who is asked; the customer is told for as long as it takes"
    )


class Resume(Command):
    """Let the paused clocks run on."""

    verb = "resume"


class RecordContact(Command):
    """Something came in: a message, a letter, a call, a visit."""

    verb = "record_contact"
    channel: Channel
    from_whom: FromWhom
    summary: Body
    received_at: Instant
    contact_kind: ContactKind | None = Field(
        default=None, description="what sort of message it is, where somebody says"
    )
    answers: bool = Field(default=False, description="whether it answers what was asked")


class AnswerContact(Command):
    """Answer one inbound contact by its number."""

    verb = "answer_contact"
    contact: Annotated[int, Field(ge=1)]
    summary: Body


class Escalate(Command):
    """Take the complaint to the next stage of the ladder."""

    verb = "escalate"
    to: Line
    grounds: Body


class Reassign(Command):
    """Give the complaint to another handler, and say why."""

    verb = "reassign"
    handler: Handler
    reason: ReassignReason


class Reply(Command):
    """Answer the complaint at this stage."""

    verb = "reply"
    findings: Body = ""
    outcome: Outcome | None = None
    remedies: tuple[RemedyGiven, ...] = ()


class Accept(Command):
    """The customer is content with the reply."""

    verb = "accept"


class Withdraw(Command):
    """The customer takes the complaint back."""

    verb = "withdraw"
    reason: Reason


class Reopen(Command):
    """Take a replied or closed complaint up again at the stage it stood at."""

    verb = "reopen"
    reason: Reason


class Close(Command):
    """Close the complaint for a reason that no other verb covers."""

    verb = "close"
    reason: Reason


class PassToDecision(Command):
    """The subject case has gone to its decision maker: other update intervals apply."""

    verb = "pass_to_decision"


class ConcludeCase(Command):
    """The subject case was answered: windows that it kept open begin to close."""

    verb = "conclude_case"
    answered_at: Instant


class Refresh(Command):
    """Pin the charter and calendar anew, as they stand now. The workflow fills in `pinned`."""

    verb = "refresh"
    pinned: Annotated[str, Field(description="filled in by the workflow; leave it out")] = ""


class Open(Wire):
    """Start the complaint: made by the workflow from its argument."""

    verb: ClassVar[Literal["open"]] = "open"
    opening: Opening
    digest: str


class Tick(Wire):
    """Time has passed: made by the workflow when its timer fires."""

    verb: ClassVar[Literal["tick"]] = "tick"


class ReportUndeliverable(Wire):
    """A notice was refused for good: made by the workflow when a send says so."""

    verb: ClassVar[Literal["report_undeliverable"]] = "report_undeliverable"
    notice: str
    reason: str


class ReportRefusal(Wire):
    """A signal was refused: made by the workflow, since its sender does not wait to be told."""

    verb: ClassVar[Literal["report_refusal"]] = "report_refusal"
    command_id: str
    refused_verb: str
    refusal: str
    message: Annotated[str, AfterValidator(lambda text: cut(text, TOLD))]


AnyCommand = Command | Open | Tick | ReportUndeliverable | ReportRefusal
