"""The SPARQL queries and patterns in shapes that the fast engine supports.

A query is read as tokens: its patterns show from which properties a variable takes its values, and
so their kinds. Where the two engines treat kinds differently, the query is unsupported.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import NamedNode

from tipgraph.namespaces import RDF, XSD
from tipgraph.rdf.sparql import Token, closing, declarations, projection, tokens
from tipgraph.validate.literal_kinds import (
    BLANK,
    BOOLEAN,
    CONTROL,
    DATE,
    DECIMAL,
    INTEGER,
    LOCAL,
    NODE,
    NUMBER,
    NUMBERS,
    OPAQUE,
    STRING,
    UNUSUAL,
    WHOLE,
    ZONED,
    LiteralKinds,
)
from tipgraph.validate.shape_lint.embedded_code import is_broken, undeclared_prefixes

# The keywords and functions that are supported, the functions with the kind of their result.
FUNCTIONS = {
    **dict.fromkeys(("STRLEN", "COUNT", "YEAR"), INTEGER),
    **dict.fromkeys(("SUM", "ABS", "ROUND", "CEIL", "FLOOR"), NUMBER),
    **dict.fromkeys(("STR", "CONCAT", "SUBSTR", "REPLACE", "UCASE", "LCASE", "LANG"), STRING),
    **dict.fromkeys(("STRBEFORE", "STRAFTER"), STRING),
    **dict.fromkeys(("BOUND", "EXISTS", "REGEX", "CONTAINS", "STRSTARTS", "STRENDS"), BOOLEAN),
    **dict.fromkeys(("ISIRI", "ISURI", "ISLITERAL", "ISBLANK", "ISNUMERIC"), BOOLEAN),
    **dict.fromkeys(("LANGMATCHES", "SAMETERM"), BOOLEAN),
}
KEYWORDS = {
    *FUNCTIONS,
    *("SELECT", "DISTINCT", "WHERE", "FILTER", "NOT", "OPTIONAL", "UNION", "BIND", "AS", "IN"),
    *("GROUP", "BY", "HAVING", "PREFIX", "IF", "COALESCE", "MAX", "MIN", "SAMPLE"),
    *("A", "TRUE", "FALSE"),
}
# The casts that are supported, and the kind of their result.
CASTS = {XSD + "integer": INTEGER, XSD + "decimal": NUMBER, XSD + "string": STRING}
# The marks and words whose result is a boolean.
LOGICAL = {"|", "&", "<", ">", "=", "!", "IN"}
# Kinds that the engines compare alike, each among themselves.
ORDERED = (NUMBERS, {STRING}, {ZONED}, {LOCAL})
# Kinds that have one text for each value; the fast engine writes others in their shortest form.
TEXTS = {NODE, STRING, INTEGER, DECIMAL, BOOLEAN, ZONED, LOCAL, CONTROL}
# REPLACE removes the end that the shortest form of a decimal does not have.
ZEROS = '"[.]0*$"'
IRI_KINDS = ("iri", "name")
ANY = frozenset({OPAQUE, UNUSUAL})

_ESCAPE = r"\\[dDsSnrt.^$*+?()\[\]{}|/\\-]"
_CLASS = rf"\[\^?(?:[^\]\[\\&~-]|{_ESCAPE}|-(?!-)|&(?!&)|~(?!~))+\]"
_QUANTIFIER = r"(?:(?:[*+?]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})\??(?![*+?{]))?"
_PIECE = re.compile(
    rf"(?:{_ESCAPE}|{_CLASS}|[^][\\(){{}}*+?|]){_QUANTIFIER}|\((?:\?:)?|\){_QUANTIFIER}|\|"
)


def unsupported_in_query(
    text: str, prefixes: Mapping[str, str], data: LiteralKinds, has_path: bool
) -> Iterator[str]:
    """Find what the fast engine does not support in a query of a constraint.

    `prefixes` are those that the shape declares; with `has_path` the query is in a property shape.
    """
    if is_broken(text, prefixes):
        yield "a query is not valid"
        return
    used = [token for token in tokens(text) if token.kind == "word"]
    for word in sorted({token.text.upper() for token in used} - KEYWORDS):
        yield f"{word} is not supported in queries"
    for prefix in undeclared_prefixes(text, prefixes):
        yield f"sh:prefixes does not declare {prefix}:, which the query uses"
    columns = projection(text) or []
    if has_path and "path" in columns:
        yield "a query that selects ?path in a property shape is not supported"
    query = _Query(text, prefixes, data)
    for check in (_subqueries, _computed, _regular_expressions, _comparisons, _texts, _tests):
        yield from check(query)


class _Query:
    """The tokens of a query, the expressions among them, and the kinds of its variables."""

    def __init__(self, text: str, prefixes: Mapping[str, str], data: LiteralKinds) -> None:
        self.text, self.tokens = text, list(tokens(text))
        self._prefixes, self._data = {**prefixes, **declarations(self.tokens)}, data
        self.in_expression = list(self._expressions())
        # The expression of each variable that BIND or SELECT computes.
        self.computed = {
            self.at(index + 1).text[1:]: self.tokens[self._start(index, "") : index]
            for index, token in enumerate(self.tokens)
            if token.is_word("AS")
        }
        # The kinds of each variable that a pattern or an expression gives a value.
        self.kinds: defaultdict[str, set[str]] = defaultdict(set)
        predicates = set()
        for variable, found in self._pattern_variables():
            self.kinds[variable] |= {NODE} if found is None else found
            if found is None:
                predicates.add(variable)
        if not any(token.is_word("UNION", "OPTIONAL") for token in self.tokens):
            # A pattern with the variable as predicate keeps blank nodes and literals out.
            self.kinds.update({variable: {NODE} for variable in predicates})
        for variable, expression in self.computed.items():
            self.kinds[variable] |= self.result(expression)

    def at(self, index: int) -> Token:
        """The token with this index; an empty one outside the query."""
        inside = 0 <= index < len(self.tokens)
        return self.tokens[index] if inside else Token("mark", "", 0, 0)

    def iri(self, token: Token) -> str:
        """The IRI of a name or IRI."""
        if token.kind == "iri":
            return token.text[1:-1]
        if token.text == "a":
            return RDF + "type"
        prefix, _, local = token.text.partition(":")
        return self._prefixes.get(prefix, "") + local.rstrip(".")

    def is_property(self, token: Token) -> bool:
        """Return whether the token can be a step of a path."""
        return token.kind in IRI_KINDS or token.text == "a"

    def result(self, expression: Sequence[Token]) -> set[str]:
        """The kinds that the value of an expression can have."""
        found: set[str] = set()
        marks, index = set(), 0
        while index < len(expression):
            token = expression[index]
            if token.text in ("(", "{"):
                end = closing(expression, index)
                found |= self._called(expression[:index], expression[index + 1 : end])
                index = end
            elif [each.text for each in expression[index + 1 : index + 2]] != ["("]:
                found |= self._term(token)
            marks.add(token.text.upper())
            index += 1
        if marks & LOGICAL:
            return {BOOLEAN}
        return {NUMBER} if marks & {"+", "-", "*", "/", "."} else found

    def _called(self, before: Sequence[Token], arguments: Sequence[Token]) -> set[str]:
        """The kinds of what is in brackets, or of what the function before them returns."""
        name = before[-1] if before else Token("mark", "", 0, 0)
        if name.kind in IRI_KINDS:
            return {CASTS.get(self.iri(name), NUMBER)}
        if name.text.upper() in FUNCTIONS:
            return {FUNCTIONS[name.text.upper()]}
        return set().union(*map(self.result, _split(arguments)))

    def _term(self, token: Token) -> set[str]:
        if token.kind == "variable":
            return set(self.kinds.get(token.text[1:], ANY))
        if token.kind == "language" or token.text == "^":
            return set(ANY)
        if self.is_property(token):
            return {NODE}
        if token.text.isdigit():
            return {INTEGER}
        if token.kind == "word":
            return {BOOLEAN} if token.is_word("TRUE", "FALSE") else set()
        return {STRING} if token.kind == "string" else set()

    def operands(self, index: int) -> set[str]:
        """The kinds of both operands of the comparison at this index."""
        second = index + 2 if self.at(index + 1).text == "=" else index + 1
        end = second
        while self.at(end).text not in ("", *"|&,)}") and not self.at(end).is_word("AS"):
            end = (closing(self.tokens, end) if self.at(end).text in ("(", "{") else end) + 1
        left, right = self.tokens[self._start(index) : index], self.tokens[second:end]
        return (self.result(left) | self.result(right)) - {CONTROL}

    def _start(self, end: int, marks: str = "|&,") -> int:
        """The index where the expression begins that ends before this index."""
        depth = 0
        for index in range(end - 1, -1, -1):
            text = self.tokens[index].text
            depth += {")": 1, "}": 1, "(": -1, "{": -1}.get(text, 0)
            if depth < 0 or (depth == 0 and text in tuple(marks)):
                return index + 1
        return 0

    def _expressions(self) -> Iterator[bool]:
        """For each token whether it is in an expression."""
        outer = [False]
        for index, token in enumerate(self.tokens):
            before = self.at(index - 1)
            if token.text == "(":
                outer.append(outer[-1] or (before.kind == "word" and before.text != "a"))
            elif token.text == "{":
                outer.append(False)
            elif token.text in (")", "}") and len(outer) > 1:
                outer.pop()
            yield outer[-1]

    def _pattern_variables(self) -> Iterator[tuple[str, set[str] | None]]:
        """Each variable in a triple pattern, with its kinds there; none where it is a predicate."""
        properties = {NamedNode(self.iri(each)) for each in self.tokens if self.is_property(each)}
        subject = {NODE, BLANK} if properties & self._data.of_blank_nodes else {NODE}
        in_head, triple = True, list[Token]()
        for index, token in enumerate(self.tokens):
            is_word = token.kind == "word" and token.text != "a"
            if token.text in ("{", "}") or is_word:
                in_head = token.is_word("SELECT", "GROUP", "HAVING") or (in_head and is_word)
                triple = []
            elif in_head or self.in_expression[index]:
                continue
            elif token.text in (".", ";"):
                triple = triple[:1] if token.text == ";" else []
            # Not the end of an expression.
            elif triple or token.text != ")":
                if token.kind == "variable":
                    path = triple[1:]
                    found = self._ends(path) if path else None if triple else subject
                    yield token.text[1:], found
                triple.append(token)

    def _ends(self, path: Sequence[Token]) -> set[str]:
        """The kinds of the values at the end of a path: of its last steps, if these are certain."""
        if len(path) == 1 and path[0].kind == "variable":
            path = self.computed.get(path[0].text[1:]) or path
        if not all(self.is_property(each) or each.text in ("/", "|") for each in path):
            return self._data.of(None)
        behind = [*path[1:], Token("mark", "|", 0, 0)]
        last = [step for step, after in zip(path, behind, strict=True) if after.text == "|"]
        return self._data.of([NamedNode(self.iri(step)) for step in last])


def _split(arguments: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The arguments of a function one by one."""
    start = index = 0
    while index < len(arguments):
        if arguments[index].text in ("(", "{"):
            index = closing(arguments, index)
        elif arguments[index].text == ",":
            yield arguments[start:index]
            start = index + 1
        index += 1
    yield arguments[start:]


