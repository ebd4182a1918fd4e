"""The position of each triple in a text, compared with what pyoxigraph parses from it."""

import re
from collections.abc import Iterable, Iterator
from itertools import count, cycle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from tipgraph.validate.report import Location
from tipgraph.validate.source_map import (
    LineIndex,
    PositionsUnavailable,
    Span,
    TripleSpans,
    triple_spans,
)

ROOT = Path(__file__).parents[2]
W3C = ROOT.parent / "shared" / "w3c-shacl-tests"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
NIL = NamedNode(RDF + "nil")
BASE = "http://example.org/base/"
EMPTY_NODE = re.compile(r"\[(?:\s|#[^\r\n]*)*\]")

Strategy = st.SearchStrategy[Any]


def assert_spans_match_terms(text: str, syntax: RdfFormat) -> None:
    """Each quad has spans, in order, and the text at the spans denotes the quad's terms."""
    parser = parse(text, format=syntax, base_iri=BASE)
    pairs = list(zip(parser, triple_spans(text, syntax), strict=True))
    terms = _terms_of({text[slice(*span)] for _, spans in pairs for span in spans}, parser)
    for quad, spans in pairs:
        for term, span in _written(quad, spans):
            token = text[slice(*span)]
            if token[0] in "[(":
                empty = EMPTY_NODE.match(text, span.start)
                assert token == (empty[0] if empty else token[0])
                assert isinstance(term, BlankNode) or (token == "(" and term == NIL)
            else:
                assert term == (NIL if token == ")" else terms[token])
    _assert_anonymous_nodes_keep_their_positions(pairs, set(terms.values()))


def _terms_of(tokens: Iterable[str], parser: Any) -> dict[str, Any]:
    """The term of each token, given the prefixes and the base at the end of parsing."""
    terms = [token for token in tokens if token[0] not in "[()" and token != "a"]
    header = [f"PREFIX {name}: <{iri}>\n" for name, iri in parser.prefixes.items()]
    triples = [f"<urn:s> <urn:p> {term} .\n" for term in terms]
    document = "".join([*header, *triples])
    quads = parse(document, format=RdfFormat.TURTLE, base_iri=parser.base_iri or BASE)
    denoted = dict(zip(terms, (quad.object for quad in quads), strict=True))
    return {**denoted, "a": NamedNode(RDF + "type")}


def _written(quad: Quad, spans: TripleSpans) -> Iterator[tuple[Any, Span]]:
    """The terms that are written: all except the links of lists."""
    if not _is_implied(quad, spans, "first", "rest"):
        yield quad.subject, spans.subject
        yield quad.predicate, spans.predicate
    if not _is_implied(quad, spans, "rest") or quad.object == NIL:
        yield quad.object, spans.object


def _is_implied(quad: Quad, spans: TripleSpans, *names: str) -> bool:
    return spans.predicate == spans.object and quad.predicate.value in {
        RDF + name for name in names
    }


def _assert_anonymous_nodes_keep_their_positions(
    pairs: list[tuple[Quad, TripleSpans]], labelled: set[Any]
) -> None:
    """A node has one position, which no other node has, except cells and their members."""
    cells = {quad.object for quad, spans in pairs if _is_implied(quad, spans, "rest")}
    positions: dict[Any, int] = {}
    nodes: dict[tuple[int, bool], Any] = {}
    for quad, spans in pairs:
        if _is_implied(quad, spans, "first") and quad.subject in cells:
            assert spans.subject.start == spans.object.start
        for term, span in ((quad.subject, spans.subject), (quad.object, spans.object)):
            if isinstance(term, BlankNode) and term not in labelled:
                assert positions.setdefault(term, span.start) == span.start
                assert nodes.setdefault((span.start, term in cells), term) == term


# ------------------------------------------------------------------ files


@pytest.mark.parametrize("folder", ["ontology", "data", "tests"])
def test_project_files_have_positions(folder: str) -> None:
    files = sorted((ROOT / folder).rglob("*.ttl"))

    assert files
    for file in files:
        assert_spans_match_terms(_text(file), RdfFormat.TURTLE)


@pytest.mark.skipif(not W3C.is_dir(), reason="the W3C suite is missing")
def test_w3c_files_have_positions() -> None:
    files = sorted(W3C.rglob("*.ttl"))

    assert files
    for file in files:
        assert_spans_match_terms(_text(file), RdfFormat.TURTLE)


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8")


# ------------------------------------------------------------------ by hand


