"""The shapes find single damages to the shipped data, counted kind by kind.

Every class and every property that occurs in the data is damaged once in each way that fits it, a
property in up to two classes; each number of a complete breakdown, each digit of an amount and
each "no" once of its own. A damage is done to the real graph, looked at and undone before the next.
Its neighbourhood is looked at: the nodes it changes, then those they point to and some that point
to them. As the sound data have no finding at all, whatever is found there comes from the damage;
what is found elsewhere only is missed, so the count can err against the shapes and not for them.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from tipgraph.namespaces import PREFIXES
from tipgraph.resources.folders import shipped

from .harness import WHOLE, Shapes, completed, read, union

pytestmark = pytest.mark.slow(reason="damages the data some thousand times")

TIP, CODE, DCAT, DCTERMS, OA, XSD = (
    Namespace(PREFIXES[prefix]) for prefix in ("tip", "code", "dcat", "dcterms", "oa", "xsd")
)
VALUE = URIRef(PREFIXES["sdmx-measure"] + "obsValue")
# The damaged graphs: what all share, the edition covered in full, and two that were read in part.
# They are a graph that is sound by itself, but for links between editions that are not in it.
EDITIONS = ("tip-2019-be", "tip-2020-be", "tip-2021-be")
ACTORS = ("shared.ttl", "belgium.ttl")
DAMAGED = [
    file
    for file in shipped().data()
    if Path(file).parent.name in ("data", *EDITIONS) or Path(file).name in ACTORS
]
ELSEWHERE = tuple(
    f"wording/{name}"
    for name in ("hu-victims-identified", "be-labor-exploitation", "be-sexual-exploitation")
)
ID = Namespace("https://w3id.org/tipgraph/id/")
# Classes in which a property is damaged, and classes that take the place of another.
MOST = 2

Triple = tuple[Node, Node, Node]

# Properties that a node of a class must have, by the vocabulary and not by the shapes.
STATEMENT = "rdfs:label tip:evidence tip:edition tip:reporter tip:speaker tip:topic"
FIGURE = "sdmx-dimension:refArea sdmx-dimension:refPeriod tip:indicator"
PAYMENT = f"{FIGURE} tip:funder tip:recipient tip:amount"
ACTOR = "rdfs:label tip:named"
OF_COUNTRY = f"{ACTOR} dcterms:spatial"
REQUIREMENT = "rdfs:label tip:evidence"
REQUIRED = {
    "EditionSeries": "rdfs:label dcterms:publisher",
    "Edition": "rdfs:label dcterms:identifier dcat:inSeries dcterms:spatial dcterms:publisher"
    " tip:year tip:section tip:coverage dcat:landingPage",
    "NamedGraph": "dcterms:publisher dcterms:license dcterms:issued dcterms:modified",
    "SourceText": "rdfs:label tip:edition tip:sha256 tip:codePoints tip:page",
    "Sentence": "rdfs:label tip:ofText tip:paragraph oa:start oa:end",
    "Passage": "tip:sentence oa:hasSource oa:hasSelector",
    "PageReference": "rdfs:label oa:hasSource tip:section tip:edition",
    "TextPositionSelector": "oa:start oa:end oa:refinedBy",
    "TextQuoteSelector": "oa:exact",
    "Period": "rdfs:label tip:start tip:end",
    "Country": "skos:prefLabel",
    "Notion": "skos:prefLabel",
    "DataSet": "rdfs:label qb:structure tip:edition",
    "Government": OF_COUNTRY,
    "Ministry": OF_COUNTRY,
    "PublicAgency": OF_COUNTRY,
    "IndependentBody": OF_COUNTRY,
    "State": OF_COUNTRY,
    "MediaOrganisation": ACTOR,
    "MonitoringBody": ACTOR,
    "InternationalOrganisation": ACTOR,
    "AuthorityGroup": ACTOR,
    "ShelterGroup": ACTOR,
    "ServiceProviderGroup": ACTOR,
    "ProfessionalGroup": ACTOR,
    "NonGovernmentalOrganisation": ACTOR,
    "UnnamedSpeakers": ACTOR,
    "OffenderGroup": ACTOR,
    "Public": ACTOR,
    "UnidentifiedSpeaker": ACTOR,
    "UnidentifiedActor": ACTOR,
    "Curator": ACTOR,
    "Law": ACTOR,
    "Protocol": ACTOR,
    "NonReport": f"{STATEMENT} tip:nonReporter",
    "AbsenceOfReports": STATEMENT,
    "Relationship": f"{STATEMENT} tip:subject tip:relation tip:object",
    "RoleHolding": f"{STATEMENT} tip:holder tip:role",
    "Characterisation": f"{STATEMENT} tip:about tip:characteristic",
    "Obligation": f"{STATEMENT} tip:bearer tip:act",
    "Entitlement": f"{STATEMENT} tip:beneficiary tip:grants tip:strength cv:holdsRequirement"
    " tip:conditionality",
    "Power": f"{STATEMENT} tip:holder tip:act cv:holdsRequirement tip:conditionality",
    "Consequence": f"{STATEMENT} tip:affects tip:consequence tip:ifNotMet",
    "Finding": f"{STATEMENT} tip:about tip:outcome",
    "Remark": f"{STATEMENT} tip:tone",
    "Caveat": f"{STATEMENT} tip:bearsOn",
    "Inference": f"{STATEMENT} prov:wasDerivedFrom",
    "AllOf": f"{REQUIREMENT} cv:hasRequirement",
    "AnyOf": f"{REQUIREMENT} cv:hasRequirement",
    "NoneOf": f"{REQUIREMENT} cv:hasRequirement",
    "Condition": f"{REQUIREMENT} tip:fact",
    "OpenReading": f"{REQUIREMENT} tip:edition tip:widerReading tip:narrowerReading tip:concerns",
    "Training": f"{STATEMENT} tip:target",
    "Outreach": f"{STATEMENT} tip:target",
    "Campaign": f"{STATEMENT} tip:agent tip:target",
    "Cooperation": f"{STATEMENT} tip:agent tip:partner tip:purpose",
    "Publication": f"{STATEMENT} tip:target tip:publicationKind",
    "ServiceProvision": f"{STATEMENT} tip:service",
    "Placement": f"{STATEMENT} tip:agent tip:beneficiary tip:place",
    "Proposal": f"{STATEMENT} tip:agent tip:service tip:beneficiary",
    "PolicyChange": f"{STATEMENT} tip:change tip:about",
    "Project": f"{STATEMENT} tip:purpose tip:target",
    "Conduct": f"{STATEMENT} tip:agent tip:act",
    "Observation": f"{STATEMENT} {FIGURE} qb:dataSet tip:part sdmx-measure:obsValue"
    " sdmx-attribute:unitMeasure tip:approximate tip:breakdown tip:countedBy",
    "Allocation": f"{STATEMENT} {PAYMENT}",
    "Award": f"{STATEMENT} {PAYMENT}",
    "MonetaryAmount": "rdfs:label tip:amountValue tip:currency tip:approximate tip:converted"
    " tip:rounded",
    "Comparison": f"{STATEMENT} tip:indicator tip:current tip:baseline tip:wordedDifferently"
    " tip:direction",
    "WordedQuantity": f"{STATEMENT} tip:indicator",
    "Provision": "rdfs:label dcterms:spatial",
    "WordingLink": "rdfs:label dcterms:spatial tip:earlier tip:later tip:wording skos:scopeNote",
}  # fmt: skip

# Objects that may be anything that is described, or any page: another thing there is no damage.
ANY_THING = {TIP.about}
ANY_PAGE = {DCTERMS.source, DCAT.landingPage, TIP.page}


class Damage(NamedTuple):
    """A single fault: the triples it takes away and those it puts in."""

    kind: str
    removed: tuple[Triple, ...]
    added: tuple[Triple, ...]

    def __str__(self) -> str:
        def lines(sign: str, triples: tuple[Triple, ...]) -> Iterator[str]:
            for triple in triples:
                yield sign + " ".join(str(term).rpartition("/")[2] for term in triple)

        return f"{self.kind}: {', '.join([*lines('- ', self.removed), *lines('+ ', self.added)])}"


def test_damage_is_found(ontology, shapes, capsys):
    data = completed(read(DAMAGED))
    for name in ELSEWHERE:
        data.remove((ID[name], None, None))
    graph = union(ontology, data)
    assert shapes.findings(graph, {*data.subjects(), WHOLE}) == set()

    done, caught, missed = Counter[str](), Counter[str](), []
    for damage in all_damages(data, ontology):
        done[damage.kind] += 1
        if is_caught(damage, graph, shapes):
            caught[damage.kind] += 1
        else:
            missed.append(damage)

    with capsys.disabled():
        print(*table(done, caught), sep="\n")
    assert all(caught[kind] for kind in done)
    assert caught.total() >= 0.95 * done.total(), "\n".join(map(str, missed))


def is_caught(damage: Damage, graph: Graph, shapes: Shapes) -> bool:
    """Return True if the shapes find something after the damage."""
    touched = {triple[0] for triple in damage.removed + damage.added}
    around = neighbours(damage, graph)
    for triple in damage.removed:
        graph.remove(triple)
    for triple in damage.added:
        graph.add(triple)
    around |= neighbours(damage, graph)
    found = any(shapes.find_fault(graph, nodes) for nodes in (touched, around - touched))
    for triple in damage.added:
        graph.remove(triple)
    for triple in damage.removed:
        graph.add(triple)
    return found


def neighbours(damage: Damage, graph: Graph) -> set[Node]:
    """The nodes that damaged nodes point to, and those that point to them or to their values."""
    touched = {triple[0] for triple in damage.removed + damage.added}
    values = {triple[2] for triple in damage.removed + damage.added}
    ahead = {value for node in touched for value in graph.objects(node)}
    behind = {node for value in touched | values for node in graph.subjects(None, value)}
    return {node for node in ahead | set(sorted(behind, key=str)[:20]) if str(node).startswith(ID)}


def all_damages(data: Graph, ontology: Graph) -> Iterator[Damage]:
    """Every damage, kind by kind."""
    yield from damages_to_triples(data)
    yield from damages_to_types(data, ontology)
    yield from damages_to_numbers(data)
    yield from damages_to_sourcing(data)
    yield from damages_to_gaps(data)


def damages_to_triples(data: Graph) -> Iterator[Damage]:
    """For each class, and each property that occurs with it, what can go wrong with it.

    One shape closes a class, so one property of each class is misspelt. By turns a literal and a
    dangling reference replace an IRI, since one constraint finds both.
    """
    misspelt = set[Node]()
    for number, (kind, path, node) in enumerate(samples(data)):
        values = sorted(data.objects(node, path), key=str)
        whole = tuple((node, path, value) for value in values)
        first = (node, path, values[0])
        if path in required(kind):
            yield Damage("required triple dropped", whole, ())
        if kind not in misspelt:
            misspelt.add(kind)
            yield Damage("property misspelt", (first,), ((node, URIRef(f"{path}e"), values[0]),))
        if isinstance(values[0], Literal):
            yield Damage("wrong datatype", (first,), ((node, path, other_literal(values[0])),))
            yield Damage("IRI for a literal", (first,), ((node, path, ID["tip-2021-be/text"]),))
        else:
            if number % 2 or path in ANY_PAGE:
                yield Damage("literal for an IRI", (first,), ((node, path, Literal("x")),))
            else:
                yield Damage("dangling reference", (first,), ((node, path, ID.nowhere),))
            if path in ANY_PAGE:
                continue
            if path not in ANY_THING:
                yield Damage(
                    "wrong kind of thing", (first,), ((node, path, other_thing(values[0])),)
                )


def samples(data: Graph) -> Iterator[tuple[Node, Node, Node]]:
    """Each class and each property that occur together, with a node where they do.

    A property of more classes than `MOST` is taken with that many: what statements share, one
    shape requires of all of them.
    """
    found: dict[tuple[Node, Node], Node] = {}
    for node, kind in sorted(data.subject_objects(RDF.type), key=str):
        for path in data.predicates(node, unique=True):
            if path != RDF.type:
                found.setdefault((kind, path), node)
    classes, seen = Counter[Node](), set[Node]()
    for (kind, path), node in sorted(found.items(), key=str):
        if classes[path] < MOST or kind not in seen:
            classes[path] += 1
            seen.add(kind)
            yield kind, path, node


def required(kind: Node) -> set[URIRef]:
    """The properties that a node of the class must have."""
    terms = (term.partition(":") for term in REQUIRED[local(kind)].split())
    known = {**PREFIXES, "rdfs": str(RDFS)}
    return {URIRef(known[prefix] + name) for prefix, _, name in terms}


def other_literal(value: Literal) -> Literal:
    """The same with a datatype, or a language, that it does not have."""
    if value.datatype in (XSD.integer, XSD.decimal, XSD.boolean, XSD.dateTime):
        return Literal(str(value))
    return Literal(str(value), datatype=XSD.anyURI)


def other_thing(value: Node) -> Node:
    """Something that is described, and of another kind."""
    if str(value).startswith(CODE):
        return CODE.week if value == CODE.brochure else CODE.brochure
    return ID["tip-2021-be/text"] if "/period/" in str(value) else ID["period/2020"]


def damages_to_types(data: Graph, ontology: Graph) -> Iterator[Damage]:
    """For each class: one of its nodes loses its type, or takes a wider one, or a sibling's."""
    for kind in sorted(set(data.objects(None, RDF.type)), key=str):
        node = min(data.subjects(RDF.type, kind), key=str)
        typed = ((node, RDF.type, kind),)
        yield Damage("type dropped", typed, ())
        for parent in ontology.objects(kind, RDFS.subClassOf):
            yield Damage("type too wide", typed, ((node, RDF.type, parent),))
        for sibling in siblings(kind, ontology)[:MOST]:
            yield Damage("class swapped", typed, ((node, RDF.type, sibling),))


