"""Write the version and the dates of what is published, which several files state.

    python .ci/stamp.py            the dates alone, from the commits
    python .ci/stamp.py 0.2.0      a new version as well, which is released today

The version is in version.py, in draft/pyproject.toml, in CITATION.cff and in the headers of the
ontology's modules. A module's `dcterms:modified` is the time of the last commit that changed its
file.
`data/datasets.ttl` has an entry for each named graph of the data: it is issued with the first
commit of its files, and modified with the last. Commits whose subject begins with "Stamp" do not
count: they change what is stamped here.
"""

import argparse
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VERSION_FILE = ROOT / "src" / "tipgraph" / "version.py"
DRAFT = ROOT / "draft" / "pyproject.toml"
CITATION = ROOT / "CITATION.cff"
DATASETS = ROOT / "data" / "datasets.ttl"
ONTOLOGY = "https://w3id.org/tipgraph/ontology/"
NUMBER = r"[0-9]+\.[0-9]+\.[0-9]+"

HEAD = """\
# The named graphs of the data, as datasets, with their dates. Rules derive publisher and licence.
# `make stamp` writes this file from the commits of the other files.

@prefix tip:     <https://w3id.org/tipgraph/ns#> .
@prefix graph:   <https://w3id.org/tipgraph/graph/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd:     <http://www.w3.org/2001/XMLSchema#> .
"""
ENTRY = """
graph:{name} a tip:NamedGraph ;
    dcterms:issued "{issued}"^^xsd:dateTime ; dcterms:modified "{modified}"^^xsd:dateTime .
"""


def main() -> int:
    """Stamp the files; exit code 2 for a version that is none."""
    parser = argparse.ArgumentParser(description="Write version and dates into the files.")
    parser.add_argument("version", nargs="?", help="the new version, such as 0.2.0")
    version = parser.parse_args().version
    if version is not None:
        if not re.fullmatch(NUMBER, version):
            print(f"{version}: a version has three numbers, such as 0.2.0", file=sys.stderr)
            return 2
        set_version(version, date.today())
    for module in sorted((ROOT / "ontology").glob("*.ttl")):
        substitute(module, r'(dcterms:modified +)"[^"]+"', rf'\g<1>"{commits(module)[0]}"')
    DATASETS.write_text(datasets(), encoding="utf-8")
    return 0


def set_version(version: str, released: date) -> None:
    """Write the version into every file that states it."""
    substitute(VERSION_FILE, rf'"{NUMBER}"', f'"{version}"')
    substitute(DRAFT, rf'(?m)^version = "{NUMBER}"$', f'version = "{version}"')
    substitute(CITATION, rf"(?m)^version: {NUMBER}$", f"version: {version}")
    substitute(CITATION, r"(?m)^date-released: .*$", f"date-released: {released}")
    for module in (ROOT / "ontology").glob("*.ttl"):
        name = module.stem
        _keep_prior_version(module, version)
        substitute(module, rf'(owl:versionInfo +)"{NUMBER}"', rf'\g<1>"{version}"')
        substitute(module, rf"(owl:versionIRI +<.*{name}/){NUMBER}>", rf"\g<1>{version}>")
        substitute(
            module,
            rf"version {NUMBER}\. {re.escape(ONTOLOGY)}{name}/{NUMBER}",
            f"version {version}. {ONTOLOGY}{name}/{version}",
        )


def _keep_prior_version(module: Path, version: str) -> None:
    """Name the version that a new one follows; the first release follows none."""
    text = module.read_text(encoding="utf-8")
    stated = re.search(rf" +owl:versionIRI +(<.*/({NUMBER})> ;\n)", text)
    if stated and stated[2] != version:
        others = re.sub(r" +owl:priorVersion .*\n", "", text)
        prior = f"    owl:priorVersion              {stated[1]}"
        module.write_text(others.replace(stated[0], stated[0] + prior), encoding="utf-8")


def datasets() -> str:
    """The entries of all named graphs: a folder or a file below `data` makes one."""
    now = utc(datetime.now(UTC))
    times = {
        path.stem: commits(path) or [now] for path in (ROOT / "data").iterdir() if path != DATASETS
    }
    # This file changes with any other.
    issued = (commits(DATASETS) or [now])[-1]
    times[DATASETS.stem] = [max(issued, *(each[0] for each in times.values())), issued]
    return HEAD + "".join(
        ENTRY.format(name=name, issued=each[-1], modified=each[0])
        for name, each in sorted(times.items())
    )


def commits(path: Path) -> list[str]:
    """The times of the commits that changed a file or folder, newest first, in UTC."""
    command = ["git", "log", "--format=%aI", "--invert-grep", "--grep=^Stamp ", "--", str(path)]
    found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return sorted(
        (utc(datetime.fromisoformat(line)) for line in found.stdout.split()), reverse=True
    )


def utc(time: datetime) -> str:
    """The time as xsd:dateTime in UTC."""
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def substitute(path: Path, pattern: str, new: str) -> None:
    """Replace the pattern, which occurs once; anything else is an error."""
    text, count = re.subn(pattern, new, path.read_text(encoding="utf-8"))
    if count != 1:
        raise SystemExit(f"{path}: expected {pattern!r} once, found it {count} times")
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
