"""Editions as the graph describes them."""

import pytest
from pyoxigraph import RdfFormat, Store

from tests.conftest import Run
from tipgraph import open as open_graph
from tipgraph.entities.editions import edition, editions
from tipgraph.errors import UsageError
from tipgraph.namespaces import ID
from tipgraph.store.engine import Embedded


def test_editions_come_oldest_first(run: Run) -> None:
    found = editions(open_graph().engine)

    years = [each.year for each in found.values()]
    assert years == sorted(years)
    assert all(iri == each.iri and each.page for iri, each in found.items())


def test_edition_is_found_by_short_name_and_by_label(run: Run) -> None:
    engine = open_graph().engine
    belgium = edition(engine, "tip-2021-be")

    assert belgium == edition(engine, "TIP Report 2021, Belgium") == edition(engine, belgium.iri)
    assert (belgium.slug, belgium.year, belgium.is_complete) == ("tip-2021-be", 2021, True)
    assert belgium.publisher_label == "US Department of State"
    assert not edition(engine, "tip-2020-be").is_complete


def test_unknown_edition_suggests_nearest(run: Run) -> None:
    with pytest.raises(UsageError, match="'tip-2021-bee'; did you mean 'tip-2021-be'"):
        edition(open_graph().engine, "tip-2021-bee")


def test_unfinished_edition_has_empty_values() -> None:
    store = Store()
    store.load(
        b"PREFIX tip: <https://w3id.org/tipgraph/ns#> <https://w3id.org/tipgraph/id/x-1-be>"
        b" a tip:Edition .",
        RdfFormat.TURTLE,
    )

    (found,) = editions(Embedded(store)).values()

    assert (found.iri, found.label, found.year) == (f"{ID}x-1-be", "x-1-be", 0)
    assert (found.area, found.page, found.publisher_label) == ("", "", "")
    assert not found.is_complete


def test_only_the_wanted_editions_are_returned(run: Run) -> None:
    wanted = [f"{ID}tip-2021-be", f"{ID}tip-2020-be"]

    assert [*editions(open_graph().engine, wanted)] == wanted[::-1]
