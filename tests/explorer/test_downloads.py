"""The downloads: their page, and the files that it leads to, with sizes and checksums."""

import gzip
import re
from hashlib import sha256
from posixpath import normpath

import pytest
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from tests.explorer.conftest import Client, links
from tipgraph.explorer import assets
from tipgraph.explorer.site import Site
from tipgraph.export.graph import graph_names

DATASET = NamedNode("http://www.w3.org/ns/dcat#Dataset")


def without_blank(triples: set[Triple]) -> set[Triple]:
    """The triples whose nodes have the same names in every file."""
    return {each for each in triples if not any(isinstance(node, BlankNode) for node in (*each,))}


def test_server_leads_to_what_it_makes(client: Client) -> None:
    page = client.get("/-/downloads")
    found = [each for each in links(page) if "figures" in each or "void" in each]

    assert len(found) == 3
    assert [client.get(each, accept="*/*").status_code for each in found] == [200] * 3


@pytest.mark.slow(reason="describes, writes or asks everything")
def test_files_have_the_graph_and_the_figures_with_their_checksums(files: Site) -> None:
    made = dict(assets.download_files(files))
    page = made.pop("-/downloads.html").decode()

    assert gzip.decompress(made["-/data/graph.nq.gz"]) == files.graph.nquads
    turtle = {
        quad.triple
        for quad in parse(gzip.decompress(made["-/data/graph.ttl.gz"]), format=RdfFormat.TURTLE)
    }
    triples = {quad.triple for quad in files.engine.store}
    assert (len(turtle), without_blank(turtle)) == (len(triples), without_blank(triples))
    assert made["query/figures.csv"].count(b"\n") > 200
    catalogue = list(parse(gzip.decompress(made["-/data/catalog.ttl.gz"]), RdfFormat.TURTLE))
    described = {each.subject.value for each in catalogue if each.object == DATASET}
    assert described >= {*files.editions, *graph_names(files.engine.store)}
    linked = {normpath(f"-/{each}") for each in re.findall('href="([^"]+)"', page)}
    assert linked >= {*made}
    for content in made.values():
        assert f"{len(content):,}" in page
        assert sha256(content).hexdigest() in page


def test_link_to_a_page_shows_its_title_and_what_it_answers(client: Client) -> None:
    expected = {
        "/": "statements of the Trafficking in Persons Report",
        "/query/funding": "Funders and recipients",
        "/id/tip-2021-be/referrals-2020": "value: 820",
    }
    for address, answer in expected.items():
        found = dict(
            re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', client.get(address).text)
        )
        assert (found["type"], answer in found["description"]) == ("website", True), found
        assert found["title"]
