"""Own data with any values: each command ends with a documented code and no traceback."""

import os
import re
import traceback
from random import Random

import pytest

from tests.fuzz.mutate import DOCUMENT, EDITION

pytestmark = pytest.mark.slow(reason="makes a graph of each of some editions")

SEEDS = int(os.environ.get("FUZZ_SEEDS", "1"))
XSD = "http://www.w3.org/2001/XMLSchema#"
# Terms in place of those that are expected.
TERMS = [
    *(f'"{text}"^^<{XSD}double>' for text in ("NaN", "INF", "-INF", "1e400", "abc")),
    *(f'"{text}"^^<{XSD}integer>' for text in ("9" * 6000, "12 ", "x", "-0", "٣")),
    *(f'"{text}"^^<{XSD}decimal>' for text in ("9" * 40, "NaN", "1.")),
    *(f'"{text}"^^<{XSD}{kind}>' for text in ("9", "2021-13-45") for kind in ("date", "gYear")),
    *("<javascript:alert(1)>", "_:b", "<urn:x>", '"x"@en', '"2021"', "true", "0.1", '""', "-5"),
    r'"$\\frac{$ <script> =1+1|cmd \u001b[31m\u202e"@en',
]
OBJECT = re.compile(
    r'(?<=\s)("(?:[^"\\]|\\.)*"(?:@\w+|\^\^[\w:]+)?|-?\d+(?:\.\d+)?|[\w-]+:[\w.-]+)(?=\s*[;.,]|\s*$)'
)
COMMANDS = [
    ["find", "victims identified 2019"],
    *(["query", name, "--area", "BEL"] for name in ("figures", "timeline", "funding", "revisions")),
    ["query", "compare-countries", "-p", "indicator=victims-identified-and-assisted"],
    ["query", "evidence", "--edition", "tip-2020-be"],
    *(
        ["report", "BEL", "--format", each, "--output", f"o.{each}"]
        for each in ("html", "xlsx", "docx")
    ),
    ["show", "tip-2020-be"],
    ["show", "victims-identified-and-assisted-2019"],
    ["chart", "victims-identified-and-assisted", "--area", "BEL", "--output", "o.svg"],
    ["diff", "tip-2017-be", "tip-2020-be"],
    *(["export", each] for each in ("figures", "catalog", "network", "statements")),
    ["export", "graph", "--output", "o.trig"],
    ["assess", "--edition", "tip-2020-be", "--age", "16", "--citizenship", "NGA"],
    ["cite", "tip-2020-be"],
    ["coverage", "tip-2020-be"],
    ["check", "tip-2020-be"],
    ["site", "pages", "--no-bundled"],
    ["queries", "figures"],
]


def with_other_terms(text: str, random: Random) -> str:
    """The Turtle with other terms in place of some objects."""
    lines = text.split("\n")
    for _ in range(random.randint(1, 10)):
        at = random.randrange(len(lines))
        found = [] if lines[at].startswith("@prefix") else list(OBJECT.finditer(lines[at]))
        if found:
            object_ = random.choice(found)
            start, end = object_.span()
            lines[at] = lines[at][:start] + random.choice(TERMS) + lines[at][end:]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(103, 103 + SEEDS))
def test_terms_that_nobody_expects_are_no_traceback(one_edition, run, tmp_path, monkeypatch, seed):
    monkeypatch.chdir(tmp_path)
    random = Random(seed)
    for folder in (EDITION, DOCUMENT):
        (tmp_path / folder.name).mkdir()
        for file in sorted(folder.glob("*.ttl")):
            text = with_other_terms(file.read_text(encoding="utf-8"), random)
            (tmp_path / folder.name / file.name).write_text(text, encoding="utf-8")

    failed = []
    for line in COMMANDS:
        own = [] if line[0] == "check" else ["--data", "."]
        try:
            code, out, err = run(*line, *own)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)
            ours = [each for each in place if "/tipgraph/" in each.filename]
            failed.append(f"{line}: {error!r:.200} at {ours[-2:]}")
            continue
        if code not in (0, 1, 2, 3) or "Traceback" in out + err:
            failed.append(f"{line}: {err[-500:]}")
    assert not failed, "\n".join(failed)
