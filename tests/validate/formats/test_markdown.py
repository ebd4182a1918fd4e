"""Markdown, parsed with a Markdown library."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.validate.formats.reports import FINDINGS, FULL
from tipgraph.validate.formats import render
from tipgraph.validate.report import Diagnostic, ValidationReport

MARKUP = st.sampled_from("\\`*_[]<>|&~$#!-: \n")
# Markdown replaces NUL.
TEXT = st.text(MARKUP | st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def blocks(text, tag):
    """The plain text of each block that becomes this HTML element."""
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
def test_any_text_stays_in_its_cell(message, hint, term):
    finding = replace(
        FINDINGS[1],
        message=message,
        hint=hint,
        shape="urn:" + term,
        focus_node="_:" + term,
    )

    cells = blocks(render("markdown", ValidationReport(findings=(finding,))), "td")

    assert cells == [
        "7",
        "violation",
        f"{one_line(message)}\nhelp: {one_line(hint)}",
        one_line("urn:" + term),
        one_line("_:" + term),
    ]


@given(message=TEXT, hint=TEXT)
def test_error_is_one_list_item(message, hint):
    error = Diagnostic("syntax", message, None, hint)
    tokens = READER.parse(render("markdown", ValidationReport(errors=(error,))))

    items = [
        tokens[index + 2] for index, token in enumerate(tokens) if token.type == "list_item_open"
    ]

    assert [plain(item) for item in items] == [one_line(f"syntax: {error}")]


def test_limit_keeps_heading():
    complete, limited = render("markdown", FULL), render("markdown", FULL, 1)

    assert blocks(limited, "h2") == blocks(complete, "h2")
    assert blocks(limited, "td") == blocks(complete, "td")[:5]
    assert "… and 6 more findings" in blocks(limited, "p")


def test_report_that_checked_nothing_has_heading_and_errors_only():
    report = ValidationReport(errors=(Diagnostic("endpoint", "connection refused"),))

    assert render("markdown", report) == (
        "## Not validated: 1 error\n\n### Errors\n\n- `endpoint`: connection refused\n"
    )


def test_finding_without_focus_node_has_an_empty_cell():
    finding = replace(FINDINGS[6], focus_node="")

    *_, cell = blocks(render("markdown", ValidationReport(findings=(finding,))), "td")

    assert cell == ""
