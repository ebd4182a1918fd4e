"""The parts of a total that words name, and the axis on which such parts differ."""

from collections.abc import Sequence
from dataclasses import dataclass

from tipgraph_draft.tokens import Token
from tipgraph_draft.words import (
    AGE_WORDS,
    COUNTRY_NAMES,
    CURRENCY_WORDS,
    DEMONYMS,
    EXPLOITATION,
    EXPLOITATION_MODIFIERS,
    FOREIGN,
    NOUNS,
    PERSON_NOUNS,
    SEX_AND_AGE,
    SEX_WORDS,
    word_set,
)

NATIONAL_NOUNS = {"nationals", "national", "citizens", "citizen"}
FORM_WORDS = word_set("labels_form_words")
# Parts under one of their names.
SAME_PARTS = {
    "males": "male", "females": "female", "men": "male", "women": "female", "minors": "children",
    "sexual exploitation": "sex trafficking", "sex exploitation": "sex trafficking",
    "foreign citizens": "foreign", "foreign nationals": "foreign", "foreigners": "foreign",
    "adult males": "men",
}  # fmt: skip
# Words before a part that says that something is unknown, by its axis.
UNKNOWN_PREFIXES = {"sex": "gender ", "age": "age ", "nationality": "nationality "}
UNKNOWN = {"unknown", "unspecified", "undetermined", "unidentified", "undisclosed", "uncategorized"}


@dataclass(frozen=True)
class Label:
    """A part of a total and its axis."""

    part: str
    axis: str


TOTAL = Label("total", "total")


def joined(labels: list[Label], label: Label) -> list[Label]:
    """The labels with another; sex and age that stand together are one part."""
    if labels and label.axis in {"age", "sex"} and labels[-1].axis in {"age", "sex"}:
        last = labels[-1]
        if last.axis != label.axis:
            return [*labels[:-1], Label(_sex_and_age(last, label), "sex and age")]
        if last.part == label.part:
            return labels
    if labels and label.axis == "sex and age" and labels[-1].axis in {"sex", "age"}:
        return [*labels[:-1], label]
    return [*labels, label]


def ordered(labels: list[Label]) -> list[Label]:
    """The labels of one figure; where somebody is from goes before sex and age."""
    late = {"sex", "age", "sex and age"}
    if not any(each.axis in late for each in labels):
        return labels
    origin = [each for each in labels if each.axis == "nationality"]
    first = next(at for at, each in enumerate(labels) if each.axis in late)
    before = [each for each in labels[:first] if each not in origin]
    rest = [each for each in labels[first:] if each not in origin]
    return [*before, *origin, *rest]


def _sex_and_age(first: Label, second: Label) -> str:
    singular = {"children": "child", "adults": "adult", "minors": "minor", "juveniles": "juvenile"}
    plural = {"female": "females", "male": "males"}
    if first.axis == "age":
        noun = plural.get(second.part, second.part)
        return f"{singular.get(first.part, first.part)} {noun}"
    return f"{first.part} {second.part}"


def labels_in(tokens: Sequence[Token], first: int, end: int) -> list[Label]:
    """The parts that the words from `first` up to `end` name, in their order."""
    labels: list[Label] = []
    index = first
    while index < end:
        found = label_at(tokens, index, end, "")
        if found is None:
            index += 1
            continue
        label, index = found
        if label is not None and label not in labels:
            labels = joined(labels, label)
    return labels


