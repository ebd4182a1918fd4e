"""Draw the pictures of the explorer in docs/images, from its pages in Chromium.

    python .ci/screenshots.py           into docs/images
    python .ci/screenshots.py FOLDER    into another folder

It starts the server of this checkout on a free port. Chromium has to be installed.
"""

import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"
WIDTH, COLOURS = 1200, 64
SERVE = [sys.executable, "-m", "tipgraph", "serve", "--port", "0"]


class Picture(NamedTuple):
    """A picture: its page, what it begins at (a selector; the top without), and its height."""

    address: str
    height: int
    begins_at: str = ""


PICTURES = {
    "home": Picture("", 760),
    "search": Picture("-/search?q=children+identified+Greece+2020", 780),
    "country": Picture("-/country/GRC", 860),
    "several": Picture("-/country/GRC?with=ROU", 960, "#section-1"),
    "actors": Picture("-/country/BEL", 760, "h2:text('Who does what')"),
    "edition": Picture("id/tip-2022-ke", 900),
    "figure": Picture("id/tip-2021-be/referrals-2020", 900),
    "query": Picture("query/series?indicator=residence-permits-issued&area=BEL", 1000),
    "countries": Picture("-/countries", 820, "#table-1"),
    "network": Picture("-/network?area=KEN", 960),
    "entitlements": Picture("-/entitlements?edition=tip-2021-be", 800),
    "embed": Picture("-/embed/series?indicator=residence-permits-issued&area=BEL", 800),
}


def main() -> int:
    """Draw all pictures; exit code 1 where Chromium is missing."""
    chromium = shutil.which("chromium")
    folder = Path(sys.argv[1]) if sys.argv[1:] else FOLDER
    if chromium is None:
        print("screenshots: chromium is not installed", file=sys.stderr)
        return 1
    with served() as address, sync_playwright() as playwright:
        # A container lacks what the sandbox needs.
        options = ["--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars"]
        browser = playwright.chromium.launch(executable_path=chromium, args=options)
        page = browser.new_page(viewport={"width": WIDTH, "height": 900}, color_scheme="light")
        for name, picture in PICTURES.items():
            page.goto(address + picture.address)
            top = 0.0
            if picture.begins_at:
                box = page.locator(picture.begins_at).bounding_box()
                assert box
                top = box["y"] - 12
            clip = {"x": 0.0, "y": top, "width": float(WIDTH), "height": float(picture.height)}
            drawn = page.screenshot(clip=clip, full_page=True)  # type: ignore[arg-type]
            target = folder / f"explorer-{name}.png"
            target.write_bytes(small(drawn))
            print(f"{target}: {target.stat().st_size:,} bytes")
        browser.close()
    return 0


@contextmanager
def served() -> Iterator[str]:
    """The address of a server that ends with the block."""
    with subprocess.Popen(SERVE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found
            yield found[0]
        finally:
            process.terminate()


def small(png: bytes) -> bytes:
    """The picture with a palette, a third of the size: pages have few colours."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    palette = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    file = io.BytesIO()
    palette.save(file, "PNG", optimize=True)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