@pytest.mark.parametrize(
    ("text", "triples"),
    [
        (":s :p 1 , 2.5;; a :b; .", [":s :p 1", ":s :p 2.5", ":s a :b"]),
        (":s :p [ :q 1 ; :r [ :t 2 ] ] .", ["[ :q 1", "[ :t 2", "[ :r [", ":s :p ["]),
        (":s :p [ :q 'a' ] .", [":s :p [", "[ :q 'a'"]),
        ("[ :p 1 ] . [ :p 2 ] :q 3 .", ["[ :p 1", "[ :p 2", "[ :q 3"]),
        ("[] :p [ ] .", ["[] :p [ ]"]),
        (":s :p ( ) . () :p 1 .", [":s :p (", "( :p 1"]),
        (":s :p (1 :b) .", ["( 1 1", ":s :p (", ":b :b :b", "( :b :b", ":b ) )"]),
        ("('a' 'b') :p 1 .", ["( 'b' 'b'", "( 'a' 'a'", "'b' ) )", "'b' 'b' 'b'", "( :p 1"]),
        (":s :p ('a'@en) .", [":s :p (", "( 'a'@en 'a'@en", "( ) )"]),
        (":s :p ((1)) .", [":s :p (", "( 1 1", "( ( (", "( ) )", "( ) )"]),
        (":s :p ([:q 1]) .", [":s :p (", "[ :q 1", "( [ [", "( ) )"]),
        (":s :p true,false,+1.", [":s :p true", ":s :p false", ":s :p +1"]),
        (":s : -1 . :s :-1, .5, 1.e3 .", [":s : -1", ":s : -1", ":s : .5", ":s : 1.e3"]),
        (r":s :p :a\,b, :a\., :%20\# .", [r":s :p :a\,b", r":s :p :a\.", r":s :p :%20\#"]),
        (":s :p :a.b. _:a.b:c :d.e.", [":s :p :a.b", "_:a.b :c :d.e"]),
        (":s a<#x>#y\n.", [":s a <#x>"]),
        (r""":s :p '\'','a\\',"'".""", [r":s :p '\''", r":s :p 'a\\'", """:s :p "'\""""]),
        (':s :p """a"b""\n\\"""" .', [':s :p """a"b""\n\\""""']),
        (''':s :p '', "", """""" .''', [":s :p ''", ':s :p ""', ':s :p """"""']),
        (":s :p 'a'@en-GB, 'b' #'\n @ar--rtl .", [":s :p 'a'@en-GB", ":s :p 'b' #'\n @ar--rtl"]),
        (":s :p 'a'^^:b, 'b' ^^ <c> .", [":s :p 'a'^^:b", ":s :p 'b' ^^ <c>"]),
        ("VERSION '1.2' @prefix a: <b> .BASE<c>prefix prefix: <d>:s a a:a.", [":s a a:a"]),
        ("prefix a: <b> prefix true: <c> a:a a true:a, true .", ["a:a a true:a", "a:a a true"]),
        ("# :s :p 1 .\r:s :p 2 . # ' :s :p 3 .", [":s :p 2"]),
        ("", []),
    ],
)
def test_turtle_positions(text: str, triples: list[str]) -> None:
    assert _texts_of(text, RdfFormat.TURTLE) == triples


@pytest.mark.parametrize(
    ("text", "triples"),
    [
        ("GRAPH :g { :s :p 1 . } graph [] { :s :p 2 }", [":s :p 1", ":s :p 2"]),
        (":g { } <g> { :s :p 'a' } { :s :p 1 . } _:g { }", [":s :p 'a'", ":s :p 1"]),
        ("[] { [] :p 1 . [ :p 2 ] } [] :p 3 .", ["[] :p 1", "[ :p 2", "[] :p 3"]),
        ("prefix graph: <g> graph:g { graph:s :p 1 }", ["graph:s :p 1"]),
    ],
)
def test_trig_positions(text: str, triples: list[str]) -> None:
    assert _texts_of(text, RdfFormat.TRIG) == triples


def _texts_of(text: str, syntax: RdfFormat) -> list[str]:
    """The text of each triple's spans, after a declaration of the empty prefix."""
    document = f"@prefix : <{BASE}> .{text}"
    assert_spans_match_terms(document, syntax)
    return [
        " ".join(document[slice(*span)] for span in spans)
        for spans in triple_spans(document, syntax)
    ]


def test_long_list_has_positions() -> None:
    text = f"<urn:s> <urn:p> ({' <urn:o>' * 10_000} ) ."

    assert len(list(triple_spans(text, RdfFormat.TURTLE))) == 20_001


def test_deeply_nested_brackets_have_positions() -> None:
    text = f"<urn:s> <urn:p> {'[ <urn:p> ( ' * 1_000}{') ] ' * 1_000}."

    assert_spans_match_terms(text, RdfFormat.TURTLE)