def label_at(
    tokens: Sequence[Token], index: int, end: int, noun: str
) -> tuple[Label | None, int] | None:
    """The part that begins at a token, and the place after it; None if no part begins there."""
    token = tokens[index]
    word = token.lower
    if token.text == "\u201c":
        return _quoted(tokens, index, end)
    if not token.is_word:
        return None
    following = tokens[index + 1].lower if index + 1 < end else ""
    if word in {"child", "children"} and following == "trafficking" and noun in PERSON_NOUNS:
        return Label("children", "age"), index + 1
    exploitation = _exploitation(tokens, index, end)
    if exploitation is not None:
        return exploitation
    if word.startswith("lgbt"):
        at = index + 1
        while at < end and tokens[at].text in {"+", "-"}:
            at += 1
        if at < end and tokens[at].lower in NOUNS:
            return Label(
                f"{token.text}+ {NOUNS[tokens[at].lower]}".replace("++", "+"), "other"
            ), at + 1
        return Label("LGBTQI+ persons", "other"), at
    if word in SEX_WORDS:
        return Label(SEX_WORDS[word], "sex"), index + 1
    if word in SEX_AND_AGE:
        part = SEX_AND_AGE[word]
        both = coordinated_sexes(tokens, index, end)
        if both:
            return both
        return Label(part, "sex" if part in {"women", "men"} else "sex and age"), index + 1
    if word == "unaccompanied" and following in AGE_WORDS:
        return Label(f"unaccompanied {AGE_WORDS[following]}", "age"), index + 2
    if word in AGE_WORDS:
        return Label(AGE_WORDS[word], "age"), index + 1
    nationality = _nationality(tokens, index, end)
    if nationality is not None:
        return nationality
    if word in {"older", "elderly"} and following in {"persons", "people", "adults"}:
        return Label(f"{word} {following}", "age"), index + 2
    younger = _younger(tokens, index, end)
    if younger is not None:
        return younger
    if word == "from":
        return _origin(tokens, index + 1, end)
    if word == "undocumented" and following in {"migrants", "migrant"}:
        return Label("undocumented migrants", "residence"), index + 2
    if word in {"asylum-seeker", "asylum-seekers"}:
        return Label("asylum-seekers", "residence"), index + 1
    if word == "asylum" and following in {"seekers", "seeker", "applicants"}:
        return Label(
            f"asylum {'seekers' if following == 'seeker' else following}", "residence"
        ), index + 2
    if word in {"refugee", "refugees"}:
        return Label("refugees", "residence"), index + 1
    if word in UNKNOWN and following not in {"forms", "types"}:
        about = {each.lower for each in tokens[max(0, index - 6) : min(end, index + 4)]}
        axis = "sex" if about & {"gender", "sex"} else "age" if about & {"age"} else (
            "nationality" if about & {"nationality", "origin", "citizenship"}
            else "exploitation")  # fmt: skip
        return Label(f"{UNKNOWN_PREFIXES.get(axis, '')}{word}", axis), index + 1
    return None


def coordinated_sexes(tokens: Sequence[Token], index: int, end: int) -> tuple[Label, int] | None:
    """`women and girls` as one part."""
    if index + 2 >= end or tokens[index + 1].lower != "and":
        return None
    second = SEX_AND_AGE.get(tokens[index + 2].lower)
    first = SEX_AND_AGE[tokens[index].lower]
    if not second or second == first:
        return None
    axis = "sex" if {first, second} in ({"women", "girls"}, {"men", "boys"}) else "sex and age"
    return Label(f"{first} and {second}", axis), index + 3


def _exploitation(tokens: Sequence[Token], index: int, end: int) -> tuple[Label | None, int] | None:
    """A form of exploitation: the longest run of its words, or None.

    A run that says no more than trafficking names no part: its label is None.
    """
    at = index
    last = None
    while at < end and at < index + 16:
        word = tokens[at].lower
        if word in EXPLOITATION:
            last = at
        elif word in FORM_WORDS and (last is not None or at > index):
            following = tokens[at + 1].lower if at + 1 < end else ""
            if following == "of":
                at += 1
            elif last is not None or _is_criminal(tokens, index, at):
                last = at
        elif (word in {"and", "or", "the", "a"} and at > index) or (
            word == "of" and at > index and tokens[at - 1].lower in FORM_WORDS
        ):
            pass
        elif word not in EXPLOITATION_MODIFIERS and not (
            word in UNKNOWN or word == "another" or (word == "both" and at == index)
        ):
            break
        at += 1
    if last is None:
        return None
    first_word = tokens[index].lower
    if first_word in {"the", "a", "and", "or", "of"} or first_word in FORM_WORDS:
        return None
    words = [each.lower for each in tokens[index : last + 1]]
    if first_word == "child" and len(words) > 2 and words[1] in {"sex", "labor", "forced"}:
        return Label("children", "age"), index + 1
    text = _text(tokens, index, last)
    if text.lower() in {"trafficking", "human trafficking", "recruitment", "removal", "crime",
                        "crimes", "labor", "adoption", "marriage", "combat"}:  # fmt: skip
        return None, last + 1
    return Label(text, "exploitation"), last + 1


def _quoted(tokens: Sequence[Token], index: int, end: int) -> tuple[Label, int] | None:
    """A form of exploitation in the law's own words: `“imposing slavery”`."""
    close = next((at for at in range(index + 1, min(end + 2, index + 8, len(tokens)))
                  if tokens[at].text == "\u201d"), None)  # fmt: skip
    if close is None:
        return None
    words = [each.lower for each in tokens[index + 1 : close] if each.is_word]
    if not words or words[-1] not in EXPLOITATION:
        return None
    return Label(" ".join(words), "exploitation"), close + 1


def _is_criminal(tokens: Sequence[Token], index: int, at: int) -> bool:
    """Return whether `forced criminal activity` or `other purposes` ends here."""
    words = [each.lower for each in tokens[index:at]]
    return words[-1:] == ["criminal"] or (words[0] in {"other", *UNKNOWN} and len(words) == 1)