def _subqueries(query: _Query) -> Iterator[str]:
    depth = 0
    for index, token in enumerate(query.tokens):
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if not depth or not token.is_word("SELECT"):
            continue
        if "this" not in (projection(query.text[token.start :]) or ()):
            yield "a subquery must select $this"
        opening = next(at for at in range(index, len(query.tokens)) if query.at(at).text == "{")
        end = closing(query.tokens, opening)
        # pySHACL finds a row where nothing is grouped.
        body = query.tokens[opening + 1 : end]
        if query.at(end + 1).is_word("GROUP") and not _always_matches(body):
            yield "a subquery with groups must match for all nodes"


def _always_matches(body: Sequence[Token]) -> bool:
    """Return whether the pattern is one of three variables, or optional as a whole."""
    if body and body[0].is_word("OPTIONAL"):
        return closing(body, 1) == len(body) - 1
    return len(body) == 3 and all(token.kind == "variable" for token in body)


def _computed(query: _Query) -> Iterator[str]:
    """The engine reports only values that are in the data or in the shapes."""
    for name in ("value", "path"):
        expression = query.computed.get(name, [])
        if expression and expression[0].is_word("SAMPLE"):
            expression = expression[2:-1]
        is_term = len(expression) == 1 and expression[0].kind in ("variable", *IRI_KINDS)
        if expression and not is_term:
            yield f"a query that computes ?{name} is not supported"


