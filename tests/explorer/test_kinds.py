"""Every kind of page answers, on the server and in the files."""

from itertools import islice
from urllib.parse import parse_qsl, unquote

import pytest

import tipgraph
from tests.explorer.conftest import Client
from tipgraph.explorer.addresses import file_of
from tipgraph.explorer.pages import KINDS, PageKind, find
from tipgraph.explorer.site import Site

# The pages of a kind that are opened, at least one of each group; the site opens all.
MOST = 2
OF_EACH = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.path)


def kind_of(address: str) -> PageKind:
    path, _, query = address.partition("?")
    return find(unquote(path), dict(parse_qsl(query)))[0]


@OF_EACH
def test_example_is_of_its_kind_and_answers(client: Client, kind: PageKind) -> None:
    assert kind_of(kind.example) is kind
    assert client.get(kind.example, "text/html, */*;q=0.1").status_code == 200


@pytest.mark.slow(reason="describes, writes or asks everything")
@OF_EACH
def test_files_are_of_their_kind_and_answer(files: Site, kind: PageKind) -> None:
    groups = [list(group) for group in kind.addresses(files)] if kind.addresses else []
    made: list[str] = []
    most = max(1, MOST // max(1, len(groups)))
    for group in groups:
        for address, content in islice(kind.contents(files, group[:most]), most):
            assert (address, content.status) == (address, 200)
            assert kind_of(address) is kind
            made.append(file_of(address))

    assert len(made) == len(set(made))
    # Things in full are those of the user's own data.
    assert bool(made) == (kind.addresses is not None) or kind.path == "/-/thing"


@pytest.mark.slow(reason="makes a page of every query")
def test_page_of_every_query_answers_on_the_server(client: Client) -> None:
    pages = [f"/query/{name}" for name in tipgraph.open().queries]

    assert [each for each in pages if client.get(each).status_code != 200] == []
