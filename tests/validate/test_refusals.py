"""Broken shapes and data give one clear line with the place, without a parser's internals."""

import json
import re
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.validate.conftest import Write

RDF_SPACE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDF = f"@prefix rdf: <{RDF_SPACE}> .\n"
VALIDATE = ("validate", "data.ttl", "--shapes", "shapes.ttl")
INTERNALS = re.compile(
    r"expected one of|\[_\]|'head'|Error\b|Traceback|object has no attribute|LoadDocument|"
    r"For reference|Constraint(Component|Load)|maximum recursion"
)
# The constraint of a shape, with the place of the message in «», and the message.
SHAPES = {
    "two members": ("sh:in «[ rdf:first 1 , 2 ; rdf:rest () ]»", "the list of sh:in is broken"),
    "another end": (
        'sh:and «[ rdf:first [ sh:nodeKind sh:IRI ] ; rdf:rest "x" ]»',
        "the list of sh:and is broken",
    ),
    "a circle": (
        "sh:in «_:l» . _:l rdf:first 1 ; rdf:rest _:l . ex:S sh:nodeKind sh:IRI",
        "the list of sh:in is broken",
    ),
    "broken alternatives": (
        "sh:property [ sh:path [ sh:alternativePath «[ rdf:first ex:p ]» ] ; sh:minCount 1 ]",
        "the list of sh:alternativePath is broken",
    ),
    "no alternative": ("sh:xone «()»", "sh:xone needs at least one member"),
    "an unfinished query": (
        'sh:sparql [ sh:select «"""SELECT $this\n  { $this a ex:C """» ]',
        "the query is invalid: it ends too early near '{ $this a ex:C'"
        " (line 2, column 18 of the query)",
    ),
    "a wrong keyword": (
        r'sh:sparql [ sh:select «"SELECT $this {\n $this ex:p 1 FLITER (1) }"» ]',
        "the query is invalid: syntax error near 'this ex:p 1 FLITER (1) }'"
        " (line 2, column 23 of the query)",
    ),
    "a variable twice": (
        'sh:sparql [ sh:select "SELECT $this $this { $this ex:p 1 }" ]',
        "the query is invalid: a variable is selected twice",
    ),
    "an ungrouped variable": (
        'sh:sparql [ sh:select "SELECT $this (COUNT(?x) AS ?n) { $this ex:p ?x }" ]',
        "the query is invalid: a variable is selected that no group has",
    ),
    "VALUES": (
        'sh:sparql [ sh:select «"SELECT $this { VALUES $this { ex:a } }"» ]',
        "the query of a constraint cannot contain VALUES",
    ),
    "a bound variable": (
        'sh:sparql [ sh:select «"SELECT (1 AS $this) { }"» ]',
        "the query of a constraint cannot bind $this, which has a value",
    ),
    "another form": (
        'sh:sparql [ sh:select «"ASK { $this a ex:C }"» ]',
        "sh:select must be a query of the form SELECT",
    ),
    "no query": ("sh:sparql «[]»", "sh:sparql must be a SPARQL constraint, which has sh:select"),
    "a number for a query": ("sh:sparql «5»", "sh:sparql must be a SPARQL constraint"),
    "no rule": ("sh:rule «[ sh:subject sh:this ]»", "sh:rule must be a sh:TripleRule with subject"),
    "no target": (
        "sh:nodeKind sh:IRI ; sh:target «[ a ex:T ]»",
        "sh:target must be a target with sh:select, or of a sh:SPARQLTargetType",
    ),
    "no namespace": (
        'sh:nodeKind sh:IRI . ex: sh:declare [ sh:prefix "zz" ; sh:namespace «"a b"» ]',
        'sh:namespace must be an IRI in quotes, not "a b"',
    ),
    "an empty component": (
        "sh:nodeKind sh:IRI . «ex:C» a sh:ConstraintComponent",
        "a constraint component needs sh:parameter",
    ),
}


@pytest.mark.parametrize("checks", [[], ["--no-shape-checks"]], ids=["checked", "unchecked"])
@pytest.mark.parametrize("case", SHAPES)
def test_broken_shape_gives_a_line_with_its_place(write, run, case, checks):
    marked, message = SHAPES[case]
    text = f"{RDF}ex:S a sh:NodeShape ; sh:targetClass ex:C ; {marked} ."
    before = text.partition("«")[0] if "«" in text else ""
    write("shapes.ttl", text.replace("«", "").replace("»", ""))
    write("data.ttl", "ex:a a ex:C ; ex:p 1 .")

    outcome = run(*VALIDATE, *checks)

    if outcome.code != 3:  # Not all of these disturb the engine.
        assert checks
        return
    lines = [line for line in outcome.err.splitlines() if line.startswith("tipgraph: ")]
    assert any(f": {message}" in line for line in lines)
    assert not any(INTERNALS.search(line) for line in lines)
    place = f"shapes.ttl:{before.count(chr(10)) + 4}:{len(before.rpartition(chr(10))[2]) + 1}: "
    assert any(
        line.startswith(f"tipgraph: {place if before else 'shapes.ttl:5:'}") for line in lines
    )
    assert all(line.endswith("]") == (not checks) for line in lines)