def _regular_expressions(query: _Query) -> Iterator[str]:
    used = {token.text.upper() for token in query.tokens}
    strings = (token.text for token in query.tokens if token.kind == "string")
    if used & {"REGEX", "REPLACE"}:
        if any(CONTROL in kinds for kinds in query.kinds.values()):
            yield "REGEX and REPLACE are not supported for text with control characters"
        if not all(is_portable(_content(text)) for text in strings):
            yield "a regular expression has syntax that engines read differently"


def _content(string: str) -> str:
    """The content of a string in a query, with its escapes of backslashes resolved."""
    quotes = 3 if string[:3] in ('"""', "'" * 3) and len(string) > 5 else 1
    return string[quotes:-quotes].replace("\\\\", "\\")


def _comparisons(query: _Query) -> Iterator[str]:
    for index, token in enumerate(query.tokens):
        if not query.in_expression[index]:
            continue
        if token.text in ("<", ">"):
            if not any(query.operands(index) <= together for together in ORDERED):
                yield "a query that compares values of different or other types is not supported"
        elif token.text == "!" and query.at(index + 1).text == "=":
            if query.operands(index) & {DATE, OPAQUE}:
                yield "a query that compares values without an order with != is not supported"
        elif token.is_word("IN"):
            members = query.tokens[index + 2 : closing(query.tokens, index + 1)]
            if not all(each.text == "," or query.is_property(each) for each in members):
                yield "IN is only supported for IRIs"


