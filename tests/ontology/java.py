"""HermiT in a Java machine, which has a process of its own.

It is not within the process of the tests: whatever is forked from there would stand still.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import jpype

OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xrs")
NOTHING = "http://www.w3.org/2002/07/owl#Nothing"


def start() -> None:
    """Start the machine with the reasoner that owlready2 ships."""
    owlready2 = find_spec("owlready2")
    assert owlready2
    assert owlready2.origin
    folder = Path(owlready2.origin).parent / "hermit"
    jars = [str(folder), str(folder / "HermiT.jar")]
    jpype.startJVM(*OPTIONS, classpath=jars, convertStrings=True)


def is_consistent(file: str) -> bool:
    """Return whether an ontology has a model."""
    with _reasoner(file) as reasoner:
        return bool(reasoner.isConsistent())


def unsatisfiable(file: str) -> set[str] | None:
    """The classes of an ontology that are empty; nothing where it is inconsistent."""
    with _reasoner(file) as reasoner:
        if not reasoner.isConsistent():
            return None
        found = {str(each.getIRI()) for each in reasoner.getUnsatisfiableClasses().getEntities()}
    assert NOTHING in found
    return found - {NOTHING}


@contextmanager
def _reasoner(file: str) -> Iterator[jpype.JObject]:
    """The reasoner with an ontology, for a while."""
    java = jpype.JClass
    manager = java("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    ontology = manager.loadOntologyFromOntologyDocument(java("java.io.File")(file))
    configuration = java("org.semanticweb.HermiT.Configuration")()
    reasoner = java("org.semanticweb.HermiT.Reasoner")(configuration, ontology)
    try:
        yield reasoner
    finally:
        reasoner.dispose()
