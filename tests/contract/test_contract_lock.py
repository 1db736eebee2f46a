"""The wire contract, word for word: renaming anything in it fails here.

What is written below is what apps in other languages rely on. Add to it; never change it.
"""

from __future__ import annotations

import re
from pathlib import Path

from temporalio import workflow

from domain.complaint.commands import Actor, Command
from domain.complaint.decider.parsing import SIGNALS
from domain.complaint.decider.registry import VERBS
from domain.complaint.opening import Complainant, Opening, Representative, SubjectCase
from domain.errors import REFUSALS
from domain.vocabulary import (
    Channel,
    ClosedHow,
    Correspondent,
    FromWhom,
    Outcome,
    ReassignReason,
    Role,
    State,
    Topic,
)
from domain.wire import Person
from engine.search_attributes import ALL
from engine.settings import Settings
from starter.wire import names
from workflows.complaint import ComplaintWorkflow

REQUIRED = {
    "allocate": {"handler"},
    "introduce": set[str](),
    "acknowledge": set[str](),
    "update": {"message"},
    "give_reason": {"reason"},
    "extend": {"new_due", "reason"},
    "pause": {"reason", "review_on"},
    "resume": set[str](),
    "record_contact": {"channel", "from_whom", "summary", "received_at"},
    "answer_contact": {"contact", "summary"},
    "return_call": {"reached"},
    "escalate": {"to", "grounds"},
    "reassign": {"handler", "reason"},
    "reply": set[str](),
    "answer_feedback": {"answer"},
    "accept": set[str](),
    "withdraw": {"reason"},
    "reopen": {"reason"},
    "close": {"reason"},
    "request_appointment": {"about", "requested_at"},
    "arrange_appointment": {"at", "officer"},
    "cancel_appointment": {"reason"},
    "record_appointment": {"held"},
    "ask_information": {"questions"},
    "revise_information": {"reason"},
    "record_information": {"summary"},
    "pass_to_decision": set[str](),
    "conclude_case": {"answered_at"},
    "refresh": set[str](),
    "report_undelivered": {"notice", "reason"},
    "resend_notice": {"notice"},
    "correct": {"received_at", "reason"},
    "take_in": {"duplicate", "received_at", "reason"},
    "merge": {"into", "reason"},
    "link": {"to", "reason"},
    "unlink": {"to", "reason"},
    "prefer": set[str](),
    "declare_conflict": {"reason"},
    "restrict_contact": {"limits", "reason", "approved_by", "review_on"},
    "review_restriction": {"keep", "reason"},
    "lift_restriction": {"reason"},
    "name_representative": {"representative"},
    "ask_authority": set[str](),
    "hear_directly": set[str](),
    "give_authority": {"how"},
    "withdraw_authority": {"reason"},
    "apply_closure": {"days", "reason"},
    "migrate": {"to_version"},
    "accept_remedy": {"remedy"},
    "do_remedy": {"remedy", "how"},
    "refuse_remedy": {"remedy", "reason"},
    "reassign_remedy": {"remedy", "owner"},
    "postpone_remedy": {"remedy", "new_due", "reason"},
}
OPTIONAL = {
    "acknowledge": {"contact"},
    "extend": {"promise"},
    "give_authority": {"scope", "notices_to", "received_at", "who"},
    "review_restriction": {"review_on"},
    "declare_conflict": {"person", "handler"},
    "prefer": {
        *("channel", "language", "update_interval", "adjustments", "email", "phone", "address"),
        "received_at",
    },
    "return_call": {"contact", "received_at"},
    "record_contact": {"contact_kind", "answers", "asks_next_stage", "who"},
    "escalate": {"received_at", "contact"},
    "accept": {"received_at", "contact"},
    "withdraw": {"received_at", "contact"},
    "close": {"ground", "findings", "approved_by"},
    "reopen": {"received_at"},
    "withdraw_authority": {"received_at", "who"},
    "ask_authority": {"who"},
    "name_representative": {"received_at"},
    "accept_remedy": {"received_at"},
    "do_remedy": {"received_at"},
    "refuse_remedy": {"received_at"},
    "pause": {"third_party"},
    "ask_information": {"answer_by", "essential", "stops_clock"},
    "revise_information": {"answer_by", "request"},
    "record_information": {"request", "received_at", "channel"},
    "request_appointment": {"with_whom"},
    "arrange_appointment": {"place", "appointment"},
    "cancel_appointment": {"arrange_anew", "appointment", "received_at"},
    "record_appointment": {"note", "appointment"},
    "reply": {
        *("findings", "outcome", "remedies", "heard", "unheard", "evidence"),
        *("cause", "changes", "unchanged"),
    },
    "correct": {"contact", "stage"},
    "take_in": {"customer"},
    "merge": {"customer"},
}
"""At least these."""


