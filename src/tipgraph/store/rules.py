"""CONSTRUCT rules: derive triples from the statements, into a graph of their own.

Strata run one after the other. Within a stratum, rounds of the recursive rules repeat until they
add nothing; all rules of a round see the same snapshot. So the result does not depend on the order
of the rules.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby, islice
from os.path import basename

from pyoxigraph import BlankNode, NamedNode, Quad, QueryTriples, RdfFormat, Store, Triple

from tipgraph.errors import InputError
from tipgraph.files import read_text
from tipgraph.front_matter import front_matter
from tipgraph.namespaces import DERIVED_GRAPH, PREFIXES
from tipgraph.rdf import sparql
from tipgraph.resources.cache import prepared
from tipgraph.resources.folders import Resources
from tipgraph.store.engine import Embedded

RULES_FILE = "rules.json"
KEYS = {"summary", "description", "stratum", "recursive"}
UNREPEATABLE = {"NOW", "RAND", "UUID", "STRUUID", "BNODE"}
ROUNDS = 100
GROWTH = 100
# The start of a line of N-Triples with a blank node.
BLANK = re.compile(rb"_:|\S+ \S+ _:")


@dataclass(frozen=True)
class Rule:
    """A CONSTRUCT query and its stratum.

    A recursive rule can match what rules of its own stratum give; the others run once.
    """

    path: str
    stratum: int
    text: str
    is_recursive: bool


def read_rule(path: str) -> Rule:
    """Read the rule in a file.

    Raises InputError when it is not valid SPARQL, is not a CONSTRUCT, has no stratum, or uses a
    function whose result changes from run to run.
    """
    text = read_text(path)
    try:
        sparql.check(text)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    if sparql.form(text) != "CONSTRUCT":
        raise InputError(f"{path}: a rule must be a CONSTRUCT query")
    changing = sorted(UNREPEATABLE & sparql.words(text))
    if changing:
        raise InputError(f"{path}: a rule must not use {changing[0]}(): its result would change")
    header = front_matter(text, path, KEYS)
    stratum = header.get("stratum")
    if type(stratum) is not int:
        raise InputError(f"{path}: the header needs 'stratum', a whole number")
    return Rule(path, stratum, text, is_recursive=bool(header.get("recursive", False)))


def read_rules(resources: Resources) -> tuple[list[Rule], list[Rule]]:
    """Read the rules that complete what the data state, and the others, for all countries.

    They are kept: to read the headers takes a quarter of a second. Raises InputError as
    `read_rule`.
    """

    def compiled() -> bytes:
        paths = (resources.completions(), resources.rules())
        return json.dumps([[asdict(read_rule(path)) for path in each] for each in paths]).encode()

    completions, others = json.loads(prepared(resources, RULES_FILE, compiled))
    return [Rule(**each) for each in completions], [Rule(**each) for each in others]


def derive(store: Store, rules: Iterable[Rule]) -> None:
    """Run the rules to their fixpoint and add the result to the store's derived graph.

    Raises InputError when a rule creates a blank node, or when the rules do not terminate.
    """

    def add(rules: Sequence[Rule], limit: int) -> int:
        new: list[Triple] = []
        for rule in rules:
            new += islice(_new_triples(store, rule), limit)
            _check_number(rule, len(new), limit)
        into = NamedNode(DERIVED_GRAPH)
        store.extend(Quad(t.subject, t.predicate, t.object, into) for t in new)
        return len(new)

    _to_fixpoint(rules, add, len(store))


def derive_merged(store: Store, rules: Iterable[Rule], known: set[bytes]) -> list[bytes]:
    """The same for a store whose default graph has all statements and gets the result.

    This takes two thirds of the time. Rules with GRAPH look at the named graphs. `known` are the
    lines of the default graph in N-Triples; those of the result are added, and returned in order.
    """
    result: list[bytes] = []

    def add(rules: Sequence[Rule], limit: int) -> int:
        new: list[bytes] = []
        for rule in rules:
            triples = store.query(rule.text, prefixes=PREFIXES)
            assert isinstance(triples, QueryTriples)
            content = triples.serialize(format=RdfFormat.N_TRIPLES)
            assert content is not None
            lines = [line for line in dict.fromkeys(content.splitlines()) if line not in known]
            if b"_:" in content and any(map(BLANK.match, lines)):
                raise _blank_node(rule)
            known.update(lines)
            new += lines
            _check_number(rule, len(new), limit)
        store.load(b"\n".join(new), RdfFormat.N_TRIPLES, lenient=True)
        result.extend(new)
        return len(new)

    _to_fixpoint(rules, add, len(known))
    return result


def insert(store: Store, rules: Iterable[Rule]) -> None:
    """The same for rules as updates of the store's default graph, which read it alone.

    What they derive does not pass through Python. Within a round each rule sees what the others
    gave, which changes nothing: negation looks only at lower strata.
    """

    def add(rules: Sequence[Rule], limit: int) -> int:
        # To count the triples takes as long as a rule.
        is_counted = any(rule.is_recursive for rule in rules)
        before = len(store) if is_counted else 0
        for rule in rules:
            store.update(rule.text)
        return len(store) - before if is_counted else 0

    _to_fixpoint(rules, add, 0)


def _to_fixpoint(
    rules: Iterable[Rule], add: Callable[[Sequence[Rule], int], int], size: int
) -> None:
    """Let `add` add what rules derive, of one stratum after another, and return its number.

    `size` is the number of statements. It is called again with the recursive rules until they
    derive nothing.
    """
    limit = GROWTH * (size + 1)
    by_stratum = sorted(rules, key=lambda rule: rule.stratum)
    for stratum, members in groupby(by_stratum, key=lambda rule: rule.stratum):
        running = list(members)
        for _ in range(ROUNDS):
            number = add(running, limit)
            running = [rule for rule in running if rule.is_recursive]
            if not (running and number):
                break
        else:
            names = ", ".join(basename(rule.path) for rule in running)
            raise InputError(
                f"rules of stratum {stratum} ({names}) still derive after {ROUNDS} rounds"
            )


def _check_number(rule: Rule, number: int, limit: int) -> None:
    if number >= limit:
        raise InputError(f"{rule.path}: it derives without end ({limit} triples)")


def _new_triples(store: Store, rule: Rule) -> Iterator[Triple]:
    for triple in Embedded(store).construct(rule.text):
        if isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode):
            raise _blank_node(rule)
        if not is_known(store, triple):
            yield triple


def _blank_node(rule: Rule) -> InputError:
    return InputError(
        f"{rule.path}: a rule must not make a blank node; give it, or what it copies, an IRI"
    )


def is_known(store: Store, triple: Triple) -> bool:
    """Return whether any graph of the store has the triple."""
    return next(iter(store.quads_for_pattern(*triple)), None) is not None
