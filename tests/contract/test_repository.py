"""What the repository promises: data with sources, keys that resolve, commands that are true."""

from __future__ import annotations

import ast
import hashlib
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import pytest

from nuatom.data import manifest, read_text

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "nuatom"
DATA = SOURCE / "data"
MODULES = sorted(SOURCE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")

INSPIRE_KEY = re.compile(r"\b[A-Z][A-Za-z]+:\d{4}[a-z]{2,3}\b")
CITE_ROLE = re.compile(r":cite(?::\w+)?:`([^`]+)`")


def shipped_files() -> set[str]:
    files = (path for path in DATA.rglob("*") if path.is_file() and path.suffix not in {".py", ".pyc"})
    return {path.relative_to(DATA).as_posix() for path in files} - {"manifest.toml"}


def bibliography_keys() -> list[str]:
    return re.findall(r"^@\w+\{([^,\s]+),", read_text("references.bib"), flags=re.MULTILINE)


def strings(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def keys_in_module(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    keys = set(INSPIRE_KEY.findall(text))
    for role in CITE_ROLE.findall(text):
        keys.update(key.strip() for key in role.split(","))
    for node in ast.walk(ast.parse(text)):
        match node:
            case (
                ast.keyword(arg="citations")
                | ast.AnnAssign(target=ast.Name(id="citations"), value=ast.expr())
            ):
                keys.update(strings(node.value))
            case _:
                pass
    return keys


def keys_in_table(table: Any) -> Iterator[str]:
    if isinstance(table, dict):
        for name, value in table.items():
            if name == "citations":
                yield from [value] if isinstance(value, str) else value
            else:
                yield from keys_in_table(value)
    elif isinstance(table, list):
        for value in table:
            yield from keys_in_table(value)


def test_every_data_file_is_in_the_manifest_and_nothing_else_is():
    assert set(manifest()) == shipped_files()


@pytest.mark.parametrize("name", sorted(shipped_files()))
def test_data_file_has_the_hash_and_the_origin_that_the_manifest_says(name):
    entry = manifest()[name]
    assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == entry.sha256
    for field in ("holds", "source", "licence", "units", "recipe"):
        assert getattr(entry, field).strip(), field


def test_bibliography_keys_are_unique():
    keys = bibliography_keys()
    assert len(keys) == len(set(keys)) > 0


def test_every_citation_key_in_code_is_in_the_bibliography():
    missing = {
        key: path.relative_to(ROOT).as_posix()
        for path in MODULES
        for key in keys_in_module(path) - set(bibliography_keys())
    }
    assert missing == {}


def test_every_citation_key_in_data_is_in_the_bibliography():
    known = set(bibliography_keys())
    missing = {}
    for path in DATA.rglob("*.toml"):
        text = path.read_text(encoding="utf-8")
        found = {*keys_in_table(tomllib.loads(text)), *INSPIRE_KEY.findall(text)}
        missing.update(dict.fromkeys(found - known, path.name))
    assert missing == {}


def test_no_module_unpickles():
    for path in MODULES:
        text = path.read_text(encoding="utf-8")
        imported = {
            name.split(".")[0]
            for node in ast.walk(ast.parse(text))
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }
        assert not imported & {"pickle", "dill", "shelve", "joblib", "cloudpickle", "marshal"}, path
        assert "allow_pickle=True" not in text, path


def test_readme_opens_with_the_main_job_and_the_tests():
    job, tests = re.findall(r"^```bash\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)[:2]
    assert "nuatom limit xenonnt-sr0 magnetic-moment --plot limit.png" in job
    assert tests.strip().endswith("-m pytest")
    assert "README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_version_is_the_same_everywhere():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    own_entry = read_text("references.bib").split("@software{nuatom,")[1]
    assert re.findall(r"^version: (\S+)$", citation, flags=re.MULTILINE) == [PROJECT["version"]]
    assert f"version = {{{PROJECT['version']}}}" in own_entry
    assert installed_version("nuatom") == PROJECT["version"]


def test_every_dependency_has_its_reason():
    reasons = (ROOT / "docs" / "adr" / "0002-dependencies.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| ([a-z][\w-]*) \|", reasons, flags=re.MULTILINE)) - {"for"}
    extras = [name for group in PROJECT["optional-dependencies"].values() for name in group]
    wanted = {re.split(r"[\[<>=~! ]", name)[0] for name in [*PROJECT["dependencies"], *extras]} - {"nuatom"}
    assert listed == wanted


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    last = body[-1].end_lineno if body else None
    return 0 if last is None else last - body[0].lineno + 1


def test_no_function_body_has_more_than_sixty_lines():
    lengths = {
        f"{path.relative_to(ROOT).as_posix()}: {node.name}": length(node)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert len(lengths) > 1000
    assert {name: lines for name, lines in lengths.items() if lines > 60} == {}


def test_no_file_has_more_than_four_hundred_lines():
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in MODULES
    }
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}


def test_no_comparison_hides_an_absolute_tolerance():
    """``approx(x, rel=…)`` also accepts 1e-12: every cross section in cm² would pass."""
    absolute = {"approx": "abs", "isclose": "atol", "allclose": "atol"}
    hidden = [
        f"{path.relative_to(ROOT).as_posix()}:{call.lineno}"
        for path in [*MODULES, *TESTS]
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and ast.unparse(call.func) in {"pytest.approx", "np.isclose", "np.allclose"}
        and absolute[call.func.attr] not in {keyword.arg for keyword in call.keywords}
    ]
    assert hidden == []
