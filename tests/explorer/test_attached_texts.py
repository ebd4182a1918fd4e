"""Attached texts: pages of this machine show their sentences, pages of others have none."""

import re
from html import unescape
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

import tipgraph
from tests.data.test_pinned_text import TEXT
from tests.explorer.conftest import Client
from tipgraph import attached_texts
from tipgraph.explorer.app import Settings, application

pytestmark = pytest.mark.skipif(
    not TEXT.exists(), reason="the source text is in ../shared, which is not here"
)
EDITION = "tip-2021-be"
PAGES = {
    "the sentence": "/id/tip-2021-be/S30",
    "a statement": "/id/tip-2021-be/referrals-2020",
}
FILES = [
    "/id/tip-2021-be/S30.ttl", "/id/tip-2021-be/S30.jsonld", "/id/tip-2021-be.nt",
    "/query/evidence.csv?place=S30", "/query/evidence.json?place=S30",
    "/query/evidence.md?place=S30", "/query/evidence.xlsx?place=S30",
    "/-/suggest?type=tip:Sentence&q=S30", "/-/void",
]  # fmt: skip
OTHERS = [
    "/", "/id/tip-2021-be", "/-/countries?area=BEL", "/query/figures?edition=tip-2021-be",
    "/query/evidence?place=S30", "/-/search?q=permits&area=BEL&page=1", "/-/country/BEL",
    "/-/compare?earlier=tip-2020-be&later=tip-2021-be", "/-/entitlements",
]  # fmt: skip


@pytest.fixture
def sentences(shipped: tipgraph.LocalGraph, user_data: Path) -> dict[str, str]:
    """The sentences of the edition's text, which is attached."""
    attached_texts.attach(shipped.engine, EDITION, str(TEXT))
    (found,) = attached_texts.attached(shipped.engine).values()
    return found


def client(host: str) -> Client:
    return Client(application(tipgraph.open(), Settings(host)))


def content(answer: httpx.Response) -> str:
    """All text of an answer; of a page without markup, of a workbook that of its parts."""
    if answer.content.startswith(b"PK"):
        with ZipFile(BytesIO(answer.content)) as parts:
            return " ".join(parts.read(each).decode(errors="replace") for each in parts.namelist())
    return " ".join(unescape(re.sub(r"</?(mark|q)>", "", answer.text)).split())


def _iri(sentence: str) -> str:
    return f"https://w3id.org/tipgraph/id/{EDITION}/{sentence}"


def test_pages_of_this_machine_show_whole_sentences(sentences: dict[str, str]) -> None:
    here = client("127.0.0.1")
    whole = " ".join(sentences[_iri("S30")].split())

    for address in PAGES.values():
        page = here.get(address)
        assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
        assert any(" ".join(each.split()) in content(page) for each in sentences.values()), address
    page = here.get("/id/tip-2021-be/S30")
    assert whole in content(page)
    assert "<mark>" in page.text


@pytest.mark.slow(reason="makes each kind of page and file")
@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "graph.example"])
def test_no_page_that_others_can_reach_has_a_sentence(sentences: dict[str, str], host: str) -> None:
    public = client(host)
    whole = [" ".join(each.split()) for each in sentences.values()]

    # The others have none at any address.
    for address in [*PAGES.values(), *((*OTHERS, *FILES) if host == "0.0.0.0" else ())]:
        answer = public.get(address, host=f"{'192.0.2.1' if ':' in host else host}:80")
        assert answer.status_code == 200, address
        assert not [each for each in whole if each in content(answer)], address


@pytest.mark.slow(reason="makes each kind of page and file")
def test_other_pages_and_files_have_no_sentence_even_here(sentences: dict[str, str]) -> None:
    here = client("127.0.0.1")
    whole = [" ".join(each.split()) for each in sentences.values()]

    for address in (*OTHERS, *FILES):
        assert not [each for each in whole if each in content(here.get(address))], address


def test_text_that_is_removed_is_gone_at_once(sentences, shipped: tipgraph.LocalGraph):
    here = client("127.0.0.1")
    before = here.get("/id/tip-2021-be/S30")
    attached_texts.remove(shipped.engine, EDITION)
    after = here.get("/id/tip-2021-be/S30", if_none_match=before.headers["etag"])

    assert after.status_code == 200
    assert " ".join(sentences[_iri("S30")].split()) not in content(after)
