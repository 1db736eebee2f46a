"""A machine that does anything to a complaint, at any instant, and what must hold all the same.

Owns the moves and the laws; `test_properties` runs it under each charter.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain.charter.rules import pack, unpack
from domain.charter.tables import Charter
from domain.clocks.due import due_of
from domain.complaint.commands import Tick
from domain.complaint.decider.decide import AnyCommand
from domain.complaint.decider.registry import VERBS
from domain.complaint.decider.timers import finished, next_wake
from domain.complaint.features.contact.reports import ReportRefusal
from domain.complaint.features.people.reaching import ReportUndeliverable
from domain.complaint.state import Complaint
from domain.complaint.views.status import status_of
from domain.errors import Refused
from tests.domain.playing.hostile import GAPS, HANDLERS, HOSTILE, PERSONS
from tests.domain.playing.laws import check_change, check_record
from tests.domain.playing.said import SAID
from tests.domain.playing.stories import LONDON, Story, person, rules_of

_NEEDS_ONE = ("reassign", "report_undelivered")
"""Verbs that cannot be written without a reason."""


class Anything(RuleBasedStateMachine):
    """Any command by anybody at any instant; only refusals may come of it."""

    charter: ClassVar[str] = "financial-ombudsman"
    story: Story

    @initialize(
        received=st.sampled_from(HOSTILE[:11]),
        noted_after=st.sampled_from(
            [timedelta(minutes=-5), timedelta(0), timedelta(hours=3), timedelta(days=30)]
        ),
        channel=st.sampled_from(["email", "phone", "letter", "web-form", "visit"]),
        about=st.sampled_from(
            [["delay"], ["delay", "outcome"], ["conduct"], ["outcome"], ["feedback"]]
        ),
        kind=st.sampled_from([None, "friend", "professional", "mp"]),
        authorised=st.booleans(),
        case=st.sampled_from([None, "open", "answered", "long-ago"]),
    )
    def open(
        self, received: datetime, noted_after: timedelta, channel: str, about: list[str],
        kind: str | None, authorised: bool, case: str | None,
    ) -> None:  # fmt: skip
        """A complaint comes in."""
        answered = {"answered": timedelta(days=20), "long-ago": timedelta(days=1000)}.get(
            case or ""
        )
        self.story = Story(
            self.charter,
            _clock(received),
            opened=_clock(received + noted_after),
            channel=channel,
            about=about,
            answer_wanted=channel != "phone",
            representative=kind
            and {"kind": kind, "name": "R Help", "email": "r@x.org", "authorised": authorised},
            subject_case=case
            and {
                "reference": "C-9",
                "open": case == "open",
                "answered_at": answered and received - answered,
                "handler": {"id": "h.jones", "name": "H Jones", "phone": "0300 1"},
            },
        )
        self.told = 0
        check_record(self.story)

    # --- time -------------------------------------------------------------------------------------

    @rule(gap=GAPS)
    def time_passes(self, gap: timedelta) -> None:
        """The complaint is woken only at the end of it."""
        self._move(self.story.now + gap)
        self._play(Tick())

    @rule(skip=st.integers(0, 2))
    def a_hostile_instant_comes(self, skip: int) -> None:
        """The next of them that lies ahead, or one after it."""
        ahead = [at for at in HOSTILE if at > self.story.now]
        if ahead:
            self._move(ahead[min(skip, len(ahead) - 1)])
            self._play(Tick())

    @precondition(lambda self: self.story.complaint.closed is None)
    @rule(times=st.integers(1, 3))
    def it_wakes(self, times: int) -> None:
        """At the very instant at which it asked to be woken; each time something happens."""
        for _ in range(times):
            wake = next_wake(self.story.complaint)
            if wake and self.story.complaint.closed is None:
                self._move(max(wake, self.story.now))
                assert self._play(Tick()), f"woken at {wake} for nothing"

    # --- what people do ---------------------------------------------------------------------------

    @rule(
        verb=st.sampled_from(
            sorted(VERBS.keys() - {"refresh", "migrate", "extend", "record_contact"})
        ),
        by=st.sampled_from(PERSONS),
        handler=HANDLERS,
        reason=st.sampled_from(["conflict", "absence", ""]),
        days=st.sampled_from([-400, -1, 0, 3, 20, 800]),
        contact=st.integers(1, 3),
    )
    def somebody_does(
        self, verb: str, by: Any, handler: Any, reason: str, days: int, contact: int
    ) -> None:
        """Any verb by anybody."""
        said: dict[str, Any] = {}
        known = SAID[verb]
        if "handler" in known:
            said["handler"] = handler
        if "reason" in known:
            said["reason"] = (reason or "workload") if verb in _NEEDS_ONE else reason
        if "contact" in known or (verb == "acknowledge" and contact > 2):
            said["contact"] = contact
        if verb == "pause":
            said["review_on"] = _day(self.story.now) + timedelta(days=days)
        if verb in ("correct", "take_in"):
            said["received_at"] = self.story.now - timedelta(days=abs(days) % 60)
        if verb == "apply_closure":
            said["days"] = [_day(self.story.now) + timedelta(days=days % 40)]
        if verb == "conclude_case":
            said["answered_at"] = self.story.now + timedelta(days=days)
        if verb == "escalate":
            said["to"] = self._next_stage(contact)
        if verb.endswith("_remedy"):
            said["remedy"] = contact
        if verb == "postpone_remedy":
            said["new_due"] = _day(self.story.now) + timedelta(days=days)
        self._say(verb, by, said)

    @rule(
        verb=st.sampled_from(
            ["allocate", "introduce", "acknowledge", "update", "pause", "resume", "reply",
             "escalate", "answer_contact", "reopen", "conclude_case", "pass_to_decision"]
        ),
        spare=st.booleans(),
    )  # fmt: skip
    def the_reviewer_does(self, verb: str, spare: bool) -> None:
        """What moves the complaint on, by the role that may."""
        role = self.story.rules.stage(self.story.complaint.stage).role
        said: dict[str, Any] = {"to": self._next_stage(1)} if verb == "escalate" else {}
        if verb == "pause":
            said["review_on"] = _day(self.story.now) + timedelta(days=14)
        self._say(verb, person(f"{'two' if spare else 'one'}.{role}", str(role)), said)

    @rule(
        channel=st.sampled_from(["email", "phone", "letter"]),
        whom=st.sampled_from(["customer", "representative", "mp"]),
        ago=st.sampled_from([timedelta(minutes=-9), timedelta(0), timedelta(5), timedelta(2000)]),
        by=st.sampled_from(PERSONS),
    )
    def something_comes_in(self, channel: str, whom: str, ago: timedelta, by: Any) -> None:
        """A contact, perhaps noted long after it came."""
        said = {"channel": channel, "from_whom": whom, "received_at": self.story.now - ago}
        self._say("record_contact", by, said)

    @rule(days=st.integers(-1, 16), which=st.integers(0, 4), late=st.booleans())
    def a_due_date_is_moved(self, days: int, which: int, late: bool) -> None:
        """From the due date of some clock on."""
        complaint = self.story.complaint
        running = [clock for clock in complaint.clocks if clock.running]
        if not running:
            return
        clock = running[which % len(running)]
        try:
            base = due_of(clock, complaint.rules).day
        except ValueError:
            base = _day(self.story.now)
        promise = clock.promise if late else clock.promise.split("/")[0]
        said = {"new_due": base + timedelta(days=days), "promise": promise}
        self._say("extend", None, said)

    @rule(years=st.sampled_from([0, 1]))
    def the_charter_is_pinned_anew(self, years: int) -> None:
        """With a calendar that reaches further."""
        rules = rules_of(self.charter)
        last = date(2028 + years, 12, 31)
        packed = pack(rules.charter, replace(rules.calendar, last_day=last, version=f"to {last}"))
        said = {"pinned": base64.b64encode(packed).decode()}
        if unpack(packed).calendar.last_day >= self.story.complaint.rules.calendar.last_day:
            self._say("refresh", person("one.administrator", "administrator"), said)

    @rule(days=st.sampled_from([3, 8, 15]), number=st.integers(2, 9))
    def the_charter_is_published_anew(self, days: int, number: int) -> None:
        """With other times for every promise counted in working days."""
        rules = self.story.complaint.rules
        first = rules_of(self.charter).charter  # so that times do not grow without end
        content = first.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        content["charter"]["version"] = f"2027.{number}"
        for promise in content["promise"]:
            if "working-days" in promise["within"]:
                promise["within"] = {"working-days": promise["within"]["working-days"] + days}
        packed = pack(Charter.model_validate(content), rules.calendar)
        said = {
            "to_version": f"2027.{number}",
            "pinned": base64.b64encode(packed).decode(),
        }
        self._say("migrate", person("one.administrator", "administrator"), said)

    @rule(which=st.integers(0, 9))
    def a_notice_comes_back(self, which: int) -> None:
        """One that was really sent."""
        if self.story.notices:
            key = self.story.notices[which % len(self.story.notices)].key
            self._play(ReportUndeliverable(notice=key, reason="no such mailbox"))

    @rule(same=st.booleans())
    def a_signal_is_refused(self, same: bool) -> None:
        """Perhaps one that was refused before."""
        self._play(
            ReportRefusal(
                command_id="s" if same else f"s{self.told}", refused_verb="withdraw",
                refusal="WrongState", message="No.",
            )
        )  # fmt: skip

    # --- what must always hold --------------------------------------------------------------------

    @invariant()
    def it_can_be_asked_how_it_stands(self) -> None:
        """Also when counting has left the calendar."""
        status_of(self.story.complaint, tuple(self.story.events))

    @invariant()
    def it_waits_for_nothing_that_is_past(self) -> None:
        """Once woken, it asks to be woken later or is finished."""
        complaint, now = self.story.complaint, self.story.now
        wake = next_wake(complaint)
        if wake and wake <= now and not finished(complaint, now):
            self._play(Tick())
            wake = next_wake(self.story.complaint)
            assert finished(self.story.complaint, now) or wake is None or wake > now

    def teardown(self) -> None:
        """The whole record, once at the end."""
        if hasattr(self, "story"):
            check_record(self.story)

    # --- machinery --------------------------------------------------------------------------------

    def _move(self, to: datetime) -> None:
        self.story.now = max(self.story.now, to)

    def _next_stage(self, which: int) -> str:
        stages = [stage.id for stage in self.story.rules.charter.stages]
        at = stages.index(self.story.complaint.stage)
        return stages[(at + which) % len(stages)]

    def _say(self, verb: str, by: Any, said: dict[str, Any]) -> None:
        self._play(self.story.command(verb, by, **said))

    def _play(self, command: AnyCommand) -> list[Any]:
        before: Complaint = self.story.complaint
        sent = len(self.story.notices)
        made = self.story.attempt(command)
        if isinstance(made, Refused):
            assert not isinstance(command, Tick), f"time itself was refused: {made}"
            assert made.message
            return []
        self.told += 1
        check_change(before, self.story, made, self.story.notices[sent:])
        if not isinstance(command, Tick | ReportUndeliverable):
            assert self.story.play(command) == [], "the same command id was done twice"
        return made


def _clock(at: datetime) -> str:
    return at.astimezone(LONDON).replace(tzinfo=None).isoformat()


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()
