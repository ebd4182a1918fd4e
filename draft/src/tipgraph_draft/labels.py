"""The parts of a total that words name, and the axis on which such parts differ."""

from collections.abc import Sequence
from dataclasses import dataclass

from tipgraph_draft.tokens import Token, words_at
from tipgraph_draft.words import (
    AGE_WORDS,
    COUNTRY_NAMES,
    CURRENCY_WORDS,
    DEMONYMS,
    EXPLOITATION,
    EXPLOITATION_MODIFIERS,
    FOREIGN,
    MONTHS,
    NAMED_PARTS,
    NOUNS,
    PERSON_NOUNS,
    SAME_PARTS,
    SEX_AND_AGE,
    SEX_WORDS,
    word_set,
)

NATIONAL_NOUNS = {"nationals", "national", "citizens", "citizen"}
FORM_WORDS = word_set("labels_form_words")
# Words of exploitation that say no more than trafficking by themselves.
NO_FORM = word_set("no_form") | {"human trafficking"}
# Words within the name of a form of exploitation, and those that it does not begin with.
IN_FORM = {"and", "or", "the", "a"}
NOT_FIRST = IN_FORM | FORM_WORDS | {"of"}
SINGULARS = {"children": "child", "adults": "adult", "minors": "minor", "juveniles": "juvenile"}
SEX_NOUNS = {"female": "females", "male": "males"}
# Where somebody is from, in words, and as it is written.
ORIGINS = {"foreign", "third-country", "non-eu", "non-eea", "non-citizen", "eu", "eea"}
WRITTEN = {"non-eu": "non-EU", "non-eea": "non-EEA", "eu": "EU", "eea": "EEA"}
OTHER_COUNTRIES = {
    "other": "from other countries",
    "unspecified": "unspecified countries",
    "unknown": "unspecified countries",
}
UNKNOWN = {"unknown", "unspecified", "undetermined", "unidentified", "undisclosed", "uncategorized"}
# Words before a part that says that something is unknown, by its axis; words around it.
UNKNOWN_PREFIXES = {"sex": "gender ", "age": "age ", "nationality": "nationality "}
AROUND_UNKNOWN = {
    "sex": {"gender", "sex"}, "age": {"age"},
    "nationality": {"nationality", "origin", "citizenship"},
}  # fmt: skip
MAX_FORM = 16
# A part and the place after it; without a part, the words name none.
Found = tuple["Label | None", int]


@dataclass(frozen=True)
class Label:
    """A part of a total and its axis."""

    part: str
    axis: str


TOTAL = Label("total", "total")


def joined(labels: list[Label], label: Label) -> list[Label]:
    """The labels with another; sex and age that stand together are one part."""
    last = labels[-1] if labels else TOTAL
    if {last.axis, label.axis} == {"sex", "age"}:
        part = f"{last.part} {label.part}"
        if last.axis == "age":
            noun = SEX_NOUNS.get(label.part, label.part)
            part = f"{SINGULARS.get(last.part, last.part)} {noun}"
        return [*labels[:-1], Label(part, "sex and age")]
    return labels if label == last else [*labels, label]


def labels_in(tokens: Sequence[Token], first: int, end: int) -> list[Label]:
    """The parts that the words from `first` up to `end` name, in their order."""
    labels: list[Label] = []
    index = first
    while index < end:
        label, index = label_at(tokens, index, end) or (None, index + 1)
        if label is not None and label not in labels:
            labels = joined(labels, label)
    return labels


def label_at(tokens: Sequence[Token], index: int, end: int, noun: str = "") -> Found | None:
    """The part that begins at a token, and the place after it; None if no part begins there."""
    token, word = tokens[index], tokens[index].lower
    following = words_at(tokens, index + 1, index + 2)[0] if index + 1 < end else ""
    if not token.is_word:
        return None
    if word in {"child", "children"} and following == "trafficking" and noun in PERSON_NOUNS:
        return Label("children", "age"), index + 1
    if exploitation := _exploitation(tokens, index, end):
        return exploitation
    if word.startswith("lgbt"):
        at = index + 1
        return Label("LGBTQI+ persons", "other"), at + (following in NOUNS)
    if word in SEX_WORDS:
        return Label(SEX_WORDS[word], "sex"), index + 1
    if word in SEX_AND_AGE:
        part = SEX_AND_AGE[word]
        own = Label(part, "sex" if part in {"women", "men"} else "sex and age")
        return coordinated_sexes(tokens, index, end) or (own, index + 1)
    if named := NAMED_PARTS.get(f"{word} {following}"):
        return Label(*named), index + 2
    if word in AGE_WORDS:
        return Label(AGE_WORDS[word], "age"), index + 1
    if word in NAMED_PARTS:
        return Label(*NAMED_PARTS[word]), index + 1
    return (
        _nationality(tokens, index, end)
        or _younger(tokens, index, end)
        or (_origin(tokens, index + 1, end) if word == "from" else None)
        or _unknown(tokens, index, end)
    )


def coordinated_sexes(tokens: Sequence[Token], index: int, end: int) -> tuple[Label, int] | None:
    """`women and girls` as one part."""
    words = words_at(tokens, index, index + 3)
    first, second = SEX_AND_AGE[words[0]], SEX_AND_AGE.get(words[2])
    if index + 2 >= end or words[1] != "and" or second in {None, first}:
        return None
    axis = "sex" if {first, second} in ({"women", "girls"}, {"men", "boys"}) else "sex and age"
    return Label(f"{first} and {second}", axis), index + 3


