"""The checks of the shapes themselves, by name."""

from collections.abc import Iterable

from tipgraph.text import did_you_mean, nearest

# What each check finds. A name can be ignored, and is shown with each message.
CHECKS = {
    "no-shapes": "no shape, or none with a target",
    "no-constraint": "a shape or parameter that constrains nothing",
    "no-focus-nodes": "shapes that select no nodes in the data",
    "unused-shape": "a shape without a target that no other shape refers to",
    "undefined-shape": "a reference to a shape that is not defined",
    "unknown-term": "a term that SHACL or XML Schema does not have",
    "undeclared-class": "a class that the ontology does not declare",
    "undeclared-property": "a property that the ontology does not declare",
    "undeclared-term": "a term in a query that the ontology does not declare",
    "ill-formed-shape": "a violation of SHACL's syntax rules",
    "broken-pattern": "an invalid regular expression",
    "broken-query": "an invalid SPARQL query",
    "undeclared-prefix": "a prefix in a query that nothing declares",
    "unselected-variable": "a variable in a message that the query does not select",
    "missing-import": "an import that no input defines",
    "missing-vocabulary": "an import of a vocabulary that no input defines",
}


def unknown_check(names: Iterable[str]) -> str:
    """What is wrong with the first name that no check has; empty where all are known."""
    for name in names:
        if name not in CHECKS:
            hint = did_you_mean(nearest(name, CHECKS, most=1))
            return f"unknown check {name!r}; {hint or 'the checks are ' + ', '.join(CHECKS)}"
    return ""