def _text(tokens: Sequence[Token], first: int, last: int) -> str:
    """The words as they stand in the text, in lower case unless they are names."""
    words = [each.text if each.text.isupper() else each.lower for each in tokens[first : last + 1]]
    text = " ".join(words)
    for mark in ("-", "/"):
        text = text.replace(f" {mark} ", mark)
    return text


def _nationality(tokens: Sequence[Token], index: int, end: int) -> tuple[Label, int] | None:
    token = tokens[index]
    word = token.lower
    following = tokens[index + 1].lower if index + 1 < end else ""
    if word in {"foreign", "third-country", "non-eu", "non-eea", "non-citizen"} or (
        token.text in {"EU", "EEA"}
    ):
        text = token.text if not token.text[0].isupper() or token.text.isupper() else word
        text = {"non-eu": "non-EU", "non-eea": "non-EEA"}.get(word, text)
        if following in NATIONAL_NOUNS:
            plural = NOUNS[following]
            return Label(f"{text} {plural}", "nationality"), index + 2
        if word in FOREIGN or "-" in word:
            return Label(text, "nationality"), index + 1
        return None
    if word == "foreigners":
        return Label("foreigners", "nationality"), index + 1
    if word in {"citizens", "nationals"}:
        return Label(word, "nationality"), index + 1
    if not token.is_capitalised:
        return None
    pair = f"{token.text} {tokens[index + 1].text}" if index + 1 < end else ""
    for name, size in ((pair, 2), (token.text, 1)):
        key = name if name in DEMONYMS else name.removesuffix("s")
        if name and key in DEMONYMS:
            after = tokens[index + size].lower if index + size < end else ""
            if after in CURRENCY_WORDS:
                return None
            used = size + (1 if after in NATIONAL_NOUNS else 0)
            return Label(DEMONYMS[key], "nationality"), index + used
    return None


def _origin(tokens: Sequence[Token], at: int, end: int) -> tuple[Label, int] | None:
    """Return what follows `from`: a country by its name, or countries in words."""
    start = at
    while at < end and tokens[at].lower in {"the", "both"}:
        at += 1
    first = at
    while at < end and tokens[at].is_word and (
        tokens[at].is_capitalised or (tokens[at].lower in {"of", "and", "the"} and at > first
                                      and at + 1 < end and tokens[at + 1].is_capitalised)
    ):  # fmt: skip
        if tokens[at].lower == "and" and not _is_name_with_and(tokens, first, at, end):
            break
        at += 1
    if at > first:
        name = " ".join(each.text for each in tokens[first:at])
        if name in {"January", "February", "March", "April", "May", "June", "July", "August",
                    "September", "October", "November", "December"}:  # fmt: skip
            return None
        return Label(name, "nationality"), at
    words = [each.lower for each in tokens[start : start + 3]]
    if words[:2] in (
        ["other", "countries"],
        ["unspecified", "countries"],
        ["unknown", "countries"],
    ):
        part = "unspecified countries" if words[0] != "other" else "from other countries"
        return Label(part, "nationality"), start + 2
    if words[:1] == ["abroad"]:
        return Label("from abroad", "nationality"), start + 1
    return None


def _is_name_with_and(tokens: Sequence[Token], first: int, at: int, end: int) -> bool:
    """Return whether `and` is within a name, as in `Bosnia and Herzegovina`."""
    names = COUNTRY_NAMES
    before = " ".join(each.text for each in tokens[first:at])
    return any(
        f"{before} and {' '.join(each.text for each in tokens[at + 1 : at + 1 + size])}" in names
        for size in (1, 2)
        if at + size < end
    )


def _younger(tokens: Sequence[Token], index: int, end: int) -> tuple[Label, int] | None:
    """`younger than 21`, `under the age of 18`."""
    words = [each.lower for each in tokens[index : min(end, index + 5)]]
    if words[:2] in (["younger", "than"], ["older", "than"]) and len(words) > 2:
        return Label(f"{words[0]} than {words[2]}", "age"), index + 3
    if words[:4] == ["under", "the", "age", "of"] and len(words) > 4:
        return Label(f"under the age of {words[4]}", "age"), index + 5
    if words[:1] == ["under"] and len(words) > 1 and words[1].isdigit():
        return Label(f"under {words[1]}", "age"), index + 2
    return None


def same_parts(first: Sequence[Label], second: Sequence[Label]) -> bool:
    """Return whether two paths name the same parts, whatever their wording."""
    return [_normal(each) for each in first] == [_normal(each) for each in second]


def _normal(label: Label) -> str:
    """A part in the form that equal ones share."""
    part = label.part.lower()
    return SAME_PARTS.get(part, part)
