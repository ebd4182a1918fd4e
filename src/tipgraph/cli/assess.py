"""`tipgraph assess`."""

from collections.abc import Iterable, Mapping
from typing import Any

import click

from tipgraph.cli import completion
from tipgraph.cli.case_options import blamed, case_options, merged
from tipgraph.cli.endpoint import endpoint_options
from tipgraph.cli.options import (
    area_option,
    for_people,
    format_option,
    graph_options,
    note,
    selected,
)
from tipgraph.cli.output import deliver, format_for, output_option
from tipgraph.endpoint.settings import Endpoint
from tipgraph.errors import UsageError
from tipgraph.namespaces import last_part

FORMATS = ("text", "markdown", "json", "turtle", "html", "xlsx")
STATES = ("met", "not-met", "unknown")


@click.command("assess")
@case_options
@click.option(
    "--interactive", is_flag=True, help="Ask questions, only those that matter for the answer."
)
@click.option(
    "--edition",
    shell_complete=completion.editions,
    help="Edition whose norms apply; default: the newest that is fully covered.",
)
@area_option
@click.option(
    "--what-if",
    "assumptions",
    multiple=True,
    metavar="FACT=STATE",
    help="Show what another state of a fact would change (may be repeated).",
)
@click.option(
    "--matrix", is_flag=True, help="Show a table of all combinations of the unknown facts."
)
@click.option(
    "--brief/--full",
    "is_brief",
    default=None,
    help="Show the answer in a few lines, or all of it; default: brief on a terminal.",
)
@click.option(
    "--overview",
    is_flag=True,
    help="Show a table for children and adults, by citizenship and identification.",
)
@click.option("--facts", is_flag=True, help="List the facts that a case can state.")
@format_option(*FORMATS)
@output_option
@graph_options
@endpoint_options
def command(
    document: Mapping[str, Any] | None,
    options: Mapping[str, list[Any]],
    interactive: bool,
    edition: str | None,
    areas: tuple[str, ...],
    assumptions: tuple[str, ...],
    matrix: bool,
    overview: bool,
    facts: bool,
    is_brief: bool | None,
    style: str | None,
    output: str | None,
    data: tuple[str, ...],
    no_bundled: bool,
    endpoint: Endpoint | None,
) -> None:
    """Show what a victim in a situation is entitled to, by one source, and why. No legal advice.

    Describe the situation with options, with CASE (a JSON file, or - for standard input), or by
    answering questions. It is neither stored nor sent anywhere.
    """
    from tipgraph.assess import json_document, render
    from tipgraph.assess.case import read_case, resolve_facts
    from tipgraph.assess.evaluate import assess
    from tipgraph.render import formats

    is_given = document is not None or options
    if overview and (is_given or interactive or matrix or assumptions):
        raise UsageError("--overview takes no case; it excludes --matrix and --what-if")
    if not (is_given or interactive or facts or overview):
        raise UsageError(
            "no case given; use options such as --citizenship, --age and --met, a JSON file, or"
            " --interactive ('tipgraph assess --facts' lists the facts)"
        )
    if matrix and assumptions:
        raise UsageError("--matrix excludes --what-if; use --met or --not-met instead")
    style = format_for(style, output, FORMATS)
    if is_brief and style in ("json", "turtle"):
        raise UsageError("--brief supports the formats text, markdown, html and xlsx")
    regime = selected(data, no_bundled, endpoint).regime(edition, areas)
    # Drawing tables takes an import that the answer does not pay for.
    if facts:
        from tipgraph.assess.matrix import render_facts

        deliver(render_facts(regime, style), output)
        return
    if overview:
        from tipgraph.assess import overview as persons

        deliver(persons.render(persons.overview(regime), style), output)
        return
    with blamed(document, regime):
        case = read_case(merged(document or {}, options), regime.engine, regime.resources)
        what_if = resolve_facts(regime.engine, _parse_assumptions(assumptions))
    if interactive:
        from tipgraph.cli.case_options import ask_questions

        case = ask_questions(regime, case)
    for fact in {**case.facts, **what_if}:
        if fact not in regime.facts:
            note(f"warning: no norm of this edition depends on {last_part(fact)}")
    if matrix:
        from tipgraph.assess import matrix as tables

        with blamed(document, regime):
            combinations = tables.matrix(regime, case)
        deliver(tables.render_matrix(combinations, style), output)
        return
    with blamed(document, regime):
        assessment = assess(regime, case, what_if)
    if is_brief is None:
        is_brief = style is None and for_people()
    match style:
        case "json":
            content: str | bytes = json_document.json(assessment)
        case "turtle":
            content = render.turtle(assessment)
        case None | "text":
            content = render.text(assessment, is_brief)
        case _:
            content = formats.rendered(render.document(assessment, is_brief), style)
    deliver(content, output)


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