def _unknown(tokens: Sequence[Token], index: int, end: int) -> Found | None:
    """`of unknown age`: something is not known, by the words around."""
    word, following = words_at(tokens, index, index + 2)
    if word not in UNKNOWN or following in {"forms", "types"}:
        return None
    about = {*words_at(tokens, max(0, index - 6), min(end, index + 4))}
    axes = (axis for axis, words in AROUND_UNKNOWN.items() if words & about)
    axis = next(axes, "exploitation")
    return Label(f"{UNKNOWN_PREFIXES.get(axis, '')}{word}", axis), index + 1


def _exploitation(tokens: Sequence[Token], index: int, end: int) -> Found | None:
    """A form of exploitation: the longest run of its words, or None.

    A run that says no more than trafficking names no part: its label is None.
    """
    at, last = index, None
    while at < min(end, index + MAX_FORM):
        before, word = words_at(tokens, at - 1, at + 1)
        if word in EXPLOITATION:
            last = at
        elif word in FORM_WORDS and at > index:
            is_other = at == index + 1 and before in {"other", *UNKNOWN}
            if last is not None or before == "criminal" or is_other:
                last = at
        elif not (
            (at > index and (word in IN_FORM or (word == "of" and before in FORM_WORDS)))
            or word in EXPLOITATION_MODIFIERS | UNKNOWN | {"another"}
        ):
            break
        at += 1
    words = words_at(tokens, index, index + 1 if last is None else last + 1)
    if last is None or words[0] in NOT_FIRST:
        return None
    if words[0] == "child" and len(words) > 2 and words[1] in {"sex", "labor", "forced"}:
        return Label("children", "age"), index + 1
    # The words as they stand in the text, in lower case unless they are names.
    run = tokens[index : last + 1]
    text = " ".join(each.text if each.text.isupper() else each.lower for each in run)
    text = text.replace(" - ", "-").replace(" / ", "/")
    label = None if text.lower() in NO_FORM else Label(text, "exploitation")
    return label, last + 1


def _nationality(tokens: Sequence[Token], index: int, end: int) -> Found | None:
    """`foreign nationals`, `non-EU`, `Greek citizens`, `Albanians`."""
    token = tokens[index]
    word, *after = words_at(tokens, index, index + 3)
    after = [each if index + at < end else "" for at, each in enumerate(after, 1)]
    if word in ORIGINS:
        text = WRITTEN.get(word, word)
        if after[0] in NATIONAL_NOUNS:
            return Label(f"{text} {NOUNS[after[0]]}", "nationality"), index + 2
        is_whole = word in FOREIGN or "-" in word
        return (Label(text, "nationality"), index + 1) if is_whole else None
    if word in FOREIGN:
        return None
    pair = " ".join(each.text for each in tokens[index : min(index + 2, end)])
    for name, size in ((pair, 2), (token.text, 1)):
        country = DEMONYMS.get(name) or DEMONYMS.get(name.removesuffix("s"))
        if country and token.is_capitalised:
            following = after[size - 1]
            used = size + (1 if following in NATIONAL_NOUNS else 0)
            is_money = following in CURRENCY_WORDS
            return None if is_money else (Label(country, "nationality"), index + used)
    return None


def _origin(tokens: Sequence[Token], at: int, end: int) -> Found | None:
    """Return what follows `from`: a country by its name, or countries in words."""
    start = at
    while at < end and tokens[at].lower in {"the", "both"}:
        at += 1
    first = at
    while at < end and tokens[at].is_word:
        leads = at > first and at + 1 < end and tokens[at + 1].is_capitalised
        joins = tokens[at].lower in {"of", "and", "the"} and leads
        if not tokens[at].is_capitalised and not joins:
            break
        if tokens[at].lower == "and" and not _is_name_with_and(tokens, first, at, end):
            break
        at += 1
    name = " ".join(each.text for each in tokens[first:at])
    if name:
        return None if name.lower() in MONTHS else (Label(name, "nationality"), at)
    word, following = words_at(tokens, start, start + 2)
    if word in OTHER_COUNTRIES and following == "countries":
        return Label(OTHER_COUNTRIES[word], "nationality"), start + 2
    return (Label("from abroad", "nationality"), start + 1) if word == "abroad" else None


def _is_name_with_and(tokens: Sequence[Token], first: int, at: int, end: int) -> bool:
    """Return whether `and` is within a name, as in `Bosnia and Herzegovina`."""
    names = [" ".join(each.text for each in tokens[first : at + 1 + size]) for size in (1, 2)]
    return any(each in COUNTRY_NAMES for each in names[: end - at - 1])


def same_parts(first: Sequence[Label], second: Sequence[Label]) -> bool:
    """Return whether two paths name the same parts, whatever their wording."""
    return [_normal(each) for each in first] == [_normal(each) for each in second]


def _normal(label: Label) -> str:
    """A part in the form that equal ones share."""
    part = label.part.lower()
    return SAME_PARTS.get(part, part)


def _younger(tokens: Sequence[Token], index: int, end: int) -> Found | None:
    """`younger than 21`, `under the age of 18`."""
    words = words_at(tokens, index, min(end, index + 5))
    if words[:2] in (["younger", "than"], ["older", "than"]) and len(words) > 2:
        return Label(" ".join(words[:3]), "age"), index + 3
    if words[:4] == ["under", "the", "age", "of"] and len(words) > 4:
        return Label(" ".join(words), "age"), index + 5
    if words[:1] == ["under"] and len(words) > 1 and words[1].isdigit():
        return Label(f"under {words[1]}", "age"), index + 2
    return None
