"""Notices of every kind with all their facts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from domain.notices import Notice, NoticeKind, Recipient, RecipientKind
from letters.required_facts import STAFF_KINDS, layout_of, named_in, required_facts, templates_of
from letters.wording import source_of
from tests.letters.digest_samples import WAITED

COMMON: dict[str, Any] = {
    "organisation": "Ombudsman Example",
    "charter_title": "Our service standards",
    "reference": "FO-2026-000123",
    "contact": {
        "email": "help@ombudsman.example",
        "phone": "0800 000 0000",
        "address": "1 High Street, Exampleton",
        "hours": "Monday to Friday, 9 to 5",
    },
    "post_room": "post@ombudsman.example",
    "handler": "H Jones",
    "direct": {"email": "h.jones@ombudsman.example", "phone": "0800 000 0001"},
    "stage_title": "Manager",
    "next_step": "The manager will look at your complaint and answer you",
    "due": "2026-10-16",
    "proof": "Ten working days from Saturday 3 October 2026, England and Wales",
    "further": [
        {
            "name": "Parliamentary Ombudsman",
            "text": "Looks at complaints about government bodies",
            "gate": "You need to go through an MP",
            "contact": "0345 015 4033",
        }
    ],
    "window": {
        "stage_title": "Complaints team",
        "closes": "2027-01-16",
        "while_case_open": False,
        "unit": "months",
        "amount": 1,
        "by_post": 2,
        "proof": {"unit": "months", "amount": 1, "start": "2026-12-16", "due": "2027-01-16"},
    },
    "closed_ways": [],
    "one_person": None,
    "customer_name": "Siân Prŷs-Ŵyn",
}
OWN: dict[str, Any] = {
    "topics": ["outcome", "data-protection"],
    "answer_wanted": True,
    "promised_again": ["You hear from us once a month"],
    "message": "We have spoken to the bank.",
    "old_due": "2026-10-16",
    "new_due": "2026-10-30",
    "reason": "The bank has not sent us its papers",
    "review_on": "2026-11-02",
    "channel": "web-form",
    "received_on": "2026-10-05",
    "summary": "You asked for the date of the call. It was 3 May.",
    "grounds": "Nobody read my letter.",
    "from_stage_title": "Case handler",
    "findings": "We lost your letter of 3 May.",
    "outcome": "partly-upheld",
    "heard": ["customer", "others"],
    "unheard": "Whoever took your letter has left and did not answer us.",
    "evidence": ["Your letter of 3 May", "The post book"],
    "cause": "procedure",
    "changes": ["Every letter is stamped when it comes"],
    "unchanged": "The post book itself is kept as the law says.",
    "remedies": ["We will pay you £100", "We will change how we log letters"],
    "window_closed": "2027-01-16",
    "case_answered": True,
    "first_sent": "2026-10-01",
    "promise_text": "The manager replies within 10 working days.",
    **dict.fromkeys(("promise", "then"), "FO-8/reply"),
    "apology": True,
    "missed_due": "2026-10-16",
    "then_text": "You have our final response in eight weeks.",
    **dict.fromkeys(("passed_on", "then_due"), "2026-10-08"),
    "again": True,
    "later_stage": True,
    "too_late": True,
    "promised_by": "2026-10-16",
    "says_why": False,
    "extendable": True,
    "manager": True,
    "asked_at_once": ["details"],
    "why": "Two of us were ill",
    "reason_by": "2026-10-23",
    "not_done": [{"text": "We will pay you £100", "due": "2026-10-16"}],
    "missed": [
        {
            "promise_text": "The manager replies.",
            "due": "2026-10-16",
            "again": False,
            "estimate": False,
        }
    ],
    "broken": [{"promise_text": "The manager replies.", "due": "2026-10-16", "done": "2026-10-17"}],
    "wrote": "Ann Price",
    "first_word": True,
    "waits_for_you": True,
    "about": ["delay", "conduct"],
    "details": "I have waited for six months.",
    "remedy_sought": "An apology.",
    "adjustments": ["large print"],
    "language": "cy",
    "ends": "2026-12-02",
    "renewable": True,
    "contact_number": 3,
    "to_stage": "The Customer Complaints team",
    "asks_next_stage": True,
    "asks": True,
    "ground": "What you sent us turned out not to be a complaint about our service.",
    "after_end": {"closed_on": "2026-10-12", "reopen_by": "2026-11-12", "manager": True},
    "from_whom": "mp",
    "verb": "withdraw",
    "refusal": "ComplaintClosed",
    "notice": "reply",
    "old_received": "2026-10-05",
    "new_received": "2026-10-02",
    "moved": [
        {
            "promise_text": "The manager replies within 10 working days.",
            "old_due": "2026-10-19",
            "new_due": "2026-10-16",
        }
    ],
    "charter_version": "2026.2",
    "into": "FO-2026-000122",
    "duplicate": "FO-2026-000124",
    "counted_from": "2026-10-01",
    "replied_on": "2026-10-08",
    "questions_open": True,
    "other": "FO-2026-000125",
    "taken_back": False,
    "question": "How well did we keep our promises to you?",
    "where": "https://views.example",
    "contact_kind": "voicemail",
    "service": {"name": "Planning", "text": "We decide within 8 weeks"},
    "remit": {
        "can": ["delay", "other service"],
        "cannot": [
            {
                "topic": "outcome",
                "name": "Appeals",
                "text": "A decision is not a matter of service",
                "gate": "Ask whoever took it first",
                "contact": "https://appeals.example",
            },
        ],
    },
    "third_party": "The bank",
    "questions": ["On which day did you ring?", "Whom did you speak to?"],
    "missing": ["remedy-sought", "contact-so-far"],
    "answer_by": "2026-10-19",
    "closes_on": "2026-10-26",
    "reopen_by": "2026-11-30",
    "essential": True,
    "stops_clock": False,
    "came_on": "2026-10-05",
    "purpose": "To go through my papers with you.",
    "arrange_by": "2026-10-12",
    "number": 2,
    "appointment_day": "2026-10-15",
    "appointment_time": "14:30",
    "officer": "P Officer",
    "place": "Town Hall, room 3",
    "anew": True,
    "note": "The officer was held up",
    "held": False,
    "with_whom": "Whoever deals with rents",
    "next_ask": "2026-10-23",
    "remedy": "We will pay you £100",
    "remedy_kind": "payment",
    "remedy_number": 2,
    "remedy_due": "2026-11-13",
    "next_reminder": "2026-11-20",
    "how": "We paid it into your account on 3 November.",
    "answer": "accepted",
    "representative_name": "Ann Ash",
    "answer_every": {"unit": "months", "amount": 1},
    "limits": [
        {"kind": "channels", "channels": ["phone", "visit"], "text": None},
        {"kind": "frequency", "channels": [], "text": "One e-mail a week is answered"},
    ],
    "appeal": "Write to the head of casework",
    "person_name": "H Jones",
    "found": "complained-about",
    "preferred_channel": "letter",
    "preferred_language": "cy",
    "update_interval": {"unit": "weeks", "amount": 2},
    "no_updates": False,
    "wish_kept": True,
    "details_changed": True,
    "scope": "Everything but payments",
    "notices_to": "both",
    "still_acting": ["D Price"],
    "outside": ["Parliamentary Ombudsman"],
    "authorised": True,
    "said": "We have changed how we log letters.",
    "day": "2026-10-16",
    "count": 2,
    "pressing": 1,
    "groups": WAITED,
}
OWED: dict[str, Any] = {
    "remedies": [
        {
            "number": 1,
            "text": "We will say sorry for the letter that we lost",
            "kind": "apology",
            "owner": "H Jones",
            "due": "2026-11-30",
        },
        {
            "number": 2,
            "text": "Change how letters are logged",
            "kind": "recommendation",
            "owner": None,
            "due": None,
        },
    ]
}
"""What a note on remedies is given in place of the texts that a reply has."""
EMPTIED: dict[str, Any] = {
    **dict.fromkeys(("contact_kind", "arrange_by", "place", "with_whom")),
    **dict.fromkeys(("note", "officer"), ""),
    **dict.fromkeys(("third_party", "reopen_by", "service")),
    **dict.fromkeys(("counted_from", "replied_on")),
    "questions_open": False,
    "missing": [],
    "handler": None,
    "direct": None,
    "next_step": "",
    "due": None,
    "proof": "",
    "further": [],
    "window": None,
    "remedies": [],
    **{name: [] for name in ("heard", "evidence", "changes", "promised_again")},
    **dict.fromkeys(("unheard", "cause", "unchanged", "remit")),
    "remedy_sought": None,
    **dict.fromkeys(("new_due", "then_due")),
    "why": None,
    "again": False,
    "remedy_due": None,
    "moved": [],
    "said": "",
    "scope": None,
    "appeal": None,
    "update_interval": None,
    "details_changed": False,
    "apology": False,
    "adjustments": [],
    **dict.fromkeys(("reason", "grounds", "summary", "message", "details", "findings"), ""),
}
"""The facts that may be empty, empty. A new date is always there when more time is taken."""

CUSTOMER = Recipient(RecipientKind.CUSTOMER, "Siân Prŷs-Ŵyn", email="sian@customer.example")
STAFF = Recipient(RecipientKind.STAFF, "Manager", email="manager@ombudsman.example")


def facts_of(kind: NoticeKind) -> dict[str, Any]:
    """All facts of that kind, filled in."""
    given = (named_in(source_of(part)) for part in templates_of(kind) - {layout_of(kind)})
    named = required_facts(kind).union(*given)
    own = OWED if kind is NoticeKind.REMEDY_OWED else OWN
    return COMMON | {name: own[name] for name in named & own.keys()}


def emptied_facts_of(kind: NoticeKind) -> dict[str, Any]:
    """The same with everything empty that may be."""
    moved = kind in (NoticeKind.MORE_TIME, NoticeKind.REMEDY_POSTPONED)
    spared = {"new_due"} if moved else {"remedies"} if kind is NoticeKind.REMEDY_OWED else set()
    facts = facts_of(kind)
    return facts | {name: EMPTIED[name] for name in facts.keys() & EMPTIED.keys() - spared}


def notice(kind: NoticeKind = NoticeKind.ACKNOWLEDGEMENT, **facts: Any) -> Notice:
    """A notice of that kind to whoever it is for; `facts` replace the sample's."""
    staff = kind in STAFF_KINDS
    who = "staff" if staff else "customer"
    return Notice(
        key=f"FO-2026-000123/7/{kind.value}/{who}",
        kind=kind,
        reference="FO-2026-000123",
        event=7,
        recipient=STAFF if staff else CUSTOMER,
        facts=facts_of(kind) | facts,
    )


def to(person: Recipient, **changes: Any) -> Notice:
    """An acknowledgement to that person, with changes to how they are reached."""
    return replace(notice(), recipient=replace(person, **changes))
