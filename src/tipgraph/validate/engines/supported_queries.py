"""The SPARQL queries and patterns in shapes that the fast engine supports.

A query is read as tokens: its patterns show from which properties a variable takes its values, and
so their kinds. Where the two engines treat kinds differently, the query is unsupported.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from pyoxigraph import NamedNode

from tipgraph.namespaces import RDF, XSD
from tipgraph.rdf.sparql import Token, projection, tokens
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
from tipgraph.validate.shape_lint.embedded_code import is_broken, prologue, undeclared_prefixes

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
    *(
        "GROUP",
        "BY",
        "HAVING",
        "PREFIX",
        "IF",
        "COALESCE",
        "MAX",
        "MIN",
        "SAMPLE",
        "A",
        "TRUE",
        "FALSE",
    ),
}
CASTS = {XSD + "integer", XSD + "decimal", XSD + "string"}
# Kinds that the engines compare alike, each among themselves.
ORDERED = (NUMBERS, {STRING}, {ZONED}, {LOCAL})
# Kinds that have one text for each value; the fast engine writes others in their shortest form.
TEXTS = {NODE, STRING, INTEGER, DECIMAL, BOOLEAN, ZONED, LOCAL, CONTROL}
# REPLACE removes the end that the shortest form of a decimal does not have.
ZEROS = '"[.]0*$"'
IRI_KINDS = ("iri", "name")
ANY = frozenset({OPAQUE, UNUSUAL})
# The role of the next term in a pattern, and what joins the steps of a path.
_ROLES = {".": "subject", ";": "predicate", ",": "object", "[": "predicate", "]": "object"}
_JOINS = {"/", "|", "^", "!", "("}


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
    for check in (_subqueries, _computed, _regular_expressions, _orders, _equality, _texts, _tests):
        yield from check(query)


class _Query:
    """The tokens of a query, and the kinds of its variables.

    `in_expression` says for each token whether it is in an expression, not in a pattern.
    """

    def __init__(self, text: str, prefixes: Mapping[str, str], data: LiteralKinds) -> None:
        self.text = text
        self.tokens = list(tokens(text))
        self._prefixes = {**prefixes, **prologue(text)}
        self._data = data
        self.in_expression = list(self._expressions())

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

    @cached_property
    def kinds(self) -> Mapping[str, set[str]]:
        """The kinds of each variable that a pattern or an expression gives a value."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for role, properties, variable in self._pattern_variables():
            if role == "object":
                found[variable] |= self._data.of(properties)
            else:
                is_blank = role == "subject" and self._may_have_blank_subjects
                found[variable] |= {NODE, BLANK} if is_blank else {NODE}
        for role, _, variable in self._pattern_variables():
            if role == "predicate":
                found[variable] = {NODE}
        for variable, expression in self.computed.items():
            found[variable].add(self.result(expression))
        return found

    def _pattern_variables(self) -> Iterator[tuple[str, set[NamedNode] | None, str]]:
        """The role of each variable in a pattern, with the properties of an object's path.

        The properties are None where they are not known.
        """
        role, in_head = "subject", True
        steps: set[NamedNode] | None = set()
        outer: list[set[NamedNode] | None] = []
        for index, token in enumerate(self.tokens):
            before = self.at(index - 1)
            if token.is_word("SELECT", "GROUP", "HAVING"):
                in_head = True
            elif token.text in ("{", "}") or (token.kind == "word" and token.text != "a"):
                in_head, role = in_head and token.text not in ("{", "}"), "subject"
            if in_head or self.in_expression[index] or token.text in ("{", "}", "(", ")"):
                continue
            if token.text in _ROLES:
                role = _ROLES[token.text]
                if token.text == "[":
                    outer.append(steps)
                elif token.text == "]" and outer:
                    steps = outer.pop()
            elif role == "subject":
                if token.kind == "variable":
                    yield role, None, token.text[1:]
                role = "predicate"
            elif role == "predicate" and token.kind == "variable":
                yield role, None, token.text[1:]
                expression = self.computed.get(token.text[1:], [])
                is_constant = len(expression) == 1 and self.is_property(expression[0])
                steps = {self._property(expression[0])} if is_constant else None
                role = "object"
            elif role == "predicate" and self.is_property(token):
                steps, role = {self._property(token)}, "path"
            elif role == "path" and self.is_property(token) and before.text in _JOINS:
                # The last step decides on the values, if it is not optional.
                is_last = before.text == "/" and self.at(index + 1).text not in ("*", "?")
                kept = set() if is_last or steps is None else steps
                steps = None if before.text == "^" else {*kept, self._property(token)}
            elif role in ("path", "object") and token.kind == "variable":
                yield "object", steps, token.text[1:]
                role = "object"

    @cached_property
    def _may_have_blank_subjects(self) -> bool:
        properties = {self._property(token) for token in self.tokens if self.is_property(token)}
        return bool(properties & self._data.of_blank_nodes)

    def _property(self, token: Token) -> NamedNode:
        return NamedNode(self.iri(token) or "urn:unknown")

    @cached_property
    def all_kinds(self) -> set[str]:
        """The kinds of all variables."""
        return set().union(*self.kinds.values())

    @cached_property
    def computed(self) -> Mapping[str, list[Token]]:
        """The expression of each variable that BIND or SELECT computes."""
        return {
            self.at(index + 1).text[1:]: self.tokens[self._opening(index) + 1 : index]
            for index, token in enumerate(self.tokens)
            if token.is_word("AS")
        }

    def _opening(self, end: int) -> int:
        """The index of the parenthesis that is open before this index; 0 where there is none."""
        depth = 0
        for index in range(end - 1, 0, -1):
            depth += {")": 1, "(": -1}.get(self.tokens[index].text, 0)
            if depth < 0:
                return index
        return 0

    def result(self, expression: list[Token]) -> str:
        """The kind of an expression's value, as far as its first token shows it."""
        first, second = [*expression, Token("mark", "", 0, 0), Token("mark", "", 0, 0)][:2]
        if any(token.text in ("+", "-", "*", "/") for token in expression):
            return NUMBER
        if first.text.isdigit():
            return INTEGER
        if len(expression) == 1 and self.is_property(first):
            return NODE
        if first.kind in IRI_KINDS and second.text == "(":
            casts = {XSD + "string": STRING, XSD + "integer": INTEGER}
            return casts.get(self.iri(first), NUMBER)
        if first.text == "!" or {token.text for token in expression} & {"|", "&"}:
            return BOOLEAN
        return FUNCTIONS.get(first.text.upper(), OPAQUE)

    def closing(self, opening: int) -> int:
        """The index of the bracket that closes the one with this index."""
        depth = 0
        for index in range(opening, len(self.tokens)):
            depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(self.tokens[index].text, 0)
            if not depth:
                return index
        return len(self.tokens)

    def argument(self, opening: int) -> set[str]:
        """The kinds of the argument of a function, by the index of its opening parenthesis."""
        expression = self.tokens[opening + 1 : self.closing(opening)]
        if len(expression) == 1 and expression[0].kind == "variable":
            return self.kinds.get(expression[0].text[1:], {NODE})
        return {self.result(expression)}

    def left(self, index: int) -> set[str]:
        """The kinds of the operand that ends before this index."""
        last = self.at(index - 1)
        if last.text == ")":
            start = self._opening(index - 1)
            head = self.at(start - 1)
            is_call = head.kind in ("word", *IRI_KINDS)
            return self._call(self.tokens[start - is_call : index])
        return self._value(last)

    def right(self, index: int) -> set[str]:
        """The kinds of the operand that begins at this index."""
        first = self.at(index)
        if first.text == "(" or self.at(index + 1).text == "(":
            end = index + 1
            while end < len(self.tokens) and self._depth(index, end) > 0:
                end += 1
            return self._call(self.tokens[index : end + 1])
        return self._value(first)

    def _depth(self, start: int, end: int) -> int:
        texts = [token.text for token in self.tokens[start : end + 1]]
        return texts.count("(") - texts.count(")") or (1 if "(" not in texts else 0)

    def _call(self, expression: list[Token]) -> set[str]:
        if expression[0].is_word("MAX", "MIN"):
            return set(self.kinds.get(expression[-2].text[1:], ANY))
        inner = expression[1:-1] if expression[0].text == "(" else expression
        return {self.result(inner)}

    def _value(self, token: Token) -> set[str]:
        if token.kind == "variable":
            return set(self.kinds.get(token.text[1:], ANY)) - {CONTROL}
        if token.text.isdigit():
            return {INTEGER}
        return {STRING} if token.kind == "string" else set(ANY)


