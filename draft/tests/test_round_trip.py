"""Rows that templates make into sentences are drafted back."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from tipgraph_draft.drafting import draft

YEAR = 2030
ACTORS = ("authorities", "the police", "labor inspectors", "government-funded NGOs", "the ministry")
VERBS = ("identified", "assisted", "repatriated")
AXES = {
    "exploitation": ("sex trafficking", "forced labor", "forced begging", "domestic servitude"),
    "sex": ("female", "male"),
    "age": ("adults", "children"),
    "nationality": ("Nepal", "Peru", "Kenya"),
}
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
Rows = set[tuple[int, str, str, str, bool]]


@dataclass(frozen=True)
class Story:
    """A sentence, and the rows that it states: value, part, axis, period, prior."""

    text: str
    rows: Rows


def number(value: int) -> str:
    """A number as reports write it: small ones in words."""
    return WORDS[value] if value < 10 else f"{value:,}"


def phrase(part: str, axis: str, value: int) -> str:
    if axis == "exploitation":
        return f"{number(value)} victims of {part}"
    if axis == "nationality":
        return f"{number(value)} from {part}"
    return f"{number(value)} {part}" if axis == "age" else f"{number(value)} {part} victims"


def listed(items: list[str]) -> str:
    *others, last = items
    return f"{', '.join(others)}{',' if len(others) > 1 else ''} and {last}" if others else last


@st.composite
def stories(draw: st.DrawFn) -> Story:
    actor, verb = draw(st.sampled_from(ACTORS)), draw(st.sampled_from(VERBS))
    axis = draw(st.sampled_from(sorted(AXES)))
    parts = draw(st.lists(st.sampled_from(AXES[axis]), unique=True, max_size=3))
    values = [draw(st.integers(2, 4000)) for _ in parts]
    total = sum(values) + draw(st.integers(2, 500))
    priors = draw(st.lists(st.integers(2, 9000), max_size=2))
    year = str(YEAR - 1)
    rows: Rows = {(total, "total", "total", year, False)}
    phrases = [phrase(part, axis, value) for part, value in zip(parts, values, strict=True)]
    rows |= {(value, part, axis, year, False) for part, value in zip(parts, values, strict=True)}
    head = f"In {year}, {actor} {verb} {number(total)} victims"
    style = draw(st.sampled_from(["including", "parentheses", "dashes"]))
    if phrases:
        inner = listed(phrases)
        head += {
            "including": f", including {inner}",
            "parentheses": f" ({inner})",
            "dashes": f"—{inner}—",
        }[style]
    earlier = [f"{number(value)} in {YEAR - 2 - at}" for at, value in enumerate(priors)]
    rows |= {(value, "total", "total", str(YEAR - 2 - at), True) for at, value in enumerate(priors)}
    if earlier:
        mark = draw(st.sampled_from(["compared with", "compared to"]))
        comma = "" if parts and style == "dashes" else ", "
        head += f"{comma}{mark} {listed(earlier)}"
    return Story(f"{head}.", rows)


@given(stories())
def test_rows_made_into_a_sentence_are_drafted_back(story: Story) -> None:
    drafted = draft(story.text, YEAR).candidates

    found = {
        (int(each.value or 0), each.part, each.axis, each.period, each.prior) for each in drafted
    }
    assert found == story.rows
    assert len(drafted) == len(story.rows)
    assert all(each.period_from == "sentence" for each in drafted)


@given(
    st.integers(1000, 9_000_000),
    st.integers(1000, 9_000_000),
    st.sampled_from(["€", "£"]),
    st.booleans(),
)
def test_amounts_made_into_a_sentence_are_drafted_back(current, earlier, sign, each):
    unit = {"€": "EUR", "£": "GBP"}[sign]
    target = "each of two shelters" if each else "NGOs"
    text = (
        f"In 2029, the government allocated {sign}{current:,} (${current * 2:,}) to {target},"
        f" compared with {sign}{earlier:,} (${earlier * 2:,}) in 2028."
    )
    drafted = [row for row in draft(text, YEAR).candidates if row.kind == "amount"]

    part = "each" if each else "total"
    assert [
        (int(row.value or 0), row.unit, row.converted, row.prior, row.period, row.part)
        for row in drafted
    ] == [
        (current, unit, False, False, "2029", part),
        (current * 2, "USD", True, False, "2029", part),
        (earlier, unit, False, True, "2028", part),
        (earlier * 2, "USD", True, True, "2028", part),
    ]
