"""The wheel has all it needs with it, and works away from the checkout."""

import io
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from hashlib import sha256
from pathlib import Path, PurePosixPath

import pytest
from pyoxigraph import RdfFormat, parse

from tests.ci.conftest import excluded
from tipgraph.resources.cache import LARGEST
from tipgraph.resources.folders import VARIABLE
from tipgraph.store.build import nquads

pytestmark = pytest.mark.slow(reason="builds a wheel")

ROOT = Path(__file__).parents[1]
RESOURCES = Path("tipgraph", "resources", "shipped")
# The licences of all files.
TABLE = "LICENCES.md"
PARTS = ("src", "ontology", "data", "queries", "pyproject.toml", "hatch_build.py")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source of a wheel, with the data on five countries.

    With all data, the build and what the commands read take five times as long.
    """
    copy = tmp_path_factory.mktemp("tree")
    for name in (*PARTS, "README.md", "LICENSE", "LICENSE-DATA", "LICENSE-UNICODE", TABLE):
        part = ROOT / name
        if part.is_dir():
            shutil.copytree(part, copy / name, ignore=excluded)
        else:
            shutil.copy(part, copy / name)
    return copy


def build(tree: Path, out: Path, **environment: str) -> dict[str, bytes]:
    """Build both distributions, and return them by name."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(out)]
    subprocess.run(command, cwd=tree, check=True, capture_output=True, env=os.environ | environment)
    return {file.name: file.read_bytes() for file in out.iterdir()}


@pytest.fixture(scope="module")
def distributions(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return build(tree, tmp_path_factory.mktemp("dist"), PYTHONHASHSEED="1")


@pytest.fixture(scope="module")
def installed(distributions: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder where the wheel's content lies."""
    content = tmp_path_factory.mktemp("content")
    (wheel,) = (each for name, each in distributions.items() if name.endswith(".whl"))
    zipfile.ZipFile(io.BytesIO(wheel)).extractall(content)
    return content


def run(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    script = "from tipgraph.cli import run; run()"
    # An empty variable stands for what the wheel has.
    environment = os.environ | {"PYTHONPATH": str(installed), VARIABLE: ""}
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=installed.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def contents(folder: Path) -> dict[Path, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder): path.read_bytes() for path in files}


def test_wheel_contains_the_three_folders_and_the_prepared_graph(installed: Path) -> None:
    resources = installed / RESOURCES

    assert {path.name for path in resources.iterdir()} == {
        "ontology",
        "data",
        "queries",
        "prepared",
    }
    prepared = {path.name for path in (resources / "prepared").iterdir()}
    assert prepared == {
        "graph.trig",
        "queries.json",
        "search.sqlite",
        "case-rules.json",
        "digest",
        "query-areas.json",
    }


def test_wheel_contains_what_pages_load(installed: Path) -> None:
    for name in ("vendor", "scripts", "templates"):
        folder = Path("tipgraph", "explorer", name)
        assert contents(installed / folder) == contents(ROOT / "src" / folder)
        assert contents(installed / folder)


def test_wheel_answers_where_no_cache_can_be_written(installed: Path, cache: Path) -> None:
    cache.parent.write_text("a file where the folder should be", encoding="utf-8")

    assert len(run(installed, "query", "residence-permits").stdout.splitlines()) == 5


def test_wheel_keeps_its_graph_alone_in_the_cache(installed: Path, cache: Path) -> None:
    outputs = [run(installed, "query", "residence-permits").stdout for _ in range(2)]

    assert outputs[0] == outputs[1]
    is_large = (installed / RESOURCES / "prepared" / "graph.trig").stat().st_size > LARGEST
    assert [path.name for path in cache.glob("*")] == ["graphs"] * is_large
    digest = (installed / RESOURCES / "prepared" / "digest").read_text(encoding="ascii")
    assert all(digest in path.name for path in cache.glob("graphs/*"))


def test_citation_has_the_digest_of_the_graph_in_the_wheel(installed: Path, cache: Path) -> None:
    graph = parse((installed / RESOURCES / "prepared" / "graph.trig").read_bytes(), RdfFormat.TRIG)

    assert (
        f"graph sha256:{sha256(nquads(graph)).hexdigest()}" in run(installed, "cite", "S30").stdout
    )


# The reference engine validates all that is shipped here alone.
@pytest.mark.parametrize(
    "arguments",
    [
        ["queries"],
        ["show", "S17"],
        ["coverage"],
        ["find", "beds"],
        ["cite", "S17"],
        ["query", "figures", "--edition", "tip-2021-be", "--format", "html"],
        ["validate"],
    ],
    ids=lambda each: each[0],
)
def test_commands_of_the_wheel_work(installed: Path, arguments: list[str]) -> None:
    done = run(installed, *arguments)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout


def test_wheel_creates_an_edition(installed: Path, tmp_path: Path) -> None:
    made = run(installed, "new", "tip-2022-be", "--in", str(tmp_path))
    checked = run(installed, "check", str(tmp_path / "tip-2022-be"))

    assert made.returncode == 0, made.stderr
    assert checked.stdout.splitlines()[-1].startswith("tip-2022-be: 2 findings;")


def test_licences_are_stated_where_tools_look(installed: Path) -> None:
    (metadata,) = installed.glob("*.dist-info/METADATA")
    text = metadata.read_text(encoding="utf-8")

    assert "License-Expression: Apache-2.0 AND CC-BY-4.0" in text
    assert "License-File: LICENSE" in text
    assert "License-File: src/tipgraph/explorer/vendor/yasgui/LICENSE.txt" in text


def test_two_builds_give_the_same_bytes(tree, distributions, tmp_path):
    other = tmp_path / "elsewhere" / "tree"
    shutil.copytree(tree, other)
    for file in other.rglob("*"):
        os.utime(file, (10**9, 10**9))
        # As another umask has it.
        file.chmod(0o700 if file.is_dir() else 0o600)
    again = build(other, tmp_path / "dist", PYTHONHASHSEED="2", TZ="Asia/Manila", LC_ALL="C")

    digests = [
        {n: sha256(e).hexdigest() for n, e in each.items()} for each in (distributions, again)
    ]
    assert digests[0] == digests[1]
    assert len(digests[0]) == 2


def test_each_file_of_the_wheel_has_a_licence_that_is_shipped(installed: Path) -> None:
    rows = re.findall(
        r"^\| (`.+?) +\| .+? +\| (.+?) +\| .+? +\| `(.+?)` +\|$", (ROOT / TABLE).read_text(), re.M
    )
    licences = {
        pattern: (licence, text)
        for patterns, licence, text in rows
        for pattern in re.findall("`(.+?)`", patterns)
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    used = set()
    for file in map(PurePosixPath, (each.as_posix() for each in contents(installed))):
        if not file.parts[0].endswith(".dist-info"):
            fitting = [each for each in licences if file.is_relative_to(each.removesuffix("/**"))]
            assert fitting, file
            used.add(max(fitting, key=len))

    assert used == {*licences}
    named = {each for licence, _ in licences.values() for each in licence.split(" AND ")}
    assert named == {*project["license"].split(" AND ")}
    (folder,) = installed.glob("*.dist-info/licenses")
    shipped = {each.as_posix() for each in contents(folder)}
    assert {text for _, text in licences.values()} | {TABLE} == shipped
    vendored = {
        each.name for each in (installed / "tipgraph/explorer/vendor").iterdir() if each.is_dir()
    }
    assert {each.split("/")[3] for each in licences if "/vendor/" in each} == vendored
