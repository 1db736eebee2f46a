"""What the case file of a complaint holds when it leaves the house: one JSON file of this shape.

Owns the shape and its version. Everything personal is in it: it is for the person it is about, or an ombudsman.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from domain.notices import Recipient
from starter.wire.status import Status

VERSION: Final = 1


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Letter(_Part):
    """One letter in full, and what became of it."""

    key: str
    kind: str
    event: int = Field(description="the number of the event because of which it was owed")
    owed_at: AwareDatetime
    to: Recipient
    by: str | None = Field(
        description="e-mail, post-room or digest; null where nothing led to them"
    )
    address: str | None = Field(
        description="the e-mail address that it went to, or the post room's"
    )
    instructions: str = Field(default="", description="what the post room was asked to do")
    language: str
    subject: str
    body: str
    left_at: AwareDatetime | None = Field(
        default=None,
        description="when the message below was first handed over; null where none was kept, and subject and text"
        " are written again from the facts on record",
    )
    message: str | None = Field(
        default=None, description="the whole message as it was handed over (RFC 5322)"
    )
    earlier: tuple[str, ...] = Field(
        default=(), description="messages of earlier attempts that said something else"
    )
    unwritten: str | None = Field(
        default=None, description="why it could not be put into words again, if it could not"
    )
    state: str = Field(
        description="owed, attempted (whether it arrived is not known), delivered, refused, lapsed or undelivered (it left, and did not arrive)"
    )
    at: AwareDatetime | None = Field(description="when it came so far")
    detail: str | None = Field(description="where it was delivered, or why it was refused")


class Finding(_Part):
    """One answer of a reviewer."""

    event: int
    at: AwareDatetime
    stage: str
    by: str
    outcome: str | None
    findings: str
    findings_cy: str | None = None


class Sealed(_Part):
    """The last seal that covers the complaint. Root and signature are hexadecimal digits."""

    number: int
    at: AwareDatetime
    up_to_event: int
    root: str
    signature: str
    key: str


class RecordOf(_Part):
    """What shows that the record is whole."""

    events: int
    head: str = Field(description="the link of the last event, in hexadecimal digits")
    findings: tuple[str, ...] = Field(
        default=(),
        description="what of the record does not fit its chain or its seals; none if it is whole",
    )
    seal: Sealed | None = None


class CaseExport(_Part):
    """A whole case file, from the ledger alone."""

    version: Literal[1] = VERSION
    made_at: AwareDatetime
    organisation: str
    charter_title: str
    time_zone: str
    status: Status
    findings: tuple[Finding, ...]
    letters: tuple[Letter, ...]
    record: RecordOf
    events: tuple[dict[str, Any], ...] = Field(
        description="every event as it is on record, the first of which holds the complaint as it was made"
    )
