"""The play: what people do in a simulation, from a complaint's arrival to the customer's last word.

Owns when somebody acts and why. What their acting means for the complaint is the core's to say, and
time is the `loop`'s to pass.
"""

from __future__ import annotations

from typing import Any

from domain.calendar.counting import BeyondCalendar, due_day
from domain.charter.rules import Rules
from domain.clocks.due import due_at
from domain.complaint import events as ev
from domain.complaint.commands import Open
from domain.complaint.state import Complaint
from domain.vocabulary import Role, State, Trigger
from simulation import luck as lk
from simulation import speech
from simulation.arrivals import Openings
from simulation.desk import Desk, Job
from simulation.hours import NEVER, SECONDS_A_DAY, Second, Timeline
from simulation.life import Life
from simulation.loop import Loop, Watch
from simulation.luck import Luck
from simulation.scenario import Order, Scenario, Task
from simulation.speech import Speaker

WITHOUT_A_DATE = 28 * SECONDS_A_DAY
"""What no promise asks for by a date stands in the queue as if it were due then."""
REVIEWED_AFTER = 10
"""Working days after which a pause is looked at again, whoever knows when the facts come."""
_FIRST_WORDS = ((Task.INTRODUCE, Trigger.INTRODUCED), (Task.ACKNOWLEDGE, Trigger.ACKNOWLEDGED))
_DRAW_OF = {Task.ACKNOWLEDGE: lk.ACKNOWLEDGE, Task.INTRODUCE: lk.INTRODUCE,
            Task.CONTACT: lk.CONTACT, Task.REPLY: lk.REPLY}  # fmt: skip
_TRIGGER_OF = {Task.ACKNOWLEDGE: Trigger.ACKNOWLEDGED, Task.INTRODUCE: Trigger.INTRODUCED,
               Task.UPDATE: Trigger.UPDATED, Task.REPLY: Trigger.REPLIED,
               Task.CONTACT: Trigger.CONTACT_ANSWERED}  # fmt: skip


