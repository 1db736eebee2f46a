"""Behaviour: what people do in a simulation, from a complaint's arrival to the customer's last word.

Owns when somebody acts and why. What their acting means for the complaint is the core's to say, and
time is the `loop`'s to pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from domain.calendar.counting import due_day
from domain.calendar.pinned import BeyondCalendar
from domain.charter.rules import Rules
from domain.clocks.clock import Clock
from domain.clocks.due import due_of
from domain.complaint.features.handling.receiving import Open
from domain.complaint.policies.suspension import anything_pauses
from domain.complaint.state import Complaint
from domain.vocabulary import Role, State, Trigger
from simulation.play import actors
from simulation.play.actors import StaffMember
from simulation.play.desk import Desk, Job
from simulation.play.lifecycle import Lifecycle
from simulation.play.loop import Loop, Observer
from simulation.scenario.model import Order, Scenario, Task
from simulation.world.arrivals import Openings
from simulation.world.random_streams import RandomStreams
from simulation.world.working_time import NEVER, SECONDS_A_DAY, Hours, Second, Timeline

WITHOUT_A_DATE = 28 * SECONDS_A_DAY
"""What no promise asks for by a date stands in the queue as if it were due then."""
REVIEWED_AFTER = 10
"""Working days after which a pause is looked at again, if the charter lets it last so long."""
_FIRST_WORDS = (Task.INTRODUCE, Task.ACKNOWLEDGE)
_MEETS = {Task.ACKNOWLEDGE: Trigger.ACKNOWLEDGED, Task.INTRODUCE: Trigger.INTRODUCED,
          Task.UPDATE: Trigger.UPDATED, Task.REPLY: Trigger.REPLIED,
          Task.CONTACT: Trigger.CONTACT_ANSWERED}  # fmt: skip
"""What a task meets, once it is done."""


class Play(Loop):
    """One run of one charter."""

    def __init__(
        self, rules: Rules, scenario: Scenario, timeline: Timeline, people: Mapping[Role, list[Hours]],
        streams: RandomStreams, count: Callable[[Complaint], None], observer: Observer | None = None,
    ) -> None:  # fmt: skip
        """`people` are the hours of each, for every role that reviews under the charter."""
        super().__init__(rules, timeline, count, observer)
        office = timeline.office
        self.desks = {role: Desk(role, hours, office) for role, hours in people.items()}
        self.unattended = 0
        """How often nobody was left who may review a stage: everybody had a part in it before."""
        self._choices, self._delays = scenario.choices, scenario.delays
        terms = rules.charter.pausing
        most = terms.review_within.budget.amount if terms else 0
        self._reviewed_after = min(REVIEWED_AFTER, most)
        self._due_first = scenario.order is Order.DUE_FIRST
        self._streams, self._empty = streams, Complaint(rules)
        self._openings = Openings(scenario.arrivals, rules)
        self._rungs = {stage.id: rung for rung, stage in enumerate(rules.ladder)}
        self._at_rung = [self.desks[stage.role] for stage in rules.ladder if stage.role]
        self._minutes = {
            (role, task): scenario.time_for(role, task) for role in people for task in Task
        }
        self._met_by = {task: _met_by(trigger, rules) for task, trigger in _MEETS.items()}
        self._called = _met_by(Trigger.CALLED, rules)
        self._met_by[Task.ACKNOWLEDGE] |= self._called
        self._acknowledges_contact = _met_by(Trigger.CONTACT_ACKNOWLEDGED, rules)
        self._allocates = Trigger.ALLOCATED in rules.starting or self._met_by[Task.INTRODUCE]
        self.reactions = {
            "escalated": self._escalated, "promise-warned": self._warned,
            "promise-missed": self._missed,
        }  # fmt: skip

    # --- complaints -----------------------------------------------------------------------------

    def arrive(self, now: Second, number: int) -> None:
        """Complaint `number` is received."""
        life = self.open[number] = Lifecycle(number, self._empty)
        opening = self._openings.of(
            number, self._streams.of_arrival(number), self.timeline.instant(now)
        )
        # A complaint that was just made takes its opening, or the scenario does not fit the charter.
        self.act(life, Open(opening=opening, digest=self.rules.digest), now)
        if not life.complaint.closed:
            self._begin_rung(life, now)

    def _begin_rung(self, life: Lifecycle, now: Second) -> None:
        rung = self._rungs[life.complaint.stage]
        desk, draws = self._at_rung[rung], self._streams.of_stage(life.number, rung)
        handler = self._handler(life, rung, desk)
        life.begin_rung(rung, draws, handler)
        if handler is None and desk.people:
            self.unattended += 1  # everybody here had a part in it before
            return
        if handler and self._allocates:
            self.act(life, handler.take_on(rung), now)
        if draws.write_again < self._choices.write_again:
            later = int(self._delays.write_again.quantile(draws.writes_after) * SECONDS_A_DAY)
            self.at(now + later, self._writes_again, life, rung)
        self._ask_next(life, now, 0)

    def _handler(self, life: Lifecycle, rung: int, desk: Desk) -> StaffMember | None:
        """Whose turn it is, of those who may review the stage."""
        stage, staff = self.rules.ladder[rung], desk.staff
        if not staff:
            return None
        turn = life.number % len(staff)
        if not stage.independent:
            return staff[turn]
        barred = {who for where, who in life.complaint.touched if where != stage.id}
        may = (who for who in staff[turn:] + staff[:turn] if who.actor.identity not in barred)
        return next(may, None)

    # --- tasks ----------------------------------------------------------------------------------

    def _ask_next(self, life: Lifecycle, now: Second, said: int) -> None:
        """Ask for the next of the first words that somebody was promised, or for the reply."""
        for place, task in enumerate(_FIRST_WORDS[said:], said):
            if _waiting_for(life, self._met_by[task]):
                self._ask(life, task, now, place)
                return
        self._ask(life, Task.REPLY, now)

    def _ask(self, life: Lifecycle, task: Task, now: Second, number: int = 0) -> None:
        desk = self._at_rung[life.rung]
        if task is Task.UPDATE:
            draw = self._streams.of_update(life.number, life.rung, number)
        else:
            draw = getattr(life.draws, task)
        work = int(60 * self._minutes[desk.role, task].quantile(draw))
        if task is Task.REPLY and (life.paused or self._checks_facts(life)):
            work = work // 2 if life.paused else work - work // 2
        job = Job(task, life, life.rung, work, now, number)
        person = desk.somebody_idle(now)
        if person is not None:
            self._begin(desk, job, person, now)
            return
        desk.enqueue(job, self._urgency(job, now) if self._due_first else now)
        self._note_opening(desk, now)

    def _urgency(self, job: Job, now: Second) -> Second:
        """When the first clock that the job would meet runs out."""
        contact = job.number if job.task is Task.CONTACT else 0
        clocks = _waiting_for(job.life, self._met_by[job.task], contact)
        return min(map(self._due, clocks), default=now + WITHOUT_A_DATE)

    def _due(self, clock: Clock) -> Second:
        try:
            return self.timeline.second(due_of(clock, self.rules).at)
        except BeyondCalendar:
            return NEVER

    def _take_up(self, desk: Desk, now: Second) -> None:
        """Whoever is free and at work begins what waits."""
        while (person := desk.somebody_for_the_queue(now)) is not None:
            self._begin(desk, desk.next_job(), person, now)
        self._note_opening(desk, now)

    def _begin(self, desk: Desk, job: Job, person: int, now: Second) -> None:
        job.life.in_hand += 1
        self.at(desk.begin(job, person, now), self._done, job, (desk, person))

    def _note_opening(self, desk: Desk, now: Second) -> None:
        back = desk.back_at(now)
        if now < back < desk.opens:
            desk.opens = back
            self.at(back, self._opens, desk, None)

    def _opens(self, now: Second, desk: Desk, _: None) -> None:
        desk.opens = NEVER
        self._take_up(desk, now)

    def _done(self, now: Second, job: Job, seat: tuple[Desk, int]) -> None:
        desk, person = seat
        job.life.in_hand -= 1
        desk.free(person)
        if not job.lapsed and job.life.handler:
            self._finish_job(job.life, job.life.handler, job, now)
        if desk.queue:
            self._take_up(desk, now)

    def _finish_job(self, life: Lifecycle, who: StaffMember, job: Job, now: Second) -> None:
        task, rung = job.task, life.rung
        if task is Task.REPLY:
            if not life.paused and self._checks_facts(life):
                self._pause(life, who, now)
            elif self.act(life, who.finish(task, rung), now):
                self._hear_from_customer(life, now)
        elif task in _FIRST_WORDS:
            if task is Task.ACKNOWLEDGE and _waiting_for(life, self._called):
                self.act(life, who.ring_back(rung), now)
            self.act(life, who.finish(task, rung), now)
            self._ask_next(life, now, job.number + 1)
        else:
            if task is Task.UPDATE:
                life.updating = False
            elif _waiting_for(life, self._called, job.number):
                self.act(life, who.ring_back(rung, job.number), now)
                return
            elif _waiting_for(life, self._acknowledges_contact, job.number):
                self.act(life, who.acknowledge_contact(rung, job.number), now)
            self.act(life, who.finish(task, rung, job.number), now)

    def _checks_facts(self, life: Lifecycle) -> bool:
        """Whether it waits half way through until facts are checked: by phone nothing runs that may be paused."""
        return life.draws.pause < self._choices.pause and anything_pauses(life.complaint)

    def _pause(self, life: Lifecycle, who: StaffMember, now: Second) -> None:
        life.paused = True
        days = self._delays.pause.quantile(life.draws.paused_for)
        facts = self._at_rung[life.rung].office.opens_at(now + int(days * SECONDS_A_DAY))
        today = self.rules.calendar.local_day(self.timeline.instant(now))
        review = self.rules.calendar.add_working_days(today, self._reviewed_after)
        self.act(life, who.pause(life.rung, review), now)
        self.at(facts, self._facts_come, life, life.rung)

    def _facts_come(self, now: Second, life: Lifecycle, rung: int) -> None:
        if life.rung == rung and not life.answered and life.handler:
            if life.complaint.pause:
                self.act(life, life.handler.resume(rung), now)
            self._ask(life, Task.REPLY, now)

    # --- what the core's events bring -----------------------------------------------------------

    def _escalated(self, life: Lifecycle, _: Any, now: Second) -> None:
        self._begin_rung(life, now)

    def _warned(self, life: Lifecycle, event: Any, now: Second) -> None:
        self._owe_update(life, event.promise, now)
        rule, who = self.rules.promises[event.promise], life.handler
        if rule.extension is None or Trigger.REPLIED not in rule.meets or who is None:
            return
        if life.extended or life.draws.extend >= self._choices.extend:
            return
        working = life.complaint.state in (State.RECEIVED, State.ACKNOWLEDGED)
        clock = life.complaint.clock(event.clock)
        if not working or clock.renewal or not clock.running:
            return
        life.extended = True
        new_due = due_day(self.rules.calendar, event.due, rule.extension)
        if clock.limit_day is None or new_due <= clock.limit_day:
            self.act(life, who.extend(life.rung, event.promise, new_due), now)

    def _missed(self, life: Lifecycle, event: Any, now: Second) -> None:
        self._owe_update(life, event.promise, now)

    def _owe_update(self, life: Lifecycle, promise: str, now: Second) -> None:
        if promise in self._met_by[Task.UPDATE] and not life.updating:
            life.updating = True
            life.updates += 1
            self._ask(life, Task.UPDATE, now, life.updates)

    # --- the customer ---------------------------------------------------------------------------

    def _writes_again(self, now: Second, life: Lifecycle, rung: int) -> None:
        if life.rung != rung or life.answered:
            return
        number, channel = life.contacts + 1, life.complaint.opened.channel
        if self.act(life, actors.write_again(number, channel, self.timeline.instant(now)), now):
            life.contacts = number
            self._ask(life, Task.CONTACT, now, number)

    def _hear_from_customer(self, life: Lifecycle, now: Second) -> None:
        choices, draws = self._choices, life.draws
        if draws.choice < choices.escalate:
            chooses, delay = self._escalates, self._delays.escalate
        elif draws.choice < choices.escalate + choices.accept:
            chooses, delay = self._accepts, self._delays.accept
        else:
            return
        later = int(delay.quantile(draws.chooses_after) * SECONDS_A_DAY)
        self.at(now + later, chooses, life, life.rung)

    def _escalates(self, now: Second, life: Lifecycle, rung: int) -> None:
        following = self.rules.next_stage(life.complaint.stage)
        if following and life.rung == rung and life.complaint.closed is None:
            self.act(life, actors.escalate(rung, following.id), now)

    def _accepts(self, now: Second, life: Lifecycle, rung: int) -> None:
        if life.rung == rung and life.complaint.closed is None:
            self.act(life, actors.accept(rung), now)


def _met_by(trigger: Trigger, rules: Rules) -> frozenset[str]:
    """The promises that it meets."""
    return frozenset(key for key, rule in rules.promises.items() if trigger in rule.meets)


def _waiting_for(life: Lifecycle, promises: frozenset[str], contact: int = 0) -> list[Clock]:
    """The clocks of these promises that are not over: of every contact, or of that one."""
    if not promises:
        return []
    return [
        clock
        for clock in life.complaint.clocks
        if clock.promise in promises and clock.live and (not contact or clock.contact == contact)
    ]
