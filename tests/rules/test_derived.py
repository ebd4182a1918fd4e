"""The rules derive sourced triples from the shipped sources, which were checked by hand."""

import pytest
from pyoxigraph import BlankNode, NamedNode, Store

from tipgraph import LocalGraph
from tipgraph.namespaces import CODE, DERIVED_GRAPH, ID, ONTOLOGY_GRAPH, PREFIXES, TIP
from tipgraph.store.rules import is_known

from .kit import DERIVED, run, select, shipped_rules, small, sources

CHANGES = """
SELECT ?current ?baseline ?currency ?difference ?percent ?approximate ?differently ?basis
WHERE {
  ?change a tip:Change ; tip:current ?current ; tip:baseline ?baseline ; tip:basis ?basis ;
          tip:difference ?difference ; tip:percent ?percent ; tip:approximate ?approximate ;
          tip:wordedDifferently ?differently .
  ?change tip:edition id:tip-2021-be .
  OPTIONAL { ?change tip:currency/skos:notation ?currency }
}
"""
TOTALS = """
SELECT ?figure ?symbol ?amount ?approximate ?converted
WHERE {
  ?total a tip:DerivedTotal ; tip:amountValue ?amount ; tip:currency/skos:notation ?symbol ;
         tip:approximate ?approximate ; tip:converted ?converted ; prov:wasDerivedFrom ?figure .
  ?figure tip:amount ?each .
}
"""
STATED, SAME = "stated-comparison", "same-indicator"


def numbers(rows: set[tuple[str, ...]]) -> set[tuple[object, ...]]:
    """The rows with numbers by their value."""
    return {tuple(_number(text) for text in row) for row in rows}


