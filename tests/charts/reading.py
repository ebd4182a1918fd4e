"""Pictures parsed from their files."""

import re
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tipgraph.charts.page import width

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"


@dataclass(frozen=True)
class Text:
    """A line of text, with its corners."""

    content: str
    left: float
    right: float
    top: float
    bottom: float

    def overlaps(self, other: "Text") -> bool:
        apart_x = self.right <= other.left or other.right <= self.left
        apart_y = self.bottom <= other.top or other.bottom <= self.top
        return not (apart_x or apart_y)


class Svg:
    """An SVG file."""

    def __init__(self, file: Path) -> None:
        self.source = file.read_text(encoding="utf-8")
        self.root = ElementTree.fromstring(self.source)
        *_, self.width, self.height = map(float, self.root.attrib["viewBox"].split())

    @property
    def title(self) -> str:
        return self.root[0].text or ""

    @property
    def description(self) -> str:
        return self.root[1].text or ""

    @property
    def lines(self) -> list[Text]:
        """The lines of horizontal text."""
        texts = self.root.iter(f"{SVG}text")
        return [_line(each) for each in texts if "rotate(-0" in each.attrib["transform"]]

    @property
    def text(self) -> str:
        """All text in the picture."""
        return " ".join(str(each.text) for each in self.root.iter(f"{SVG}text"))

    @property
    def colours(self) -> set[str]:
        return set(re.findall(r"#[0-9a-fA-F]{6}\b", self.source))

    def paths(self, name: str) -> list[list[tuple[float, float]]]:
        """The corners of each line whose id starts like this."""
        return [
            [(float(x), float(y)) for x, y in re.findall(r"[ML] (\S+) (\S+)", path.attrib["d"])]
            for group in self.root.iter(f"{SVG}g")
            if group.attrib.get("id", "").startswith(name)
            for path in group.iter(f"{SVG}path")
        ]

    @property
    def markers(self) -> set[tuple[str, str]]:
        """The shapes and fills of the markers."""
        forms = {
            each.attrib["id"]: each.attrib["d"]
            for each in self.root.iter(f"{SVG}path")
            if each.attrib.get("id") and each.attrib["d"].rstrip().endswith("z")
        }
        uses = [(each.attrib[LINK][1:], each) for each in self.root.iter(f"{SVG}use")]
        return {(forms[name], _fill(each)) for name, each in uses if name in forms}


def _line(text: ElementTree.Element) -> Text:
    style, content = text.attrib["style"], str(text.text)
    size = float(re.findall(r"(\d+)px", style)[0])
    wide = width(content, size, "bold" if "700" in style else "normal")
    x, y = float(text.attrib["x"]), float(text.attrib["y"])
    left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[re.findall(r"anchor: (\w+)", style)[0]]
    return Text(content, left, left + wide, y - size * 0.75, y + size * 0.2)


def _fill(marker: ElementTree.Element) -> str:
    """Its fill colour; the default is black."""
    fill = re.search(r"fill: (#\w+)", marker.attrib["style"])
    return fill[1] if fill else "#000000"


def png_texts(file: Path) -> dict[str, str]:
    """The texts in the `tEXt` and `iTXt` chunks of a PNG file."""
    found = {}
    content, place = file.read_bytes(), 8
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    while place < len(content):
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        data = content[place + 8 : place + 8 + length]
        (sum_,) = struct.unpack(">I", content[place + 8 + length : place + 12 + length])
        assert zlib.crc32(kind + data) == sum_
        if kind == b"tEXt":
            name, _, text = data.partition(b"\0")
            found[name.decode()] = text.decode("latin-1")
        elif kind == b"iTXt":
            name, _, rest = data.partition(b"\0")
            found[name.decode()] = rest[2:].split(b"\0", 2)[2].decode("utf-8")
        place += 12 + length
    return found
