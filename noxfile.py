"""Every check by name: ``nox -l`` lists them; ``nox --no-venv`` uses the environment at hand."""

from __future__ import annotations

import nox

nox.options.default_venv_backend = "venv"
nox.options.sessions = ["lint", "types", "tests", "docs"]

PROJECT = nox.project.load_toml("pyproject.toml")["project"]


def _install(session: nox.Session, *requirements: str) -> None:
    if session.virtualenv.is_sandboxed:
        session.install(*requirements)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, layout and who may import whom."""
    _install(session, "-e", ".[dev]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    """Check static types."""
    _install(session, "-e", ".[dev]")
    session.run("mypy")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests that take seconds."""
    _install(session, ".[test]")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def slow(session: nox.Session) -> None:
    """Run the tests that take minutes: tables built from scratch, on Dask as well, converged references."""
    _install(session, ".[test]", "distributed")
    session.run("python", "-m", "pytest", "-m", "slow", *session.posargs)


@nox.session
def mutants(session: nox.Session) -> None:
    """Plant known faults in a copy of the package, and see that tests notice (ten minutes)."""
    _install(session, ".[test]")
    session.run("python", "tools/mutants.py", *session.posargs)


@nox.session
def lowest(session: nox.Session) -> None:
    """Run the tests with the oldest direct dependencies that pyproject.toml allows."""
    pins = [requirement.replace(">=", "==") for requirement in PROJECT["dependencies"]]
    _install(session, ".[test]", *pins)
    # Old releases call what newer ones of their own dependencies deprecate; that is not ours to mend.
    quiet = ("-W", "ignore::DeprecationWarning", "-W", "ignore::UserWarning:pyparsing")
    session.run("python", "-m", "pytest", *quiet, *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation: its code cells run, and every warning is an error."""
    _install(session, "-e", ".[docs]")
    # Pages are read on all cores, whose threads would wait for one another.
    build = ("-qW", "--keep-going", "-j", "auto", "-b", "html", "docs", "docs/_build/html")
    session.run("python", "-m", "sphinx", *build, env={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})


@nox.session
def bench(session: nox.Session) -> None:
    """Measure speed, beside a plain calculation that must first give the same counts."""
    _install(session, ".[test]")
    one_core = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    session.run("python", "-m", "pytest", "-n", "0", "benchmarks", *session.posargs, env=one_core)
