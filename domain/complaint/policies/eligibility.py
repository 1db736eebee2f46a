"""Who may judge: nobody with a conflict of interest, nobody who had a part in what is reviewed.

Owns the checks on the person. Which role may do what is in `permissions`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.errors import ConflictOfInterest, NotIndependent, WrongRole, WrongState
from domain.wire import Person

if TYPE_CHECKING:
    from domain.complaint.state import Complaint


def check_impartial(complaint: Complaint, person: Person) -> None:
    """Raise if the person has a conflict, or is not independent at the present stage.

    Sources: `001_52f8d27437deebc1.txt` (conflicts), `003_0c0e7b8081a12964.txt` (independence).
    """
    check_independence(complaint, person)
    check_conflict(complaint, person)


def check_conflict(complaint: Complaint, person: Person) -> None:
    """Raise `ConflictOfInterest` if the person is barred from the complaint."""
    if person.identity in complaint.conflicted:
        raise ConflictOfInterest(
            f"{person.name} has a conflict of interest in {complaint.reference}.",
            "Somebody else has to act.",
        )


def check_independence(complaint: Complaint, person: Person) -> None:
    """Raise `NotIndependent` if the stage is independent and the person had a part before it."""
    stage, known = complaint.rules.stage(complaint.stage), person.identity
    if not stage.independent:
        return
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
