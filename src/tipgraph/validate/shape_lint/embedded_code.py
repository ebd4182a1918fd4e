"""Code in shapes: SPARQL, regular expressions, JavaScript and datatypes.

SHACL, section 5.2.1, lets a query use the prefixes that its shape declares (`sh:prefixes`). pySHACL
accepts those of the files too.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from pyoxigraph import Literal, NamedNode, Triple

from tipgraph.namespaces import XSD
from tipgraph.rdf.sparql import (
    QueryError,
    ambiguity,
    closing,
    declarations,
    form,
    has_dataset,
    is_federated,
    names,
    nesting_error,
    projection,
    syntax_error,
    tokens,
    used_prefixes,
    variables,
    with_variable,
    words,
)
from tipgraph.rdf.terms import is_iri
from tipgraph.text import did_you_mean as near_names
from tipgraph.text import nearest
from tipgraph.validate.documents import IMPORTS
from tipgraph.validate.report import Diagnostic, issue
from tipgraph.validate.shape_lint.vocabulary import STANDARD, ShapesGraph
from tipgraph.validate.suggestions import did_you_mean, namespace
from tipgraph.validate.triples import (
    QUERIES,
    SHACL,
    STANDARD_PREFIXES,
    TYPE,
    Term,
    Triples,
    lexical,
    merge_prefixes,
    reachable,
    sh,
)

CONSTRAINTS = (sh("sparql"), sh("validator"), sh("nodeValidator"), sh("propertyValidator"))
FORBIDDEN = {"MINUS", "VALUES"}
MESSAGE_VARIABLE = re.compile(r"\{[?$]([\w\x80-\U0010FFFF]+)\}")
# Escapes and character classes of a pattern, and where a class is taken from another one.
ESCAPE_OR_CLASS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*+", re.DOTALL)
SUBTRACTED = re.compile(r"(?<!\\)-\[")
FUNCTION = re.compile(r"[\w.\x80-\U0010FFFF-]*:[\w.\x80-\U0010FFFF-]+(?=\()")
# The variables that an engine binds (section 5.3).
BOUND_BEFORE = {"this", "shapesGraph", "currentShape"}


DATATYPES = [
    XSD + name
    for name in (
        *("string", "boolean", "decimal", "integer", "double", "float", "date", "time"),
        *("dateTime", "dateTimeStamp", "gYear", "gMonth", "gDay", "gYearMonth", "gMonthDay"),
        *("duration", "yearMonthDuration", "dayTimeDuration", "byte", "short", "int", "long"),
        *("unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong", "positiveInteger"),
        *("nonNegativeInteger", "negativeInteger", "nonPositiveInteger", "hexBinary"),
        *("base64Binary", "anyURI", "language", "normalizedString", "token", "NMTOKEN", "Name"),
        *("NCName", "QName", "NOTATION", "anyAtomicType", "anySimpleType", "ID", "IDREF", "ENTITY"),
    )
]


def refused_queries(shapes: Triples) -> Iterator[Diagnostic]:
    """Queries on other data, those that engines read differently, and those that crash engines."""
    for triple, query in _queries(shapes, *QUERIES, sh("update")):
        if is_federated(query):
            message = "the query contains SERVICE; no query goes to other servers"
            yield _issue("federated-query", message, triple)
        elif has_dataset(query):
            message = "the query contains FROM; shapes see only the data that is validated"
            yield _issue("federated-query", message, triple)
        elif reason := ambiguity(query):
            message = f"engines read the query differently: it contains {reason}"
            yield _issue("ambiguous-query", message, triple)
        elif reason := nesting_error(query):
            yield _issue("nested-query", f"the query is invalid ({reason})", triple)


def broken_queries(graph: ShapesGraph) -> Iterator[Diagnostic]:
    """Queries that no engine can run, or that would find nothing; a warning where none is used.

    A term counts as unknown when it is in the namespace of something that is declared, and neither
    declared itself nor described.
    """
    shapes = graph.triples
    known = {node.value for node in _described(graph.declared, shapes)}
    namespaces = set(map(namespace, known))
    constraints = _constraints(shapes)
    functions = shapes.subjects(TYPE, sh("SPARQLFunction"))
    for triple, query in _queries(shapes, *QUERIES):
        unused = not graph.is_used(triple.subject)
        own = declared_prefixes(shapes, triple.subject)
        offered = merge_prefixes(own, graph.prefixes, STANDARD_PREFIXES)
        error = _syntax_error(query, offered)
        if error:
            place = f"line {error.line}, column {error.column} of the query"
            message = f"the query is invalid: {error.message} ({place})"
            yield _issue("broken-query", message, triple, is_warning=unused)
            continue
        expected = triple.predicate.value.removeprefix(SHACL).upper()
        if form(query) != expected:
            message = f"{graph.name(triple.predicate)} must be a query of the form {expected}"
            yield _issue("broken-query", message, triple, is_warning=unused)
            continue
        for message in _forbidden(query) if triple.subject in constraints else ():
            yield _issue("broken-query", message, triple, is_warning=unused)
        is_of_nodes = triple.predicate == sh("select") and triple.subject not in functions
        if is_of_nodes and _lacks_this(query):
            message = "the query does not select $this, so it finds nothing"
            yield _issue("no-constraint", message, triple)
        used = used_prefixes(query)
        for prefix in sorted(
            {name for name, iri in _declarations(shapes, triple.subject) if iri != own[name]} & used
        ):
            message = f"sh:declare gives the prefix {prefix}: several namespaces"
            yield _issue("ill-formed-shape", message, triple, is_warning=unused)
        for prefix in undeclared_prefixes(query, offered):
            message = f"the query uses the prefix {prefix}:, which nothing declares"
            hint = near_names(f"{each}:" for each in nearest(prefix, own)) if prefix else ""
            hint = hint or "declare it in the query, or with sh:declare where sh:prefixes points"
            yield _issue("undeclared-prefix", message, triple, hint, unused)
        for iri in sorted(_iris(query, offered)):
            term = NamedNode(iri)
            is_known = iri in known or iri.startswith(STANDARD) or iri in namespaces
            if is_known or namespace(iri) not in namespaces or not graph.is_in_scope(term):
                continue
            if not graph.is_described(term):
                message = f"the query uses {graph.name(term)}, which the ontology does not declare"
                hint = did_you_mean(iri, known, graph.prefixes)
                yield _issue("undeclared-term", message, triple, hint)


def _queries(shapes: Triples, *predicates: NamedNode) -> Iterator[tuple[Triple, str]]:
    for predicate in predicates:
        for triple in shapes.match(None, predicate):
            if isinstance(triple.object, Literal):
                yield triple, triple.object.value


def _described(*graphs: Triples) -> Iterator[NamedNode]:
    return (
        triple.subject
        for graph in graphs
        for triple in graph
        if isinstance(triple.subject, NamedNode)
    )


def declared_prefixes(shapes: Triples, node: Term) -> dict[str, str]:
    """The prefixes that `sh:prefixes` of a node leads to, over imports."""
    return dict(_declarations(shapes, node))


def _declarations(shapes: Triples, node: Term) -> Iterator[tuple[str, str]]:
    sources = shapes.values(node, sh("prefixes"))
    for source in reachable(sources, lambda each: shapes.values(each, IMPORTS)):
        for declaration in shapes.values(source, sh("declare")):
            for prefix in shapes.values(declaration, sh("prefix")):
                for iri in shapes.values(declaration, sh("namespace")):
                    yield lexical(prefix), lexical(iri)


def _syntax_error(query: str, prefixes: Mapping[str, str]) -> QueryError | None:
    """The query's syntax error; None where it has none.

    Prefixes that nothing declares are a separate issue.
    """
    used = {name: prefixes.get(name, "urn:") for name, _, _ in names(tokens(query))}
    # An engine replaces $PATH by a property path; this one is as long.
    error = syntax_error(with_variable(query, "PATH", "<p:p>"), used)
    return error and error._replace(message=error.message.replace("<p:p>", "$PATH"))


def _constraints(shapes: Triples) -> set[Term]:
    """The SPARQL constraints and validators, whose queries get values for variables."""
    return {triple.object for name in CONSTRAINTS for triple in shapes.match(None, name)}


def _forbidden(query: str) -> Iterator[str]:
    """Yield constructs that SHACL does not allow with pre-bound variables (appendix A)."""
    for word in sorted(FORBIDDEN & words(query)):
        yield f"the query of a constraint cannot contain {word}"
    found = list(tokens(query))
    for place, (token, following) in enumerate(pairwise(found)):
        if token.is_word("AS") and following.text[1:] in BOUND_BEFORE:
            yield f"the query of a constraint cannot bind {following.text}, which has a value"
        if token.text == "{" and following.is_word("SELECT"):
            end = closing(found, place)
            inner = query[following.start : found[end].start if end < len(found) else None]
            if "this" in variables(inner) and _lacks_this(inner):
                yield "a nested SELECT of a constraint that uses $this must select it"


def undeclared_prefixes(query: str, offered: Mapping[str, str]) -> list[str]:
    """The prefixes of a query that neither it nor `offered` declares."""
    return sorted(used_prefixes(query) - {*offered, *declarations(tokens(query))})


def _iris(query: str, offered: Mapping[str, str]) -> set[str]:
    """The IRIs of the prefixed names whose prefix is declared; none of functions."""
    known = merge_prefixes(declarations(tokens(query)), offered)
    terms = tokens(FUNCTION.sub("", query))
    found = {known[prefix] + local for prefix, local, _ in names(terms) if prefix in known}
    return set(filter(is_iri, found))


def query_iris(query: Triple, shapes: Triples) -> Iterator[NamedNode]:
    """The IRIs in a query of the shapes, those of functions excluded."""
    if isinstance(query.object, Literal):
        text = query.object.value
        written = (token.text[1:-1] for token in tokens(text) if token.kind == "iri")
        names = _iris(text, declared_prefixes(shapes, query.subject))
        yield from map(NamedNode, sorted({*filter(is_iri, written), *names}))


def _lacks_this(query: str) -> bool:
    columns = projection(query)
    return "this" not in (variables(query) if columns is None else columns)


def _issue(
    code: str, message: str, triple: Triple, hint: str = "", is_warning: bool = False
) -> Diagnostic:
    return issue(code, message, [triple], triple.object, hint, is_warning)


def broken_patterns(graph: ShapesGraph) -> Iterator[Diagnostic]:
    """Regular expressions that no engine can use; a warning where none is used."""
    for triple in graph.triples.match(None, sh("pattern")):
        # With the flag q, all of it is plain text.
        flags = map(lexical, graph.triples.values(triple.subject, sh("flags")))
        is_plain = any("q" in each for each in flags)
        if isinstance(triple.object, Literal) and not is_plain:
            try:
                re.compile(triple.object.value)
                # XML Schema subtracts such a class, and Python takes it for characters.
                if any(map(SUBTRACTED.search, ESCAPE_OR_CLASS.findall(triple.object.value))):
                    raise re.error("a class less another one is not supported")
            except re.error as error:
                message = f"the pattern is not a valid regular expression ({error})"
                unused = not graph.is_used(triple.subject)
                yield _issue("broken-pattern", message, triple, is_warning=unused)


def javascript(graph: ShapesGraph) -> Iterator[Diagnostic]:
    """Code in JavaScript, which finds nothing."""
    for triple in graph.triples.match(None, sh("js")):
        message = f"{graph.name(sh('js'))} is not supported, so it would find nothing"
        yield issue("no-constraint", message, [triple], sh("js"))


def unknown_datatypes(graph: ShapesGraph) -> Iterator[Diagnostic]:
    """Datatypes that XML Schema does not have."""
    for triple in graph.triples.match(None, sh("datatype")):
        datatype = triple.object
        iri = datatype.value if isinstance(datatype, NamedNode) else ""
        if iri.startswith(XSD) and iri not in DATATYPES:
            message = f"{graph.name(datatype)} is not an XML Schema datatype"
            hint = did_you_mean(iri, DATATYPES, graph.prefixes)
            yield _issue("unknown-term", message, triple, hint)
