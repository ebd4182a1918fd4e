"""Write a report of any number of editions: the shipped data, and invented countries beside it.

An invented country has the editions and documents of a shipped one that a seed selects, under other
names and in other years, 25 editions in a row; so figures, parts, speakers, links of wording,
remarks and non-reports are as frequent as in the real data. Each file is written once, in the
compact form of the shipped ones, and the memory does not grow with the number of editions.

    python -m bench.report FOLDER 4700    then TIPGRAPH_RESOURCES=FOLDER tipgraph query …
"""

import random
import re
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from string import ascii_lowercase

from tipgraph.resources.folders import shipped

PER_COUNTRY = 25
LAST_YEAR = 2023
# Files that describe something of every country, in blocks of lines.
BLOCKS = ("countries.ttl", "periods.ttl", "provisions.ttl", "wordings.ttl", "datasets.ttl")
EDITION = re.compile(r"tip-(\d{4})-\w\w")
# A year, and what is left as it is although it looks like one: codes, values, and names of what the
# editions of a country share.
YEAR = re.compile(
    r"http://[^>]*|(?:code:|provision:|wording:|id:(?!tip-))[\w/.-]+|[vV]alue +[\d.]+"
    r"|(?<!\d)(?:19|20)\d\d(?!\d)"
)
PERIOD = re.compile(r"\bperiod:[\w-]+")
BREAK = re.compile(r"^break:[\w-]+", re.MULTILINE)
SUBJECT = re.compile(r"^(?:id|provision|wording):[\w/.-]*\w", re.MULTILINE)
# A label that does not name the country.
LABEL = re.compile(r'(rdfs:label +"(?:(?!Land \w\w)[^"])*)("@en)')
ANY_LABEL = re.compile(r'(rdfs:label +"[^"]*)("@en)')
COUNTRY = """
country:{code} a tip:Country ;
    skos:inScheme code:countries , code:citizenships ;
    skos:prefLabel "{name}"@en ;
    skos:notation "{code}" ;
    tip:alpha2 "{two}" ;
    skos:definition "{name}, which is invented."@en .
"""
DATA_SET = """
graph:{name} a tip:NamedGraph ;
    dcterms:issued   "2026-01-01T00:00:00Z"^^xsd:dateTime ;
    dcterms:modified "2026-01-01T00:00:00Z"^^xsd:dateTime .
"""


def main() -> None:
    folder, editions, *seed = sys.argv[1:]
    write(Path(folder), int(editions), int(*seed or "0"))


def write(root: Path, editions: int, seed: int = 0) -> None:
    """Write the folders ontology, data and queries of a report with that many editions."""
    source = Path(shipped().root)
    for name in ("ontology", "queries"):
        (root / name).mkdir(parents=True)
        link(source / name, root / name)
    data = root / "data"
    data.mkdir()
    link(source / "data", data)
    for name in BLOCKS:
        (data / name).unlink()
        (data / name).write_text((source / "data" / name).read_text())
    templates = [Template(source / "data", ending) for ending in endings(source / "data")]
    missing = editions - sum(len(template.editions) for template in templates)
    generator = random.Random(seed)
    names = invented(source / "data")
    used = set[str]()
    while missing > 0:
        country = generator.choice(templates)
        used |= country.write(data, next(names), min(missing, PER_COUNTRY), generator)
        missing -= PER_COUNTRY
    with (data / "periods.ttl").open("a") as file:
        file.write(periods((data / "periods.ttl").read_text(), used))


def link(source: Path, target: Path) -> None:
    """Let the files below a folder be found below another one, which a walk does not follow."""
    for file in source.rglob("*"):
        if file.is_dir():
            (target / file.relative_to(source)).mkdir(exist_ok=True)
    for file in source.rglob("*"):
        if file.is_file():
            (target / file.relative_to(source)).symlink_to(file)


def endings(data: Path) -> list[str]:
    """The two letters of each country that editions are about."""
    return sorted({folder.name[-2:] for folder in data.glob("tip-*")})


def invented(data: Path) -> Iterator[str]:
    """Two letters that no country has, after each other."""
    known = set(re.findall(r'alpha2 "(\w\w)"', (data / "countries.ttl").read_text()))
    for letters in product(reversed(ascii_lowercase), ascii_lowercase):
        if (two := "".join(letters)).upper() not in known:
            yield two