@pytest.mark.parametrize("engine", ["pyshacl", "fast"])
@pytest.mark.parametrize("checks", [["--no-shape-checks"], ["--ignore", "undefined-shape"]])
def test_check_of_undefined_shapes_that_is_off_lets_the_rest_be_validated(
    write: Write, run: Run, engine: str, checks: list[str]
) -> None:
    # DCAT-AP's files have five such references.
    write(
        "shapes.ttl",
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:property ex:Gone , ex:P ; sh:node ex:No ."
        " ex:P sh:path ex:p ; sh:maxCount 0 ; sh:property ex:Lost .",
    )
    write("data.ttl", "ex:a a ex:C ; ex:p 1 .")
    line = [*VALIDATE, "--engine", engine]

    reported = run(*line)
    assert (reported.code, reported.err.count("is used as a shape but not defined")) == (3, 3)
    outcome = run(*line, *checks)
    assert outcome.code == 1, outcome.err
    assert "does not conform: 1 violation" in outcome.out
    assert "note: left out: 3 references to shapes that are not defined" in outcome.out


def test_engine_that_refuses_shapes_without_a_known_cause_says_so(write: Write, run: Run) -> None:
    target = "sh:targetClass ex:C ; sh:target [ a sh:SPARQLTarget ; sh:ask 'ASK {}' ]"
    write("shapes.ttl", f"ex:S a sh:NodeShape ; sh:nodeKind sh:IRI ; {target} .")
    write("data.ttl", "ex:a a ex:C .")

    outcome = run(*VALIDATE, "--engine", "pyshacl")

    assert outcome.code == 3
    assert outcome.err == (
        "tipgraph: the shapes cannot be used: pySHACL failed on them (IndexError)\n"
    )


