"""No request breaks a page or brings markup into it; each file of a site is below its folder."""

import re
from pathlib import PurePosixPath
from urllib.parse import quote, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

import tipgraph
from tests.explorer.conftest import Client
from tipgraph.explorer import addresses, assets, things
from tipgraph.explorer.pages import KINDS
from tipgraph.explorer.site import Site
from tipgraph.namespaces import PREFIXES
from tipgraph.resources import folders
from tipgraph.store.engine import Embedded

MARKUP = "<script>alert(1)</script>"
TEXT = st.text(max_size=40) | st.just(MARKUP) | st.sampled_from(["BEL", "tip-2021-be", "0", "-1"])
EXAMPLES = [kind.example for kind in KINDS]
NAMES = [
    *("q", "kind", "page", "area", "edition", "earlier", "later", "stage", "indicator", "part"),
    *("period", "iri", "format", "answer", "statement", "columns"),
]
PARAMETERS = st.dictionaries(st.sampled_from(NAMES), TEXT, max_size=4)
PATHS = st.sampled_from([each.partition("?")[0] for each in EXAMPLES]) | TEXT.map(
    lambda text: f"/{quote(text, safe='/')}"
)
FIELDS = st.sampled_from(["edition", "citizenship", "age", "company", "fact-identified", "x"])


@given(path=PATHS, parameters=PARAMETERS)
def test_no_address_breaks_a_page_or_brings_markup_into_it(path, parameters, client):
    page = client.get(f"{path}?{urlencode(parameters, errors='replace')}")

    assert page.status_code < 500
    # An error for a file is plain text, which browsers take for nothing else.
    is_plain = page.headers["content-type"].startswith("text/plain")
    assert MARKUP not in page.text or is_plain
    assert page.headers["x-content-type-options"] == "nosniff"
    policy = page.headers["content-security-policy"]
    # A page to embed has no script at all.
    assert "script-src 'self'" in policy or "script" not in policy
    assert policy.startswith("default-src 'none'")


@given(entered=st.dictionaries(FIELDS, TEXT, max_size=5))
def test_no_form_breaks_the_page_of_a_case(entered: dict[str, str], client: Client) -> None:
    encoded = {"content-type": "application/x-www-form-urlencoded"}
    body = urlencode(entered, errors="replace")
    page = client.send("POST", "/-/case", encoded, content=body)

    assert page.status_code < 500
    assert MARKUP not in page.text


@given(name=st.text(max_size=300))
@example(name="404")
@example(name="../../../x")
def test_file_of_anything_is_below_the_folder_of_the_site(name: str) -> None:
    iris = (f"https://w3id.org/tipgraph/{name}", f"http://example.org/{name}", name or "x")
    named = ("/query/x?scheme", "/-/compare?earlier=x&later", "/-/network?edition=all&area")
    given = quote(name, errors="replace")
    for address in (*map(addresses.address, iris), *(f"{each}={given}" for each in named)):
        file = PurePosixPath(addresses.file_of(address))

        assert not file.is_absolute()
        assert str(file) != assets.NOT_FOUND
        assert not {"..", ""} & {*file.parts}
        assert all(len(part.encode()) <= 255 for part in file.parts)


# Labels that a store takes, and parts of IRIs.
LABELS = st.text(st.characters(codec="utf-8"), max_size=40) | st.just(MARKUP)
PARTS = st.text(
    st.characters(codec="utf-8", categories=["L", "N"], include_characters="-._~!$&'()*+,;=:@/?"),
    max_size=60,
)


@pytest.mark.slow(reason="derives a graph for each example")
@given(name=PARTS, label=LABELS)
@example("a/../../b", f'"{MARKUP}')
@example("x?q#f", "javascript:alert(1)")
def test_no_thing_brings_markup_or_foreign_links_into_its_files(name: str, label: str) -> None:
    store = Store()
    graph = tipgraph.LocalGraph(Embedded(store), folders.shipped(), own=(), bundled=True)
    site = Site(graph, is_static=True)
    subjects = f"https://w3id.org/tipgraph/id/{name}", "javascript:alert(1)", f"data:,{name}"
    iris = [NamedNode(each) for each in subjects]
    for subject in iris:
        store.add(Quad(subject, NamedNode(PREFIXES["rdfs"] + "label"), Literal(label)))
        for other in iris:
            store.add(Quad(subject, NamedNode(PREFIXES["rdfs"] + "seeAlso"), other))

    for kind in (things.at_paths, things.in_full):
        for address, content in (
            each for group in kind(site) for each in things.batch(site, group)
        ):
            file = addresses.file_of(address)
            text = addresses.with_links(content.body.decode(), file)

            assert ".." not in PurePosixPath(file).parts
            if content.media_type.startswith("text/html"):
                assert "<script" not in text
                assert not re.search(r'(href|src)="\s*(javascript|data:(?!,"))', text)
            else:
                assert not file.endswith(".html")
