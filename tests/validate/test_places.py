"""Locations of findings: the wrong triple or, where one is missing, the focus node."""

import json

import pytest

from tests.conftest import Run
from tests.validate.conftest import Write
from tipgraph.namespaces import RDF

# Each is data with the expected range in «», and path and constraint of a shape for ex:Human.
CASES = {
    "a value of the wrong kind": (
        'ex:a a ex:Human ; ex:age «"old"» .', "ex:age", "sh:nodeKind sh:IRI",
    ),
    "a missing value": ("«ex:a» a ex:Human .", "ex:name", "sh:minCount 1"),
    "fewer than two values": ("«ex:a» a ex:Human ;\n  ex:name 1 .", "ex:name", "sh:minCount 2"),
    "one too many": ("ex:a a ex:Human ; ex:name 1 ,\n  «2» .", "ex:name", "sh:maxCount 1"),
    "one language twice": (
        'ex:a a ex:Human ; ex:name "x"@en , «"y"@en» .', "ex:name", "sh:uniqueLang true",
    ),
    "not the required value": (
        "ex:a a ex:Human ; ex:name «1» .", "ex:name", "sh:hasValue 2",
    ),
    "a value by an inverse path": (
        "ex:a a ex:Human .\n«ex:b» ex:knows ex:a .",
        "[ sh:inversePath ex:knows ]",
        "sh:nodeKind sh:Literal",
    ),
    "the beginning of a path": (
        "ex:a a ex:Human ; ex:knows «ex:b» .\nex:b ex:age -1 .",
        "( ex:knows ex:age )",
        "sh:minInclusive 0",
    ),
    "the beginning of a path with an inverse step": (
        "ex:a a ex:Human ; ex:knows «ex:b» .\nex:c ex:knows ex:b .\nex:c a ex:Cat .",
        "( ex:knows [ sh:inversePath ex:knows ] )",
        "sh:not [ sh:hasValue ex:c ]",
    ),
    "one of two alternatives": (
        "ex:a a ex:Human ; ex:mail 1 ; ex:phone «ex:p» .",
        "[ sh:alternativePath ( ex:mail ex:phone ) ]",
        "sh:nodeKind sh:Literal",
    ),
    "a blank node": (
        "ex:a a ex:Human ; ex:knows «[ ex:name 1 ]» .", "ex:knows", "sh:nodeKind sh:IRI",
    ),
    "within a blank node": (
        "[ ex:knows [ a ex:Human ; ex:name «1» ] ] .", "ex:name", "sh:nodeKind sh:IRI",
    ),
    "a string of several lines": (
        'ex:a a ex:Human ; ex:name «"""one»\ntwo""" .', "ex:name", "sh:maxLength 3",
    ),
    "less than another": (
        "ex:a a ex:Human ; ex:end 1 ; ex:start «2» .", "ex:start", "sh:lessThan ex:end",
    ),
}  # fmt: skip


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("case", CASES)
def test_finding_is_located_at_the_wrong_term(write, run, case, newline):
    marked, path, constraint = CASES[case]
    shape = f"sh:targetClass ex:Human ; sh:property [ sh:path {path} ; {constraint} ]"

    assert_located(write, run, marked, shape, newline=newline)


def assert_located(
    write: Write, run: Run, marked: str, shape: str, engine: str = "auto", newline: str = "\n"
) -> None:
    """The shape has one finding, at the first token of what is marked."""
    before, expected, _ = marked.replace("»", "«").split("«")
    write("shapes.ttl", f"ex:S a sh:NodeShape ; {shape} .")
    data = write("data.ttl", marked.replace("«", "").replace("»", ""))
    data.write_bytes(data.read_bytes().replace(b"\n", newline.encode()))
    options = ["--shapes", "shapes.ttl", "--engine", engine, "--format", "json"]

    (finding,) = json.loads(run("validate", "data.ttl", *options).out)["findings"]

    line, column = before.count("\n") + 4, len(before.rpartition("\n")[2]) + 1
    end = column + (1 if expected.startswith("[ ") else len(expected))
    assert [finding[key] for key in ("line", "column", "end_column")] == [line, column, end]


