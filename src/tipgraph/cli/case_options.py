"""The options, the file, the standard input and the questions that describe a case."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import reduce, wraps
from typing import Any

import click

from tipgraph.assess.case import Case, read_case
from tipgraph.assess.evaluate import assess
from tipgraph.assess.matrix import list_facts
from tipgraph.assess.model import FAVOURABLE
from tipgraph.assess.regime import Regime
from tipgraph.cli import completion
from tipgraph.cli.options import Command
from tipgraph.errors import InputError, UsageError
from tipgraph.files import read_text
from tipgraph.namespaces import last_part


def _fact_option(name: str, help: str) -> Any:
    return click.option(
        f"--{name}", multiple=True, metavar="FACT", shell_complete=completion.facts, help=help
    )


OPTIONS = (
    click.argument("case", required=False, type=click.Path(), metavar="[CASE]"),
    click.option(
        "--citizenship",
        multiple=True,
        metavar="CODE",
        help="ISO 3166-1 code of a country, or stateless (repeat for each citizenship).",
    ),
    click.option("--age", multiple=True, metavar="YEARS", help="Age in completed years."),
    click.option(
        "--unaccompanied", is_flag=True, help="The person is without a responsible adult."
    ),
    click.option("--accompanied", is_flag=True, help="The person is with a responsible adult."),
    _fact_option("met", "A fact that is true (may be repeated)."),
    _fact_option("not-met", "A fact that is known to be false (may be repeated)."),
    _fact_option("unknown", "A fact that is unknown; the same as leaving it out."),
)


def case_options(command: Command) -> Command:
    """Add the options that describe a case.

    The command receives the content of CASE as `document`, None without CASE, and the values of
    the options by the keys of a document, as `options`.
    """

    @wraps(command)
    def with_document(
        case: str | None,
        citizenship: tuple[str, ...],
        age: tuple[str, ...],
        unaccompanied: bool,
        accompanied: bool,
        met: tuple[str, ...],
        not_met: tuple[str, ...],
        unknown: tuple[str, ...],
        **rest: Any,
    ) -> int | None:
        company = ((True, unaccompanied), (False, accompanied))
        values: dict[str, list[Any]] = {
            "citizenship": list(citizenship),
            "age": list(map(_years, age)),
            "unaccompanied": [value for value, is_given in company if is_given],
            "met": list(met),
            "not_met": list(not_met),
            "unknown": list(unknown),
        }
        options = {key: given for key, given in values.items() if given}
        return command(document=_load(case) if case else None, options=options, **rest)

    return reduce(lambda inner, option: option(inner), reversed(OPTIONS), with_document)


def _years(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise UsageError(f"--age takes whole years, such as 16, not {text!r}") from None


def _load(case: str) -> Mapping[str, Any]:
    from tipgraph.assess.case import load_document

    if case == "-":
        return load_document(sys.stdin.buffer.read())
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
            assess(regime, read_case(document, regime.engine, regime.resources))
        raise UsageError(str(error)) from None


TRAITS = {
    "citizenship": "Citizenships? (codes such as NGA, or stateless)",
    "age": "Age in completed years?",
    "unaccompanied": "Without a responsible adult? (y, n)",
}
KEYS = {"y": "met", "n": "not_met"}
TRUTHS = {"y": True, "n": False}
UNKNOWN = "?"


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
            return read_case(document, regime.engine, regime.resources)
        except InputError as error:
            click.echo(str(error), err=True)


def _prompt(text: str) -> str:
    try:
        reply: str = click.prompt(text, default=UNKNOWN, err=True)
    except click.Abort:
        click.echo("\ncancelled; no reply was stored", err=True)
        raise
    except UnicodeDecodeError:
        raise InputError("standard input: not UTF-8; no reply was stored") from None
    return reply.strip()


def _with_reply(document: dict[str, Any], question: str, reply: str) -> dict[str, Any]:
    """The document with the reply added. Raises InputError for an invalid reply."""
    if question == "citizenship":
        return {**document, "citizenship": reply.replace(",", " ").split()}
    if question == "age":
        return {**document, "age": int(reply) if reply.lstrip("-").isdigit() else reply}
    if reply.lower() not in KEYS:
        raise InputError(f"invalid reply {reply!r}; answer y, n or {UNKNOWN}")
    if question == "unaccompanied":
        return {**document, "unaccompanied": TRUTHS[reply.lower()]}
    key = KEYS[reply.lower()]
    return {**document, key: [*document.get(key, []), question]}
