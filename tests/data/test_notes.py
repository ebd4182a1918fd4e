"""The notes on statements, which every answer shows as caveats, are sentences for readers."""

import re
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data"
NOTE = re.compile(r'(?:skos:scopeNote|tip:caution) +"((?:[^"\\]|\\.)*)"')
# A remark of the person who read a page, for others who do: on its wording, or on a cut excerpt.
REMARK = re.compile(
    r"(^|; )(text: |text adds|source: |worded |page prints |hedge )|no number printed|cut at '"
    r"|occurrence|in excerpt"
)


def test_no_note_is_a_remark_on_the_reading() -> None:
    notes = [
        (file.relative_to(DATA).as_posix(), note)
        for file in sorted(DATA.glob("*/*.ttl"))
        for note in NOTE.findall(file.read_text(encoding="utf-8"))
    ]

    assert len(notes) > 1500
    assert [each for each in notes if REMARK.search(each[1])] == []