def _subqueries(query: _Query) -> Iterator[str]:
    depth = 0
    for index, token in enumerate(query.tokens):
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if not depth or not token.is_word("SELECT"):
            continue
        if "this" not in (projection(query.text[token.start :]) or ()):
            yield "a subquery must select $this"
        opening = next(at for at in range(index, len(query.tokens)) if query.at(at).text == "{")
        closing = query.closing(opening)
        # pySHACL finds a row where nothing is grouped.
        if query.at(closing + 1).is_word("GROUP") and not _always_matches(query, opening, closing):
            yield "a subquery with groups must match for all nodes"


def _always_matches(query: _Query, opening: int, closing: int) -> bool:
    """Return whether the pattern is one of three variables, or optional as a whole."""
    body = query.tokens[opening + 1 : closing]
    if body and body[0].is_word("OPTIONAL"):
        return query.closing(opening + 2) == closing - 1
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
        if CONTROL in query.all_kinds:
            yield "REGEX and REPLACE are not supported for text with control characters"
        if not all(is_portable(_content(text)) for text in strings):
            yield "a regular expression has syntax that engines read differently"


def _content(string: str) -> str:
    """The content of a string in a query, with its escapes of backslashes resolved."""
    quotes = 3 if string[:3] in ('"""', "'" * 3) and len(string) > 5 else 1
    return string[quotes:-quotes].replace("\\\\", "\\")