@pytest.mark.parametrize(
    "syntax", [RdfFormat.RDF_XML, RdfFormat.JSON_LD, RdfFormat.STREAMING_JSON_LD, RdfFormat.N3]
)
def test_other_syntaxes_have_no_positions(syntax: RdfFormat) -> None:
    with pytest.raises(PositionsUnavailable, match=re.escape(syntax.name)):
        triple_spans("", syntax)


@pytest.mark.parametrize(
    "triples_about_triples",
    [":a :b <<( :s :p 2 )>> .", "<< :s :p 2 >> :a :b .", ":s :p 2 ~ :a .", ":s :p 2 {| :a :b |} ."],
)
def test_rdf_12_syntax_has_no_positions(triples_about_triples: str) -> None:
    text = f"@prefix : <{BASE}> . :s :p 1 . {triples_about_triples}"
    assert list(parse(text, format=RdfFormat.TURTLE))
    found = triple_spans(text, RdfFormat.TURTLE)

    assert next(found).object.start == text.index("1 .")
    with pytest.raises(PositionsUnavailable, match="from character"):
        list(found)


# ------------------------------------------------------------------ at random


def _one_of(*tokens: str) -> Strategy:
    return st.sampled_from([(token,) for token in tokens])


def _all_of(*parts: Strategy) -> Strategy:
    """The parts in sequence, each a tuple of tokens."""
    return st.tuples(*parts).map(lambda drawn: sum(drawn, ()))


def _some(part: Strategy) -> Strategy:
    return st.lists(part, max_size=3).map(lambda drawn: sum(drawn, ()))


def _perhaps(part: Strategy) -> Strategy:
    return st.just(()) | part


def _string(quotes: str, *more: str) -> Strategy:
    pieces = ["§", "a", " ", ".", "#", "<", "{", "\t", "é😀", r"\"", r"\'", r"\\", r"\u00e9", *more]
    insides = st.lists(st.sampled_from(pieces), max_size=6)
    return insides.map(lambda drawn: (quotes + "".join(drawn) + quotes,))


# Each `§` becomes a different number, so that hardly any two terms are equal.
HEADER = f"@prefix : <{BASE}> . @prefix ex: <{BASE}> . @prefix e.x: <{BASE}> . @base <{BASE}> .\n"
DIRECTIVE = st.sampled_from(
    [
        *[("@prefix", "ex:", f"<{BASE}>", "."), ("PREFIX", ":", f"<{BASE}>")],
        *[("@base", f"<{BASE}>", "."), ("BaSe", f"<{BASE}>")],
        *[("@version", '"1.2"', "."), ("VERSION", "'1.2'")],
    ]
)
ABSOLUTE = _one_of("<urn:§>", "<http://example.org/a#§>", "<urn:a,b;(c).'§>", r"<urn:\u00e9§é😀>")
NAME = _one_of(
    *["ex:", ":", ":§", "e.x:§", ":a.b..c§", ":_§-", ":a:§:", ":é😀§", ":%20§%ab"],
    *[r":\,§", r":a\.§", r":§\'", r":§\-\.§"],
)
IRI = ABSOLUTE | _one_of("<>", "<§>") | NAME
LABEL = _one_of("_:b", "_:§", "_:b.c-§", "_:_§", "_:é😀§")
ANON = st.just(("[", "]"))
TAG = _one_of("@en", "@en-GB", "@sr-Latn-RS", "@ar--rtl")
LINE = _string('"', "'", "''''")
STRING = LINE | st.one_of(
    _string("'", '"', '""""'),
    _string('"""', '"a', '""\n', "'''", "\r\n", "\r"),
    _string("'''", "'a", "''\n", '"""', "\r\n", "\r"),
)
LITERAL = _all_of(STRING, _perhaps(TAG | _all_of(_one_of("^^"), IRI)))
SHORT = _one_of("true", "false", "§", "+§", "-§.5", ".§", "§.e3", "§E-7", "+.§e+7")


def _properties(objects: Strategy) -> Strategy:
    verb = IRI | _one_of("a")
    pairs = _all_of(verb, objects, _some(_all_of(_one_of(","), objects)))
    return _all_of(pairs, _some(_all_of(_one_of(";"), _perhaps(pairs))))


def _node(objects: Strategy) -> Strategy:
    return _all_of(_one_of("["), _properties(objects), _one_of("]"))


def _list(objects: Strategy) -> Strategy:
    return _all_of(_one_of("("), _some(objects), _one_of(")"))


