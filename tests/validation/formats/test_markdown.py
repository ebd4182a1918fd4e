"""Markdown, read with a reader of it."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.validation.formats.reports import FINDINGS, FULL
from tipgraph.validate.formats import render
from tipgraph.validate.report import Fault, Report

MARKUP = st.sampled_from("\\`*_[]<>|&~$#!-: \n")
# A NUL is never passed on by Markdown.
TEXT = st.text(MARKUP | st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def blocks(text, tag):
    """The plain texts of all blocks that become this element of HTML."""
    pairs = pairwise(READER.parse(text))
    return [plain(inline) for opened, inline in pairs if opened.tag == tag and opened.nesting == 1]


def plain(inline):
    return "".join(
        "\n" if each.content == "<br>" else each.content for each in inline.children or []
    )


def one_line(text):
    return " ".join(text.split())


@example(message="\\- \\| \\` &amp; <b>", hint="*a* _b_ [c](d)", term="a``b`c|d\\|e\\`")
@given(message=TEXT, hint=TEXT.filter(str.strip), term=TEXT)
def test_that_any_text_stays_in_its_cell(message, hint, term):
    finding = replace(
        FINDINGS[1], details=(), message=message, hint=hint, shape="urn:" + term, focus="_:" + term
    )

    cells = blocks(render("markdown", Report(findings=(finding,))), "td")

    assert cells == [
        "7",
        "violation",
        f"{one_line(message)}\nhelp: {one_line(hint)}",
        one_line("urn:" + term),
        one_line("_:" + term),
    ]


@given(message=TEXT, hint=TEXT)
def test_that_a_fault_is_one_item_of_a_list(message, hint):
    fault = Fault("syntax", message, None, hint)
    tokens = READER.parse(render("markdown", Report(faults=(fault,))))

    items = [
        tokens[place + 2] for place, token in enumerate(tokens) if token.type == "list_item_open"
    ]

    assert [plain(item) for item in items] == [one_line(f"syntax: {fault}")]


def test_that_each_file_has_a_table():
    text = render("markdown", FULL)

    files = [
        "data/compass.jsonld",
        "data/shelters.ttl",
        "https://example.org/graph/2020",
        "(no file)",
    ]
    assert blocks(text, "h3") == ["Faults", *files]
    assert blocks(text, "th") == ["line", "severity", "message", "shape", "focus"] * len(files)


def test_that_shortening_leaves_the_heading():
    whole, short = render("markdown", FULL), render("markdown", FULL, 1)

    assert blocks(short, "h2") == blocks(whole, "h2")
    assert blocks(short, "td") == blocks(whole, "td")[:5]
    assert "… and 6 more findings" in blocks(short, "p")
