"""Resources whose stored queries return rows that a test defines."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tipgraph.namespaces import PREFIXES

SERIES = (
    *(
        "indicator",
        "area",
        "period",
        "edition",
        "reported_indicator",
        "part",
        "reported_part",
        "part_wording",
        "value",
        "unit",
        "per_unit",
    ),
    *("approximate", "population", "counted_by", "series_break", "caveat", "availability"),
    *("statement", "speaker", "place"),
)
SHARES = (
    *("edition", "area", "indicator", "period", "axis", "part", "part_wording"),
    *("value", "total", "completeness"),
    *("whole", "percent", "remainder", "caveat", "statement", "speaker", "place"),
)
FIGURES = ("edition", "caveat", "statement")
TYPES = {
    "indicator": "code:indicators",
    "area": "code:countries",
    "edition": "tip:Edition",
    "period": "tip:Period",
    "part": "code:parts",
    "unit": "code:units",
    "axis": "code:axes",
}
PARAMETERS = {
    "series": ("indicator", "area", "edition", "part", "unit"),
    "shares": ("indicator", "area", "edition", "period", "axis"),
    "figures": ("edition",),
}
DEFAULTS = {
    "indicator": "code:victims-identified",
    "reported_indicator": "code:victims-identified",
    "area": "country:BEL",
    "part": "code:total",
    "unit": "code:persons",
    "axis": "code:by-form",
    "whole": "id:whole",
    "completeness": "code:complete-by-sum",
    "speaker": "id:department",
}
LABELS = {
    "code:victims-identified": ("code:indicators", "victims identified"),
    "code:victims-assisted": ("code:indicators", "victims assisted"),
    "code:allocation": ("code:indicators", "allocation to each of the three specialised shelters"),
    "country:BEL": ("code:countries", "Belgium"),
    "country:LUX": ("code:countries", "Luxembourg"),
    "code:total": ("code:parts", "total"),
    "code:labor": ("code:parts", "labor exploitation"),
    "code:trafficking": ("code:parts", "labor trafficking"),
    "code:sexual": ("code:parts", "sexual exploitation"),
    "code:other": ("code:parts", "other forms"),
    "code:long": (
        "code:parts",
        "forced criminality within labor exploitation, counted apart from forced begging",
    ),
    "code:persons": ("code:units", "persons"),
    "currency:EUR": ("code:units", "EUR"),
    "currency:USD": ("code:units", "USD"),
    "code:per-shelter": ("code:pers", "per shelter"),
    "code:by-form": ("code:axes", "by form of exploitation"),
    "code:by-age": ("code:axes", "by sex and age"),
}
PERIODS = {
    **{str(year): (year, year) for year in range(2005, 2031)},
    "2018-2020": (2018, 2020),
}

Row = Mapping[str, Any]


def resources(
    root: Path,
    series: Iterable[Row] = (),
    shares: Iterable[Row] = (),
    figures: Iterable[Row] = (),
) -> None:
    """Write the resources into the root folder."""
    _write(root / "ontology/terms.ttl", _prefixes("@prefix {}: <{}> .\n") + _terms())
    _write(root / "data/all/all.ttl", _prefixes("@prefix {}: <{}> .\n") + _data())
    _write(root / "queries/series.rq", _query("series", SERIES, series))
    _write(root / "queries/shares.rq", _query("shares", SHARES, shares))
    _write(root / "queries/figures.rq", _query("figures", FIGURES, figures))
    (root / "queries/rules").mkdir(exist_ok=True)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def _prefixes(line: str) -> str:
    return "".join(line.format(*each) for each in PREFIXES.items())


def _terms() -> str:
    return "".join(
        f'{name} a skos:Concept ; skos:inScheme {scheme} ; skos:prefLabel "{label}"@en .\n'
        for name, (scheme, label) in LABELS.items()
    )


def _data() -> str:
    editions = "".join(
        f'id:tip-{year}-be a tip:Edition ; rdfs:label "TIP Report {year}, Belgium"@en ;'
        f" tip:year {year} ; dcterms:spatial country:BEL ; dcterms:publisher id:department ;"
        f" tip:coverage code:{'complete' if year == 2022 else 'partial'} ;"
        f" dcat:landingPage <https://www.example.org/reports/{year}/belgium/> .\n"
        for year in range(2010, 2023)
    )
    periods = "".join(
        f'id:period-{name} a tip:Period ; rdfs:label "{name.replace("-", "–")}" ;'  # noqa: RUF001
        f' tip:start "{first}-01-01T00:00:00Z"^^xsd:dateTime ;'
        f' tip:end "{last}-12-31T23:59:59Z"^^xsd:dateTime .\n'
        for name, (first, last) in PERIODS.items()
    )
    return f"""{editions}{periods}
id:department rdfs:label "US Department of State"@en .
id:agency rdfs:label "the agency"@en .
id:whole rdfs:label "91 victims identified in 2020"@en .
id:text tip:edition id:tip-2021-be ; tip:page <https://www.example.org/reports/2021/belgium/> .
id:S02 a tip:Sentence ; rdfs:label "S02" ; tip:ofText id:text ; oa:start 0 ; oa:end 9 .
id:S02-at oa:refinedBy id:S02-quote .
id:S02-quote oa:exact "91 victims" .
id:S02-91 tip:sentence id:S02 ; oa:hasSource id:text ; oa:hasSelector id:S02-at .
"""


def _query(name: str, columns: tuple[str, ...], rows: Iterable[Row]) -> str:
    params = "".join(f"#+   {each}: {{ type: {TYPES[each]} }}\n" for each in PARAMETERS[name])
    described = "".join(f"#+   {each}: a column\n" for each in columns)
    variables = " ".join(f"?{each}" for each in columns)
    values = "\n".join(
        f"({' '.join(_cell(column, row, number) for column in columns)})"
        for number, row in enumerate(rows)
    )
    return (
        "#+ summary: Rows of a test\n#+ editions: all\n"
        f"#+ params:\n{params}#+ columns:\n{described}"
        f"{_prefixes('PREFIX {}: <{}>' + chr(10))}"
        f"SELECT {variables} {{ VALUES ({variables}) {{ {values} }} }}\n"
    )


def _cell(column: str, row: Row, number: int) -> str:
    value = row.get(column, DEFAULTS.get(column))
    if column == "reported_part" and value is None:
        return _cell("part", row, number)
    if column == "statement":
        return str(value or f"id:statement-{number}")
    if value is None:
        return "UNDEF"
    if column in ("series_break", "caveat", "population", "availability", "part_wording"):
        return f'"{value}"'
    if column == "edition":
        return f"id:tip-{value}-be"
    if column == "period":
        return f"id:period-{value}"
    return str(value).lower() if isinstance(value, bool) else str(value)
