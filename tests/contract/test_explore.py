"""`nuatom explore`: one page, whole or not there, that needs nothing but itself."""

import json
import re
from pathlib import Path

import pytest

import nuatom
from nuatom.data import read_text
from nuatom.data.bibliography import bibliography

MODELS = ["--model", "free,stepping"]
LARGEST_BYTES = 500_000


def test_json_is_one_object_with_the_promised_keys(run, tmp_path):
    path = tmp_path / "page.html"
    code, out, err = run("explore", "xenonnt-sr0", "--out", str(path), *MODELS, "--sin2w", "0.23", "--json")
    assert (code, err, out.count("\n")) == (0, "", 1)
    found = json.loads(out)
    assert found["schema"] == "nuatom.explore/1"
    assert found["version"] == nuatom.__version__
    assert found["inputs"] == {
        "experiment": "xenonnt-sr0",
        "model": "free,stepping",
        "out": str(path),
        "medium": "detector",
        "couplings": "tree",
        "sin2w": 0.23,
    }
    assert (found["page"], found["bytes"]) == (str(path), path.stat().st_size)
    assert (found["models"], found["left_out"]) == (["free", "stepping"], {})
    assert "charge-radius:mu" in found["parameters"]
    assert found["citations"][0] == "nuatom"
    assert set(found["citations"]) <= set(bibliography())
    code, bibtex, err = run("cite", "-", stdin=out)
    assert (code, err) == (0, "")
    assert bibtex.count("@") >= len(found["citations"])


def test_text_is_for_people(run, tmp_path):
    path = tmp_path / "page.html"
    code, out, err = run("explore", "xenon1t-sr1", "--out", str(path), *MODELS)
    assert (code, err) == (0, "")
    assert str(path) in out
    assert "free, stepping" in out
    (tmp_path / "other").touch()
    assert path.stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize(
    ("name", "models", "most"),
    # By default a page has this many models; those beyond the two are as large as the larger at most.
    [("xenonnt-sr0", "free,stepping", 4), ("coherent-csi-2021", "helm+free,point+stepping", 6)],
)
def test_page_needs_nothing_but_itself(run, tmp_path, name, models, most):
    path = tmp_path / "page.html"
    assert run("explore", name, "--out", str(path), "--model", models)[0] == 0
    assert list(tmp_path.iterdir()) == [path]
    text = path.read_text(encoding="utf-8")
    numbers = json.loads(re.findall(r'id="page-numbers">(.*?)</script>', text)[0])
    largest = max(len(json.dumps(model)) for model in numbers["models"])
    assert path.stat().st_size + (most - 2) * largest <= LARGEST_BYTES
    for outside in (r"\bsrc\s*=", r"\bhref\s*=", r"@import", r"\burl\(\s*[\"']?\w", r"https?:", r"\bfetch\("):
        assert re.findall(outside, text) == [], outside
    for mark in ("/* style */", "/* likelihood */", "/* plot */", "/* view */", "/* numbers */"):
        assert mark not in text
    assert len(re.findall("</script>", text)) == 4


def test_the_same_page_every_time(run, tmp_path):
    first, second = tmp_path / "1.html", tmp_path / "2.html"
    for path in (first, second):
        assert run("explore", "xenonnt-sr0", "--out", str(path), *MODELS)[0] == 0
    assert first.read_bytes() == second.read_bytes()


def test_couplings_are_not_ignored(run, tmp_path):
    path = tmp_path / "page.html"
    pages = []
    for options in ([], ["--sin2w", "0.3"], ["--couplings", "radiative"], ["--model", "free"]):
        assert run("explore", "xenonnt-sr0", "--out", str(path), *MODELS, *options)[0] == 0
        pages.append(path.read_bytes())
    assert len(set(pages)) == len(pages)


@pytest.mark.parametrize("failure", [OSError("disk full"), KeyboardInterrupt()], ids=["error", "interrupt"])
def test_nothing_half_written(run, tmp_path, monkeypatch, failure):
    def fail(path, *_, **options):
        path.write_bytes(b"half")
        raise failure

    monkeypatch.setattr(Path, "write_text", fail)
    path = tmp_path / "page.html"
    path.write_bytes(b"yesterday's")
    code, out, err = run("explore", "xenonnt-sr0", "--out", str(path), *MODELS)
    assert code == (2 if isinstance(failure, OSError) else 130)
    assert out == ""
    assert err.strip().count("\n") == 0
    assert list(tmp_path.iterdir()) == [path]
    assert path.read_bytes() == b"yesterday's"


def test_page_of_ones_own_experiment(run, tmp_path):
    """Its command names the file that was typed."""
    mine, path = tmp_path / "my detector.toml", tmp_path / "page.html"
    mine.write_text(read_text("experiments/xenonnt-sr0.toml"), encoding="utf-8")
    assert run("explore", str(mine), "--out", str(path), *MODELS)[0] == 0
    numbers = re.findall(r'id="page-numbers">(.*?)</script>', path.read_text(encoding="utf-8"))[0]
    assert json.loads(numbers)["typed"] == f"'{mine}'"