class Play(Loop):
    """One run of one charter."""

    def __init__(
        self, rules: Rules, scenario: Scenario, timeline: Timeline, desks: dict[Role, Desk],
        luck: Luck, watch: Watch | None = None,
    ) -> None:  # fmt: skip
        """`desks` has one for each role that reviews under the charter."""
        super().__init__(rules, timeline, watch)
        self.desks = desks
        self.unattended = 0
        """How often nobody was left who may review a stage: everybody had a part in it before."""
        self._scenario, self._luck, self._empty = scenario, luck, Complaint(rules)
        self._openings = Openings(scenario.arrivals, rules, strict=False)
        self._rungs = {stage.id: rung for rung, stage in enumerate(rules.ladder)}
        self._at_rung = [desks[stage.role] for stage in rules.ladder if stage.role]
        self._due_first = scenario.order is Order.DUE_FIRST
        self._allocates = Trigger.ALLOCATED in rules.starting or any(
            Trigger.INTRODUCED in rule.meets for rule in rules.promises.values()
        )
        self._spreads = {
            (role, task): scenario.time_for(role, task) for role in desks for task in Task
        }
        self.follow = {
            ev.Escalated: self._escalated, ev.PromiseWarned: self._warned,
            ev.PromiseMissed: self._missed,
        }  # fmt: skip

    # --- complaints -----------------------------------------------------------------------------

    def arrive(self, now: Second, number: int) -> None:
        """Complaint `number` is received."""
        life = Life(number, self._empty)
        at = self.timeline.instant(now)
        opening = self._openings.of(number, self._luck.of_arrival(number), at)
        self.open[number] = life
        # A complaint that was just made takes its opening, or the scenario does not fit the charter.
        self.act(life, Open(opening=opening, digest=self.rules.digest), now)
        if not life.complaint.closed:
            self._begin_rung(life, now)

    def _begin_rung(self, life: Life, now: Second) -> None:
        complaint = life.complaint
        rung = self._rungs[complaint.stage]
        desk = self._at_rung[rung]
        handler = self._handler(life, rung, desk)
        life.begin_rung(rung, self._luck.of_stage(life.number, rung), handler)
        if handler is None and desk.people:
            self.unattended += 1  # everybody here had a part in it before
            return
        if handler and self._allocates:
            self.act(life, handler.is_given(rung), now)
        choices, delays = self._scenario.choices, self._scenario.delays
        if life.draws[lk.WRITE_AGAIN] < choices.write_again:
            later = int(delays.write_again.at(life.draws[lk.WRITES_AFTER]) * SECONDS_A_DAY)
            self.at(now + later, self._writes_again, life, rung)
        self._ask_next(life, now, 0)

    def _handler(self, life: Life, rung: int, desk: Desk) -> Speaker | None:
        """Whose turn it is, of those who may review the stage."""
        stage, speakers = self.rules.ladder[rung], desk.speakers
        if not speakers:
            return None
        turn = life.number % len(speakers)
        if not stage.independent:
            return speakers[turn]
        barred = {who for where, who in life.complaint.touched if where != stage.id}
        may = (who for who in speakers[turn:] + speakers[:turn] if who.actor.identity not in barred)
        return next(may, None)

    # --- tasks ----------------------------------------------------------------------------------

    def _ask_next(self, life: Life, now: Second, said: int) -> None:
        """Ask for the next of the first words that somebody was promised, or for the reply."""
        for place, (task, trigger) in enumerate(_FIRST_WORDS[said:], said):
            if self._due(life, trigger, 0) is not None:
                self._ask(life, task, now, place)
                return
        self._ask(life, Task.REPLY, now)

    def _ask(self, life: Life, task: Task, now: Second, number: int = 0) -> None:
        desk = self._at_rung[life.rung]
        if task is Task.UPDATE:
            luck = self._luck.of_update(life.number, life.rung, number)
        else:
            luck = life.draws[_DRAW_OF[task]]
        work = int(60 * self._spreads[desk.role, task].at(luck))
        if task is Task.REPLY and life.draws[lk.PAUSE] < self._scenario.choices.pause:
            work = work // 2 if life.paused else work - work // 2
        job = Job(task, life, work=work, asked=now, number=number)
        person = desk.somebody_free(now)
        if person is not None:
            self._begin(desk, job, person, now)
            return
        key = now
        if self._due_first:
            due = self._due(life, _TRIGGER_OF[task], number if task is Task.CONTACT else 0)
            key = now + WITHOUT_A_DATE if due is None else due
        desk.ask(job, key)
        self._note_opening(desk, now)

    def _due(self, life: Life, trigger: Trigger, contact: int) -> Second | None:
        """When the first clock that this would meet runs out; none if it would meet none."""
        rules, found = self.rules, None
        for clock in life.complaint.clocks:
            if clock.live and trigger in rules.promises[clock.promise].meets:
                if contact and clock.contact != contact:
                    continue
                try:
                    due = self.timeline.second(due_at(clock, rules))
                except BeyondCalendar:
                    due = NEVER
                found = due if found is None else min(found, due)
        return found

    def _begin_work(self, desk: Desk, now: Second) -> None:
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
        self._begin_work(desk, now)

    def _done(self, now: Second, job: Job, seat: tuple[Desk, int]) -> None:
        desk, person = seat
        life = job.life
        life.in_hand -= 1
        desk.free(person)
        if not job.lapsed:
            self._finish(life, job, now)
        self._begin_work(desk, now)

    def _finish(self, life: Life, job: Job, now: Second) -> None:
        who, rung = life.handler, life.rung
        if who is None:
            return
        if job.task is Task.CONTACT:
            if self._due(life, Trigger.CONTACT_ACKNOWLEDGED, job.number) is not None:
                self.act(life, who.acknowledges(rung, job.number), now)
            self.act(life, who.says(Task.CONTACT, rung, job.number), now)
        elif job.task is Task.UPDATE:
            life.updating = False
            self.act(life, who.says(Task.UPDATE, rung, job.number), now)
        elif job.task is not Task.REPLY:
            self.act(life, who.says(job.task, rung), now)
            self._ask_next(life, now, job.number + 1)
        elif life.draws[lk.PAUSE] < self._scenario.choices.pause and not life.paused:
            self._pause(life, who, now)
        elif self.act(life, who.says(Task.REPLY, rung), now):
            self._hear_from_customer(life, now)

    def _pause(self, life: Life, who: Speaker, now: Second) -> None:
        life.paused = True
        days = self._scenario.delays.pause.at(life.draws[lk.PAUSED_FOR])
        office = self._at_rung[life.rung].office
        facts = office.opens_at(now + int(days * SECONDS_A_DAY))
        today = self.rules.calendar.local_day(self.timeline.instant(now))
        review = self.rules.calendar.add_working_days(today, REVIEWED_AFTER)
        self.act(life, who.pauses(life.rung, review), now)
        self.at(facts, self._facts_come, life, life.rung)

    def _facts_come(self, now: Second, life: Life, rung: int) -> None:
        if life.rung == rung and not life.answered and life.handler:
            if life.complaint.pause:
                self.act(life, life.handler.resumes(rung), now)
            self._ask(life, Task.REPLY, now)

    # --- what the core's events bring -----------------------------------------------------------

    def _escalated(self, life: Life, _: Any, now: Second) -> None:
        self._begin_rung(life, now)

    def _warned(self, life: Life, event: ev.PromiseWarned, now: Second) -> None:
        self._owe_update(life, event.promise, now)
        rule, who = self.rules.promises[event.promise], life.handler
        if rule.extension is None or Trigger.REPLIED not in rule.meets or who is None:
            return
        if life.extended or life.draws[lk.EXTEND] >= self._scenario.choices.extend:
            return
        working = life.complaint.state in (State.RECEIVED, State.ACKNOWLEDGED)
        clock = life.complaint.clock(event.clock)
        if not working or clock.renewal or not clock.running:
            return
        life.extended = True
        new_due = due_day(self.rules.calendar, event.due, rule.extension)
        if clock.limit_day is None or new_due <= clock.limit_day:
            self.act(life, who.extends(life.rung, event.promise, new_due), now)

    def _missed(self, life: Life, event: ev.PromiseMissed, now: Second) -> None:
        self._owe_update(life, event.promise, now)

    def _owe_update(self, life: Life, promise: str, now: Second) -> None:
        if Trigger.UPDATED in self.rules.promises[promise].meets and not life.updating:
            life.updating = True
            life.updates += 1
            self._ask(life, Task.UPDATE, now, life.updates)

    # --- the customer ---------------------------------------------------------------------------

    def _writes_again(self, now: Second, life: Life, rung: int) -> None:
        if life.rung != rung or life.answered:
            return
        number, channel = life.contacts + 1, life.complaint.opened.channel
        if self.act(life, speech.write_again(number, channel, self.timeline.instant(now)), now):
            life.contacts = number
            self._ask(life, Task.CONTACT, now, number)

    def _hear_from_customer(self, life: Life, now: Second) -> None:
        choices, delays, draws = self._scenario.choices, self._scenario.delays, life.draws
        if draws[lk.CHOICE] < choices.escalate:
            chooses, delay = self._escalates, delays.escalate
        elif draws[lk.CHOICE] < choices.escalate + choices.accept:
            chooses, delay = self._accepts, delays.accept
        else:
            return
        later = int(delay.at(draws[lk.CHOOSES_AFTER]) * SECONDS_A_DAY)
        self.at(now + later, chooses, life, life.rung)

    def _escalates(self, now: Second, life: Life, rung: int) -> None:
        following = self.rules.next_stage(life.complaint.stage)
        if following and self._still_asked(life, rung):
            self.act(life, speech.escalate(rung, following.id), now)

    def _accepts(self, now: Second, life: Life, rung: int) -> None:
        if self._still_asked(life, rung):
            self.act(life, speech.accept(rung), now)

    def _still_asked(self, life: Life, rung: int) -> bool:
        complaint: Complaint = life.complaint
        return life.rung == rung and complaint.closed is None
