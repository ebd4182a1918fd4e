"""Just enough of SPARQL's grammar to find a query's form and columns, and to change parts of it.

The text is split into tokens (SPARQL 1.1 Query, section 19), so that comments, strings and IRIs are
never taken for something else.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import dropwhile, pairwise
from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from tipgraph.errors import InputError
from tipgraph.namespaces import PREFIXES, RDF
from tipgraph.rdf.limits import check_nesting
from tipgraph.rdf.terms import Term, is_iri

# The names of variables, and rows of as many terms.
Table = tuple[Iterable[str], Iterable[Iterable[Term | None]]]

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
FEDERATION = "SERVICE"
UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD"}

# Any character that is not ASCII may be in a name: a parser refuses those that may not.
_TOKEN = r"""
      (?P<iri> <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<comment> \#[^\r\n]* )
    | (?P<string> \"{3}(?:\"{0,2}(?:[^"\\]++|\\.))*+\"{3} | '{3}(?:'{0,2}(?:[^'\\]++|\\.))*+'{3}
                | "(?:[^"\\\r\n]++|\\.)*+" | '(?:[^'\\\r\n]++|\\.)*+' )
    | (?P<language> @[A-Za-z][A-Za-z0-9-]* )
    | (?P<variable> [?$][\w\x80-\U0010FFFF]+ )
    | (?P<name> (?:[A-Za-z_\x80-\U0010FFFF][\w.\x80-\U0010FFFF-]*)?:
                (?:[\w.:%\x80-\U0010FFFF-]++|\\.)*+ )
    | (?P<word> [^\W\d]\w* )
    | (?P<mark> \S )
    """


# Text without a pattern, an OPTIONAL of triples and filters alone, and where groups begin and end.
_GROUPS = re.compile(
    r"""
      <[^<>"{}|^`\\\x00-\x20]*> | \#[^\r\n]*
    | \"{3}(?:\"{0,2}(?:[^"\\]++|\\.))*+\"{3} | '{3}(?:'{0,2}(?:[^'\\]++|\\.))*+'{3}
    | "(?:[^"\\\r\n]++|\\.)*+" | '(?:[^'\\\r\n]++|\\.)*+'
    | [?$][\w\x80-\U0010FFFF]+ | :(?:[\w.:%\x80-\U0010FFFF-]++|\\.)*+
    | \b(?P<optional> OPTIONAL \s* \{ (?: (?!\bAS\b) [^{}"'\#] )* \} )
    | \b(?P<aside> OPTIONAL | MINUS | EXISTS ) \s* \{ | (?P<group> \{ ) | (?P<end> \} )
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ERROR_PLACE = re.compile(r"error at (\d+):(\d+): ", re.IGNORECASE)
# Reasons that the parser gives besides the expected tokens.
_REASONS = {
    "Duplicated variable name in SELECT": "a variable is selected twice",
    "The SELECT contains a variable that is unbound": "a variable is selected that no group has",
    "IRI parsing failed": "an IRI is not valid",
}


class Token(NamedTuple):
    """A token of a query: its kind, its text, and its offsets."""

    kind: str
    text: str
    start: int
    end: int

    def is_word(self, *words: str) -> bool:
        return self.kind == "word" and self.text.upper() in words


@lru_cache(maxsize=2)
def tokens(text: str) -> tuple[Token, ...]:
    """The query's tokens without comments and white space.

    Those of the last two are kept: a check asks for the tokens of one query ten times.
    """
    return tuple(
        Token(match.lastgroup, match[0], match.start(), match.end())
        for match in re.finditer(_TOKEN, text, re.VERBOSE | re.DOTALL)
        if match.lastgroup and match.lastgroup != "comment"
    )


def closing(query: Sequence[Token], opening: int) -> int:
    """The index of the bracket that closes the one with this index."""
    depth = 0
    for index in range(opening, len(query)):
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(query[index].text, 0)
        if not depth:
            return index
    return len(query)


def form(text: str) -> str:
    """The form of a valid query: SELECT, ASK, CONSTRUCT or DESCRIBE."""
    return next(token.text.upper() for token in tokens(text) if token.is_word(*FORMS))


def words(text: str) -> set[str]:
    """The keywords and built-in functions of a query, in upper case, those with escapes too."""
    return {
        token.text.upper()
        for each in {text, _unescaped(text)}
        for token in tokens(each)
        if token.kind == "word"
    }


def is_federated(text: str) -> bool:
    """Return whether a query contains the keyword SERVICE.

    This is for a clear message. A text that hides the word from our tokens is a syntax error for
    `syntax_error` and `check`, and evaluation has no network.
    """
    return FEDERATION in words(text)


def _without_service(text: str) -> str:
    """The query with another word for each SERVICE, whatever it is part of.

    The engine has no parser apart from evaluation, and contacts the other server at once. A SERVICE
    that our tokens do not show, as in `?a<?b)SERVICE#>`, becomes a syntax error.
    """
    lower = text.lower()
    if "service" not in lower and "\\u" not in lower:
        return text
    letters = (
        f"(?:[{each}{each.lower()}]|\\\\[uU](?:0000)?00(?:{ord(each):x}|{ord(each.lower()):x}))"
        for each in "SERVICE"
    )
    return re.sub("".join(letters), "sqrvqcq", text)


def ambiguity(text: str) -> str:
    """Return what parsers or engines read differently in a query; empty if there is nothing.

    Some resolve escapes of code points before they read a query, some within names and strings; to
    some a comment ends at a carriage return; some take no value to be outside of an empty list, or
    count once what several alternatives of a path reach.
    """
    if re.search(r"\\[uU][0-9A-Fa-f]{4}", text):
        return "an escape of a code point; write the character itself"
    if re.search(r"\r(?!\n)", text):
        return "a carriage return without a line feed; end the line with a line feed"
    query = tokens(text)
    for word, first, second in zip(query, query[1:], query[2:], strict=False):
        if word.is_word("IN") and first.text + second.text == "()":
            return "an empty list after IN; leave it out"
    if _has_alternatives(query) and _counts_twice(query):
        return (
            "a path with alternatives and an aggregate without DISTINCT; write DISTINCT, or UNION"
        )
    return ""


def _has_alternatives(query: Sequence[Token]) -> bool:
    """Return whether a path reaches nodes in several ways: with `|`, or `!` before a property."""
    for before, token, after in zip(query, query[1:], query[2:], strict=False):
        is_single = token.start > before.end or before.text != "|"
        if token.text == "|" and is_single and not (after.text == "|" and after.start == token.end):
            return True
        # In an expression, no term comes before it.
        if token.text == "!" and after.text != "=" and before.kind in ("variable", "iri", "name"):
            return True
    return False


def _counts_twice(query: Sequence[Token]) -> bool:
    """Return whether an aggregate takes a value as often as it is found."""
    return any(
        token.is_word("COUNT", "SUM", "AVG", "GROUP_CONCAT") and not second.is_word("DISTINCT")
        for token, _, second in zip(query, query[1:], query[2:], strict=False)
    )


def has_dataset(text: str) -> bool:
    """Return whether a query names its graphs, with FROM."""
    # Most queries have no such letters, and it takes as long as a small one to read their words.
    return ("from" in text.lower() or "\\u" in text.lower()) and "FROM" in words(text)


def is_update(text: str) -> bool:
    """Return whether a text that is no query looks like an update."""
    return not set(FORMS) & words(text) and bool(UPDATES & words(text))


def nesting_error(text: str) -> str:
    """Return the error, with line and column, if brackets are nested too deep; else empty."""
    try:
        for each in {text, _unescaped(text)}:
            check_nesting(each)
    except SyntaxError as error:
        return f"{error.lineno}:{error.offset}: {error.msg}"
    return ""


def _unescaped(text: str) -> str:
    """The query with its escapes resolved, as a parser does before anything else (section 19.2)."""
    return re.sub(
        r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})",
        lambda escape: chr(min(int(escape[1] or escape[2], 16), 0x10FFFF)),
        text,
    )


def variables(text: str) -> set[str]:
    """The names of the query's variables."""
    return {token.text[1:] for token in tokens(text) if token.kind == "variable"}


def declarations(query: Sequence[Token]) -> dict[str, str]:
    """The prefixes that a query declares."""
    return {
        name.text[:-1]: iri.text[1:-1]
        for word, name, iri in zip(query, query[1:], query[2:], strict=False)
        if word.is_word("PREFIX")
    }


def names(query: Iterable[Token]) -> Iterator[tuple[str, str, Token]]:
    """The prefixed names of a query outside its prologue: prefix, local part and token.

    The label of a blank node is none.
    """
    is_declaration = False
    for token in query:
        if token.kind == "name" and not token.text.startswith("_:") and not is_declaration:
            prefix, _, local = token.text.partition(":")
            # A trailing point ends a triple.
            yield prefix, local.rstrip("."), token
        is_declaration = token.is_word("PREFIX")


def used_prefixes(text: str) -> set[str]:
    """The prefixes of the names in a query."""
    return {prefix for prefix, _, _ in names(tokens(text))}


def iris(text: str) -> set[str]:
    """The IRIs in a valid query; prefixes are those that it declares and the project's."""
    query = tokens(text)
    prefixes = {**PREFIXES, **declarations(query)}
    found = {prefixes[prefix] + local for prefix, local, _ in names(query)}
    for token in dropwhile(lambda token: not token.is_word(*FORMS), query):
        if token.kind == "iri":
            found.add(token.text[1:-1])
        elif token.text == "a":
            found.add(RDF + "type")
    return found


def as_insert(text: str) -> str:
    """The update that adds the triples of a CONSTRUCT to the default graph."""
    form = next(token for token in tokens(text) if token.is_word("CONSTRUCT"))
    return f"{text[: form.start]}INSERT{text[form.end :]}"


def projection(text: str) -> list[str] | None:
    """The columns of a SELECT in order; None for `*`."""
    columns, depth, last = [], 0, ""
    for token in _behind(text, "SELECT"):
        if (token.text == "{" and depth == 0) or token.is_word("WHERE", "FROM"):
            break
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.text == "*" and depth == 0:
            return None
        if token.kind == "variable" and (depth == 0 or (depth == 1 and last == "AS")):
            columns.append(token.text[1:])
        last = token.text.upper()
    return columns


def values_of(text: str, name: str) -> str | None:
    """The query for the values that a variable has in a SELECT, those of the most rows first.

    None where the SELECT groups or limits its rows, so that they are not those of its pattern.
    """
    if any(token.is_word("GROUP", "HAVING", "LIMIT", "OFFSET") for token in outermost(text)):
        return None
    select = next(token for token in tokens(text) if token.is_word("SELECT"))
    head = _head_of_where(text) - 1
    order = next((token.start for token in outermost(text) if token.is_word("ORDER")), len(text))
    return (
        f"{text[: select.start]}SELECT ?{name} WHERE {text[head:order]}"
        f" GROUP BY ?{name} ORDER BY DESC(COUNT(*)) ?{name}"
    )


def first_key(text: str) -> str:
    """The variable by whose ascending values a query sorts first; empty if there is none."""
    query = list(outermost(text))
    if any(token.is_word("LIMIT", "OFFSET") for token in query):
        return ""
    order = next((place for place, token in enumerate(query) if token.is_word("ORDER")), None)
    key = None if order is None else query[order + 2 : order + 3]
    return key[0].text[1:] if key and key[0].kind == "variable" else ""


def is_distinct(text: str) -> bool:
    """Return whether a SELECT is DISTINCT."""
    return next(_behind(text, "SELECT")).is_word("DISTINCT")


def split_at_where(text: str) -> tuple[str, str]:
    """The query up to the start of its outermost group, and the rest."""
    head = _head_of_where(text)
    return text[:head], text[head:]


def with_lateral(text: str) -> str:
    """The query, in which pyoxigraph looks up each simple OPTIONAL for each row before it.

    After some fifteen patterns its estimate of the rows exceeds all numbers, and it reads an
    OPTIONAL for all that the graph has (bench/scale.py). LATERAL is an extension (SEP-0006).
    """

    # Of each open group, whether it is one that is joined in another way.
    aside = [False]

    def changed(found: re.Match[str]) -> str:
        if found["aside"] or found["group"]:
            aside.append(aside[-1] or found["aside"] is not None)
        elif found["end"] and aside[1:]:
            aside.pop()
        is_changed = found["optional"] and not aside[-1]
        return f"LATERAL {{ {found[0]} }}" if is_changed else found[0]

    # Most queries about things have none, and list hundreds of IRIs.
    return _GROUPS.sub(changed, text) if re.search("OPTIONAL", text, re.IGNORECASE) else text


def in_graph(text: str, graph: str) -> str | None:
    """The query with its patterns in a named graph; None where it names graphs or has no group."""
    if {"GRAPH", "FROM", "DESCRIBE"} & words(text):
        return None
    try:
        return around_pattern(text, f" GRAPH {NamedNode(graph)}")
    except InputError:
        return None


def around_pattern(text: str, opening: str) -> str:
    """The query with its outermost group in another one, behind an opening such as GRAPH <…>.

    Raises InputError for a query without a group.
    """
    head, rest = split_at_where(text)
    depth = 1
    for token in tokens(rest):
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if depth == 0:
            break
    return f"{head}{opening} {{{rest[: token.start]}}}{rest[token.start :]}"


def with_variable(text: str, name: str, replacement: str) -> str:
    """The query with a text in the place of a variable."""
    found = (each for each in tokens(text) if each.kind == "variable" and each.text[1:] == name)
    return replaced(text, ((each, replacement) for each in found))


def with_functions(text: str, functions: Mapping[str, str]) -> str:
    """The query that calls functions with these IRIs in the place of built-in ones."""
    calls = (
        token
        for token, bracket in pairwise(tokens(text))
        if bracket.text == "(" and token.is_word(*functions)
    )
    return replaced(text, ((each, f"<{functions[each.text.upper()]}>") for each in calls))


def replaced(text: str, replacements: Iterable[tuple[Token, str]]) -> str:
    """The query with texts in the place of tokens, which are in their order."""
    parts, end = list[str](), 0
    for token, replacement in replacements:
        parts += [text[end : token.start], replacement]
        end = token.end
    return "".join([*parts, text[end:]])


def values_clause(table: Table) -> str:
    """The VALUES that binds the variables of a table to its rows."""
    names, rows = table
    variables = " ".join(f"?{name}" for name in names)
    terms = " ".join(f"({' '.join(map(str, row))})" for row in rows)
    return f" VALUES ({variables}) {{ {terms} }}"


def with_prefixes(text: str) -> str:
    """The query with declarations of the project's prefixes that it uses without declaring."""
    undeclared = used_prefixes(text) - declarations(tokens(text)).keys()
    missing = sorted(undeclared & PREFIXES.keys())
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in missing) + text


def prologue(text: str) -> tuple[str, str]:
    """The prologue of a query, and the rest of it."""
    start = next(token.start for token in tokens(text) if token.is_word(*FORMS))
    return text[:start], text[start:]


def outermost(text: str) -> Iterator[Token]:
    """The tokens of a query outside all brackets, and the closing brackets."""
    depth = 0
    for token in tokens(text):
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(token.text, 0)
        if depth == 0:
            yield token


def ordered(select: str, names: str) -> str:
    """A SELECT without LIMIT and OFFSET, sorted by its own order and then by these variables."""
    end, order = len(select), "ORDER BY "
    for token in outermost(select):
        if token.is_word("ORDER"):
            order = ""
        elif token.is_word("VALUES"):
            end = token.start
            break
    return f"{select[:end]}\n{order}{names} {select[end:]}"


def terms(iris: Iterable[str]) -> str:
    """The IRIs in SPARQL syntax, each once; text that is none, as data may have, is left out."""
    return " ".join(f"<{iri}>" for iri in dict.fromkeys(iris) if is_iri(iri))


def check(text: str, base: str | None = None) -> None:
    """Raise InputError, with line and column, for a syntax error and for SERVICE.

    Relative IRIs are resolved against `base`.
    """
    used = words(text)
    if not set(FORMS) & used:
        raise InputError("query: it must be a SELECT, ASK, CONSTRUCT or DESCRIBE query")
    too_deep = nesting_error(text)
    if too_deep:
        raise InputError(f"query:{too_deep}")
    if FEDERATION in used:
        raise InputError("query: SERVICE is not supported; no query goes to other servers")
    error = syntax_error(text, PREFIXES, base)
    if error:
        raise InputError(f"query:{error.line}:{error.column}: {error.message}")


def _behind(text: str, keyword: str) -> Iterator[Token]:
    stream = iter(tokens(text))
    for token in stream:
        if token.is_word(keyword):
            break
    return stream


def _head_of_where(text: str) -> int:
    depth = 0
    template_ahead = form(text) == "CONSTRUCT"
    for token in _behind(text, form(text)):
        if token.is_word("WHERE") and template_ahead and depth == 0:
            raise InputError("CONSTRUCT WHERE takes no parameters; write out its template")
        if token.text == "{" and depth == 0 and not template_ahead:
            return token.end
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(token.text, 0)
        if token.text == "}" and depth == 0:
            template_ahead = False
    raise InputError("a parameter needs a WHERE group in the query")


class QueryError(NamedTuple):
    """A syntax error: line and column of the query, from 1, and what is wrong there."""

    line: int
    column: int
    message: str


def syntax_error(
    text: str, prefixes: Mapping[str, str], base: str | None = None
) -> QueryError | None:
    """The syntax error of a query that may use these prefixes; None where it has none."""
    try:
        Store().query(_without_service(text), base_iri=base, prefixes=dict(prefixes))
    except SyntaxError as error:
        return _error(text, str(error), prefixes)
    except (ValueError, RuntimeError):
        # A function that the embedded engine lacks; another engine may have it.
        pass
    return None


def _error(text: str, message: str, prefixes: Mapping[str, str]) -> QueryError:
    """The parser's error in words for people: its own lists what the grammar expects."""
    place = _ERROR_PLACE.match(message)
    line, column = (int(place[1]), int(place[2])) if place else (1, 1)
    for reason, words in _REASONS.items():
        if reason in message:
            return QueryError(line, column, words)
    query = tokens(text)
    known = {*prefixes, *declarations(query)}
    for prefix, _, token in names(query):
        if prefix not in known:
            before = text[: token.start].split("\n")
            message = f"the prefix {prefix}: is not declared"
            return QueryError(len(before), len(before[-1]) + 1, message)
    lines = text.split("\n")
    near = lines[min(line, len(lines)) - 1][max(column - 21, 0) : column + 19].strip()
    marks = [token.text for token in query]
    what = "it ends too early" if marks.count("{") > marks.count("}") else "syntax error"
    return QueryError(line, column, f"{what} near {near!r}" if near else what)
