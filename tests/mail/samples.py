"""Messages as mail servers and people write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP

from mail.message import Incoming

KEPT_AT = datetime(2026, 10, 6, 12, tzinfo=UTC)
OURS = "complaints@council.example"
BOUNCES = "bounces@council.example"
ANN = "ann@customer.example"
REFERENCE = "FO-2026-000123"
LETTER = f"{REFERENCE}/2/acknowledgement/customer"
LETTER_ID = f"<{REFERENCE}.2.acknowledgement.customer@council.example>"
RECEIVED = "from mx.customer.example by mail.council.example; Tue, 6 Oct 2026 09:30:00 +0100"


def written(text: str = "Any news?", **headers: str) -> EmailMessage:
    """A message of Ann's; `headers` go before hers, with `_` for `-`, and an empty one is left out."""
    message = EmailMessage(policy=SMTP)
    given = {
        "Received": RECEIVED,
        "From": f"Ann Other <{ANN}>",
        "To": OURS,
        "Subject": "A question",
        "Message-ID": "<one@customer.example>",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in given.items():
        if value:
            message[name] = value
    message.set_content(text)
    return message


def came(message: EmailMessage | bytes) -> Incoming:
    """The message as it came in."""
    content = message if isinstance(message, bytes) else message.as_bytes()
    return Incoming(content, KEPT_AT)


def bounced(
    *,
    to: str = BOUNCES,
    action: str = "failed",
    status: str = "5.1.1",
    letter_id: str = LETTER_ID,
    address: str = ANN,
    original: str = "",
    said: str = "550 5.1.1 <{address}>: there is no such mailbox",
) -> Incoming:
    """Word of a mail server that a letter did not arrive, as RFC 3464 has it."""
    text = f"""\
    Return-Path: <>
    Received: {RECEIVED}
    From: MAILER-DAEMON@mx.customer.example
    To: {to}
    Subject: Undelivered Mail Returned to Sender
    Auto-Submitted: auto-replied
    Message-ID: <bounce-1@mx.customer.example>
    MIME-Version: 1.0
    Content-Type: multipart/report; report-type=delivery-status; boundary="b"

    --b
    Content-Type: text/plain; charset=us-ascii

    Your message could not be delivered.

    --b
    Content-Type: message/delivery-status

    Reporting-MTA: dns; mx.customer.example

    Final-Recipient: rfc822; {address}
    Original-Recipient: rfc822;{original or address}
    Action: {action}
    Status: {status}
    Diagnostic-Code: smtp; {said.replace("{address}", address)}

    --b
    Content-Type: text/rfc822-headers

    From: {OURS}
    To: {address}
    Message-ID: {letter_id}
    Subject: We have your complaint

    --b--
    """
    return came(re.sub(r"^    ", "", text, flags=re.MULTILINE).replace("\n", "\r\n").encode())