def siblings(kind: Node, ontology: Graph) -> list[Node]:
    """The other classes that data may use and that have a parent in common with this one."""
    parents = [
        parent for parent in ontology.objects(kind, RDFS.subClassOf) if str(parent).startswith(TIP)
    ]
    found = {child for parent in parents for child in ontology.subjects(RDFS.subClassOf, parent)}
    usable = {child for child in found if (child, RDF.type, TIP.Kind) in ontology}
    return sorted(usable - {kind}, key=str)


def damages_to_numbers(data: Graph) -> Iterator[Damage]:
    """Numbers of complete breakdowns off by one, other figures too, and each digit of an amount."""
    for node, value in sorted(data.subject_objects(VALUE), key=str):
        parts = set(data.objects(node, TIP.breakdownOf)) | set(data.objects(node, TIP.breakdown))
        kind = "number off by one in a breakdown" if parts else "number off by one elsewhere"
        for step in (-1, 1):
            yield Damage(
                kind, ((node, VALUE, value),), ((node, VALUE, Literal(int(str(value)) + step)),)
            )
    for node, value in sorted(data.subject_objects(TIP.amountValue), key=str):
        digits = str(value).partition(".")[0]
        for place, digit in enumerate(digits):
            wrong = digits[:place] + str((int(digit) + 1) % 10) + digits[place + 1 :]
            money = Literal(f"{wrong}.0", datatype=XSD.decimal)
            yield Damage(
                "wrong digit in money",
                ((node, TIP.amountValue, value),),
                ((node, TIP.amountValue, money),),
            )


