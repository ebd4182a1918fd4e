"""The catalogue: what the graph contains and where its files are, in DCAT-AP 3 and VoID.

Sizes and checksums are those of the files that `files` contains, which `export graph` writes too.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Quad

from tipgraph import entities
from tipgraph.cite import AUTHORS
from tipgraph.entities.editions import ALL, Edition, editions, sources
from tipgraph.export.figures import figures
from tipgraph.export.graph import SYNTAXES, graph_names, named_graphs, serialize_quads
from tipgraph.export.network import graphml, network
from tipgraph.export.package import TABLES, package, zipped
from tipgraph.export.void import (
    AUTHORITY,
    DATASET,
    DESCRIPTION,
    LICENCE,
    TITLE,
    TYPE,
    Properties,
    class_counts,
    describe,
    english,
    linksets,
    part,
    statistics,
    term,
)
from tipgraph.namespaces import (
    DERIVED_GRAPH,
    GRAPH,
    ONTOLOGY_GRAPH,
    OURS,
    TIP,
    XSD,
    last_part,
    shorten,
)
from tipgraph.queries.catalogue import Catalogue
from tipgraph.rdf.terms import Term, is_iri
from tipgraph.render import results
from tipgraph.resources.folders import Resources
from tipgraph.store.engine import Embedded
from tipgraph.version import VERSION

CATALOG = OURS + "catalog"
CONTRIBUTORS = OURS + "contributors"
CITATION = f"{AUTHORS}: {TITLE}, version {VERSION}. {OURS}"
KEYWORDS = ("human trafficking", "victim protection", "knowledge graph")
# Title and description of the graphs that come from no source.
OWN_GRAPHS = {
    ONTOLOGY_GRAPH: (
        "tipgraph: ontology",
        "The classes, properties and code lists that the other graphs use.",
    ),
    DERIVED_GRAPH: (
        "tipgraph: derived",
        "What rules derive from the statements of other graphs; no source states it.",
    ),
}
# Properties that the data state of a dataset, or of the ontologies in it.
STATED = ("dcterms:publisher", "dcterms:license", "dcterms:issued", "dcterms:modified")
# Properties of an edition or a series that the catalogue copies.
COPIED = ("dcterms:publisher", "dcterms:spatial", "dcat:inSeries", "dcat:landingPage")

# Themes, with the English labels that their vocabulary has.
THEMES = {
    AUTHORITY + "data-theme/JUST": "Justice, legal system and public safety",
    AUTHORITY + "data-theme/SOCI": "Population and society",
}
ENGLISH = AUTHORITY + "language/ENG"
AVAILABLE = AUTHORITY + "planned-availability/AVAILABLE"
FILE_TYPES = {
    "turtle": "RDF_TURTLE",
    "trig": "RDF_TRIG",
    "nquads": "RDF_N_QUADS",
    "ntriples": "RDF_N_TRIPLES",
    "jsonld": "JSON_LD",
}
# The files of the whole graph: what each contains, its media type, and its type of the EU table.
WHOLE_FILES = {
    "tipgraph.nq": ("all named graphs, N-Quads", "application/n-quads", "RDF_N_QUADS"),
    "figures.csv": ("the figures of all editions, CSV", "text/csv", "CSV"),
    "network.graphml": ("the network of actors, GraphML", "application/xml", "XML"),
    "tables.zip": ("the tables as a data package", "application/zip", "ZIP"),
}
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
INDIVIDUALS = "http://purl.org/adms/publishertype/PrivateIndividual(s)"
AUTHORITIES = "http://purl.org/adms/publishertype/NationalAuthority"
SUPRANATIONAL = "http://purl.org/adms/publishertype/SupraNationalAuthority"
# The type of publisher that an actor of each class is.
PUBLISHER_TYPES = {
    **dict.fromkeys(("Government", "Ministry", "PublicAgency", "IndependentBody"), AUTHORITIES),
    **dict.fromkeys(("MonitoringBody", "InternationalOrganisation"), SUPRANATIONAL),
}
LICENCE_TYPES = {
    LICENCE: "http://purl.org/adms/licencetype/Attribution",
    "http://www.usa.gov/publicdomain/label/1.0/": "http://purl.org/adms/licencetype/PublicDomain",
}
LABELS = THEMES | {
    AVAILABLE: "available",
    INDIVIDUALS: "Private Individual(s)",
    AUTHORITIES: "National authority",
    SUPRANATIONAL: "Supra-national authority",
    "http://purl.org/adms/licencetype/Attribution": "Attribution",
    "http://purl.org/adms/licencetype/PublicDomain": "Public domain",
}


@dataclass(frozen=True)
class Release:
    """The facts of a release that only its publisher knows; each may be empty.

    `endpoint` is the address of a SPARQL endpoint that serves the graph, `previous` the IRI of the
    dataset of the release before, `notes` are in words what changed since. `digest` is that of the
    graph.
    """

    endpoint: str = ""
    previous: str = ""
    notes: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Catalog:
    """The description, without blank nodes, and the files that it lists, by name."""

    quads: list[Quad]
    files: dict[str, bytes]


def catalog(
    engine: Embedded,
    resources: Resources,
    with_files: bool = True,
    release: Release = Release(),
) -> Catalog:
    """The catalogue of the graph: a dataset, and each named graph as one that is a part of it.

    `export.graph.serialize_quads` writes it. The editions and series that the graph draws on are
    datasets of others. `resources` has the context of JSON-LD. Without files it names none.
    """
    made = _Catalog(engine, resources, with_files, release)
    return Catalog(list(dict.fromkeys(made.quads())), made.files)


class _Catalog:
    """Collects the catalogue of one store."""

    def __init__(
        self, engine: Embedded, resources: Resources, with_files: bool, release: Release
    ) -> None:
        self._engine = engine
        self._release = release
        self._with_files = with_files
        self._resources = resources
        # The graphs as an export has them, because the files are exports.
        self._graphs = {name: named_graphs(engine, [name]) for name in graph_names(engine.store)}
        self._editions = editions(engine)
        series = engine.select("SELECT DISTINCT ?series { ?series a tip:EditionSeries }")
        self._series = entities.labels(engine, map(str, series.column("series")))
        self.files: dict[str, bytes] = {}

    def quads(self) -> Iterator[Quad]:
        """All quads of the catalogue; some may repeat."""
        yield from self._catalog()
        yield from self._dataset()
        for name, content in self._graphs.items():
            yield from self._graph(name, content)
        for edition in self._editions.values():
            yield from self._edition(edition)
        for iri, label in self._series.items():
            yield from self._one_series(iri, label)

    def _catalog(self) -> Iterator[Quad]:
        themes, endpoint = AUTHORITY + "data-theme", self._release.endpoint
        datasets = (DATASET, *self._graphs, *self._editions)
        properties: Properties = {
            **self._whole(CATALOG, TITLE, DESCRIPTION),
            "rdf:type": [term("dcat:Catalog")],
            "dcat:themeTaxonomy": [NamedNode(themes)],
            "dcat:dataset": map(NamedNode, datasets),
            "dcat:resource": map(NamedNode, self._series),
            "dcat:service": [NamedNode(part(endpoint, "service"))] if endpoint else [],
            "foaf:homepage": [NamedNode(OURS)],
        }
        yield from self._described(CATALOG, properties, self._times)
        yield from describe(
            themes,
            {"rdf:type": [term("skos:ConceptScheme")], "dcterms:title": [english("Data theme")]},
        )
        yield from _typed([NamedNode(OURS)], "foaf:Document")

    def _whole(self, iri: str, title: str, description: str) -> Properties:
        """The properties of what is about the whole graph."""
        times = [self._stated(name) for name in self._graphs]
        return {
            "dcterms:identifier": [Literal(iri)],
            "dcterms:title": [english(title)],
            "dcterms:description": [english(description)],
            "dcterms:publisher": [NamedNode(CONTRIBUTORS)],
            "dcterms:license": self._stated(ONTOLOGY_GRAPH)["dcterms:license"],
            "dcterms:issued": _first(each["dcterms:issued"] for each in times),
            "dcterms:modified": _last(each["dcterms:modified"] for each in times),
            "dcterms:language": [NamedNode(ENGLISH)],
            "dcterms:spatial": self._areas,
            "dcat:version": [Literal(VERSION)],
        }

    def _dataset(self) -> Iterator[Quad]:
        """The graph as one dataset, with its parts, its files, its links and its endpoint."""
        graphs = list(map(NamedNode, self._graphs))
        release, endpoint = self._release, self._release.endpoint
        whole = self._whole(DATASET, TITLE, DESCRIPTION)
        properties: Properties = {
            **whole,
            "rdf:type": [term("dcat:Dataset"), term("void:Dataset")],
            "dcterms:creator": [NamedNode(CONTRIBUTORS)],
            "dcterms:bibliographicCitation": [Literal(CITATION)],
            "dcterms:hasPart": graphs,
            "dcterms:source": map(NamedNode, self._editions),
            "dcat:keyword": map(english, KEYWORDS),
            "dcat:theme": map(NamedNode, THEMES),
            "dcat:landingPage": [NamedNode(OURS)],
            "dcat:previousVersion": [NamedNode(release.previous)] if release.previous else [],
            "adms:versionNotes": [english(release.notes)] if release.notes else [],
            "void:subset": graphs,
            "void:uriSpace": [Literal(OURS)],
            "void:sparqlEndpoint": [NamedNode(endpoint)] if endpoint else [],
            "void:feature": [NamedNode(each.iri) for each in SYNTAXES.values()],
            "void:triples": [Literal(sum(map(len, self._graphs.values())))],
        }
        yield from self._described(DATASET, properties, self._times)
        yield from linksets(quad for content in self._graphs.values() for quad in content)
        if endpoint:
            service = part(endpoint, "service")
            titles: Properties = {
                "rdf:type": [term("dcat:DataService")],
                "dcterms:title": [english(f"{TITLE}: SPARQL endpoint")],
                "dcterms:description": [english("The graph as one, in SPARQL 1.1.")],
                "dcat:endpointURL": [NamedNode(endpoint)],
                "dcat:servesDataset": [NamedNode(DATASET)],
                **{name: properties[name] for name in ("dcterms:publisher", "dcterms:license")},
                "dcat:keyword": map(english, KEYWORDS),
                "dcat:theme": map(NamedNode, THEMES),
            }
            yield from self._described(service, titles)
            yield from _typed([NamedNode(endpoint)], "rdfs:Resource")
        if self._with_files:
            for file, content in self._whole_files():
                title, media, kind = WHOLE_FILES[file]
                yield from self._file(
                    DATASET, file, f"{TITLE}: {title}", content, kind, media, whole
                )

    def _whole_files(self) -> Iterator[tuple[str, bytes]]:
        """The files of the whole graph; resources without our queries have N-Quads alone."""
        queries = Catalogue(self._resources)
        every = [quad for content in self._graphs.values() for quad in content]
        yield "tipgraph.nq", serialize_quads(every, "nquads", self._resources).encode()
        if not {*TABLES.values()} <= {*queries}:
            return
        rows = figures(self._engine, queries, ALL)
        yield "figures.csv", results.csv(rows.columns, results.plain(rows)).encode()
        yield "network.graphml", graphml(network(self._engine, queries)).encode()
        tables = package(self._engine, queries, self._resources, self._release.digest, False)
        yield "tables.zip", zipped(tables)

    def _graph(self, name: str, content: Sequence[Quad]) -> Iterator[Quad]:
        """A named graph as a dataset: its origin, its files and its statistics."""
        editions = self._editions_in(name)
        title, description = self._title(name, content, editions)
        areas = self._areas_of(name, content, editions)
        keywords = [*KEYWORDS, *self._labels(edition.area for edition in editions)]
        stated = self._stated(name)
        is_ours = NamedNode(CONTRIBUTORS) in stated["dcterms:publisher"]
        properties: Properties = {
            "rdf:type": [term("dcat:Dataset"), term("void:Dataset"), term("sd:NamedGraph")],
            "sd:name": [NamedNode(name)],
            "dcterms:isPartOf": [NamedNode(DATASET)],
            "dcterms:identifier": [Literal(name)],
            "dcterms:title": [english(title)],
            "dcterms:description": [english(description)],
            "dcterms:language": [NamedNode(ENGLISH)],
            "dcterms:source": [NamedNode(edition.iri) for edition in editions],
            "dcterms:spatial": areas,
            "dcat:keyword": map(english, keywords),
            "dcat:theme": map(NamedNode, THEMES),
            "dcat:version": [Literal(VERSION)] if is_ours else [],
            "prov:wasDerivedFrom": self._origins(name, content),
            **stated,
        }
        # An edition may have figures for years that it does not state as its period.
        times = self._times_in(content) or (set() if editions else self._times)
        yield from self._described(name, properties, times)
        yield from self._distributions(name, title, stated, content)
        yield from statistics(name, content)

    def _distributions(
        self, name: str, title: str, stated: Mapping[str, Iterable[Term]], content: Sequence[Quad]
    ) -> Iterator[Quad]:
        """A file for each syntax, at the graph's address with the file's extension."""
        if not (self._with_files and name.startswith(OURS)):
            return
        for syntax, rdf_format in SYNTAXES.items():
            text = serialize_quads(content, syntax, self._resources).encode()
            file = f"{last_part(name)}.{rdf_format.file_extension}"
            title_of_file = f"{title}, {rdf_format.name}"
            kind, media = FILE_TYPES[syntax], rdf_format.media_type
            yield from self._file(name, file, title_of_file, text, kind, media, stated)

    def _file(
        self,
        dataset: str,
        name: str,
        title: str,
        content: bytes,
        kind: str,
        media_type: str,
        stated: Mapping[str, Iterable[Term]],
    ) -> Iterator[Quad]:
        """A file of a dataset, at the address of the graphs."""
        from hashlib import sha256

        self.files[name] = content
        of_file = name.removeprefix(f"{last_part(dataset)}.")
        address, file = NamedNode(GRAPH + name), part(dataset, of_file)
        checksum = part(dataset, f"{of_file}-sha256")
        properties: Properties = {
            "rdf:type": [term("dcat:Distribution")],
            "dcterms:title": [english(title)],
            "dcterms:description": [english(f"A file of the dataset: {title}.")],
            "dcterms:license": stated["dcterms:license"],
            "dcterms:modified": stated["dcterms:modified"],
            "dcterms:format": [NamedNode(f"{AUTHORITY}file-type/{kind}")],
            "dcat:mediaType": [NamedNode(MEDIA_TYPES + media_type)],
            "dcat:accessURL": [address],
            "dcat:downloadURL": [address],
            "dcat:byteSize": [_typed_literal(str(len(content)), "nonNegativeInteger")],
            "dcatap:availability": [NamedNode(AVAILABLE)],
            "spdx:checksum": [NamedNode(checksum)],
        }
        yield from describe(
            dataset, {"dcat:distribution": [NamedNode(file)], "void:dataDump": [address]}
        )
        yield from self._described(file, properties)
        yield from describe(
            checksum,
            {
                "rdf:type": [term("spdx:Checksum")],
                "spdx:algorithm": [term("spdx:checksumAlgorithm_sha256")],
                "spdx:checksumValue": [_typed_literal(sha256(content).hexdigest(), "hexBinary")],
            },
        )
        yield from _typed([term("spdx:checksumAlgorithm_sha256")], "spdx:ChecksumAlgorithm")

    def _edition(self, edition: Edition) -> Iterator[Quad]:
        """An edition: a dataset of others, from which ours are derived, at its public page."""
        series = edition.series
        times = self._times_of(edition.reporting_period) or {
            time
            for name, content in self._graphs.items()
            if edition in self._editions_in(name)
            for time in self._times_in(content)
        }
        properties: Properties = {
            **self._source(edition.iri, "dcat:Dataset", edition.label, self._description(edition)),
            "dcterms:identifier": self._objects(edition.iri, "dcterms:identifier"),
            "dcterms:issued": [_typed_literal(str(edition.year), "gYear")] if edition.year else [],
            "dcterms:language": self._objects(series, "dcterms:language"),
            "dcterms:license": self._objects(series, "dcterms:license"),
            "dcat:keyword": map(english, (*KEYWORDS, *self._labels([edition.area]))),
            "dcat:theme": map(NamedNode, THEMES),
        }
        yield from self._described(edition.iri, properties, times)
        if not is_iri(edition.page):
            return
        page = part(edition.iri, "page")
        yield from describe(edition.iri, {"dcat:distribution": [NamedNode(page)]})
        yield from self._described(
            page,
            {
                "rdf:type": [term("dcat:Distribution")],
                "dcterms:title": [english(f"{edition.label}, web page")],
                "dcterms:description": [english("The edition on its publisher's web site.")],
                "dcterms:license": self._objects(series, "dcterms:license"),
                "dcterms:format": [NamedNode(AUTHORITY + "file-type/HTML")],
                "dcat:mediaType": [NamedNode(MEDIA_TYPES + "text/html")],
                "dcat:accessURL": [NamedNode(edition.page)],
            },
        )

    def _one_series(self, iri: str, label: str) -> Iterator[Quad]:
        source = self._source(iri, "dcat:DatasetSeries", label, f"The issues of {label}.")
        members = [each for each in sources(self._engine).values() if each.series == iri]
        properties: Properties = {
            **source,
            "dcterms:identifier": [Literal(iri)],
            "dcterms:language": self._objects(iri, "dcterms:language"),
            "dcterms:license": self._objects(iri, "dcterms:license"),
            "dcterms:spatial": _named({each.area for each in members}),
            "dcat:keyword": map(english, KEYWORDS),
            "dcat:theme": map(NamedNode, THEMES),
        }
        yield from self._described(iri, properties, self._times)

    def _source(self, iri: str, class_: str, title: str, description: str) -> Properties:
        return {
            "rdf:type": [term(class_)],
            "dcterms:title": [english(title)],
            "dcterms:description": [english(description)],
            **{name: self._objects(iri, name) for name in COPIED},
        }

    def _described(
        self, subject: str, properties: Properties, times: Collection[str] = ()
    ) -> Iterator[Quad]:
        """The properties, and the class of each value, which DCAT-AP expects beside it.

        `times` are instants: the dataset covers the time from the first to the last.
        """
        values = {name: list(found) for name, found in properties.items()}
        yield from describe(subject, values)
        if times:
            period = part(subject, "period")
            yield from describe(subject, {"dcterms:temporal": [NamedNode(period)]})
            yield from describe(
                period,
                {
                    "rdf:type": [term("dcterms:PeriodOfTime")],
                    "dcat:startDate": [_typed_literal(min(times), "dateTime")],
                    "dcat:endDate": [_typed_literal(max(times), "dateTime")],
                },
            )
        yield from _typed(values.get("dcterms:language", ()), "dcterms:LinguisticSystem")
        yield from _typed(values.get("dcterms:format", ()), "dcterms:MediaTypeOrExtent")
        yield from _typed(values.get("dcat:mediaType", ()), "dcterms:MediaType")
        yield from _typed(values.get("dcat:landingPage", ()), "foaf:Document")
        for name in ("dcat:theme", "dcatap:availability"):
            yield from _concepts(values.get(name, ()))
        for area in values.get("dcterms:spatial", ()):
            if isinstance(area, NamedNode):
                label = english(self._label(area.value))
                yield from _typed([area], "dcterms:Location")
                yield from describe(area.value, {"rdfs:label": [label]})
        for licence in values.get("dcterms:license", ()):
            if isinstance(licence, NamedNode):
                kind = [NamedNode(each) for each in [LICENCE_TYPES.get(licence.value)] if each]
                yield from _typed([licence], "dcterms:LicenseDocument")
                yield from describe(licence.value, {"dcterms:type": kind})
                yield from _concepts(kind)
        for publisher in values.get("dcterms:publisher", ()):
            if isinstance(publisher, NamedNode):
                contact = NamedNode(part(publisher.value, "contact"))
                yield from self._agent(publisher.value, contact.value)
                if "dcat:theme" in values:
                    yield from describe(subject, {"dcat:contactPoint": [contact]})

    def _agent(self, iri: str, contact: str) -> Iterator[Quad]:
        """A publisher, and how to reach it."""
        is_us = iri == CONTRIBUTORS
        name = "The tipgraph contributors" if is_us else self._label(iri)
        classes = (last_part(each.value) for each in self._objects(iri, "rdf:type"))
        found = {PUBLISHER_TYPES[each] for each in classes if each in PUBLISHER_TYPES}
        kinds = [NamedNode(each) for each in sorted({INDIVIDUALS} if is_us else found)]
        yield from describe(
            iri,
            {
                "rdf:type": [term("foaf:Agent")],
                "foaf:name": [Literal(name)],
                "dcterms:type": kinds,
            },
        )
        yield from _concepts(kinds)
        yield from describe(
            contact,
            {
                "rdf:type": [term("vcard:Kind"), term("vcard:Organization")],
                "vcard:fn": [Literal(name)],
                "vcard:hasURL": [NamedNode(OURS)] if is_us else [],
            },
        )

    def _title(
        self, name: str, content: Sequence[Quad], editions: Sequence[Edition]
    ) -> tuple[str, str]:
        """Title and description of a graph."""
        if name in OWN_GRAPHS:
            return OWN_GRAPHS[name]
        if not editions:
            return (
                f"tipgraph: {last_part(name)}",
                f"Resources of these classes: {self._class_names(content)}.",
            )
        title = ", ".join(edition.label for edition in editions)
        return f"Statements of {title}", " ".join(map(self._description, editions))

    def _description(self, edition: Edition) -> str:
        section = f" in the section {edition.section}" if edition.section else ""
        coverage = f"; coverage: {self._label(edition.coverage)}" if edition.coverage else ""
        return f"What {edition.label} states{section}{coverage}."

    def _class_names(self, content: Sequence[Quad]) -> str:
        """The classes in a graph, those of most resources first."""
        counts = class_counts(content)
        labels = entities.labels(self._engine, counts)
        ordered = sorted(counts, key=lambda iri: (-counts[iri], iri))
        return ", ".join(labels.get(iri) or shorten(iri) for iri in ordered) or "none"

    def _labels(self, iris: Iterable[str]) -> list[str]:
        """The label of each IRI that is not empty."""
        return [self._label(iri) for iri in iris if iri]

    def _label(self, iri: str) -> str:
        return entities.label(self._engine, iri)

    def _origins(self, name: str, content: Sequence[Quad]) -> set[NamedNode]:
        """The other graphs that state what resources of this one are derived from."""
        store, derived = self._engine.store, term("prov:wasDerivedFrom")
        origins = {quad.object for quad in content if quad.predicate == derived}
        quads = (
            quad
            for origin in origins
            if isinstance(origin, NamedNode)
            for quad in store.quads_for_pattern(origin, None, None)
        )
        graphs = {quad.graph_name for quad in quads} - {NamedNode(name), NamedNode(DERIVED_GRAPH)}
        return {each for each in graphs if isinstance(each, NamedNode)}

    def _editions_in(self, name: str) -> list[Edition]:
        return self._editions_by_graph.get(name, [])

    @cached_property
    def _editions_by_graph(self) -> dict[str, list[Edition]]:
        store, found = self._engine.store, dict[str, list[Edition]]()
        for edition in self._editions.values():
            for quad in store.quads_for_pattern(NamedNode(edition.iri), TYPE, term("tip:Edition")):
                if isinstance(quad.graph_name, NamedNode):
                    found.setdefault(quad.graph_name.value, []).append(edition)
        return found

    def _areas_of(
        self, name: str, content: Sequence[Quad], editions: Sequence[Edition]
    ) -> list[NamedNode]:
        """The countries that a graph is about: its editions', those that it names, or all."""
        if editions:
            return _named({edition.area for edition in editions})
        named: set[str] = set()
        if name != ONTOLOGY_GRAPH:
            places = (term("dcterms:spatial"), term("sdmx-dimension:refArea"))
            named = {
                place.value
                for quad in content
                for place in [quad.object if quad.predicate in places else quad.subject]
                if isinstance(place, NamedNode) and place.value in self._countries
            }
        return list(map(NamedNode, sorted(named))) or self._areas

    @cached_property
    def _countries(self) -> set[str]:
        return {str(x) for x in self._engine.select("SELECT ?x { ?x a tip:Country }").column("x")}

    @cached_property
    def _areas(self) -> list[NamedNode]:
        """The countries of all editions."""
        return _named({edition.area for edition in self._editions.values()})

    def _times_in(self, content: Iterable[Quad]) -> set[str]:
        """The instants that a graph states, and the bounds of the periods that it names."""
        times: set[str] = set()
        for quad in content:
            value = quad.object
            if isinstance(value, NamedNode):
                times.update(self._times_of(value.value))
            elif (
                isinstance(value, Literal)
                and value.datatype.value == XSD + "dateTime"
                and quad.predicate.value.startswith(TIP)
            ):
                times.add(value.value)
        return times

    def _times_of(self, period: str) -> tuple[str, ...]:
        return self._bounds.get(period, ())

    @cached_property
    def _bounds(self) -> dict[str, tuple[str, ...]]:
        """First and last instant of each period."""
        rows = self._engine.select(
            "SELECT ?period ?start ?end { ?period a tip:Period ; tip:start ?start ; tip:end ?end }"
        )
        return {str(r["period"]): (str(r["start"]), str(r["end"])) for r in rows}

    @cached_property
    def _times(self) -> set[str]:
        """The instants that the graphs of editions state or name."""
        return {
            time
            for name, content in self._graphs.items()
            if self._editions_in(name)
            for time in self._times_in(content)
        }

    def _stated(self, name: str) -> dict[str, list[Term]]:
        """Publisher, licence and dates of a graph, as the data or the ontologies in it state them.

        What rules derive comes from all other graphs.
        """
        graphs = [name]
        if name == DERIVED_GRAPH:
            graphs = [each for each in self._graphs if each != name]
        subjects = [each for graph in graphs for each in (graph, *self._ontologies(graph))]
        found = {
            stated: [each for subject in subjects for each in self._objects(subject, stated)]
            for stated in STATED
        }
        return {
            **{name: list(dict.fromkeys(values)) for name, values in found.items()},
            "dcterms:issued": _first([found["dcterms:issued"]]),
            "dcterms:modified": _last([found["dcterms:modified"]]),
        }

    def _ontologies(self, name: str) -> list[str]:
        found = self._engine.store.quads_for_pattern(
            None, TYPE, term("owl:Ontology"), NamedNode(name)
        )
        return [each.subject.value for each in found if isinstance(each.subject, NamedNode)]

    def _objects(self, subject: str, property_: str) -> list[Term]:
        if not is_iri(subject):
            return []
        quads = self._engine.store.quads_for_pattern(NamedNode(subject), term(property_), None)
        return [each.object for each in quads if isinstance(each.object, NamedNode | Literal)]


def _named(iris: Iterable[str]) -> list[NamedNode]:
    """The nodes of IRIs, sorted; text that is none, as own data may have, is left out."""
    return list(map(NamedNode, filter(is_iri, sorted(iris))))


def _first(times: Iterable[Iterable[Term]]) -> list[Term]:
    """The earliest of some times, as a list of one or none."""
    return sorted((each for group in times for each in group), key=_text)[:1]


def _last(times: Iterable[Iterable[Term]]) -> list[Term]:
    return sorted((each for group in times for each in group), key=_text)[-1:]


def _text(term: Term) -> str:
    return term.value


def _typed(values: Iterable[Term], class_: str) -> Iterator[Quad]:
    for each in values:
        if isinstance(each, NamedNode):
            yield Quad(each, TYPE, term(class_))


def _concepts(values: Iterable[Term]) -> Iterator[Quad]:
    """Concepts of controlled vocabularies, with their labels."""
    for each in values:
        if isinstance(each, NamedNode):
            yield from _typed([each], "skos:Concept")
            label = [english(LABELS[each.value])] if each.value in LABELS else []
            yield from describe(each.value, {"skos:prefLabel": label})


def _typed_literal(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))
