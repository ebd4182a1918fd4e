"""`tipgraph assess`."""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click

from tipgraph.assess.case import Case, load_document, read_case, resolve_facts
from tipgraph.assess.evaluate import STATES, assess
from tipgraph.assess.model import FAVOURABLE
from tipgraph.assess.overview import list_facts
from tipgraph.assess.regime import Regime
from tipgraph.cli import options
from tipgraph.cli.declare import argument, command, option
from tipgraph.cli.options import GraphFiles
from tipgraph.cli.output import for_people, note
from tipgraph.cli.output_files import Output
from tipgraph.cli.process import continue_in_worker
from tipgraph.endpoint.settings import Endpoint
from tipgraph.errors import InputError, UsageError
from tipgraph.files import read_input, read_text
from tipgraph.namespaces import last_part
from tipgraph.processes import dump_no_memory

TRAITS = {
    "citizenship": "Citizenships? (codes such as NGA, or stateless)",
    "age": "Age in completed years?",
    "unaccompanied": "Without a responsible adult? (y, n)",
}
KEYS = {"y": "met", "n": "not_met"}
TRUTHS = {"y": True, "n": False}
UNKNOWN = "?"
MOST_REPLY = 10_000
FORMATS = ("text", "markdown", "json", "turtle", "html", "xlsx")


def _given(**values: tuple[Any, ...]) -> dict[str, list[Any]]:
    """The values of the options by the keys of a case document."""
    return {key: [*given] for key, given in values.items() if given}