# Broken text by file name, with line and column where the parser knows them, and the message.
TEXTS = {
    "end.ttl": ('<a:a> <a:p> "x .\n', "1:13", "Unexpected end of file"),
    "dot.ttl": ("<a:a> <a:p> 1\n<a:b> <a:p> 2 .", "2:1", "A dot is expected"),
    "list.ttl": ("<a:a> <a:p> ( 1 2 .", "1:19", ". is not a valid RDF object"),
    "graph.trig": ("<a:g> { <a:a> <a:p> 1 .", "1:24", "Unexpected end"),
    "line.nt": ("<a:a> <a:p> .", "1:13", "The object of a triple must be"),
    "value.jsonld": ('{"@id": "a:a",\n "a:p": ', "2:9", "Unexpected end of file"),
    "context.jsonld": ('{"@context": "http://e.org/c"}', "", "its @context is in another document"),
    "tags.rdf": (
        "<a:a xmlns:a='a:'>\n<a:b>\n</a:a>",
        "3:3",
        "not well-formed XML (mismatched tag)",
    ),
    # Others would leave out what follows, or the statement.
    "cut-off.rdf": ("<a:a xmlns:a='a:'>\n<a:b>1</a:b>", "2:13", "not well-formed XML (an element"),
    "term.jsonld": ('[{"@id": "a:a a", "a:p": 1}]', "", "a term is invalid, so that its statement"),
    "bag.rdf": (
        f"<r:Description xmlns:r='{RDF_SPACE}' r:about='a:a' r:bagID='b'/>",
        "1:1",
        "rdf:bagID is not read",
    ),
    "attribute.rdf": (
        f"<a:a xmlns:a='a:' xmlns:r='{RDF_SPACE}'>\n"
        "<a:b xml:lang='en' r:ID='c' r:parseType='Resource' a:c='1'/></a:a>",
        "2:1",
        "attributes beside rdf:parseType are not read",
    ),
    "type.rdf": (
        f"<a:a xmlns:a='a:' xmlns:r='{RDF_SPACE}' r:type='a:A'><a:b r:parseType='Resource'>\n"
        "<a:c r:resource='a:b' r:type='a:B'/><a:c><a:d r:type='a:D'/></a:c>\n"
        "<a:c r:type='a:C'/></a:b></a:a>",
        "3:1",
        "rdf:type of an object without a name is not read",
    ),
    "value-at-end.jsonld": (
        '{"@context": {"v": {"@id": "@value"}, "p": "a:p"}, "p": {"note": 1, "v": 2}}',
        "",
        "a value (@value) has other keys, and is left out: note, v",
    ),
    # The first value is whole.
    "value-after-another.jsonld": (
        '{"@context": {"v": "@value", "type": "@type", "p": "a:p"},'
        ' "p": [{"v": 1, "type": "@json"}, {"p": 1, "v": 2}]}',
        "",
        "a value (@value) has other keys, and is left out: p, v",
    ),
    "map.jsonld": (
        '{"@context": {"p": {"@id": "a:p", "@container": ["@graph", "@id"]}},'
        ' "p": [{"@id": "a:b", "a:c": 1}]}',
        "",
        "containers of @id, @type or @graph are not read",
    ),
    # It would end the process.
    "graphs.jsonld": (
        '{"@context": {"p": {"@id": "a:p", "@container": "@graph"}}, "p": [{"@list": [1]}]}',
        "",
        "containers of @id, @type or @graph are not read",
    ),
    "twice.jsonld": ('{"a:p": 1, "a:p": 2}', "", "a key is twice in an object: a:p, a:p"),
    "namespaces.rdf": (
        "<a:a xmlns:a='a:' xmlns:b='a:' a:c='1' b:c='2'/>",
        "1:1",
        "not well-formed",
    ),
    "quoted.n3": ("<a:a> <a:denies> { <a:b> a <a:C> } .", "", "an N3 formula (between braces)"),
    "latin.ttl": ('<a:a> <a:p> "\xe9" .', "1:14", "a character is not in UTF-8"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_broken_text_gives_a_line_with_its_place(shapes, folder, run, name):
    text, place, message = TEXTS[name]
    (folder / name).write_bytes(text.encode("latin-1"))

    outcome = run("validate", name, "--shapes", "shapes.ttl")

    assert outcome.code == 3
    first = outcome.err.splitlines()[0]
    assert first.startswith(f"tipgraph: {name}:{f'{place}:' if place else ''} {message}")
    assert not INTERNALS.search(first)


def test_shapes_with_the_extension_shacl_are_read(shapes: Path, write: Write, run: Run) -> None:
    shapes.rename("shapes.shacl")
    write("data.ttl", "ex:a a ex:Human .")

    assert run("validate", "data.ttl", "--shapes", "shapes.shacl").code == 1
    assert run("validate", "data.ttl", "--shapes", ".").code == 1


def test_fast_engine_refuses_queries_of_other_shapes(write: Write, run: Run) -> None:
    text = (
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ;"
        ' sh:sparql [ sh:select «"SELECT $this { $this a ex:C }"» ] .'
    )
    write("shapes.ttl", text.replace("«", "").replace("»", ""))
    write("data.ttl", "ex:a a ex:C .")

    assert run(*VALIDATE).code == 1
    outcome = run(*VALIDATE, "--engine", "fast")

    assert outcome.code == 3
    assert outcome.err.splitlines()[0] == (
        f"tipgraph: shapes.ttl:4:{text.index('«') + 1}: the fast engine cannot validate this:"
        " a query that is not one of the default shapes is not supported; use --engine auto"
    )


def test_fast_engine_does_not_show_its_parser(write: Write, run: Run) -> None:
    write(
        "shapes.ttl",
        "ex:S a sh:NodeShape ; sh:targetClass ex:C ; sh:sparql [ sh:select"
        ' "SELECT $this (COUNT(?x) AS ?n) { $this <a:b> ?x }" ] .',
    )
    write("data.ttl", "ex:a a ex:C .")

    outcome = run(*VALIDATE, "--engine", "fast", "--no-shape-checks")

    assert outcome.code == 3
    assert not INTERNALS.search(outcome.err)
    assert outcome.err.startswith("tipgraph: shapes.ttl:4:")


@pytest.mark.parametrize(
    ("constraint", "message"),
    [
        (
            "sh:select 'SELECT $this { $this a ex:Human FILTER(ex:f($this)) }'",
            "<http://example.org/f> is not supported",
        ),
        (
            "sh:select 'SELECT $this { ?s ?p $this FILTER EXISTS { ?s ?p ?o FILTER(ex:f(?o)) } }'",
            "<http://example.org/f> is not supported",
        ),
        # Taken for false, or without the flag, they would let the data conform.
        (
            "sh:select 'SELECT $this { FILTER(ex:isA($this, 1)) }'",
            "incorrect number of arguments for SHACLFunction http://example.org/isA",
        ),
        (
            "sh:select 'SELECT $this { FILTER EXISTS { ?s ?p ?o FILTER(xsd:integer(2, 2)) } }'",
            "#integer> requires between 1 and 1 arguments, but 2 were given",
        ),
        (
            'sh:select \'SELECT $this { FILTER(!REGEX(STR($this), ".", "iz")) }\'',
            "a query uses the flag z, which is not known here",
        ),
        (
            "sh:select 'SELECT $this { FILTER(?none NOT IN ()) }'",
            "engines read the query differently: it contains an empty list after IN",
        ),
        (
            "sh:select 'SELECT $this { $this ex:age|ex:knows ?n } GROUP BY $this"
            " HAVING(COUNT(?n) > 9)'",
            "it contains a path with alternatives and an aggregate without DISTINCT",
        ),
        (
            "sh:select 'SELECT $this { $this !ex:age ?n } GROUP BY $this HAVING(SUM(?n) > 9)'",
            "it contains a path with alternatives and an aggregate without DISTINCT",
        ),
        (
            "sh:select 'SELECT $this { FILTER(!REGEX(STR($this), \"a(\")) }'",
            "a query has an invalid pattern",
        ),
        (
            "sh:select 'SELECT $this { $this ex:age ?n FILTER(STRLEN(STR(?n)) > 3) }'",
            '#decimal> and as "1.50"^^<',
        ),
    ],
)
def test_call_that_no_engine_knows_is_an_error(write, run, constraint, message):
    write("data.ttl", "ex:a a ex:Human ; ex:knows ex:a ; ex:age 1.5 , 1.50 .")
    write(
        "shapes.ttl",
        f"ex:S a sh:NodeShape ; sh:targetClass ex:Human ; sh:sparql [ {constraint} ] ."
        " ex:isA a sh:SPARQLFunction ; sh:parameter [ sh:path ex:node ] ;"
        " sh:ask 'ASK { $node a ?class }' .",
    )

    outcome = run("validate", "data.ttl", "--shapes", "shapes.ttl")

    assert outcome.code == 3
    assert message in outcome.err


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("ex:f ( 1 )", "http://example.org/f was not defined"),
        ("sh:path ex:ok ; sh:nodes [ sh:path ex:knows ]", "of none or several parts"),
        ("sh:union ( true ) , ( false )", "of none or several parts"),
        ("sh:union ( true ) ; ex:f ( 1 )", "of none or several parts"),
        ("sh:message 'No.'", "of none or several parts"),
    ],
)
def test_expression_that_the_engine_does_not_know_is_an_error(write, run, expression, message):
    write("data.ttl", "ex:a a ex:Human ; ex:ok true .")
    write(
        "shapes.ttl",
        f"ex:S a sh:NodeShape ; sh:targetClass ex:Human ; sh:expression [ {expression} ] .",
    )

    outcome = run("validate", "data.ttl", "--shapes", "shapes.ttl", "--format", "json")

    # The engine prints such an error, too.
    assert outcome.code == 3
    assert message in json.loads(outcome.out)["errors"][0]["message"]


