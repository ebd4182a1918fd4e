"""Take the libraries that pages run in a browser from npm into src/tipgraph/explorer/vendor/.

    python .ci/vendor.py            write the folder
    python .ci/vendor.py --check    compare the folder with the packages, byte by byte

The versions are in .ci/vendor/package.json, and the hashes of all packages in the lock file beside
it: npm installs nothing whose hash differs. Every file is the package's own. Beside it are the
licences of the package and of what it bundles. A package that has no licence file gets the text
of its project, in .ci/vendor/licences/.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
PINS = ROOT / ".ci" / "vendor"
FOLDER = ROOT / "src" / "tipgraph" / "explorer" / "vendor"
# Each package with its files, and the names that they get.
FILES = {
    "@zazuko/yasgui": {
        "build/yasgui.min.js": "yasgui/yasgui.min.js",
        "build/yasgui.min.css": "yasgui/yasgui.min.css",
    },
    "cytoscape": {"dist/cytoscape.min.js": "cytoscape/cytoscape.min.js"},
    # No package of it is minified.
    "minisearch": {"dist/umd/index.js": "minisearch/minisearch.js"},
    "oxigraph": {"web.js": "oxigraph/web.js", "web_bg.wasm": "oxigraph/web_bg.wasm"},
}
# The packages that a file bundles are named in its source map.
SOURCE_MAPS = {"@zazuko/yasgui": "build/yasgui.min.js.map"}
# The texts for packages without a licence file; oxigraph may be used under either of two licences.
TEXTS = {
    "@zazuko/yasgui": PINS / "licences" / "yasgui.txt",
    "@json2csv/formatters": PINS / "licences" / "json2csv.txt",
    "@json2csv/plainjs": PINS / "licences" / "json2csv.txt",
    "oxigraph": ROOT / "LICENSE",
}
README = """\
# Libraries for browsers

What the pages of the explorer run in a browser. The files are committed, because pages load nothing
from another host and installing tipgraph needs no npm. Do not edit them: `make vendor` takes them
from npm, at the versions of `.ci/vendor/package.json`, and `make check-vendor` compares them byte
by byte.

| library | version | licence | files |
| ------- | ------- | ------- | ----- |
"""


def main() -> int:
    """Write or check the folder; exit code 1 where it differs from the packages."""
    parser = argparse.ArgumentParser(description="Take the libraries for browsers from npm.")
    parser.add_argument("--check", action="store_true", help="compare, and change nothing")
    is_check = parser.parse_args().check
    with TemporaryDirectory() as folder:
        wanted = files(installed(Path(folder)))
    if is_check:
        found = {path.relative_to(FOLDER).as_posix(): path for path in FOLDER.rglob("*")}
        present = {name: path.read_bytes() for name, path in found.items() if path.is_file()}
        differing = sorted(
            name for name in {*wanted, *present} if wanted.get(name) != present.get(name)
        )
        for name in differing:
            print(f"{name} differs from its package; run 'make vendor'", file=sys.stderr)
        return 1 if differing else 0
    shutil.rmtree(FOLDER, ignore_errors=True)
    for name, content in wanted.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return 0


def installed(folder: Path) -> Path:
    """The packages, installed by npm into a folder, which checks their hashes."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PINS / name, folder / name)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run(command, cwd=folder, check=True)
    return folder / "node_modules"


def files(packages: Path) -> dict[str, bytes]:
    """The content of each file of the folder, by its path below the folder."""
    found: dict[str, bytes] = {}
    readme = README
    for package, sources in FILES.items():
        about = json.loads((packages / package / "package.json").read_text(encoding="utf-8"))
        for source, name in sources.items():
            found[name] = (packages / package / source).read_bytes()
        place = next(iter(sources.values())).partition("/")[0]
        found[f"{place}/LICENSE.txt"] = licences(packages, [package, *bundled(packages, package)])
        names = ", ".join(f"`{each}`" for each in sources.values())
        readme += f"| `{package}` | {about['version']} | {about['license']} | {names} |\n"
    found["README.md"] = readme.encode()
    return found


def bundled(packages: Path, package: str) -> list[str]:
    """The other packages that the files of a package contain."""
    if package not in SOURCE_MAPS:
        return []
    text = (packages / package / SOURCE_MAPS[package]).read_text(encoding="utf-8")
    sources = "\n".join(json.loads(text)["sources"])
    return sorted({*re.findall(r"node_modules/((?:@[^/\n]+/)?[^/\n]+)/", sources)} - {package})


def licences(packages: Path, names: Iterable[str]) -> bytes:
    """The licences of packages, each under the name of its package."""
    parts = []
    for name in names:
        own = sorted(
            path
            for path in (packages / name).iterdir()
            if re.fullmatch(r"licen[cs]e(-\w+)?(\.md|\.txt)?", path.name, re.IGNORECASE)
        )
        texts = [path.read_text(encoding="utf-8").strip() for path in own or [TEXTS[name]]]
        parts.append("\n\n".join([f"{name}\n{'=' * len(name)}", *texts]) + "\n")
    return "\n\n".join(parts).replace("\r\n", "\n").encode()


if __name__ == "__main__":
    sys.exit(main())
