"""The version of the package, and of the ontology that it ships."""

VERSION = "0.1.0"
