"""The modules follow the design: one ontology per file, one file that imports them all."""

from xml.etree import ElementTree

from rdflib import OWL, RDF, RDFS, URIRef
from rdflib.term import Node

from .graphs import ROOT, TIP

ONTOLOGY = "https://w3id.org/tipgraph/ontology/"


def imports(modules, name):
    """The names of the modules that a module imports."""
    return {
        str(target).removeprefix(ONTOLOGY) for target in modules[name].objects(None, OWL.imports)
    }


def closure(modules, name):
    """A module and all that it imports, directly or not."""
    return {name}.union(*(closure(modules, other) for other in imports(modules, name)))


def test_file_contains_the_ontology_of_its_name(modules):
    for name, graph in modules.items():
        assert list(graph.subjects(RDF.type, OWL.Ontology)) == [URIRef(ONTOLOGY + name)]


def test_tipgraph_imports_every_module_and_nothing_else(modules):
    assert imports(modules, "tipgraph") == set(modules) - {"tipgraph", "alignments"}


def test_tipgraph_declares_nothing(modules):
    assert set(modules["tipgraph"].subjects()) == {URIRef(ONTOLOGY + "tipgraph")}


def test_nothing_imports_the_alignments(modules):
    assert not any("alignments" in imports(modules, name) for name in modules)


def test_imports_have_no_cycle(modules):
    for name in modules:
        assert all(name not in closure(modules, other) for other in imports(modules, name))


def test_catalogue_leads_from_each_import_to_the_file_that_declares_it(modules):
    folder = ROOT / "ontology"
    tree = ElementTree.parse(folder / "catalog-v001.xml")
    entries = tree.iterfind("{urn:oasis:names:tc:entity:xmlns:xml:catalog}uri")
    files = {URIRef(entry.attrib["name"]): folder / entry.attrib["uri"] for entry in entries}

    assert set(files) == {URIRef(ONTOLOGY + name) for name in modules}
    for graph in modules.values():
        for target in graph.objects(None, OWL.imports):
            assert (target, RDF.type, OWL.Ontology) in modules[files[target].stem]
            assert files[target].is_file()


def test_module_imports_what_it_uses(modules):
    home = {
        term: str(module).removeprefix(ONTOLOGY)
        for graph in modules.values()
        for term, module in graph.subject_objects(RDFS.isDefinedBy)
        if str(term).startswith(TIP)
    }
    for name, graph in modules.items():
        used = {home[term] for triple in graph for term in triple if term in home}
        assert used <= closure(modules, name), name


def test_term_is_defined_where_it_says(modules):
    for name, graph in modules.items():
        for term, module in graph.subject_objects(RDFS.isDefinedBy):
            if str(term).startswith(TIP):
                assert module == URIRef(ONTOLOGY + name)
                assert (term, RDFS.label, None) in graph


def test_term_is_declared_in_one_module(modules):
    seen: dict[Node, str] = {}
    for name, graph in modules.items():
        for term in graph.subjects(RDFS.isDefinedBy):
            assert seen.setdefault(term, name) == name, f"{term} in {seen[term]} and {name}"
