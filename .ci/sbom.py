"""Write the bill of materials of a wheel and of all that its extras install (CycloneDX).

    python .ci/sbom.py dist/tipgraph-0.2.0-py3-none-any.whl

The file is beside the wheel, and has the libraries for browsers, too. It is checked against the
schema of CycloneDX before it is written. The extras get the versions of requirements-dev.txt.
"""

import json
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "src" / "tipgraph" / "explorer" / "vendor" / "README.md"
LIBRARY = re.compile(r"\| `(?P<name>[^`]+)` \| (?P<version>[\d.]+) \| (?P<licence>[^|]+?) \|")
EXTRAS = "chart,docx,explorer,fast,mcp,pandas,xlsx"


def main(wheel: Path) -> int:
    """Write the file beside the wheel."""
    with TemporaryDirectory() as folder:
        environment, constraints = Path(folder, "environment"), Path(folder, "constraints.txt")
        locked = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
        lines = (line.removesuffix(" \\") for line in locked if "--hash" not in line)
        constraints.write_text("\n".join(lines), encoding="utf-8")
        uv = [sys.executable, "-m", "uv", "--quiet"]
        subprocess.run([*uv, "venv", str(environment)], check=True)
        python = ["--python", str(environment), "--constraint", str(constraints)]
        subprocess.run([*uv, "pip", "install", *python, f"{wheel}[{EXTRAS}]"], check=True)
        command = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible"]
        options = ["--pyproject", str(ROOT / "pyproject.toml"), "--mc-type", "application"]
        made = subprocess.run(
            [*command, *options, str(environment)], check=True, capture_output=True, text=True
        )
    content = with_libraries(json.loads(made.stdout), README.read_text(encoding="utf-8"))
    text = json.dumps(content, indent=1, sort_keys=True) + "\n"
    validation: Any = import_module("cyclonedx.validation.json")
    schema: Any = import_module("cyclonedx.schema")
    version = schema.SchemaVersion.from_version(content["specVersion"])
    problem = validation.JsonStrictValidator(version).validate_str(text)
    if problem:
        print(problem, file=sys.stderr)
        return 1
    name = "-".join(wheel.name.split("-")[:2])
    wheel.with_name(f"{name}.cdx.json").write_text(text, encoding="utf-8")
    return 0


def with_libraries(content: dict[str, Any], readme: str) -> dict[str, Any]:
    """Add the libraries for browsers, which the README of their folder lists."""
    added = []
    for name, version, licence in LIBRARY.findall(readme):
        address = f"pkg:npm/{name.replace('@', '%40')}@{version}"
        stated = {"expression": licence} if " " in licence else {"license": {"id": licence}}
        added.append(
            {
                "type": "library", "bom-ref": address, "name": name, "version": version,
                "purl": address, "licenses": [stated],
            }
        )  # fmt: skip
    return {**content, "components": [*content["components"], *added]}


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