def _texts(query: _Query) -> Iterator[str]:
    for index, token in enumerate(query.tokens):
        is_cast = token.kind in IRI_KINDS and query.in_expression[index]
        is_function = is_cast or token.is_word("STR", "ISNUMERIC")
        if not (query.at(index + 1).text == "(" and is_function):
            continue
        if is_cast and query.iri(token) not in CASTS:
            yield f"the function {token.text} is not supported in queries"
        kinds = query.result(query.tokens[index + 2 : closing(query.tokens, index + 1)])
        if token.is_word("ISNUMERIC"):
            if kinds & ANY:
                yield "isNumeric is not supported for values that may be invalid"
            continue
        languages = {kind for kind in kinds if kind.startswith("@")}
        is_shortened = query.at(index - 2).is_word("REPLACE") and query.at(index + 5).text == ZEROS
        allowed = {STRING, INTEGER} if is_cast else TEXTS | ({WHOLE} if is_shortened else set())
        if kinds - languages - allowed:
            yield "the text of numbers such as 2.50 or 01, or of blank nodes, is not supported"


def _tests(query: _Query) -> Iterator[str]:
    """A value that is no boolean is true or false by other rules."""
    for index, token in enumerate(query.tokens):
        is_chosen = token.is_word("IF", "COALESCE")
        if not (is_chosen or token.kind == "variable") or not query.in_expression[index]:
            continue
        end = closing(query.tokens, index + 1) if is_chosen else index
        before, after = query.at(index - 1).text, query.at(end + 1).text
        opens = before == "(" and query.at(index - 2).is_word("FILTER", "HAVING", "IF")
        is_test = (opens or before in ("&", "|")) and after in (")", "&", "|", ",")
        if is_test and query.kinds.get(token.text[1:], ANY) - {BOOLEAN, STRING, INTEGER}:
            yield "a condition that is only a variable, IF or COALESCE must be a boolean"


def is_portable(pattern: str) -> bool:
    r"""Return whether the pattern has only syntax that both languages read alike.

    It may have character classes without operators, groups, alternatives, quantifiers, anchors,
    and the escapes \d, \s, \n, \r and \t. \w and \b depend on what counts as a letter.
    """
    position = 0
    while position < len(pattern):
        found = _PIECE.match(pattern, position)
        if not found:
            return False
        position = found.end()
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
