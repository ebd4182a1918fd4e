"""The beginning and the end of the quotes of statements in words."""

import pytest

from draft.tests.conftest import Read


def quotes(read: Read, text: str, kind: str = "claim") -> list[str]:
    return [quote for (quote,) in read(text, "quote", kind=kind)]


@pytest.mark.parametrize(
    "text",
    [
        "NGOs reported that many shelters lacked space for men",
        "Shelters lacked space for men, several NGOs stated",
        "There was no place for families, according to lawyers",
    ],
)
def test_restricting_phrase_stays_with_what_it_restricts(read: Read, text: str) -> None:
    assert quotes(read, f"{text}.") == [text]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("non-report", "The ministry did not report the number of victims in care homes"),
        ("non-report", "No data on assistance for boys were available in most provinces"),
        ("absence", "There were no reports of officials fining victims for unlawful acts"),
    ],
)
def test_object_of_what_is_not_reported_is_complete(read: Read, kind: str, text: str) -> None:
    assert quotes(read, f"{text}.", kind) == [text]


def test_quote_ends_before_a_phrase_that_does_not_fit(read: Read) -> None:
    text = (
        "GRETA noted that the authorities had closed the only shelter for victims of a form of"
        " exploitation that the law did not mention."
    )

    assert quotes(read, text) == [
        "GRETA noted that the authorities had closed the only shelter for victims"
    ]


def test_quotes_of_two_claims_do_not_overlap(read: Read) -> None:
    text = "NGOs reported shelters were full, while officials claimed there was room for all."

    assert quotes(read, text) == [
        "NGOs reported shelters were full",
        "officials claimed there was room for all",
    ]


def test_long_statement_before_its_speaker_is_not_cut_into(read: Read) -> None:
    text = (
        "Interpreters for the languages that most workers on the farms of the north speak were"
        " not available at night, observers noted."
    )

    assert quotes(read, text) == ["observers noted"]