# Each is data with the expected range in «», and a constraint of the shape for ex:Human itself.
KINDS = "sh:or ( [ sh:property [ sh:path {0} ; sh:in ( ex:Human ex:Cat ) ] ] {1} )"
NESTED_CASES = {
    "one of two types, which is not known": (
        "«ex:a» a ex:Human , ex:Wrong .", KINDS.format("rdf:type", "[ sh:class ex:Dog ]"),
    ),
    "the only value": (
        "ex:a a ex:Human ; ex:age «-2» .",
        "sh:xone ( [ sh:property [ sh:path ex:age ; sh:minInclusive 0 ] ]"
        " [ sh:property [ sh:path ex:age ; sh:minInclusive -1 ] ] )",
    ),
    "a value that is not allowed": (
        "ex:a a ex:Human , «ex:Wrong» .",
        "sh:not [ sh:property [ sh:path rdf:type ; sh:hasValue ex:Wrong ] ]",
    ),
    "the beginning of a path to a value that occurs before": (
        "ex:c a ex:Wrong .\nex:a a ex:Human ; ex:knows «ex:b» .\nex:b a ex:Human , ex:Wrong .",
        "sh:property [ sh:path ( ex:knows rdf:type ) ; sh:or ( [ sh:in ( ex:Human ) ] ) ]",
    ),
}  # fmt: skip


@pytest.mark.parametrize("engine", ["pyshacl", "fast"])
@pytest.mark.parametrize("case", NESTED_CASES)
def test_finding_of_nested_shape_is_located_at_the_wrong_term(write, run, case, engine):
    marked, constraint = NESTED_CASES[case]
    constraint = constraint.replace("rdf:type", f"<{RDF}type>")

    assert_located(write, run, marked, f"sh:targetNode ex:a ; {constraint}", engine)


def test_finding_is_located_in_the_right_file(write: Write, run: Run) -> None:
    write("one.ttl", "ex:a a ex:Human .")
    write("two.ttl", '\nex:a ex:name "far too long" .')
    write(
        "shapes.ttl",
        "ex:S a sh:NodeShape ; sh:targetClass ex:Human ;"
        " sh:property [ sh:path ex:name ; sh:maxLength 3 ] , [ sh:path ex:age ; sh:minCount 1 ] .",
    )

    outcome = run("validate", "one.ttl", "two.ttl", "--shapes", "shapes.ttl", "--format", "json")

    found = json.loads(outcome.out)["findings"]
    assert [(each["file"], each["line"]) for each in found] == [("one.ttl", 4), ("two.ttl", 5)]


def test_closed_shape_marks_property_and_suggests_nearest(write: Write, run: Run) -> None:
    write("data.ttl", 'ex:a a ex:Human ;\n  ex:naem "A" .')
    write(
        "shapes.ttl",
        "ex:S a sh:NodeShape ; sh:targetClass ex:Human ; sh:closed true ;"
        " sh:ignoredProperties ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ) ;"
        " sh:property [ sh:path ex:name ] .",
    )

    outcome = run("validate", "data.ttl", "--shapes", "shapes.ttl", "--format", "json")

    (finding,) = json.loads(outcome.out)["findings"]
    assert (finding["line"], finding["column"], finding["end_column"]) == (5, 3, 10)
    assert finding["hint"] == "did you mean ex:name?"


def test_value_outside_list_suggests_nearest(write: Write, run: Run) -> None:
    write("data.ttl", "ex:a a ex:Human ; ex:status ex:activ .")
    write(
        "shapes.ttl",
        "ex:S a sh:NodeShape ; sh:targetClass ex:Human ;"
        " sh:property [ sh:path ex:status ; sh:in ( ex:active ex:retired ) ] .",
    )

    outcome = run("validate", "data.ttl", "--shapes", "shapes.ttl")

    assert "help: did you mean ex:active?" in outcome.out


def test_shipped_names_are_not_suggested_for_other_shapes(write: Write, run: Run) -> None:
    write("data.ttl", "ex:a a ex:Human ; ex:label 1 ; ex:agent ex:b .")
    write(
        "shapes.ttl",
        "ex:S a sh:NodeShape ; sh:targetClass ex:Human ; sh:closed true ; sh:property [ sh:path"
        " ex:name ] ; sh:ignoredProperties ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ) .",
    )

    outcome = run("validate", "data.ttl", "--shapes", "shapes.ttl")

    assert "does not conform: 2 violations" in outcome.out
    assert "did you mean" not in outcome.out


def test_message_is_shown_in_english(write: Write, run: Run) -> None:
    write("data.ttl", "ex:a a ex:Human .")
    write(
        "shapes.ttl",
        "ex:S a sh:NodeShape ; sh:targetClass ex:Human ; sh:property [ sh:path ex:name ;"
        ' sh:minCount 1 ; sh:message "Ein Name fehlt."@de , "A name is missing."@en , "?" ] .',
    )

    outcome = run("validate", "data.ttl", "--shapes", "shapes.ttl")

    assert outcome.out.startswith("data.ttl:4:1: violation: A name is missing.\n")
