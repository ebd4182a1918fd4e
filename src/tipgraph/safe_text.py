"""Text made safe for the place where it is shown: a terminal, Markdown, XML, LaTeX, a spreadsheet.

Labels come from files and stores, so they may contain anything: it is shown, and never obeyed.
"""

import re

from tipgraph.text import one_line

# Escape sequences and other controls (C0 but tab and line end, DEL, C1), bidi controls, and the
# halves of characters that stand for bytes of a file name. A return before a line end does no harm.
# Patterns are compiled on first use, since that takes as long as a tenth of a start.
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CONTROLS = f"\r(?!\n)|[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{BIDI}\ud800-\udfff]"
NOT_XML = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
# Markup wherever it stands: an entity, an underscore beside a word, the beginning of a block.
MARKUP = r"[\\`*\[\]<|~]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])|^[#>]"
# https://owasp.org/www-community/attacks/CSV_Injection, with the forms of full width.
FORMULA = "=+-@\t\r\n＝＋－＠"  # noqa: RUF001
NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF"
LATEX = {
    **{each: f"\\{each}" for each in "$&#%_"},
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def visible(text: str) -> str:
    r"""The text with controls that a terminal would obey written as `\x1b` or `\u202e`."""
    if text.replace("\n", "").isprintable():
        return text
    return re.sub(CONTROLS, _escaped, text)


def no_workflow_command(text: str) -> str:
    """The text with a blank in what GitHub reads as a command: `::` first in a line, or `##[`."""
    return (
        re.sub(r"(?m)(##|^\s*:)(?=[\[:])", r"\1 ", text) if "::" in text or "##" in text else text
    )


def markdown(text: str) -> str:
    """The text on one line of Markdown, shown as it is: none of it is markup or HTML."""
    return re.sub(MARKUP, r"\\\g<0>", one_line(text))


def xml(text: str) -> str:
    """The text for an element or an attribute in XML.

    A parser would read a bare carriage return as a line feed, and others so in an attribute.
    """
    replaced = replace_non_xml(text).replace("&", "&amp;").replace("<", "&lt;")
    quoted = replaced.replace(">", "&gt;").replace('"', "&quot;")
    return quoted.replace("\r", "&#13;")


def replace_non_xml(text: str) -> str:
    """The text with U+FFFD for each character that XML 1.0 does not allow (section 2.2)."""
    return re.sub(NOT_XML, "\ufffd", text)


def printable(text: str) -> str:
    """The text for a page or a file in XML, with controls written as `visible` does."""
    return text if text.isprintable() else replace_non_xml(visible(text))


def web_address(link: str) -> str:
    """The address if it is one of the web; empty for any other, such as a script.

    Own data may have a text in its place, with characters that no address has (RFC 3987).
    """
    return link if re.fullmatch(r"https?://[^\s\0-\x20<>\"{}|\\^`]*", link) else ""


def markdown_link(text: str, link: str) -> str:
    """The text, which is Markdown, as a link to an address of the web; alone for any other."""
    address = web_address(link).replace("(", "%28").replace(")", "%29")
    return f"[{text}]({address})" if address else text


def latex(text: str) -> str:
    """The text on one line of LaTeX, shown as it is, for a field of BibTeX too.

    BibTeX counts braces, those after a backslash too, so that none is left.
    """
    return re.sub(r"[\\{}$&#%_~^]", lambda found: LATEX[found[0]], one_line(text))


def latex_address(address: str) -> str:
    """The address for `\\url` and the field `url`, whose braces BibTeX counts."""
    return re.sub(r"[\\{}\s]", lambda found: f"%{ord(found[0]):02X}", address)


def spreadsheet(text: str) -> str:
    """The text of a cell, after an apostrophe where a spreadsheet would compute it as a formula.

    So is what follows the end of a cell, or of a line, for one that reads semicolons: there a
    quotation mark within a line quotes nothing. A number stays as it is.
    """
    if re.fullmatch(NUMBER, text):
        return text
    return re.sub(rf"(^|[;\t\r\n])(?=[{re.escape(FORMULA)}])", r"\1'", text)


def _escaped(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
