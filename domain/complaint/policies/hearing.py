"""Whose word counts as the customer's: theirs, and that of whoever may act for them.

Owns the one answer to that. What is heard from anybody else is recorded, and counts for nothing more.
Source: `000_2dfa29253c41a6cc.txt` (a representative is dealt with once authorised). Imports no matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.vocabulary import Correspondent, FromWhom, Role

if TYPE_CHECKING:
    from domain.complaint.state import Complaint


def is_theirs(complaint: Complaint, from_whom: FromWhom, noted_by: Role | None = None) -> bool:
    """Whether a contact comes from the customer's side.

    A representative without authority cannot speak for the customer by noting it down as their word.
    """
    helper = complaint.representative
    may_act = helper is not None and helper.authorised
    if noted_by is Role.REPRESENTATIVE and not may_act:
        return False
    if from_whom is FromWhom.CUSTOMER:
        return True
    if helper is None or not may_act:
        return False
    return from_whom is FromWhom.REPRESENTATIVE or helper.kind is Correspondent.MP
