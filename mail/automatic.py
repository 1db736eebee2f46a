"""Mail that nobody wrote: automatic replies, receipts, and our own letters come back.

Owns what tells them (RFC 3834, and what is customary). What is sure is put away: nothing of it is answered, and no
contact is made of it. What people's mail bears as well is only a doubt: a person looks at it.
"""

from __future__ import annotations

import re

from domain.notices import NoticeKind, RecipientKind
from mail.message import Incoming

_SAYS_SO = frozenset({"auto-replied", "auto-generated", "auto-notified"})
_REPLIES = frozenset({"auto_reply", "auto-reply"})
_REPLIED = ("X-Autoreply", "X-Autorespond", "X-Autoreply-From", "X-Auto-Reply", "X-Mail-Autoreply")
_NO_SENDER = re.compile(r"<(mailer-daemon(@[^>]*)?)?>", re.IGNORECASE)
_MANY = frozenset({"bulk", "junk", "list"})
_MACHINES = re.compile(
    r"(no|do[-_.]?not)[-_.]?reply|mailer-daemon|postmaster|(auto|mail)-?responder|bounces?"
)
_SERVERS = re.compile(
    r"mailer[-_.]?daemon|postmaster|microsoftexchange[0-9a-f]*|mail[-_.]?delivery([-_.]?(sub)?system)?"
)
_FORMS = (
    r"automatic[- ]?(reply|response)",
    r"auto[- ]?(reply|response)",
    r"(i am )?out of (the )?office( ?(auto[- ]?reply|reply|message))?",
    r"away( from (my|the) (desk|office))?|on (annual )?leave|on holiday|vacation( reply)?",
    r"read|not read|delivered|relayed",
    r"ateb awtomatig|allan o'r swyddfa|i ffwrdd o'r swyddfa",
    r"abwesend|abwesenheit(snotiz)?|automatische antwort",
    r"absent|réponse automatique|absence du bureau",
    r"respuesta automática|fuera de la oficina|risposta automatica|resposta automática",
    r"odpowiedź automatyczna|automatisch antwoord|afwezig",
    r"autosvar|automatisk(t)? svar|automaattinen vastaus|automatická odpove[dď]|automatická odpověď",
    r"răspuns automat|automatikus válasz|otomatik yanıt|αυτόματη απάντηση|автоответ|автоматический ответ",
    r"رد تلقائي|自动答复|自動回覆|自動応答|자동 회신",
)
_SUBJECT = re.compile(
    rf"(\w{{1,4}} ?: ?)*({'|'.join(_FORMS)})\s*([:：]|$)",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"undeliver(ed|able)\b|(mail )?delivery (status notification|failure|failed|has failed|problem)|mail delivery failed"
    r"|returned mail|failure notice|unzustellbar|nicht zustellbar|non remis|échec de (la )?remise|no se puede entregar",
    re.IGNORECASE,
)
_KEY = re.compile(
    rf"<[^@]+\.\d+\.(?:{'|'.join(NoticeKind)})\.(?:{'|'.join(RecipientKind)})[^@.]*@([^@>]+)>",
    re.IGNORECASE,
)


def why_automatic(message: Incoming, own_domain: str) -> str | None:
    """Why nobody wrote the message, in a few words; none where somebody may have.

    `own_domain` is that of our Message-IDs.
    """
    said = _keyword(message, "Auto-Submitted")
    signs = {
        "it is one of our own letters": bool(message.header("X-Uphold-Reference"))
        or _is_ours(message.message_id, own_domain),
        f"it says that it is {said}": said in _SAYS_SO,
        "it says that it is an automatic reply": bool(
            {_keyword(message, name) for name in ("Precedence", "X-Precedence")} & _REPLIES
        )
        or any(message.header(name) for name in _REPLIED),
        "it is a report of a machine": message.content_type == "multipart/report",
        "it has no sender": _without_sender(message),
    }
    return next((why for why, holds in signs.items() if holds), None)


def why_doubtful(
    message: Incoming, own_address: str, staff: frozenset[str] = frozenset()
) -> str | None:
    """Why perhaps no customer wrote the message, as a sentence; none where nothing speaks for that.

    `own_address` is whom our letters come from, `staff` where notes to staff go, in small letters.
    """
    said, sender = _keyword(message, "Auto-Submitted"), message.sender[1]
    signs = {
        "It comes from our own address.": sender == own_address.casefold(),
        "It comes from a mailbox of our own staff.": sender in staff,
        "It comes from an address that takes no answer.": from_machine(message),
        f"It says that it is {said}.": said not in {"", "no"},
        "It is sent in bulk, or through a list.": _keyword(message, "Precedence") in _MANY
        or bool(message.header("List-Id")),
        "It asks for no automatic answer, as automatic replies do.": bool(
            message.header("X-Auto-Response-Suppress")
        ),
        "It was sent through a service for mail in bulk.": bool(message.header("Feedback-ID")),
        "Its subject is that of an automatic reply.": bool(
            _SUBJECT.match(message.header("Subject"))
        ),
        "Its subject is that of word that something did not arrive.": _says_failed(message),
    }
    return next((why for why, holds in signs.items() if holds), None)


def of_failure(message: Incoming) -> bool:
    """Whether a mail server says, in words of its own, that something did not arrive.

    What a person wrote is none, and neither is the automatic reply of a person.
    """
    of_machine = _without_sender(message) or _keyword(message, "Auto-Submitted") in _SAYS_SO
    if not of_machine or _SUBJECT.match(message.header("Subject")):
        return False
    local = message.sender[1].partition("@")[0]
    return _says_failed(message) or bool(_SERVERS.fullmatch(local))


def from_machine(message: Incoming) -> bool:
    """Whether the sender's address is one that machines write from, and that nobody reads."""
    return bool(_MACHINES.fullmatch(message.sender[1].partition("@")[0].partition("+")[0]))


def _without_sender(message: Incoming) -> bool:
    return bool(_NO_SENDER.fullmatch(message.header("Return-Path")))


def _says_failed(message: Incoming) -> bool:
    return bool(_FAILED.match(message.header("Subject")))


def _keyword(message: Incoming, name: str) -> str:
    return re.split("[;(]", message.header(name).casefold())[0].strip()


def _is_ours(message_id: str, domain: str) -> bool:
    """Whether it has the form of a letter's; others write from our domain too."""
    found = _KEY.fullmatch(message_id)
    return found is not None and found[1].casefold() == domain.casefold()