class Template:
    """A shipped country: its editions, its documents, and what files of all countries have."""

    def __init__(self, data: Path, ending: str) -> None:
        self.ending = ending
        self.editions = sorted(data.glob(f"tip-*-{ending}"), reverse=True)
        self.documents = [
            folder for folder in data.glob(f"*-{ending}") if folder not in self.editions
        ]
        described = (self.editions[0] / "edition.ttl").read_text()
        self.code = re.findall(r"country:(\w{3})", described)[0]
        codes = (data.parent / "ontology" / "codes.ttl").read_text()
        self.name = re.findall(rf'country:{self.code}\s[^.]*?prefLabel +"([^"]+)"', codes)[0]
        self.actors = [
            file for file in (data / "actors").glob("*.ttl") if file.stem != "shared"
            if f"country:{self.code}" in file.read_text()
        ]  # fmt: skip
        self.blocks = {
            name: [
                block
                for block in (data / name).read_text().split("\n\n")
                if f"dcterms:spatial country:{self.code}" in block
            ]
            for name in ("provisions.ttl", "wordings.ttl")
        }
        texts = [file.read_text() for file in self.actors]
        texts += [text for blocks in self.blocks.values() for text in blocks]
        names = {name for text in texts for name in SUBJECT.findall(text)}
        for folder in self.editions:
            names |= {name for file in folder.iterdir() for name in BREAK.findall(file.read_text())}
        folders = {folder.name for folder in (*self.editions, *self.documents)}
        found = sorted(names | folders, key=len, reverse=True)
        self.names = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, found))})(?![\w-])")

    def write(self, data: Path, two: str, editions: int, generator: random.Random) -> set[str]:
        """Write an invented country after this one; return the periods of its editions."""
        country = {"code": f"X{two.upper()}", "two": two.upper(), "name": f"Land {two.upper()}"}
        folders: list[str] = []
        used = set[str]()
        first = generator.randrange(len(self.editions))
        for number in range(editions):
            source = self.editions[(first + number) % len(self.editions)]
            year = int(EDITION.findall(source.name + "-")[0])
            shift = LAST_YEAR - number - year
            folders.append(f"tip-{year + shift}-{two}")
            used |= self._copy(source, data / folders[-1], two, shift)
        for source in self.documents:
            folders.append(f"{source.name[:-2]}{two}")
            self._copy(source, data / folders[-1], two, 0)
        for file in self.actors:
            # No two actors have one label.
            text = re.sub(LABEL, rf"\1 ({country['name']})\2", self._renamed(file, two, 0))
            (data / "actors" / f"{file.stem}-{two}.ttl").write_text(text)
        added = {
            "countries.ttl": COUNTRY.format(**country),
            "datasets.ttl": "".join(DATA_SET.format(name=name) for name in folders),
        }
        for name, blocks in self.blocks.items():
            added[name] = "".join(f"\n{self._rename(block, two, 0)}\n" for block in blocks)
        for name, text in added.items():
            with (data / name).open("a") as shared:
                shared.write(text)
        return used

    def _copy(self, source: Path, target: Path, two: str, shift: int) -> set[str]:
        target.mkdir()
        texts = {file.name: self._renamed(file, two, shift) for file in source.glob("*.ttl")}
        if "actors.ttl" in texts:
            # Other years have an edition made of the same.
            texts["actors.ttl"] = re.sub(ANY_LABEL, rf"\1 ({target.name})\2", texts["actors.ttl"])
        for name, text in texts.items():
            (target / name).write_text(text)
        return {period for text in texts.values() for period in PERIOD.findall(text)}

    def _renamed(self, file: Path, two: str, shift: int) -> str:
        return self._rename(file.read_text(), two, shift)

    def _rename(self, text: str, two: str, shift: int) -> str:
        def name(found: re.Match[str]) -> str:
            if found[0].endswith(f"-{self.ending}"):
                return f"{found[0][:-2]}{two}"
            return f"{found[0]}-{two}" + (f"-{shift}" if found[0].startswith("break:") else "")

        def named(found: re.Match[str]) -> str:
            return found[0] if found[0].startswith("<") else f"Land {two.upper()}"

        def year(found: re.Match[str]) -> str:
            return str(int(found[0]) + shift) if found[0].isdigit() else found[0]

        text = self.names.sub(name, text).replace(f"country:{self.code}", f"country:X{two.upper()}")
        # Names in addresses stay.
        text = re.sub(rf"<[^>]*>|{self.name}", named, text)
        return YEAR.sub(year, text) if shift else text


def periods(text: str, used: set[str]) -> str:
    """The periods of other years that the given ones become, as far as they are used."""
    missing = used - set(re.findall(r"^period:\S+", text, re.MULTILINE))
    added = []
    for shift in range(-PER_COUNTRY, PER_COUNTRY + 5):
        for block in re.split(r"\n(?=period:)|\n\n", text):
            if not block.startswith("period:"):
                continue
            moved = YEAR.sub(lambda found, by=shift: str(int(found[0]) - by), block)
            name = moved.split()[0]
            if name in missing:
                missing.remove(name)
                added.append(f"\n{moved.rstrip()}\n")
    return "".join(added)


if __name__ == "__main__":
    main()
