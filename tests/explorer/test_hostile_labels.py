"""Labels in the user's own data may contain anything: pages show it as text."""

import re
from html import unescape
from pathlib import Path

import pytest

import tipgraph
from tests.explorer.conftest import Client
from tipgraph.explorer.app import Settings, application
from tipgraph.resources.folders import VARIABLE

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}\\u202e\\u2066\\u0007"
SHOWN = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}\\u202e\\u2066\\x07"
DATA = f"""
@prefix tip: <https://w3id.org/tipgraph/ns#> .
@prefix id: <https://w3id.org/tipgraph/id/> .
@prefix code: <https://w3id.org/tipgraph/code/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .

id:evil a tip:Actor ; rdfs:label "{HOSTILE.replace('"', chr(92) + '"')}"@en ;
    rdfs:seeAlso <javascript:alert(1)>, <https://example.org/%22%3E%3Cscript%3E> ;
    skos:note "{HOSTILE.replace('"', chr(92) + '"')}" .
<javascript:alert(1)> rdfs:label "a script" .
<https://w3id.org/tipgraph/id/a/../evil> rdfs:label "dots" .
code:evil a skos:Concept ; skos:prefLabel "{HOSTILE.replace('"', chr(92) + '"')}"@en ;
    skos:inScheme code:topics .
<https://w3id.org/tipgraph/id/tip-2017-be/victims-identified-and-assisted-2015>
    <http://purl.org/linked-data/sdmx/2009/measure#obsValue>
    "1,234"^^<http://www.w3.org/2001/XMLSchema#decimal> .
"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, small_resources: Path) -> Client:
    file: Path = tmp_path_factory.mktemp("hostile") / "own.ttl"
    file.write_text(DATA, encoding="utf-8")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(VARIABLE, str(small_resources))
        return Client(application(tipgraph.open(file), Settings()))


@pytest.mark.parametrize(
    "address",
    [
        "/id/evil", "/code/evil", "/-/search?q=onerror", "/query/mentions", "/id/evill",
        "/query/unmentioned-topics", "/-/thing?iri=javascript%3Aalert(1)",
        "/query/actors?edition=%3Cscript%3E", "/-/search?q=%3Cscript%3E%22%27",
        "/-/compare?earlier=%3Cscript%3E&later=x", "/-/network?actor=%3Cscript%3E%22",
        "/-/countries", "/-/country/BEL",
    ],
)  # fmt: skip
def test_markup_and_controls_are_text(hostile: Client, address: str) -> None:
    answer = hostile.get(address)
    page = answer.text

    assert answer.status_code < 500
    assert not re.search(r'<script(?! src="/-/scripts/\w+\.js" defer></script>)', page)
    assert "<img src=x" not in page
    assert not re.search(r'(href|src|action)="\s*(javascript|data:text)', page)
    assert not re.search("[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)


def test_suggestion_is_data_with_its_controls_made_visible(hostile: Client) -> None:
    answer = hostile.get("/-/suggest?type=tip:Actor&q=onerror")

    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == [{"value": "evil", "label": SHOWN}]


def test_hostile_label_is_shown(hostile: Client) -> None:
    page = hostile.get("/id/evil").text

    assert SHOWN in unescape(re.sub(r"<h1>(.*?)</h1>.*", r"\1", page, flags=re.DOTALL))
    assert (
        "dots"
        in hostile.get("/-/thing?iri=https%3A%2F%2Fw3id.org%2Ftipgraph%2Fid%2Fa%2F..%2Fevil").text
    )
    assert hostile.get("/id/evil.ttl").status_code == 200
