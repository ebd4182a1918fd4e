"""Fields whose values are too many for a list: what is suggested, and what the page accepts."""

import re

from tests.explorer.conftest import Client


def suggested(client: Client, kind: str, words: str) -> list[str]:
    answer = client.get(f"/-/suggest?type={kind}&q={words}")
    assert answer.status_code == 200
    return [each["value"] for each in answer.json()]


def test_suggestions_have_all_words_in_name_or_label(client: Client) -> None:
    answer = client.get("/-/suggest?type=tip:Statement&q=820+REFERRALS")

    assert answer.headers["content-type"] == "application/json"
    found = answer.json()
    assert "referrals-2020" in [each["value"] for each in found]
    assert all("820" in each["label"] and "referrals" in each["label"] for each in found)
    assert suggested(client, "tip:Actor", "greta")[0] == "greta"
    assert suggested(client, "tip:Actor", "") == []
    assert suggested(client, "tip:Actor", "qqqq") == []
    assert len(suggested(client, "tip:Statement", "tip")) == 20


def test_what_begins_with_the_words_comes_first(client: Client) -> None:
    found = client.get("/-/suggest?type=tip:Actor&q=my").json()

    starts = [
        any(each[key].casefold().startswith("my") for key in ("value", "label")) for each in found
    ]
    assert starts[0]
    assert starts == sorted(starts, reverse=True)


def test_only_types_of_parameters_have_suggestions(client: Client) -> None:
    refused = client.get("/-/suggest?type=owl:Class&q=a")

    assert refused.status_code == 400
    assert "unknown type 'owl:Class'" in refused.text


def test_each_suggestion_is_a_value_that_the_query_accepts(client: Client) -> None:
    for value in suggested(client, "tip:Statement", "permits")[:5]:
        assert client.get(f"/query/evidence?statement={value}").status_code == 200


def test_field_lists_few_values_and_asks_for_many(client: Client) -> None:
    page = client.get("/query/evidence").text
    few = client.get("/query/conditions").text

    address = "/-/suggest\\?type=tip%3AStatement"
    field = rf'<input id="statement"[^>]* list="statement-values" data-suggest="{address}"'
    assert re.search(field, page)
    assert '<script src="/-/scripts/suggest.js" defer></script>' in page
    assert re.search(r'<datalist id="norm-values">\n<option value="[^"]+">', few)
    assert "suggest.js" not in few
    assert client.get("/-/scripts/suggest.js").headers["content-type"].startswith("text/javascript")
    assert client.get("/-/scripts/..%2Fstyle.css").status_code == 404
    assert client.get("/-/scripts/nothing.js").status_code == 404


def test_wrong_name_is_explained_on_the_page(client: Client) -> None:
    page = client.get("/query/evidence?statement=referals-2020")

    assert page.status_code == 400
    assert "did you mean &#39;tip-2021-be/referrals-2020&#39;" in page.text
    assert 'value="referals-2020"' in page.text


def test_search_suggests_labels_of_hits_for_an_unfinished_word(client: Client) -> None:
    answer = client.get("/-/suggest?type=search&q=belg").json()

    assert "Belgium" in [each["value"] for each in answer]
    assert "country" in [each["label"] for each in answer]
    assert len(answer) <= 8
    for odd in ("", "*", "%22belg", "a+" * 40, "%3Cb%3E"):
        assert client.get(f"/-/suggest?type=search&q={odd}").status_code == 200
