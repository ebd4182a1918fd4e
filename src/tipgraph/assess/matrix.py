"""Two tables about a regime: the facts that matter, and what each combination of them means."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any, NamedTuple

from tipgraph.assess.case import Case
from tipgraph.assess.evaluate import assess, statuses
from tipgraph.assess.json_document import heading
from tipgraph.assess.model import DOES_NOT_FOLLOW, NOT_APPLICABLE, NOT_STATED, Answer
from tipgraph.assess.regime import Conclusions, Regime
from tipgraph.assess.render import in_style
from tipgraph.assess.wording import case_lines, notice, premise, words
from tipgraph.entities import passages
from tipgraph.errors import UsageError
from tipgraph.namespaces import last_part
from tipgraph.rdf.sparql import terms
from tipgraph.render.document import Cell, Document, Item, Section, Table
from tipgraph.text import join

STATES = ("met", "not-met")
# A table with more facts than this has over a thousand rows, which nobody reads.
MAX_FACTS = 10


class FactSummary(NamedTuple):
    """A fact, its definition, and the norms in which it matters with their sentences."""

    fact: str
    meaning: str
    norms: str
    sentences: str


class Group(NamedTuple):
    """Facts that together decide some outcomes, and no others.

    `outcomes` are names of benefits and consequences. Each row has a state for each of the facts
    and a status for each of the outcomes.
    """

    facts: tuple[str, ...]
    outcomes: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]

    def cells(self) -> list[tuple[str, ...]]:
        """The rows of a table with both."""
        return [(*states, *found) for states, found in self.rows]

    def as_dict(self) -> dict[str, Any]:
        """The group for JSON."""
        return {
            "facts": list(self.facts),
            "outcomes": list(self.outcomes),
            "rows": [
                {
                    "facts": dict(zip(self.facts, states, strict=True)),
                    "statuses": dict(zip(self.outcomes, found, strict=True)),
                }
                for states, found in self.rows
            ],
        }


class Matrix(NamedTuple):
    """The answer to a case, and the statuses in each combination of the facts it leaves unknown."""

    answer: Answer
    groups: tuple[Group, ...]


def list_facts(regime: Regime) -> list[FactSummary]:
    """The facts that matter under this regime, sorted by name."""
    rows = regime.engine.select(
        f"SELECT ?fact ?meaning {{ VALUES ?fact {{ {terms(regime.facts)} }}"
        " ?fact skos:definition ?meaning } ORDER BY ?fact"
    )
    cited = {each.passage for each in regime.fact_roles if each.passage}
    places = passages.places(regime.engine, cited)
    found = []
    for fact, meaning in (map(str, row.values()) for row in rows):
        roles = [each for each in regime.fact_roles if each.fact == fact]
        norms = dict.fromkeys(last_part(each.head) for each in roles)
        sentences = sorted({places[e.passage] for e in roles if e.passage in places})
        found.append(FactSummary(last_part(fact), meaning, ", ".join(norms), ", ".join(sentences)))
    return found


def matrix(regime: Regime, case: Case) -> Matrix:
    """The statuses in every combination of the facts that are unknown in the case.

    Combinations that contradict themselves are left out. The known facts stay as they are. Facts
    that never decide the same outcome are in different groups, which keeps the tables short. Raises
    UsageError when too many facts are in one group.
    """
    answer = assess(regime, case).answer
    groups = [
        (facts, names, list(product(STATES, repeat=len(facts))))
        for facts, names in _groups(_unknown_facts(regime, case))
    ]
    variants = {
        f"{number}-{row}": case.with_facts(dict(zip(facts, states, strict=True)))
        for number, (facts, _, combinations) in enumerate(groups)
        for row, states in enumerate(combinations)
    }
    concluded = regime.conclude(variants)
    conclusions = {variant: Conclusions(concluded, variant) for variant in variants}
    found = {
        variant: statuses(each) for variant, each in conclusions.items() if not each.contradiction
    }

    def row_statuses(variant: str, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(found[variant].get(name, DOES_NOT_FOLLOW) for name in names)

    return Matrix(
        answer,
        tuple(
            Group(
                tuple(map(last_part, facts)),
                tuple(names),
                tuple(
                    (states, row_statuses(f"{number}-{row}", names))
                    for row, states in enumerate(combinations)
                    if f"{number}-{row}" in found
                ),
            )
            for number, (facts, names, combinations) in enumerate(groups)
        ),
    )


def _unknown_facts(regime: Regime, case: Case) -> dict[str, set[str]]:
    """For each outcome that is possible for the person, the unknown facts that decide it."""
    conclusions = Conclusions(regime.conclude({"case": case}), "case")
    excluded = (NOT_STATED, NOT_APPLICABLE)
    current = statuses(conclusions)
    deciding: dict[str, set[str]] = defaultdict(set)
    for each in regime.fact_roles:
        if each.role in ("condition", "open_until"):
            deciding[last_part(each.head)].add(each.fact)
    unknown = {
        name: facts - set(case.facts)
        for name, facts in deciding.items()
        if current.get(name, NOT_STATED) not in excluded
    }
    return {name: facts for name, facts in unknown.items() if facts}


def _groups(deciding: Mapping[str, set[str]]) -> list[tuple[list[str], list[str]]]:
    """Facts and outcomes in groups that have no fact in common. Raises UsageError as `matrix`."""
    groups: list[tuple[set[str], list[str]]] = []
    for name, facts in deciding.items():
        overlapping = [group for group in groups if group[0] & facts]
        merged_facts = facts.union(*(group[0] for group in overlapping))
        merged_names = [*(each for group in overlapping for each in group[1]), name]
        groups = [*(group for group in groups if group not in overlapping),
                  (merged_facts, merged_names)]  # fmt: skip
    for facts, names in groups:
        if len(facts) > MAX_FACTS:
            raise UsageError(
                f"{len(facts)} facts together decide {', '.join(names)}, too many for one table;"
                f" set some of them, for example with --met {last_part(min(facts))}"
            )
    return [(sorted(facts), names) for facts, names in groups]


def render_facts(regime: Regime, style: str | None) -> str | bytes:
    """The facts in a format. Raises UsageError for Turtle."""
    rows, columns = list_facts(regime), FactSummary._fields
    intro = (
        f"A case under {regime.source.slug} can state citizenship, age,"
        " unaccompanied, and whether these facts are met:"
    )
    table = Table("Facts", columns, tuple(tuple(map(Cell, each)) for each in rows))
    section = Section("Facts", tables=(table,))
    title = f"Facts of a case under {regime.source.label}"
    document = Document(title, (intro,), (section,), regime.source.page)
    content = [row._asdict() for row in rows]
    return in_style(style, "--facts", content, document)


def render_matrix(matrix: Matrix, style: str | None) -> str | bytes:
    """The matrix in a format. Raises UsageError for Turtle."""
    groups = [group.as_dict() for group in matrix.groups]
    content = {**heading(matrix.answer), "groups": groups}
    return in_style(style, "--matrix", content, document(matrix))


def document(matrix: Matrix) -> Document:
    """The matrix as a document with a table for each group of facts."""
    answer = matrix.answer
    grids = tuple(
        Table(
            f"Outcomes that depend on {join(map(words, group.facts))}",
            tuple(map(words, (*group.facts, *group.outcomes))),
            tuple(tuple(Cell(words(each)) for each in row) for row in group.cells()),
        )
        for group in matrix.groups
    )
    return Document(
        f"What a victim is entitled to according to {answer.source.label}, by unknown facts",
        (notice(answer),),
        (
            Section("The case", tuple(map(Item, _case_lines(answer)))),
            Section("Combinations of the unknown facts", tables=grids),
        ),
        answer.source.page,
    )


def _case_lines(answer: Answer) -> list[str]:
    lines = (f"{key}: {value}" for key, value in case_lines(answer))
    return [*filter(None, [premise(answer)]), *lines]
