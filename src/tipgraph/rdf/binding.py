"""Variables of a query bound to terms before an engine evaluates it.

An engine evaluates an alternative of a UNION and a subselect by itself, for all that the graph has,
and joins the result with the rest. So the terms stand in these groups too, wherever a triple
pattern of the group has the variable: the outermost group then drops no row that such a group gives
(bench/scale.py measures what that saves).
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise, takewhile

from tipgraph.rdf.sparql import Table, Token, closing, split_at_where, tokens, values_clause

# Groups behind these words are no part of a join.
APART = ("EXISTS", "VALUES", "GRAPH", "SERVICE")
# A subselect with one of these has other rows when its pattern has fewer.
CUTTING = ("LIMIT", "OFFSET")


def bind(text: str, tables: Iterable[Table]) -> str:
    """The query with the variables of each table bound to its rows.

    A table becomes a VALUES at the start of the outermost group, and of the groups that are joined
    in it and have its variables. pyoxigraph serialises the terms; no other character changes.
    """
    given = [(tuple(names), [tuple(row) for row in rows]) for names, rows in tables]
    if not given:
        return text
    head, rest = split_at_where(text)
    inner = tokens(rest)
    parts, end = [head, *map(values_clause, given)], 0
    for place, known in _groups(inner):
        parts += [rest[end:place], *_limits(given, known)]
        end = place
    return "".join([*parts, rest[end:]])


def _limits(tables: Iterable[Table], known: Collection[str]) -> Iterator[str]:
    """The tables as far as a group has their variables."""
    for names, rows in tables:
        places = [place for place, name in enumerate(names) if name in known]
        if places:
            kept = dict.fromkeys(tuple(row[place] for place in places) for row in map(tuple, rows))
            yield values_clause(([tuple(names)[place] for place in places], kept))


def _groups(inner: Sequence[Token]) -> Iterator[tuple[int, set[str]]]:
    """The offset of each group that is joined in a group, and the variables of its own triples.

    In an OPTIONAL and a MINUS these are the variables that triples before it have, too.
    """
    for first, last in _joined(inner):
        group = inner[first:last]
        is_aside = first > 1 and inner[first - 2].is_word("OPTIONAL", "MINUS")
        found = _of_group(inner[first - 1].end, group)
        before = _own_variables(inner[:first]) if is_aside else set()
        for place, known in found:
            yield place, known & before if is_aside else known


def _of_group(place: int, group: Sequence[Token]) -> Iterator[tuple[int, set[str]]]:
    if group and group[0].is_word("SELECT"):
        yield from _of_subselect(group)
        return
    yield place, _own_variables(group) - _assigned(group)
    yield from _groups(group)


def _of_subselect(group: Sequence[Token]) -> Iterator[tuple[int, set[str]]]:
    """The groups of a subselect, with the variables that it selects, and groups by, as they are."""
    start = next(place for place, token in enumerate(group) if token.text == "{")
    end = closing(group, start)
    if any(token.is_word(*CUTTING) for token in group[end:]):
        return
    kept = _own_variables(group[:start])
    if any(token.is_word("GROUP") for token in group[end:]):
        kept &= _keys(group[end:])
    for place, known in _of_group(group[start].end, group[start + 1 : end]):
        yield place, known & kept


def _keys(modifiers: Sequence[Token]) -> set[str]:
    """The variables that a subselect groups by: terms of these choose among the groups."""
    start = next(place for place, token in enumerate(modifiers) if token.is_word("GROUP"))
    keys = takewhile(lambda token: token.kind == "variable", modifiers[start + 2 :])
    return {token.text[1:] for token in keys}


def _joined(group: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """The first and the last place of each group that is joined in a group."""
    place = 0
    while place < len(group) and group[place].text != "}":
        if group[place].text != "{":
            place += 1
            continue
        end = closing(group, place)
        before = [token for token in group[max(place - 2, 0) : place] if token.kind == "word"]
        if not any(token.is_word(*APART) for token in before):
            yield place + 1, end
        place = end + 1


def _own_variables(group: Sequence[Token]) -> set[str]:
    """The variables of the group's own triple patterns, which are bound in each of its rows."""
    found, depth, is_table = set(), 0, False
    for token in group:
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(token.text, 0)
        if token.kind == "word":
            is_table = token.is_word("VALUES")
        elif token.kind == "variable" and depth == 0 and not is_table:
            found.add(token.text[1:])
        elif token.text == "}" and depth == 0:
            is_table = False
    return found


def _assigned(group: Sequence[Token]) -> set[str]:
    """The variables that get their value from an expression."""
    return {variable.text[1:] for word, variable in pairwise(group) if word.is_word("AS")}