def test_entailment_regime_and_foreign_parameter_without_effect_are_reported(write, run):
    dash = "<http://datashapes.org/dash#hasValueIn> ( ex:b )"
    shape = f"ex:S a sh:NodeShape ; sh:targetClass ex:Human ; sh:nodeKind sh:IRI ; {dash} ."
    write("data.ttl", "ex:a a ex:Human .")
    write("shapes.ttl", shape)

    outcome = run("validate", "data.ttl", "--shapes", "shapes.ttl")

    assert outcome.code == 0
    assert "warning: <http://datashapes.org/dash#hasValueIn> has no effect" in outcome.err
    write("shapes.ttl", f"{shape} ex:shapes sh:entailment <http://www.w3.org/ns/entailment/RDFS> .")
    outcome = run("validate", "data.ttl", "--shapes", "shapes.ttl")

    assert outcome.code == 3
    assert "is not supported, so what it entails is not checked" in outcome.err


def test_shape_that_refers_to_itself_is_an_error_where_it_is_not_followed(write, run):
    tree = "ex:S a sh:NodeShape ; sh:targetNode ex:n0 ; sh:property"
    write(
        "shapes.ttl",
        f"{tree} [ sh:path ex:child ; sh:node ex:S ] , [ sh:path ex:v ; sh:maxCount 0 ] .",
    )
    shallow = "ex:n0 ex:child ex:n1 ."
    write("data.ttl", shallow)
    assert run(*VALIDATE).code == 0

    write(
        "data.ttl",
        f"{shallow} ex:n8 ex:v 1 ." + "".join(f"ex:n{n} ex:child ex:n{n + 1} ." for n in range(8)),
    )
    result = run(*VALIDATE)

    assert result.code == 3
    assert "a shape refers to itself, and pySHACL does not follow it" in result.err
