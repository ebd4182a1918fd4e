"""A text fragment opens the page at the quote, whatever characters the quote has."""

from urllib.parse import unquote

from hypothesis import given
from hypothesis import strategies as st

from tipgraph.entities.passages import text_fragment

PAGE = "https://example.org/report"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


def test_prefix_and_suffix_surround_the_quote_without_their_spaces() -> None:
    assert text_fragment(PAGE, "49 victims", "(including ", " of") == (
        f"{PAGE}#:~:text=%28including-,49%20victims,-of"
    )


def test_hyphen_comma_and_ampersand_are_encoded() -> None:
    assert text_fragment(PAGE, "so-called, R&D").endswith(":~:text=so%2Dcalled%2C%20R%26D")


def test_page_with_a_fragment_keeps_it() -> None:
    assert text_fragment(f"{PAGE}#part", "quote") == f"{PAGE}#part:~:text=quote"


@given(exact=TEXT, prefix=TEXT, suffix=TEXT)
def test_parts_can_be_split_again(exact: str, prefix: str, suffix: str) -> None:
    parts = text_fragment(PAGE, exact, prefix, suffix).partition(":~:text=")[2].split(",")

    assert [part.strip("-") for part in parts] == [part.replace("-", "") for part in parts]
    assert [part.endswith("-") for part in parts] == [True, False, False]
    assert [part.startswith("-") for part in parts] == [False, False, True]
    assert [unquote(part.strip("-")) for part in parts] == [
        text.strip() for text in (prefix, exact, suffix)
    ]
