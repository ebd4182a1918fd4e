"""The files for CI systems are valid by these systems' schemas and tools."""

import subprocess
import sys
from pathlib import Path

import pytest

from . import page

WORKFLOW = ".github/workflows/shacl.yml"
OWN = {
    "action.yml": "vendor.github-actions",
    "CITATION.cff": "vendor.citation-file-format",
    ".github/dependabot.yml": "vendor.dependabot",
}
ON_PAGE = {WORKFLOW: "vendor.github-workflows", ".gitlab-ci.yml": "vendor.gitlab-ci"}


def check(module: str, *arguments: object) -> None:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", OWN)
def test_project_files_are_valid(file: str) -> None:
    check("check_jsonschema", "--builtin-schema", OWN[file], page.ROOT / file)


def test_workflows_are_valid() -> None:
    workflows = [*(page.ROOT / ".github/workflows").glob("*.yml")]

    assert len(workflows) >= 3
    check("check_jsonschema", "--builtin-schema", ON_PAGE[WORKFLOW], *workflows)


@pytest.mark.parametrize("file", ON_PAGE)
def test_files_on_page_are_valid(file: str, tmp_path: Path) -> None:
    file_on_page = tmp_path / "page.yml"
    file_on_page.write_text(page.files()[file], encoding="utf-8")

    check("check_jsonschema", "--builtin-schema", ON_PAGE[file], file_on_page)


def test_pre_commit_accepts_manifest_and_configuration(tmp_path: Path) -> None:
    file_on_page = tmp_path / ".pre-commit-config.yaml"
    file_on_page.write_text(page.files()[".pre-commit-config.yaml"], encoding="utf-8")

    check("pre_commit", "validate-config", file_on_page)
    check("pre_commit", "validate-manifest", page.ROOT / ".pre-commit-hooks.yaml")
