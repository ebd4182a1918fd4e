"""The checks of the shapes by name, and the settings of a repository, in its `pyproject.toml`.

[tool.tipgraph.validate]
ignore = ["missing-import"]
"""

from collections.abc import Iterable, Mapping
from os.path import abspath, dirname, exists, isfile, join
from typing import Any

from tipgraph.errors import InputError
from tipgraph.files import read_toml
from tipgraph.text import did_you_mean, nearest

# The checks, by name. A name can be ignored, and is shown with each message.
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


FILE = "pyproject.toml"
TABLE = "tool.tipgraph.validate"
# The only setting.
IGNORE = "ignore"
# A repository ends where its version control begins.
ROOT_MARKS = (".git", ".hg", ".svn")


def unknown_check(names: Iterable[str]) -> str:
    """Return the error on the first name that no check has; empty if all are known."""
    for name in names:
        if name not in CHECKS:
            hint = did_you_mean(nearest(name, CHECKS, most=1))
            return f"unknown check {name!r}; {hint or 'the checks are ' + ', '.join(CHECKS)}"
    return ""


def ignored_checks(folder: str = ".") -> tuple[str, ...]:
    """The checks of the shapes that the repository which contains the folder ignores.

    The nearest `pyproject.toml` counts, in the folder or above it up to the repository's root.
    Raises InputError, with the file, for TOML that cannot be read and for an unknown setting.
    """
    file = settings_file(folder)
    if not file:
        return ()
    table: Any = read_toml(file)
    for name in TABLE.split("."):
        table = table.get(name, {}) if isinstance(table, Mapping) else {}
    return _ignored(file, table)


def settings_file(folder: str = ".") -> str:
    """Return the file with the settings of the repository that contains the folder, or ''."""
    return _find(abspath(folder))


def _find(folder: str) -> str:
    file = join(folder, FILE)
    if isfile(file):
        return file
    is_root = any(exists(join(folder, mark)) for mark in ROOT_MARKS)
    return "" if is_root or folder == dirname(folder) else _find(dirname(folder))


def _ignored(file: str, table: Any) -> tuple[str, ...]:
    if not isinstance(table, Mapping):
        raise InputError(f"{file}: write [{TABLE}] and its settings below it")
    for name in table:
        if name != IGNORE:
            hint = did_you_mean(nearest(name, [IGNORE], most=1)) or f"known: {IGNORE}"
            raise InputError(f"{file}: unknown setting {name!r} in [{TABLE}]; {hint}")
    ignore = table.get(IGNORE, [])
    if not (isinstance(ignore, list) and all(isinstance(each, str) for each in ignore)):
        raise InputError(f"{file}: {IGNORE} in [{TABLE}] must be a list of names of checks")
    error = unknown_check(ignore)
    if error:
        raise InputError(f"{file}: {error}")
    return tuple(ignore)
