"""How a charter looks to a person: its tables, and its ladder as a Mermaid diagram."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from starter.terminal.printing import table

if TYPE_CHECKING:
    from rich.table import Table

    from domain.charter.feature_tables import RetentionTerms
    from domain.charter.tables import Charter, Promise, Stage
    from domain.charter.terms import Within


def tables(charter: Charter) -> Iterator[Table]:
    """Identity and calendar, ladder, promises, commitments, and where else to turn."""
    yield _identity(charter)
    yield _about_people(charter)
    yield _ladder(charter)
    yield _promises(charter)
    yield _occasions(charter)
    yield _commitments(charter)
    yield _dealings(charter)
    if charter.scope or charter.signposts:
        yield _elsewhere(charter)


def worded(within: Within | None) -> str:
    """`10 working days`; nothing for none."""
    return "" if within is None else str(within.budget)


def diagram(charter: Charter) -> str:
    """The ladder in Mermaid's words, without a fence."""
    stages = charter.stages
    lines = ["flowchart TD", "    received([complaint received])"]
    opened = next((at for at, stage in enumerate(stages) if not stage.external), 0)
    for at, stage in enumerate(stages):
        who = "outside the organisation" if stage.external else str(stage.role)
        alone = "<br/>independent of the stages before" if stage.independent else ""
        shape = ("[/", "/]") if stage.external else ("[", "]")
        lines.append(f'    s{at}{shape[0]}"{_quoted(stage.title)}<br/>{who}{alone}"{shape[1]}')
    for at, stage in enumerate(stages):
        if at == opened or (stage.opens and not stage.external):
            lines.append(f"    received --> s{at}")
        if at:
            lines.append(f'    s{at - 1} -->|"{_quoted(_way_in(stage))}"| s{at}')
    own = [at for at, stage in enumerate(stages) if not stage.external]
    closes = worded(charter.closing.after_last_reply)
    for at in own:
        silence = f"{closes} without an answer" if at == own[-1] else "window closes"
        lines.append(f'    s{at} -->|"accepted, withdrawn, or {silence}"| closed([closed])')
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return text.replace('"', "#quot;")


def _way_in(stage: Stage) -> str:
    if stage.external:
        gate = stage.signpost.gate if stage.signpost else None
        return gate or "once the procedure has ended"
    return _window(stage) or "no window"


def _window(stage: Stage) -> str:
    entry = stage.entry
    said = [f"within {worded(entry.within)} of the reply"] if entry.within else []
    said += ["at any time while the case is open"] if entry.while_case_open else []
    said += ["before the reply as well"] if entry.before_reply else []
    return ", ".join(said)


def _identity(charter: Charter) -> Table:
    known, terms, closing = charter.charter, charter.calendar, charter.closing
    hours = ", ".join(f"{day} {span}" for day, span in terms.hours.items())
    closures = ", ".join(f"{each.day} ({each.reason})" for each in terms.closures)
    let_in = closing.discretion_within or closing.reopen_within
    rows = (
        ("id", known.id),
        ("version", known.version),
        ("sources", ", ".join(known.sources)),
        ("letters promised in", ", ".join(known.languages)),
        ("its words translated into", ", ".join(sorted(charter.translations)) or "nothing"),
        ("region, time zone", f"{terms.region}, {terms.time_zone}"),
        ("opening hours", hours),
        ("day of receipt", terms.receipt),
        ("due on a closed day", f"moves {terms.closed_day}"),
        ("further closures", closures or "none"),
        ("closes after the last reply", worded(closing.after_last_reply) or "never by itself"),
        ("can be reopened within", worded(closing.reopen_within) or "not at all"),
        ("let in though too late", worded(let_in) or "not at all"),
        ("erased after its end", _kept(charter.retention)),
    )
    return table(f"{known.title} ({known.organisation})", "", "", rows=rows)


def _kept(terms: RetentionTerms | None) -> str:
    if terms is None:
        return "on request only"
    others = [f"{kept} where {outcome}" for outcome, kept in terms.by_outcome.items()]
    return ", ".join([f"after {terms.after_end}", *others])


def _about_people(charter: Charter) -> Table:
    acting, limits, conflict = charter.representation, charter.restriction, charter.conflict
    again = f", and again after {worded(acting.remind_after)}" if acting.remind_after else ""
    asked = f"is asked for{again}" if acting.ask_authority else "is asked for by staff"
    within = worded(limits.review_within)
    found = ["where conduct is complained about"] if conflict.conduct else []
    found += ["at independent stages"] if conflict.earlier_reviewer else []
    rows = (
        ("authority to act for the customer", asked),
        ("how and how often to write", "is asked" if charter.preferences.ask else "is not asked"),
        (
            "limits of contact",
            f"reviewed within {within}" if within else "reviewed on the date that is set",
        ),
        (
            "conflicts of interest",
            f"declared, or found {' and '.join(found)}" if found else "declared",
        ),
    )
    return table("People", "", "", rows=rows)