def fields(
    model: type[Command | Opening | Person | Complainant | Representative | SubjectCase],
) -> tuple[set[str], set[str]]:
    """The names of a model's required and of its optional fields."""
    required = {name for name, field in model.model_fields.items() if field.is_required()}
    return required, set(model.model_fields) - required


def test_the_names_by_which_a_complaint_is_reached() -> None:
    definition = workflow._Definition.must_from_class(ComplaintWorkflow)
    assert definition.name == "Complaint" == names.WORKFLOW_TYPE
    assert {"status"} <= set(definition.queries)
    assert names.STATUS_QUERY == "status"
    assert names.TASK_QUEUE == "complaints" == Settings.model_fields["task_queue"].default
    assert names.workflow_id("FO-2026-000123") == "complaint:FO-2026-000123"


def test_updates_and_their_fields() -> None:
    assert set(VERBS) == set(REQUIRED)
    for verb, model in VERBS.items():
        required, optional = fields(model)
        assert required == REQUIRED[verb] | {"command_id", "actor"}, verb
        assert OPTIONAL.get(verb, set()) <= optional, verb
    assert fields(Actor)[0] == {"id", "name", "role"}


def test_signals() -> None:
    assert set(SIGNALS) == {"escalate", "record_contact", "withdraw", "apply_closure"}


def test_the_opening() -> None:
    assert fields(Opening)[0] == {
        *("reference", "charter", "received_at", "channel", "about", "details", "complainant"),
    }
    assert {
        "remedy_sought",
        "contact_so_far",
        "service",
        "representative",
        "subject_case",
        "complained_of",
        "answer_wanted",
    } <= fields(Opening)[1]
    assert fields(Complainant)[0] == {"name"}
    assert {"email", "phone", "address", "preferred_channel", "language", "adjustments"} <= fields(
        Complainant
    )[1]
    assert fields(Representative)[0] == {"kind", "name"}
    assert fields(SubjectCase)[0] == {"reference"}
    assert {"open", "answered_at", "handler"} <= fields(SubjectCase)[1]
    assert fields(Person)[0] == {"id", "name"}


def test_the_closed_lists_of_words() -> None:
    assert set(Channel) == {"email", "phone", "letter", "web-form", "visit"}
    assert set(Topic) == {
        *("delay", "communication", "conduct", "other-service", "outcome", "data-protection"),
        "feedback",
    }
    assert set(Correspondent) - {"customer"} == {
        *("friend", "relative", "organisation", "professional", "mp"),
    }
    assert set(Role) == {
        *("customer", "representative", "upstream-app", "case-handler", "manager"),
        *("complaints-team", "independent-assessor", "quality", "administrator"),
    }
    assert set(FromWhom) == {"customer", "representative", "mp"}
    assert set(ReassignReason) == {"conflict", "absence", "workload"}
    assert set(Outcome) == {"upheld", "partly-upheld", "not-upheld", "resolved", "out-of-scope"}
    assert set(State) == {"received", "acknowledged", "paused", "replied", "closed"}
    assert set(ClosedHow) == {
        *("accepted", "withdrawn", "window-closed", "procedure-ended"),
        *("closed-by-staff", "out-of-scope", "out-of-time", "merged", "no-answer"),
        "feedback",
    }


def test_the_refusals() -> None:
    assert set(REFUSALS) >= {
        *("InvalidCommand", "ComplaintClosed", "WrongRole", "NotAuthorised"),
        *("ConflictOfInterest", "NotIndependent", "WrongState", "WrongStage", "WindowClosed"),
        *(
            "ExtensionRefused",
            "PauseRefused",
            "CalendarTooShort",
            "ReplyIncomplete",
            "UnknownContact",
        ),
    }


def test_the_search_attributes() -> None:
    assert {key.name: key._metadata_type for key in ALL} == {
        "UpholdCharter": "Keyword",
        "UpholdStage": "Keyword",
        "UpholdState": "Keyword",
        "UpholdNextDue": "Datetime",
        "UpholdMissed": "Int",
        "UpholdHandler": "Keyword",
    }


def test_the_page_of_the_contract_names_them_all() -> None:
    page = (Path(__file__).parents[2] / "docs" / "contract.md").read_text(encoding="utf-8")
    prose = re.sub(r"^```.*?^```", "", page, flags=re.DOTALL | re.MULTILINE)
    named = {
        word for code in re.findall(r"`([^`]+)`", prose) for word in re.findall(r"[\w-]+", code)
    }
    for group in (
        VERBS,
        SIGNALS,
        REFUSALS,
        Channel,
        Topic,
        Role,
        FromWhom,
        ReassignReason,
        Outcome,
    ):
        assert set(group) <= named, group
    for model in VERBS.values():
        # The page says once that what one writes oneself has a twin in Welsh.
        own = {name for name in model.model_fields if not name.endswith("_cy")}
        own -= {*Command.model_fields, "pinned"}
        assert own <= named, model