OBJECT = st.recursive(
    IRI | LABEL | ANON | LITERAL | SHORT, lambda inner: _node(inner) | _list(inner), max_leaves=8
)
TRIPLES = st.one_of(
    _all_of(IRI | LABEL | ANON | _list(OBJECT), _properties(OBJECT)),
    _all_of(_node(OBJECT), _perhaps(_properties(OBJECT))),
)
STATEMENT = _all_of(TRIPLES, _one_of("."))
GRAPH = _all_of(
    _perhaps(_all_of(_perhaps(_one_of("GRAPH", "graph")), IRI | LABEL | ANON)),
    *(_one_of("{"), _some(STATEMENT), _perhaps(TRIPLES), _one_of("}")),
)
QUAD = _all_of(
    *(ABSOLUTE | LABEL, ABSOLUTE),
    ABSOLUTE | LABEL | _all_of(LINE, _perhaps(TAG | _all_of(_one_of("^^"), ABSOLUTE))),
)
SPACES = ("", " ", "\t", "  \t")
GAPS = (*SPACES, "\n", "\r\n", "\r", " # :a \"'''<[(\n", "#\r", "# é😀\r\n\t")
LINE_ENDS = _one_of("\n", "\r\n", "\r", "# \"'<\n", "\n\n", " \r\n# é😀 .\r\n")


@st.composite
def _texts(draw: st.DrawFn, tokens: Strategy, gaps: tuple[str, ...] = GAPS) -> str:
    """The tokens separated by gaps, or by nothing where the grammar allows it."""
    between = cycle(draw(st.lists(st.sampled_from(gaps), min_size=1, max_size=7)))
    text, last = "", "."
    for token in draw(tokens):
        text += next(between) or ("" if _may_touch(last, token) else " ")
        text, last = text + token, token
    numbers = count(1)
    # Text follows the last dot: pyoxigraph 0.5 would include it in a name with an escape.
    return re.sub("§", lambda _: str(next(numbers)), text) + (next(between) or "\n")


def _may_touch(left: str, right: str) -> bool:
    if left == "." or (left[0] in "\"'" and right[0] in "\"'"):
        return False
    return right == "." or left[0] in "\"'<[](){},;^" or right[0] in "\"'<[](){},;^@\r\n#"


@given(_texts(_some(STATEMENT | DIRECTIVE)))
def test_random_turtle_has_positions(text: str) -> None:
    assert_spans_match_terms(HEADER + text, RdfFormat.TURTLE)


@given(_texts(_some(STATEMENT | DIRECTIVE | GRAPH)))
def test_random_trig_has_positions(text: str) -> None:
    assert_spans_match_terms(HEADER + text, RdfFormat.TRIG)


@given(_texts(_some(_all_of(QUAD, _one_of("."), LINE_ENDS)), SPACES))
def test_random_n_triples_have_positions(text: str) -> None:
    assert_spans_match_terms(text, RdfFormat.N_TRIPLES)


@given(_texts(_some(_all_of(QUAD, _perhaps(ABSOLUTE | LABEL), _one_of("."), LINE_ENDS)), SPACES))
def test_random_n_quads_have_positions(text: str) -> None:
    assert_spans_match_terms(text, RdfFormat.N_QUADS)


# ------------------------------------------------------------------ lines


@pytest.mark.parametrize(
    ("text", "word", "place"),
    [
        ("x y", "x", (1, 1, 2, "x y")),
        ("\tx y \n", "y", (1, 4, 5, "\tx y ")),
        ("a\nb\r\nc\rd x\r\n", "b", (2, 1, 2, "b")),
        ("a\nb\r\nc\rd x\r\n", "c", (3, 1, 2, "c")),
        ("a\nb\r\nc\rd x\r\n", "x", (4, 3, 4, "d x")),
        ("a\n\r\r\n x", "x", (4, 2, 3, " x")),
        ("é😀 x\u2028y\x85z", "y\x85z", (1, 6, 9, "é😀 x\u2028y\x85z")),
        ("a '''b\r\nc''' .", "'''b\r\nc'''", (1, 3, 7, "a '''b")),
        ("a '''b\rc''' .\n", "'''b\rc'''", (1, 3, 7, "a '''b")),
        ("a\n", "", (2, 1, 1, "")),
        ("", "", (1, 1, 1, "")),
    ],
)
def test_span_has_line_and_columns(text: str, word: str, place: tuple[int, int, int, str]) -> None:
    start = text.index(word) if word else len(text)

    location = LineIndex(text).location("a.ttl", Span(start, start + len(word)))

    assert location == Location("a.ttl", *place)
    assert location.line_text == place[3]
