"""The grammar on invented sentences: texts of doubts and quotes, which the bank does not have."""

import pytest

from draft.tests.conftest import Read


def test_not_reporting_any_goes_to_a_person(read: Read) -> None:
    rows = read(
        "The government did not report identifying any male victims.",
        *("part", "doubt"),
        kind="non-report",
    )

    assert rows[0][0] == "male"
    assert "a person decides" in rows[0][1]


def test_doubts_report_what_does_not_add_up(read: Read) -> None:
    rows = read("In 2030, police identified 20 victims, including 15 women and eight men.", "doubt")

    assert "parts by sex sum to 23, more than the total" in rows[0][0]


def test_typing_error_is_kept_and_noted(read: Read) -> None:
    rows = read("In 2030, police identifed 20 victims.", "quote", "indicator", "doubt")

    assert rows == [("20 victims", "victims identified", "typing error in the source: identifed")]


def test_verb_that_is_often_a_noun_goes_on_with_the_subject_before_it(read: Read) -> None:
    text = "NGOs noted delays and continued to report long waits."
    rows = read(text, "speaker", "act", "quote", kind="claim")

    assert rows == [
        ("NGOs", "new: notes", "NGOs noted delays"),
        ("NGOs", "new: reports", "continued to report long waits"),
    ]


def test_nothing_of_a_country_is_known(read: Read) -> None:
    text = "In 2030, {} authorities identified 12 victims, including three {} women."
    first = read(text.format("Danish", "Nepali"), "value", "axis")
    second = read(text.format("Kenyan", "Peruvian"), "value", "axis")

    assert first == second == [(12, "total"), (3, "nationality / sex")]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "In 2030, police identified 20 victims; 12 were female, five were children, and the"
            " remainder were male.",
            [(20, "total"), (12, "female"), (5, "children"), (8, "male")],
        ),
        (
            "Police identified 20 victims in 2030 \u2013 12 men and eight women.",
            [(20, "total"), (12, "men"), (8, "women")],
        ),
        (
            "Police identified 60 victims in 2030, including nine victims identified as LGBTQI+.",
            [(60, "total"), (9, "LGBTQI+ persons")],
        ),
    ],
)
def test_parts_divide_what_is_counted(read: Read, text: str, rows: list[tuple[int, str]]) -> None:
    assert read(text, "value", "part") == rows


def test_verbs_with_an_adverb_between_them_share_their_object(read: Read) -> None:
    rows = read("Authorities identified and subsequently assisted 14 victims.", "indicator")

    assert rows == [("victims identified and assisted",)]


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("The ministry was criticized by NGOs for slow permits.", []),
        ("Officials did not confirm that police detained victims.", []),
        ("According to NGOs, police reportedly hit victims.", [("NGOs", "new: reports")]),
    ],
)
def test_who_speaks_is_not_who_is_spoken_of(read, text, claims):
    assert read(text, "speaker", "act", kind="claim") == claims


def test_topic_of_a_training_is_in_its_clause(read: Read) -> None:
    text = "The government trained 40 officers; NGOs worked on identifying victims."

    assert read(text, "indicator", kind="training") == [("training",)]
