"""Test what a release publishes: workflow, container, licences, bill of materials."""

import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tools import needs_command

ROOT = Path(__file__).parents[2]
PINNED = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}")


@pytest.mark.parametrize("file", sorted((ROOT / ".github" / "workflows").glob("*.yml")), ids=str)
def test_actions_are_pinned_by_commit(file: Path) -> None:
    used = re.findall(r"uses: (\S+)( # v\d+\.\d+\.\d+)?$", file.read_text(), re.MULTILINE)

    assert [each for each, version in used if not (PINNED.fullmatch(each) and version)] == []
    assert used


def test_release_publishes_what_another_job_built_and_needs_no_secret() -> None:
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text()
    workflow = yaml.safe_load(text)
    build, publish = workflow["jobs"]["build"], workflow["jobs"]["publish"]

    assert workflow["permissions"] == {}
    assert "secrets." not in text
    assert publish["permissions"] == {"id-token": "write"}
    assert (publish["needs"], publish["environment"]) == ("build", "pypi")
    # No code of the project runs where the right to publish is.
    assert [step["run"] for step in publish["steps"] if "run" in step] == ["rm dist/*.cdx.json"]
    assert {"run": "make dist"} in build["steps"]


def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Containerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines)]


def test_container_runs_a_command_that_there_is_without_rights() -> None:
    given = instructions()
    last = max(n for n, (name, _) in enumerate(given) if name == "FROM")
    stage = dict(given[last:])
    entry, arguments = yaml.safe_load(stage["ENTRYPOINT"]), yaml.safe_load(stage["CMD"])

    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", stage["USER"])
    assert not {"ADD", "VOLUME", "RUN"} & {*stage}, "the last stage has what was built, and no more"
    assert all(
        re.search(r":\d+\.\d+-slim-\w+( AS \w+)?$", rest) for name, rest in given if name == "FROM"
    )
    assert entry == ["tipgraph"]
    run = [sys.executable, "-c", "from tipgraph.cli import run; run()", *arguments, "--help"]
    done = subprocess.run(run, capture_output=True, text=True)
    assert (done.returncode, "Serve the graph" in done.stdout) == (0, True)
    # The health check asks the port that is exposed, which is the default.
    assert f"default: {stage['EXPOSE']}" in " ".join(done.stdout.split())
    assert f":{stage['EXPOSE']}/-/about" in stage["HEALTHCHECK"]


@needs_command("sh")
def test_container_installs_extras_that_there_are() -> None:
    import tomllib

    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    for name, rest in instructions():
        if name == "RUN":
            subprocess.run(["sh", "-n", "-c", rest], check=True)
            for named in re.findall(r"\$wheel\[([\w,]+)\]", rest):
                assert {*named.split(",")} <= {*extras}
            assert shlex.split(rest)
    assert any("$wheel[" in rest for _, rest in instructions())


def test_bill_of_materials_has_the_libraries_for_browsers() -> None:
    spec = importlib.util.spec_from_file_location("sbom", ROOT / ".ci" / "sbom.py")
    assert spec
    assert spec.loader
    script: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)

    content = script.with_libraries({"components": []}, script.README.read_text())

    found = {each["name"]: each["licenses"] for each in content["components"]}
    folders = [each for each in script.README.parent.iterdir() if each.is_dir()]
    assert len(found) == len(folders)
    assert found["oxigraph"] == [{"expression": "MIT OR Apache-2.0"}]
    assert all(each["purl"].startswith("pkg:npm/") for each in content["components"])
