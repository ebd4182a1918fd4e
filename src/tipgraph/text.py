"""Text for people: lists, plurals and similar names; and made safe for where it is shown.

Labels come from files and stores, so they may contain anything: what is made safe for a terminal,
Markdown, XML or a spreadsheet is shown there, and never obeyed.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from unicodedata import combining, normalize

LIKENESS = 0.6
DURATION_UNITS = {"Y": "year", "M": "month", "D": "day"}

# Separates several texts in one cell.
SEPARATOR = " | "


def join(items: Iterable[str], last: str = "and") -> str:
    """`a, b and c`, each item once; `last` is the word before the last one."""
    *others, final = list(dict.fromkeys(items)) or [""]
    return f"{', '.join(others)} {last} {final}" if others else final


def capitalise(text: str) -> str:
    """The text with its first letter in upper case, and the rest as it is."""
    return text[:1].upper() + text[1:]


def slugify(text: str) -> str:
    """The text as the last part of an IRI: small Latin letters and digits, with hyphens."""
    letters = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters.replace("'", "")).strip("-")


def sentence(text: str) -> str:
    """The text, ending in a full stop if it has no other end mark."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def fold(text: str) -> str:
    """The text in lower case and without diacritics, as FTS5 compares it."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in normalize("NFKD", text.casefold()) if not combining(c))


def plural(count: int, noun: str) -> str:
    """`1 figure`, `2 figures`: the number with the noun, which takes a plain `s`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def unit_of(value: object, unit: str) -> str:
    """Return the name of a unit as it stands after a number: `persons`, and `person` after 1."""
    return unit.removesuffix("s") if value == 1 else unit


def with_commas(value: object) -> str:
    """Return a number as `1,234`; own data may have a text in its place, which stays as it is."""
    return f"{value:,}" if isinstance(value, (int, float, Decimal)) else str(value)


def plural_of(name: str) -> str:
    """Return the plural of a category of persons: `victims`, and `children` for `child`."""
    return f"{name}ren" if name.endswith("child") else f"{name}s"


def duration(iso: str) -> str:
    """A duration of ISO 8601 of one unit in words, `P45D` as `45 days`; any other as it is."""
    found = re.fullmatch(r"P(\d+)([YMD])", iso)
    return plural(int(found[1]), DURATION_UNITS[found[2]]) if found else iso


def nearest(
    name: str, known: Iterable[str], most: int = 3, likeness: float = LIKENESS
) -> list[str]:
    """The known names most similar to this one, the most similar first, whatever their case.

    `most` limits how many, `likeness` is the least ratio of `difflib.SequenceMatcher`, 0 to 1.
    Names that contain this one follow.
    """
    from difflib import get_close_matches  # Only a wrong name pays for the import.

    folded, by_folded = name.casefold(), {each.casefold(): each for each in known}
    close = get_close_matches(folded, by_folded, n=most, cutoff=likeness)
    containing = [each for each in by_folded if folded and folded in each]
    return [by_folded[each] for each in dict.fromkeys([*close, *containing[:most]])]


def did_you_mean(names: Iterable[str]) -> str:
    """`did you mean 'a' or 'b'?`; empty where there are no names."""
    quoted = join((repr(name) for name in names), last="or")
    return f"did you mean {quoted}?" if quoted else ""


# ── Made safe ─────────────────────────────────────────────────────────────────────────────────────

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
    return re.sub(MARKUP, r"\\\g<0>", " ".join(text.split()))


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
    return re.sub(r"[\\{}$&#%_~^]", lambda found: LATEX[found[0]], " ".join(text.split()))


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