def damages_to_sourcing(data: Graph) -> Iterator[Damage]:
    """Claims of others without speaker or manner, and evidence cut off at each joint."""
    for node, speaker in sorted(data.subject_objects(TIP.speaker), key=str):
        if (node, TIP.reporter, speaker) in data:
            continue
        yield Damage("claim without speaker", ((node, TIP.speaker, speaker),), ())
        for manner in data.objects(node, TIP.speechAct):
            yield Damage("claim without speech act", ((node, TIP.speechAct, manner),), ())
    for node in sorted(set(data.subjects(TIP.evidence)), key=str)[::10]:
        cut = tuple(data.triples((node, TIP.evidence, None)))
        yield Damage("evidence cut off", cut, ())
    for path in (TIP.sentence, OA.hasSource, OA.hasSelector, OA.refinedBy, OA.exact):
        for node, value in sorted(data.subject_objects(path), key=str)[::10]:
            yield Damage("passage broken", ((node, path, value),), ())


def damages_to_gaps(data: Graph) -> Iterator[Damage]:
    """A value given to what was not reported."""
    for kind in (TIP.NonReport, TIP.AbsenceOfReports):
        for node in sorted(data.subjects(RDF.type, kind), key=str):
            for path, value in (
                (VALUE, Literal(0)),
                (TIP.amount, ID["tip-2021-be/allocation-2020-eur"]),
                (TIP.quantifier, CODE.few),
            ):
                yield Damage("value given to a non-report", (), ((node, path, value),))


def table(done: Counter[str], caught: Counter[str]) -> Iterator[str]:
    """The counts, a line for each kind, and their sum."""
    yield ""
    for kind, count in done.items():
        yield f"{kind:<34} {caught[kind]:>4} of {count:>4}"
    yield f"{'in all':<34} {caught.total():>4} of {done.total():>4}"


def local(term: Node) -> str:
    """The last part of an IRI."""
    return str(term).replace("#", "/").rpartition("/")[2]