def _years(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise UsageError(f"--age takes whole years, such as 16, not {text!r}") from None


def _load(case: str) -> Mapping[str, Any]:
    if case == "-":
        return load_document(read_input())
    try:
        return load_document(read_text(case))
    except InputError as error:
        name = "" if str(error).startswith(case) else f"{case}: "
        raise InputError(f"{name}{error}") from None


def merged(document: Mapping[str, Any], options: Mapping[str, list[Any]]) -> dict[str, Any]:
    """Return the document with the options' values added; `read_case` reports contradictions."""
    merged = dict(document)
    for key, values in options.items():
        existing = merged.get(key, [])
        merged[key] = [*(existing if isinstance(existing, list) else [existing]), *values]
    return merged


@contextmanager
def blamed(document: Mapping[str, Any] | None, regime: Regime) -> Iterator[None]:
    """Turn an InputError into a UsageError, unless the document alone has it too."""
    try:
        yield
    except InputError as error:
        if document is not None:
            assess(regime, read_case(document, regime.engine))
        raise UsageError(str(error)) from None


def ask_questions(regime: Regime, case: Case) -> Case:
    """The case with the replies added; `?` or an empty reply leaves the matter unknown."""
    click.echo(f"Press Enter, or type {UNKNOWN}, to leave a question open.", err=True)
    asked: set[str] = set()
    while question := next((q for q in _open_questions(regime, case) if q not in asked), None):
        asked.add(question)
        case = _ask(regime, case, question)
    return case


def _open_questions(regime: Regime, case: Case) -> Iterator[str]:
    """Yield the questions that outcomes depend on: traits first, then facts in their order.

    Events that would end a benefit, or its renewal, are asked for as well.
    """
    answer = assess(regime, case).answer
    undetermined = [each for each in answer.outcomes if each.status == "undetermined"]
    questions = [question for each in undetermined for question in each.depends_on]
    questions += [
        each.ended_by
        for each in answer.benefits
        if each.is_favourable and each.renewable is None and each.ended_by
    ]
    questions += [
        event
        for each in answer.benefits
        if each.status in (*FAVOURABLE, "undetermined")
        for event in each.over_after
        if answer.states.get(event) == "unknown"
    ]
    rows = regime.engine.select("SELECT ?fact { ?fact tip:placeInCase ?place } ORDER BY ?place")
    in_order = [*TRAITS, *(last_part(str(fact)) for fact in rows.column("fact"))]
    yield from sorted({*questions} & {*in_order}, key=in_order.index)


def _ask(regime: Regime, case: Case, question: str) -> Case:
    texts = {each.fact: f"{each.meaning} ({each.sentences}) y, n" for each in list_facts(regime)}
    text = TRAITS.get(question) or texts[question]
    while True:
        reply = _prompt(text)
        if reply == UNKNOWN:
            return case
        try:
            document = _with_reply(case.as_dict(), question, reply)
            return read_case(document, regime.engine)
        except InputError as error:
            click.echo(str(error), err=True)


def _prompt(text: str) -> str:
    click.echo(f"{text} [{UNKNOWN}]: ", nl=False, err=True)
    try:
        # A device may have no end.
        reply = sys.stdin.readline(MOST_REPLY + 1)
    except UnicodeError:
        raise InputError("standard input: not UTF-8; no reply was stored") from None
    except KeyboardInterrupt:
        reply = ""
    if not reply:
        click.echo("\ncancelled; no reply was stored", err=True)
        raise click.Abort
    if len(reply) > MOST_REPLY:
        raise InputError(f"standard input: a reply has at most {MOST_REPLY:,} characters")
    return reply.strip() or UNKNOWN


def _with_reply(document: dict[str, Any], question: str, reply: str) -> dict[str, Any]:
    """The document with the reply added. Raises InputError for an invalid reply."""
    if question == "citizenship":
        return {**document, "citizenship": reply.replace(",", " ").split()}
    if question == "age":
        # Another reply is an error of the case.
        return {**document, "age": int(reply) if re.fullmatch(r"-?[0-9]{1,4}", reply) else reply}
    if reply.lower() not in KEYS:
        raise InputError(f"invalid reply {reply!r}; answer y, n or {UNKNOWN}")
    if question == "unaccompanied":
        return {**document, "unaccompanied": TRUTHS[reply.lower()]}
    key = KEYS[reply.lower()]
    return {**document, key: [*document.get(key, []), question]}


@command("assess")
def assess_command(
    case: str | None = argument(type=click.Path(), metavar="[CASE]"),
    citizenship: tuple[str, ...] = option(
        "ISO 3166-1 code of a country, or stateless (repeat for each citizenship).", metavar="CODE"
    ),
    age: tuple[str, ...] = option("Age in completed years.", metavar="YEARS"),
    unaccompanied: bool = option("The person is without a responsible adult."),
    accompanied: bool = option("The person is with a responsible adult."),
    met: tuple[str, ...] = option("A fact that is true (may be repeated).", metavar="FACT"),
    not_met: tuple[str, ...] = option(
        "A fact that is known to be false (may be repeated).", metavar="FACT"
    ),
    interactive: bool = option("Ask questions, only those that matter for the answer."),
    edition: str | None = option(
        "Edition whose norms apply; default: the newest that is fully covered."
    ),
    areas: tuple[str, ...] = options.AREAS,
    assumptions: tuple[str, ...] = option(
        "Show what another state of a fact would change (may be repeated).",
        "--what-if",
        metavar="FACT=STATE",
    ),
    is_brief: bool | None = option(
        "Show the answer in a few lines, or all of it; default: brief on a terminal.",
        "--brief/--full",
        default=None,
    ),
    overview: bool = option(
        "Show a table for children and adults, by citizenship and identification."
    ),
    facts: bool = option("List the facts that a case can state."),
    output: Output = options.output_in(*FORMATS),
    source: GraphFiles = options.NAMED_GRAPH,
    endpoint: Endpoint | None = options.ENDPOINT,
    timeout: float = options.timeout("Time limit for each request to the store.", 60),
) -> None:
    """Show what a victim in a situation is entitled to, by one source, and why. No legal advice.

    Describe the situation with options, with CASE (a JSON file, or - for standard input), or by
    answering questions. It is neither stored nor sent anywhere.
    """
    from tipgraph.assess import as_json, render
    from tipgraph.render import in_format

    dump_no_memory()
    document = _load(case) if case else None
    options = _given(
        citizenship=citizenship,
        age=tuple(map(_years, age)),
        unaccompanied=(True,) * unaccompanied + (False,) * accompanied,
        met=met,
        not_met=not_met,
    )
    is_given = document is not None or options
    if overview and (is_given or interactive or assumptions):
        raise UsageError("--overview takes no case; it excludes --what-if")
    if not (is_given or interactive or facts or overview):
        raise UsageError(
            "no case given; use options such as --citizenship, --age and --met, a JSON file, or"
            " --interactive ('tipgraph assess --facts' lists the facts)"
        )
    style = output.style
    if is_brief and style in ("json", "turtle"):
        raise UsageError("--brief supports the formats text, markdown, html and xlsx")
    regime = source.select(endpoint, timeout).regime(edition, areas)
    # The norms are here now, and no rule of another's TIPGRAPH_RESOURCES may send the case.
    continue_in_worker()
    # Drawing tables takes an import that the answer does not pay for.
    if facts:
        from tipgraph.assess.overview import render_facts

        output.write(render_facts(regime, style))
        return
    if overview:
        from tipgraph.assess import overview as persons

        output.write(persons.render(persons.overview(regime), style))
        return
    with blamed(document, regime):
        assessed = read_case(merged(document or {}, options), regime.engine)
        what_if = resolve_facts(regime.engine, _parse_assumptions(assumptions))
    if interactive:
        assessed = ask_questions(regime, assessed)
    for fact in {**assessed.facts, **what_if}:
        if fact not in regime.facts:
            note(f"warning: no norm of this edition depends on {last_part(fact)}")
    with blamed(document, regime):
        assessment = assess(regime, assessed, what_if)
    if is_brief is None:
        is_brief = not style and for_people()
    match style:
        case "json":
            content: str | bytes = as_json.json(assessment)
        case "turtle":
            content = render.turtle(assessment)
        case "" | "text":
            content = render.text(assessment, is_brief)
        case _:
            content = in_format(render.document(assessment, is_brief), style)
    output.write(content)


def _parse_assumptions(assumptions: Iterable[str]) -> dict[str, str]:
    """The states by the names of facts. Raises UsageError."""
    states: dict[str, str] = {}
    for given in assumptions:
        fact, equals, state = given.partition("=")
        if not equals or state not in STATES:
            raise UsageError(f"--what-if takes FACT={'|'.join(STATES)}, not {given!r}")
        if states.setdefault(fact, state) != state:
            raise UsageError(f"--what-if gives {fact} as both {states[fact]} and {state}")
    return states
