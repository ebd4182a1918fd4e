"""The actor network: what its filters select, and that drawing and table have the same content."""

import json
import re
from collections import Counter
from html import unescape
from typing import Any

import pytest

import tipgraph
from tests.explorer.conftest import Client, links
from tipgraph.explorer import network
from tipgraph.explorer.app import Settings, application
from tipgraph.explorer.http import PageRequest
from tipgraph.explorer.site import Site, in_memory


def drawing(client: Client, parameters: str = "") -> dict[str, Any]:
    answer = client.get(f"/-/network.json{parameters}", "application/json")
    assert answer.headers["content-type"] == "application/json"
    found: dict[str, Any] = json.loads(answer.text)
    return found


def statements(drawn: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Source, target and statement of each statement on a line."""
    return {
        (line["source"], line["target"], statement["address"])
        for line in drawn["connections"]
        for statement in line["statements"]
    }


def test_default_is_the_newest_edition_that_was_read_in_full(client: Client) -> None:
    page = client.get("/-/network")

    assert page.status_code == 200
    assert "Read in full: TIP Report 2021, Belgium." in page.text
    assert {"/id/tip-2021-be/S14", "/id/greta", "/id/tip-2021-be/allocation-2019"} <= {*links(page)}
    assert drawing(client) == drawing(client, "?edition=tip-2021-be")


def test_drawing_has_the_statements_of_the_query(client, shipped: tipgraph.LocalGraph):
    rows = shipped.rows("relations", edition="tip-2021-be")
    ours = "https://w3id.org/tipgraph/"

    expected = {str(row["statement"]).removeprefix(ours) for row in rows}
    drawn = drawing(client)
    assert {each[2].removeprefix("/") for each in statements(drawn)} == expected
    pairs = {(str(row["subject"]), str(row["relation"]), str(row["object"])) for row in rows}
    assert len(drawn["connections"]) == len(pairs)


def test_line_has_relation_kind_edition_speaker_and_sentence(client: Client) -> None:
    (line,) = [
        each
        for each in drawing(client)["connections"]
        if each["relation"] == "allocates money to"
    ]  # fmt: skip

    assert (line["source"], line["target"]) == (
        "belgium-government", "belgium-specialised-shelters",
    )  # fmt: skip
    first = line["statements"][0]
    assert first["kind"] == "allocation"
    assert first["edition"]["address"] == "/id/tip-2021-be"
    assert [each["label"] for each in first["speakers"]] == ["US Department of State"]
    (sentence,) = first["sentences"]
    assert (sentence["label"], sentence["address"]) == ("S14", "/id/tip-2021-be/S14")
    assert sentence["quote"] == "€427,000"
    assert "#:~:text=" in sentence["link"]
    assert any("worded differently" in each for each in first["caveats"])


def test_hedge_is_on_its_statement(client: Client) -> None:
    hedges = Counter(
        statement["hedge"]
        for line in drawing(client)["connections"]
        for statement in line["statements"]
    )

    assert hedges["reportedly"] > 0
    assert hedges[""] > hedges["reportedly"]


def test_filters_select(client: Client) -> None:
    whole = statements(drawing(client))
    funds = drawing(client, "?connection=funds")
    greta = drawing(client, "?actor=greta")

    assert {each["relation"] for each in funds["connections"]} == {"funds"}
    assert statements(funds) < whole
    assert all("greta" in each[:2] for each in statements(greta))
    assert statements(greta) == {each for each in whole if "greta" in each[:2]}
    assert drawing(client, "?actor=GRETA") == greta
    country = drawing(client, "?area=BEL")
    assert statements(country) > whole
    editions = {
        statement["edition"]["address"]
        for line in country["connections"]
        for statement in line["statements"]
    }
    assert editions > {"/id/tip-2021-be", "/id/tip-2020-be"}
    assert statements(drawing(client, "?edition=all")) >= statements(country)


def test_filters_keep_their_values_and_work_without_scripts(client: Client) -> None:
    page = client.get("/-/network?edition=tip-2021-be&connection=funds&actor=belgium-government")

    for value in ("tip-2021-be", "funds", "belgium-government"):
        assert re.search(rf'<option value="{value}" selected>', page.text)
    assert re.search(r'<option value="funds" selected>funds \(\d+\)</option>', page.text)
    assert '<form class="fields" action="/-/network">' in page.text
    assert re.search(r'<figure [^>]*id="network"[^>]* hidden>', page.text)
    source = re.search(r'data-source="([^"]*)"', page.text)
    assert source
    assert statements(json.loads(client.get(unescape(source[1])).text)) == statements(
        drawing(client, "?edition=tip-2021-be&connection=funds&actor=belgium-government")
    )


def test_table_has_each_statement_with_its_sentence(client: Client) -> None:
    page = client.get("/-/network?connection=funds")

    wanted = {each[2] for each in statements(drawing(client, "?connection=funds"))}
    assert wanted
    assert wanted <= {*links(page)}
    assert "The same as a table" in page.text


def test_what_matches_nothing_is_no_error(client: Client) -> None:
    page = client.get("/-/network?edition=tip-2021-be&connection=runs&actor=greta")

    assert page.status_code == 200
    assert "No connection of these editions is of this kind, or has this actor" in page.text
    assert "<script" not in page.text
    assert drawing(client, "?connection=runs&actor=greta") == {
        "columns": [], "parties": [], "connections": [],
    }  # fmt: skip


def test_empty_network_says_why(shared_graph: None) -> None:
    nothing = Site(in_memory(tipgraph.open(bundled=False)))
    page = network.page(nothing, PageRequest())

    assert page.status == 200
    assert b"No statement of the graph relates two parties." in page.body


@pytest.mark.parametrize(
    "parameters", ["edition=tip-1999-be", "area=Atlantis", "actor=nobody-knows", "connection=xx"]
)
def test_unknown_value_is_explained(client: Client, parameters: str) -> None:
    page = client.get(f"/-/network?{parameters}")

    assert page.status_code == 400
    assert "unknown" in page.text
    assert 'role="alert"' in page.text
    assert client.get(f"/-/network.json?{parameters}").status_code == 400


def test_long_table_has_pages_and_the_drawing_has_all(shared_graph, monkeypatch):
    monkeypatch.setattr(network, "LONGEST", 50)
    monkeypatch.setattr(network, "LARGE", 100)
    client = Client(application(tipgraph.open(), Settings()))
    first, second = (client.get(f"/-/network?edition=all&page={number}") for number in (1, 2))

    assert "Page 2 of" in second.text
    assert links(first) != links(second)
    assert "So many cannot be followed at once." in first.text
    assert "So many cannot be followed at once." not in client.get("/-/network").text
    assert len(statements(drawing(client, "?edition=all"))) > 50


def test_parties_are_in_columns_by_group(client: Client) -> None:
    drawn = drawing(client)
    column_of = {each["id"]: each["column"] for each in drawn["parties"]}

    assert len(drawn["columns"]) == 4
    names = ("greta", "belgium-government", "belgium-specialised-shelters", "ChildVictim")
    assert [column_of[name] for name in names] == [0, 1, 2, 3]


def test_every_kind_of_connection_and_party_is_known(shipped: tipgraph.LocalGraph) -> None:
    named = {name for names in network.FAMILIES.values() for name in names}
    codes = shipped.engine.select("SELECT ?c { ?c skos:inScheme code:connections }").column("c")
    relations = shipped.engine.select("SELECT ?r { ?r a tip:Relation }").column("r")
    kinds = {name for names in network.GROUPS.values() for name in names}
    classes = shipped.engine.select("SELECT ?k { ?k a ?m FILTER(STRSTARTS(STR(?k), STR(tip:))) }")

    known = {str(each).replace("#", "/").rpartition("/")[2] for each in [*codes, *relations]}
    assert named <= known
    assert kinds <= {str(each).rpartition("#")[2] for each in classes.column("k")}
