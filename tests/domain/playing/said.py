"""What each verb says unless a story says otherwise.

Owns the words alone; who says them, and when, is the story's.
"""

from __future__ import annotations

from typing import Any

SAID: dict[str, dict[str, Any]] = {
    "allocate": {"handler": {"id": "h.jones", "name": "H Jones", "phone": "0300 000 0001"}},
    "introduce": {},
    "acknowledge": {},
    "update": {"message": "We have asked the bank for its papers."},
    "extend": {"new_due": "2026-10-20", "reason": "The bank is slow."},
    "give_reason": {"reason": "Two of us were ill."},
    "pause": {
        "reason": "It checks its records.",
        "third_party": "The bank",
        "review_on": "2026-10-19",
    },
    "resume": {},
    "record_contact": {"channel": "email", "from_whom": "customer", "summary": "Any news?"},
    "answer_contact": {"contact": 1, "summary": "It is in hand."},
    "escalate": {"to": "manager", "grounds": "Nobody called back."},
    "return_call": {"contact": 1, "reached": True, "summary": "They want to know by when."},
    "reassign": {
        "handler": {"id": "a.new", "name": "A New", "email": "a.new@example.org"},
        "reason": "workload",
    },
    "reply": {
        "findings": "We were slow.",
        "outcome": "upheld",
        "remedies": ["A letter"],
        "heard": ["customer", "staff"],
        "evidence": ["The case file"],
        "cause": "workload",
        "changes": ["Somebody looks every week at what waits"],
    },
    "answer_feedback": {"answer": "Thank you; the team has read it."},
    "accept": {},
    "withdraw": {"reason": "It is settled."},
    "reopen": {"reason": "New papers came."},
    "close": {
        "reason": "It was a question, and we have answered it.",
        "ground": "no-complaint",
        "findings": "A question about opening hours.",
        "approved_by": {"id": "a.second", "name": "A Second", "role": "manager"},
    },
    "request_appointment": {"about": "To go through my papers.", "with_whom": "Rents"},
    "arrange_appointment": {
        "at": "2026-10-15T14:30:00+01:00",
        "officer": {"id": "p.officer", "name": "P Officer"},
    },
    "cancel_appointment": {"reason": "The officer is ill."},
    "record_appointment": {"held": "on-time"},
    "ask_information": {"questions": ["On which day did you ring?"]},
    "revise_information": {"answer_by": "2026-11-30", "reason": "They are in hospital."},
    "record_information": {"summary": "It was 3 May."},
    "pass_to_decision": {},
    "conclude_case": {},
    "refresh": {},
    "correct": {"received_at": "2026-10-02T10:00:00+00:00", "reason": "The stamp says so."},
    "take_in": {
        "duplicate": "FO-2026-000124",
        "received_at": "2026-10-01T10:00:00+00:00",
        "reason": "The same letter, by post.",
    },
    "declare_conflict": {"reason": "They are my neighbours."},
    "restrict_contact": {
        "limits": [{"kind": "only-in-writing"}],
        "reason": "Calls in which staff were threatened.",
        "approved_by": {"id": "the.approver", "name": "The approver", "role": "manager"},
        "review_on": "2026-12-01",
    },
    "review_restriction": {"keep": False, "reason": "It has been quiet."},
    "lift_restriction": {"reason": "It was a misunderstanding."},
    "prefer": {"language": "cy"},
    "report_undelivered": {
        "notice": "FO-2026-000123/1/acknowledgement/customer",
        "reason": "There is no such mailbox.",
    },
    "resend_notice": {"notice": "FO-2026-000123/1/acknowledgement/customer"},
    "name_representative": {
        "representative": {"kind": "relative", "name": "A Cousin", "email": "cousin@x.org"}
    },
    "ask_authority": {},
    "give_authority": {"how": "A signed form of 3 October."},
    "hear_directly": {},
    "withdraw_authority": {"reason": "They are no longer needed."},
    "merge": {"into": "FO-2026-000122", "reason": "The same letter, by e-mail."},
    "link": {"to": "FO-2026-000125", "reason": "Both are about the branch in Hull."},
    "unlink": {"to": "FO-2026-000125", "reason": "It was another branch."},
    "apply_closure": {"days": ["2026-10-12"], "reason": "Snow."},
    "migrate": {"to_version": "2026.1"},
    "accept_remedy": {"remedy": 1},
    "do_remedy": {"remedy": 1, "how": "We paid it into the account."},
    "refuse_remedy": {"remedy": 1, "reason": "The law does not allow it."},
    "reassign_remedy": {"remedy": 1, "owner": {"id": "k.lee", "name": "K Lee"}},
    "postpone_remedy": {"remedy": 1, "reason": "The bank is slow.", "new_due": "2026-11-10"},
}
"""What each verb says unless a story says otherwise."""