def _orders(query: _Query) -> Iterator[str]:
    for index, token in enumerate(query.tokens):
        if token.text in ("<", ">") and query.in_expression[index]:
            after = index + 2 if query.at(index + 1).text == "=" else index + 1
            kinds = query.left(index) | query.right(after)
            if not any(kinds <= together for together in ORDERED):
                yield "a query that compares values of different or other types is not supported"


def _equality(query: _Query) -> Iterator[str]:
    for index, token in enumerate(query.tokens):
        if not query.in_expression[index]:
            continue
        if (
            token.text == "!"
            and query.at(index + 1).text == "="
            and query.all_kinds & {DATE, OPAQUE}
        ):
            sides = query.left(index) | query.right(index + 2)
            if sides & {DATE, OPAQUE}:
                yield "a query that compares values without an order with != is not supported"
        if token.is_word("IN"):
            end = index
            while query.at(end).text not in (")", ""):
                end += 1
            members = query.tokens[index + 2 : end]
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
        kinds = query.argument(index + 1)
        if token.is_word("ISNUMERIC") and kinds & ANY:
            yield "isNumeric is not supported for values that may be invalid"
        languages = {kind for kind in kinds if kind.startswith("@")}
        is_shortened = query.at(index - 2).is_word("REPLACE") and query.at(index + 5).text == ZEROS
        allowed = {STRING, INTEGER} if is_cast else TEXTS | ({WHOLE} if is_shortened else set())
        if not token.is_word("ISNUMERIC") and kinds - languages - allowed:
            yield "the text of numbers such as 2.50 or 01, or of blank nodes, is not supported"


def _tests(query: _Query) -> Iterator[str]:
    """A value that is no boolean is true or false by other rules."""
    for index, token in enumerate(query.tokens):
        is_chosen = token.is_word("IF", "COALESCE")
        if not (is_chosen or token.kind == "variable") or not query.in_expression[index]:
            continue
        end = query.closing(index + 1) if is_chosen else index
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
