"""Who may judge and whose word counts: nobody with a conflict, nobody who had a part in it before.

Owns the checks on the person, and whether something comes from the customer's side. Which role may do
what is in `decider.access`. Sources: `001_52f8d27437deebc1.txt` (conflicts), `003_0c0e7b8081a12964.txt`
(independence), `000_2dfa29253c41a6cc.txt` (a representative is dealt with once authorised).
"""

from __future__ import annotations

from domain.charter.rules import Rules
from domain.complaint.commands import Actor, RestsOn
from domain.complaint.opening import Opening
from domain.complaint.policies.applicability import possible_senders
from domain.complaint.state import Complaint
from domain.complaint.values import Contact
from domain.errors import ConflictOfInterest, InvalidCommand, NotIndependent, WrongRole, WrongState
from domain.vocabulary import FromWhom, Role, Topic
from domain.wire import Handler, Person

APPROVERS = (Role.MANAGER, Role.ADMINISTRATOR)
"""Who may be the second person, where one is needed."""


def complained_of(rules: Rules, opening: Opening) -> tuple[Person, ...]:
    """Whoever the complaint is about: those it names and, where the charter says so, the case's handler.

    Source: `003_0c0e7b8081a12964.txt` (somebody well placed looks at it).
    """
    found = {who.identity: who for who in opening.complained_of}
    case = opening.subject_case
    if rules.charter.conflict.conduct and Topic.CONDUCT in opening.about and case and case.handler:
        handler = case.handler  # their lines are nobody else's to keep
        found.setdefault(handler.identity, Person(id=handler.id, name=handler.name))
    return tuple(found.values())


def check_impartial(complaint: Complaint, person: Person) -> None:
    """Raise if the person has a conflict, or is not independent at the present stage.

    Sources: `001_52f8d27437deebc1.txt` (conflicts), `003_0c0e7b8081a12964.txt` (independence).
    """
    check_independence(complaint, person)
    check_conflict(complaint, person)


def check_reachable(complaint: Complaint, handler: Handler) -> None:
    """Raise `InvalidCommand` if the customer is promised a direct line, and this handler names none.

    Source: `004_223f6b270ec16c9f.txt`: the direct contact details of whoever deals with them.
    """
    if complaint.rules.charter.handler.direct_contact and not (handler.email or handler.phone):
        raise InvalidCommand(
            f"handler: {handler.name} has no direct line, and the customer is promised one.",
            "Give handler.email or handler.phone; every letter carries it from then on.",
        )


def check_conflict(
    complaint: Complaint, person: Person, barred: frozenset[str] | None = None
) -> None:
    """Raise `ConflictOfInterest` if the person is barred from the complaint, or is one of `barred`."""
    if person.identity in (complaint.conflicted if barred is None else barred):
        raise ConflictOfInterest(
            f"{person.name} has a conflict of interest in {complaint.reference}.",
            "Somebody else has to act.",
        )


def check_second_person(complaint: Complaint, asks: Person, approver: Actor) -> None:
    """Raise if whoever approves may not, or is the one who asks or who has the complaint.

    That they approve is the word of whoever asks: they show no token of their own (`approval`).
    """
    allowed = f"Somebody else, as {' or '.join(APPROVERS)}."
    if approver.role not in APPROVERS:
        raise InvalidCommand(
            f"approved_by.role: {approver.role.somebody} may not approve this.", allowed
        )
    if approver.identity == asks.identity:
        raise InvalidCommand(f"approved_by: {approver.id} is the one who asks for it.", allowed)
    if complaint.handler and complaint.handler.identity == approver.identity:
        raise InvalidCommand(f"approved_by: {approver.id} has the complaint in hand.", allowed)
    check_conflict(complaint, approver)


def approval(by: Actor, named_by: Person | None) -> str:
    """Who approved, for the timeline, with what stands behind that: it is said by whoever acted, and by nobody else."""
    word = f"named by {named_by.name}" if named_by else "named by whoever acted"
    return f"Approved by {by.name} ({by.role}), {word}, not proven by a token of their own."


def check_independence(complaint: Complaint, person: Person) -> None:
    """Raise `NotIndependent` if the stage is independent and the person had a part before it."""
    stage = complaint.at_stage
    if not stage.independent:
        return
    known = person.identity
    earlier = {where for where, who in complaint.touched if who == known and where != stage.id}
    if earlier:
        raise NotIndependent(
            f"{person.name} acted on {complaint.reference} at stage {', '.join(sorted(earlier))}.",
            f"{stage.title} has to be independent: somebody who has not touched it has to act.",
        )
    case = complaint.opened.subject_case
    if case and case.handler and case.handler.identity == known:
        raise NotIndependent(
            f"{person.name} handled the case that {complaint.reference} is about.",
            f"{stage.title} has to be independent: somebody else has to act.",
        )


def earlier_reviewers(complaint: Complaint) -> tuple[Person, ...]:
    """Whoever replied at an earlier stage and so has no part in this independent one; none who is barred already."""
    stage, terms = complaint.at_stage, complaint.rules.charter.conflict
    if not (terms.earlier_reviewer and stage.independent):
        return ()
    found = {
        who.identity: who
        for where, who in complaint.replied_by
        if where != stage.id and who.identity not in complaint.conflicted
    }
    return tuple(found.values())


def check_handler(complaint: Complaint, person: Person) -> None:
    """Raise `WrongState` or `WrongRole` if the complaint is not in the hands of that person."""
    handler = complaint.handler
    if handler is None:
        raise WrongState(
            f"Complaint {complaint.reference} has no handler yet.", "Allocate it to somebody first."
        )
    if handler.identity != person.identity:
        raise WrongRole(
            f"{person.name} does not have complaint {complaint.reference}.",
            f"Its handler introduces themselves: {handler.name} ({handler.id}).",
        )


def is_theirs(
    complaint: Complaint, from_whom: FromWhom, noted_by: Actor | None = None, who: str | None = None
) -> bool:
    """Whether a contact comes from the customer's side: `who` names the representative that wrote.

    Where nobody says which of several it was, all of them have to act with the customer's authority.
    A representative without authority cannot speak for the customer by noting it down as their word.
    """
    if noted_by and noted_by.role is Role.REPRESENTATIVE and not may_act(complaint, noted_by):
        return False
    if from_whom is FromWhom.CUSTOMER:
        return True
    writers = possible_senders(complaint, from_whom, who)
    return bool(writers) and all(each.who.authorised for each in writers)


def may_act(complaint: Complaint, actor: Actor) -> bool:
    """Whether this representative acts with the customer's authority: their own, where several are named."""
    if len(complaint.helpers) < 2:  # noqa: PLR2004 - nobody to be mistaken for
        return bool(complaint.acting)
    return any(each.named(actor.name) for each in complaint.acting)


def rests_on(complaint: Complaint, command: RestsOn) -> Contact | None:
    """The contact that the verb rests on, if it names one.

    Raises `UnknownContact`, or `InvalidCommand` if it is not the customer's word, or came at
    another instant than is said beside it.
    """
    number = command.contact
    if number is None:
        return None
    theirs = ", ".join(str(each.number) for each in complaint.contacts if each.theirs)
    allowed = f"Theirs: {theirs}." if theirs else "Record what they said first (record_contact)."
    contact = complaint.contact(number, allowed)
    if not contact.theirs:
        raise InvalidCommand(f"contact: {number} is not the customer's word.", allowed)
    if command.received_at not in (None, contact.received_at):
        raise InvalidCommand(
            f"received_at: contact {number} came at {contact.received_at.isoformat()}.",
            "Leave it out, or correct when the contact was received first.",
        )
    return contact
