"""Real files, damaged at random."""

import json
from pathlib import Path

from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
EDITION = ROOT / "data" / "tip-2020-be"
SHAPES = ROOT / "tests" / "shapes"
DOCUMENT = ROOT / "data" / "greta-2017-be"
CLAIMS = (
    "document,page,kind,gist,topic,quote,counts,language,value,unit,tone,strength,strength_words\n"
    'greta-2017-be,page-1,figure,"17, assisted",prevention,q,victims,en,17,persons,,,\n'
    "greta-2017-be,page-1,remark,Plans exist,prevention,q,,,,,neutral,,\n"
    "greta-2017-be,page-1,recommendation,Support victims,prevention,q,,,,,,urges,urges\n"
)
CASE = {"citizenship": ["NGA"], "age": 16, "unaccompanied": True, "met": ["identified"]}
RDF_XML = (
    '<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:e="urn:e#"><rdf:Description rdf:about="urn:a"><e:b xml:lang="en">c</e:b>'
    "</rdf:Description></rdf:RDF>\n"
)
JSON_LD = {"@context": {"e": "urn:e#"}, "@graph": [{"@id": "urn:a", "e:b": [1, {"@value": "c"}]}]}

# A file of each kind that commands read.
FILES: dict[str, bytes] = {
    "edition/edition.ttl": (EDITION / "edition.ttl").read_bytes(),
    "edition/pages.ttl": (EDITION / "pages.ttl").read_bytes(),
    "edition/figures.ttl": (EDITION / "figures.ttl").read_bytes(),
    "greta-2017-be/document.ttl": (DOCUMENT / "document.ttl").read_bytes(),
    "greta-2017-be/statements.ttl": (DOCUMENT / "statements.ttl").read_bytes(),
    "claims.csv": CLAIMS.encode(),
    "data.ttl": (SHAPES / "Award" / "valid.ttl").read_bytes(),
    "data.nq": b'<urn:a> <urn:b> "c"@en <urn:g> .\n_:x <urn:b> _:y <urn:g> .\n',
    "data.jsonld": json.dumps(JSON_LD).encode(),
    "data.rdf": RDF_XML.encode(),
    "shapes.ttl": (ROOT / "tests/fixtures/mini/shipped/ontology/shapes/mini.ttl").read_bytes(),
    "figures.csv": (ROOT / "tests" / "fuzz" / "figures.csv").read_bytes(),
    "query.rq": (ROOT / "queries" / "statistics" / "figures.rq").read_bytes(),
    "case.json": json.dumps(CASE).encode(),
    "baseline.json": b'{"tipgraph_baseline": 1, "findings": []}',
    "text.txt": b"The government identified 91 victims. It funded three shelters.\n",
}
# Characters that parsers treat specially.
TOKENS = [
    *(b"\0", b"\xff", b"\xc2", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\n", b"\t", b"\x1b[31m", b'"'),
    *(b"'", b'"""', b"{", b"}", b"[", b"]", b"(", b")", b"<", b">", b"@", b"^^", b"#+", b":", b";"),
    *(b",", b".", b"\\", b"\\u", b"\\uD800", b"-", b"1e999", b"NaN", b"null", b"[]", b"{}", b"&x;"),
    *("\u202e\u2028\x85".encode(), "é".encode(), b"=1+1", b"SERVICE <urn:x>", b"_:"),
    b"a" * 300,
]

Change = tuple[float, str, bytes]
CHANGES: st.SearchStrategy[list[Change]] = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.sampled_from(["insert", "replace", "delete", "repeat", "cut"]),
        st.one_of(st.sampled_from(TOKENS), st.binary(min_size=1, max_size=4)),
    ),
    max_size=4,
)


def mutated(content: bytes, changes: list[Change]) -> bytes:
    """The content with the changes, each at a place between 0 (the beginning) and 1 (the end)."""
    for place, kind, token in changes:
        at = int(place * len(content))
        end = at + len(token)
        match kind:
            case "insert":
                content = content[:at] + token + content[at:]
            case "replace":
                content = content[:at] + token + content[end:]
            case "delete":
                content = content[:at] + content[end:]
            case "repeat":
                content = content[:at] + content[at : at + 40] + content[at:]
            case _:
                content = content[:at]
    return content
