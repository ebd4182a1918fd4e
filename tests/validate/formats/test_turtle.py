"""The W3C report in Turtle, parsed with other libraries."""

from collections import Counter
from dataclasses import replace

from pyoxigraph import BlankNode, RdfFormat, Triple, parse
from rdflib import SH, Graph
from rdflib.compare import isomorphic

from tests.validate.formats.reports import FINDINGS, FULL, triples
from tipgraph.validate.formats import render
from tipgraph.validate.report import ValidationReport


def written(report):
    text = render("turtle", report)
    assert list(parse(text, format=RdfFormat.TURTLE))  # the stricter parser
    return Graph().parse(data=text, format="turtle")


def relabelled(finding):
    """The finding with other labels of the blank nodes that the engine made."""
    described = {each.subject for each in finding.triples}

    def renamed(term):
        is_own = isinstance(term, BlankNode) and term in described
        return BlankNode(f"other{term.value}") if is_own else term

    own = tuple(Triple(*map(renamed, triple)) for triple in finding.triples)
    return replace(finding, triples=own)


def test_report_has_results_and_paths():
    found = written(FULL)

    assert Counter(found.objects(None, SH.result)).total() == 4
    assert len(list(found.objects(None, SH.inversePath))) == 1


def test_output_does_not_depend_on_labels():
    other = replace(FULL, findings=tuple(map(relabelled, FINDINGS)))

    assert isomorphic(written(other), written(FULL))
    assert render("turtle", other) == render("turtle", FULL)


def test_data_node_keeps_its_label():
    text = render("turtle", FULL)

    assert "sh:focusNode _:stay1 " in text
    assert "sh:value _:stay1 " in text


def test_new_labels_avoid_labels_of_the_data():
    taken = triples("_:result a sh:ValidationResult ; sh:focusNode _:r1 ; sh:value _:r2 .")

    found = written(ValidationReport(findings=(replace(FINDINGS[0], triples=taken),)))

    (result,) = found.objects(None, SH.result)
    assert len({result, found.value(result, SH.focusNode), found.value(result, SH.value)}) == 3


def test_report_without_results_conforms():
    found = written(ValidationReport())

    assert [each.toPython() for each in found.objects(None, SH.conforms)] == [True]