def _number(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text.rpartition("/")[2]


def test_changes_are_right_by_hand(whole: Store) -> None:
    assert numbers(select(whole, CHANGES)) == {
        ("victims-2020", "victims-2019", "", -68, -42.8, "false", "true", STATED),
        ("referrals-2020", "referrals-2019", "", -39, -4.5, "false", "true", STATED),
        ("allocation-2020", "allocation-2019", "EUR", -8000, -1.9, "true", "true", STATED),
        ("allocation-2020", "allocation-2019", "USD", -9820, -1.9, "true", "true", STATED),
        ("permits-2020", "permits-2019", "", 20, 13.0, "false", "false", STATED),
        ("permits-2020", "permits-2018", "", -74, -29.8, "false", "false", STATED),
        ("permits-2020", "permits-2017", "", -61, -26.0, "false", "false", STATED),
        ("permits-2019", "permits-2018", "", -94, -37.9, "false", "false", SAME),
        ("permits-2018", "permits-2017", "", 13, 5.5, "false", "false", SAME),
    }


def test_totals_are_right_by_hand(whole: Store) -> None:
    assert numbers(select(whole, TOTALS)) == {
        ("allocation-2020", "EUR", 1_257_000, "true", "false"),
        ("allocation-2020", "USD", 1_542_330, "true", "true"),
        ("allocation-2019", "EUR", 1_281_000, "false", "false"),
        ("allocation-2019", "USD", 1_571_790, "false", "true"),
        ("awards-2020", "EUR", 25_000, "false", "false"),
        ("awards-2020", "USD", 30_680, "false", "true"),
    }


def test_ladder_orders_entitlements_by_length(whole: Store) -> None:
    rungs = "SELECT ?n ?e { ?rung a tip:Rung ; tip:rungNumber ?n ; tip:entitlement ?e }"
    steps = "SELECT ?a ?b { ?x tip:nextRung ?y . ?x tip:entitlement ?a . ?y tip:entitlement ?b }"

    assert select(whole, rungs) == {
        ("1", "reflection-period"),
        ("2", "three-month-permit"),
        ("3", "six-month-permit"),
        ("4", "indefinite-permit"),
        ("4", "permanent-residency"),
    }
    assert select(whole, steps) == {
        ("reflection-period", "three-month-permit"),
        ("three-month-permit", "six-month-permit"),
        ("six-month-permit", "indefinite-permit"),
        ("six-month-permit", "permanent-residency"),
    }


def test_norm_ends_with_its_setting_or_with_the_norm_that_it_occurs_during(whole: Store) -> None:
    ends = select(whole, "SELECT ?norm ?event { ?norm a tip:Norm ; tip:endedBy ?event }")
    events = {event.rpartition("/")[2] for _, event in ends}

    assert events == {"criminal-case-ended", "reflection-period-ended"}
    assert ("restitution", "criminal-case-ended") in {(n, e.rpartition("/")[2]) for n, e in ends}
    assert len({norm for norm, event in ends if "reflection" in event}) == 2


@pytest.mark.parametrize("kind", ["Placement", "ServiceProvision"])
def test_what_authorities_provide_ends_with_its_setting(kind: str) -> None:
    store = small(f"""
        be:care a tip:{kind} ; tip:setting code:trial .
        code:trial tip:endedBy code:criminal-case-ended .
    """)
    run(store)

    ends = "SELECT ?event { be:care tip:endedBy ?event }"
    assert select(store, ends) == {(CODE + "criminal-case-ended",)}


def test_direct_edges_are_what_relationships_state(whole: Store) -> None:
    parts = "tip:subject ?a ; tip:relation ?r ; tip:object ?b"
    stated = f"SELECT ?a ?r ?b {{ ?x a tip:Relationship ; {parts} }}"
    nodes = f"SELECT ?a ?r ?b {{ ?x a tip:DirectEdge ; {parts} }}"
    edges = "SELECT ?a ?r ?b { ?r a tip:Relation . ?a ?r ?b }"
    count = "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a %s }"

    assert len(select(whole, stated)) > 10
    assert select(whole, stated) == select(whole, nodes) == select(whole, edges)
    assert select(whole, count % "tip:DirectEdge") == select(whole, count % "tip:Relationship")


def test_part_has_another_axis_than_its_whole(whole: Store) -> None:
    axes = "?x a tip:Observation ; tip:breakdownOf ?y . ?x tip:axis ?of_x . ?y tip:axis ?of_y"
    found = select(whole, f"SELECT ?of_x ?of_y {{ {axes} }}")
    pairs = {(part.rpartition("/")[2], of.rpartition("/")[2]) for part, of in found}

    assert {(part, of) for part, of in pairs if part == of} == set()
    assert pairs >= {
        ("by-form-of-exploitation", "total"),
        ("by-form-within-form-of-exploitation", "by-form-of-exploitation"),
        ("by-sex", "total"),
        ("by-age", "total"),
    }
    with_axis = select(whole, "SELECT ?x { ?x a tip:Observation ; tip:axis ?axis }")
    assert with_axis == select(whole, "SELECT ?x { ?x a tip:Observation }")


def test_derived_nodes_have_labels_and_sources(whole: Store) -> None:
    derived = "?x a tip:Derived ."
    complete = (
        derived + "?x rdfs:label ?label ; tip:byRule ?rule ; tip:edition|tip:document ?from ;"
        " prov:wasDerivedFrom ?source . ?source tip:evidence ?passage ."
        " { ?passage tip:sentence ?sentence } UNION { ?passage a ?place"
        " VALUES ?place { tip:PageReference tip:DocumentPlace } }"
        " FILTER(LANG(?label) = 'en')"
    )
    nodes = select(whole, f"SELECT ?x {{ {derived} }}")
    of_one = select(whole, f"SELECT ?x {{ {derived} ?x tip:edition id:tip-2021-be }}")

    assert len(of_one) == 14 + 5 + 6 + 9 + 40 + 1 + 1 + 7 + 1 + 76 + 138, (
        "edges, rungs, totals, changes, caveats, slices, sums, definitions, revisions,"
        " connections, mentions"
    )
    assert select(whole, f"SELECT ?x {{ {complete} }}") == nodes
    assert select(whole, "SELECT ?rule { ?x tip:byRule ?rule }") == {
        ("rule/direct-edges",), ("rule/rungs",), ("rule/totals",),
        ("rule/compared-changes",), ("rule/yearly-changes",), ("rule/caveats",),
        ("rule/slices",), ("rule/computed-sums",), ("rule/count-definitions",),
        ("rule/connections",), ("rule/mentions",), ("rule/revisions",),
        ("rule/source-comparisons",),
    }  # fmt: skip


REUSED = [
    ("qb:Observation", "tip:Observation"),
    ("dcat:Dataset", "tip:Edition"),
    ("dcat:DatasetSeries", "tip:EditionSeries"),
    ("oa:SpecificResource", "tip:Citation"),
    ("oa:TextPositionSelector", "tip:Sentence"),
    ("oa:Selector", "oa:TextQuoteSelector"),
    ("prov:Entity", "tip:Statement"),
    ("prov:Entity", "tip:Derived"),
    ("org:Organization", "tip:Ministry"),
    ("org:Membership", "tip:RoleHolding"),
    ("prov:Agent", "tip:Actor"),
    ("cv:PublicOrganisation", "tip:Ministry"),
    ("cv:Requirement", "tip:Condition"),
    ("skos:Concept", "tip:Country"),
    ("skos:Concept", "tip:Criterion"),
    ("skos:ConceptScheme", "tip:CriteriaScheme"),
]


@pytest.mark.parametrize(("reused", "ours"), REUSED)
def test_nodes_have_the_classes_that_other_vocabularies_name(whole, reused, ours):
    own = select(whole, f"SELECT ?x {{ ?x a {ours} }}")

    assert own
    assert own <= select(whole, f"SELECT ?x {{ ?x a {reused} }}")


def test_every_code_has_its_label_as_rdfs_label_alone(whole: Store) -> None:
    preferred = select(whole, "SELECT ?code ?label { ?code skos:prefLabel ?label }")

    assert len(preferred) > 1000
    assert preferred == select(
        whole, "SELECT ?code ?label { ?code skos:prefLabel [] ; rdfs:label ?label }"
    )


def test_classes_without_information_are_not_derived() -> None:
    store = small("""
        tip:Owned rdfs:subClassOf owl:Thing , [ a owl:Restriction ] , <https://example.org/Thing> .
        be:x a tip:Owned .
    """)
    run(store)

    assert select(store, "SELECT ?class { be:x a ?class }") == {
        ("Owned",),
        ("https://example.org/Thing",),
    }


def test_nothing_is_derived_on_nodes_without_an_iri_of_ours() -> None:
    """Data may have nodes without an IRI, or with one of their own."""
    store = small("""
        oa:TextQuoteSelector rdfs:subClassOf oa:Selector .
        be:x tip:evidence [ oa:hasSelector [ a oa:TextQuoteSelector ] ] .
        <https://example.org/x> tip:evidence be:passage .
    """)

    assert run(store) == set()


def test_derived_iris_contain_their_source(whole: Store) -> None:
    named = f"SELECT ?x {{ ?x a tip:Derived FILTER(STRSTARTS(STR(?x), '{ID}derived/')) }}"

    assert select(whole, named) == select(whole, "SELECT ?x { ?x a tip:Derived }")
    assert ("derived/rung/tip-2021-be/six-month-permit",) in select(whole, named)


SUPER = [
    ("tip:participant", "tip:holder"),
    ("prov:wasAttributedTo", "tip:speaker"),
    ("dcterms:subject", "tip:topic"),
    ("dcterms:references", "tip:evidence"),
    ("org:role", "tip:role"),
]


@pytest.mark.parametrize(("wider", "property_"), SUPER)
def test_statements_have_the_properties_above_theirs(wider, property_, whole):
    stated = select(whole, f"SELECT ?s ?o {{ ?s a tip:Statement ; {property_} ?o }}")

    assert stated
    assert stated <= select(whole, f"SELECT ?s ?o {{ ?s {wider} ?o }}")


def test_ministries_and_agencies_are_below_the_government_of_their_country(whole: Store) -> None:
    pairs = select(whole, "SELECT ?s ?o { ?s org:subOrganizationOf ?o }")

    assert pairs
    assert pairs == select(
        whole,
        "SELECT ?s ?o { VALUES ?kind { tip:Ministry tip:PublicAgency } ?s a ?kind ;"
        " dcterms:spatial ?country . ?o a tip:Government ; dcterms:spatial ?country }",
    )


@pytest.mark.slow(reason="makes a graph with files of its own")
def test_fresh_run_gives_the_same(whole: Store) -> None:
    derived = {quad.triple for quad in whole.quads_for_pattern(None, None, None, DERIVED)}

    assert run(sources()) == derived


@pytest.mark.slow(reason="runs all rules on all countries")
def test_second_run_adds_nothing(everything: LocalGraph) -> None:
    """A rule that reads what another one of its stratum gives would add it now."""
    engine = everything.engine
    added = {
        rule.path
        for rule in shipped_rules()
        for triple in engine.construct(rule.text)
        if not is_known(engine.store, triple)
    }

    assert added == set()


def test_no_triple_is_in_two_graphs(whole: Store) -> None:
    graphs: dict[object, set[object]] = {}
    for quad in whole:
        graphs.setdefault(quad.triple, set()).add(quad.graph_name)

    assert [triple for triple, names in graphs.items() if len(names) > 1] == []


def test_derived_nodes_are_in_the_derived_graph_only(whole: Store) -> None:
    own = select(whole, "SELECT ?x { ?x a tip:Derived }")
    kinds = ("DirectEdge", "Rung", "DerivedTotal", "Change", "FigureCaveat", "BreakdownSlice")
    outside = f"""SELECT ?x {{ GRAPH ?graph {{ ?x a ?kind }}
        VALUES ?kind {{ {" ".join(f"tip:{kind}" for kind in kinds)} }}
        FILTER(?graph != <{DERIVED_GRAPH}>) }}"""

    assert own
    assert select(whole, outside) == set()
    assert not [quad for quad in whole if isinstance(quad.subject, BlankNode)
                and quad.graph_name == DERIVED]  # fmt: skip
    assert not [quad for quad in whole.quads_for_pattern(None, None, None, DERIVED)
                if isinstance(quad.object, BlankNode)]  # fmt: skip


def test_no_source_uses_the_terms_of_rules() -> None:
    stated = sources()
    stated.remove_graph(NamedNode(ONTOLOGY_GRAPH))
    names = ("byRule", "rungNumber", "nextRung", "difference", "percent", "caveat")
    words = [NamedNode(TIP + name) for name in (*names, "axis", "additivity")]

    assert [quad for quad in stated if quad.predicate in words] == []


def test_list_of_others_has_top_concepts_and_no_publisher_of_ours() -> None:
    store = small(
        """
        <https://w3id.org/tipgraph/ontology/tipgraph> dcterms:creator <urn:us> ;
            dcterms:publisher <urn:us> ; dcterms:license <urn:free> ; dcterms:created 1 ;
            dcterms:issued 2 ; dcterms:modified 3 .
        code:ours skos:prefLabel "ours" ; skos:definition "Our list." .
        code:code skos:inScheme code:ours .
        <urn:theirs> skos:prefLabel "theirs" ; skos:definition "Their list." .
        <urn:wide> skos:inScheme <urn:theirs> .
        <urn:narrow> skos:inScheme <urn:theirs> , code:ours ; skos:broader <urn:wide> .
        """
    )
    given = {str(triple) for triple in run(store)}

    tops = {line for line in given if "opConcept" in line}
    assert {line for line in tops if "hasTopConcept" in line and "urn:" in line} == {
        f"<urn:theirs> <{PREFIXES['skos']}hasTopConcept> <urn:wide>",
        f"<{CODE}ours> <{PREFIXES['skos']}hasTopConcept> <urn:narrow>",
    }
    assert len(tops) == 6
    labels = {line for line in given if "label>" in line or "plainName>" in line}
    assert {line.partition(" ")[0] for line in labels} == {f"<{CODE}ours>", "<urn:theirs>"}
    assert {line.partition(" ")[0] for line in given - tops - labels} == {f"<{CODE}ours>"}
    assert f"<{CODE}ours> <{PREFIXES['dcterms']}license> <urn:free>" in given