def _ladder(charter: Charter) -> Table:
    first = next(stage for stage in charter.stages if not stage.external)

    def row(stage: Stage) -> tuple[str, ...]:
        if stage.external:
            return stage.id, stage.title, "external", "no", _way_in(stage), "yes", ""
        window = _window(stage)
        if stage is first:
            window = window.replace("of the reply", "of the answer in the case") or "at any time"
        opens, role = _yes(stage is first or stage.opens), str(stage.role)
        alone = _yes(stage.independent)
        return stage.id, stage.title, role, opens, window, alone, _listed(stage.reply)

    return table(
        "Ladder", "stage", "title", "reviewer", "opens here", "can be asked for", "independent",
        "a reply holds", rows=map(row, charter.stages),
    )  # fmt: skip


def _promises(charter: Charter) -> Table:
    return table(
        "Promises kept by a clock", "id", "part", "promise", "within", "warning", "more time",
        "target",
        rows=(
            (each.id, each.part, each.text, _budget(each), _warning(each), _more_time(each),
             _percent(each.target))
            for each in charter.promises
        ),
    )  # fmt: skip


def _occasions(charter: Charter) -> Table:
    return table(
        "When the clocks run", "promise", "started by", "met by", "ended by", "stages", "channels",
        "correspondents", "source",
        rows=(
            (each.key, _listed(each.starts), _listed(each.meets), _listed(each.until),
             _listed(each.stages) or "all", _listed(each.channels) or "all", _people(each),
             each.source)
            for each in charter.promises
        ),
    )  # fmt: skip


def _budget(promise: Promise) -> str:
    said = [worded(promise.within)]
    said += ["the first day counts"] if promise.first_day_counts else []
    said += ["an estimate, no promise"] if promise.estimate else []
    said += ["repeats"] if promise.repeats else []
    said += ["or as agreed with the customer"] if promise.interval else []
    said += ["anew with every start"] if promise.restarts else []
    said += ["after a reply too, while the case is open"] if promise.while_case_open else []
    said += ["stands still while paused"] if promise.pauses else []
    if promise.limit:
        own = ", the customer's time not counted" if promise.limit.waits_for_customer else ""
        said.append(f"at most {worded(promise.limit.within)} from receipt{own}")
    said += (
        [f"a chance, no promise: then {promise.gives_way_to} holds"] if promise.gives_way_to else []
    )
    return ", ".join(said)


def _people(promise: Promise) -> str:
    who = _listed(promise.correspondents) or "all"
    return f"{who} but {_listed(promise.exempt)}" if promise.exempt else who


def _warning(promise: Promise) -> str:
    if promise.warn_before is None:
        return ""
    before = promise.warn_before.budget
    said = f"{before} before" if before.amount else "on the morning of the day"
    return f"{said}, customer too" if promise.tell_customer else said


def _more_time(promise: Promise) -> str:
    term = promise.extension
    if term is None:
        return ""
    often = "once" if term.times == 1 else f"{term.times} times"
    return f"{often}, {worded(term.at_most)} at most, with a reason"


def _commitments(charter: Charter) -> Table:
    return table(
        "Promises kept by a rule", "id", "promise", "kept by", "target", "source",
        rows=(
            (each.id, each.text, each.kept_by, _percent(each.target), each.source)
            for each in charter.commitments
        ),
    )  # fmt: skip


def _dealings(charter: Charter) -> Table:
    asked, visits = charter.information, charter.visits
    booked = "by appointment only" if visits and visits.by_appointment else "as people come"
    services = (
        (
            f"{each.name} ({each.id})",
            f"{worded(each.within)} in place of {_listed(each.replaces)}: {each.text}",
        )
        for each in charter.services
    )
    rows = (
        ("asked back at the opening", _listed(asked.asked_at_opening) or "nothing"),
        ("time to answer a question", worded(asked.answer_within)),
        ("reminder before that", worded(asked.remind_before)),
        ("closes after notice without an answer", worded(asked.close_after)),
        ("visits", booked),
        *services,
    )
    return table("Questions, visits and services", "", "", rows=rows)


def _elsewhere(charter: Charter) -> Table:
    signs = [(str(scope.topic), scope.signpost) for scope in charter.scope]
    signs += [("further help", sign) for sign in charter.signposts]
    rows = ((topic, sign.name, sign.text, sign.contact) for topic, sign in signs)
    return table("Where else to turn", "for", "name", "what it does", "contact", rows=rows)


def _percent(target: float | None) -> str:
    return "" if target is None else f"{target:g} %"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
