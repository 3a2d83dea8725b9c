"""``nuatom cite``: BibTeX of what was used."""

from __future__ import annotations

import json
import sys
from typing import Final

import click

from nuatom.cli.common import json_option, print_json

_MOST_CHARACTERS: Final = 50_000_000
_ACCEPTED: Final = "the JSON of a nuatom command"


@click.command("cite")
@click.argument("sources", nargs=-1)
@json_option
def command(sources: tuple[str, ...], as_json: bool) -> None:
    """Print the BibTeX entries of SOURCES: what to cite with a result.

    A source is `-` for the JSON of another command on stdin (`nuatom limit … --json | nuatom cite -`), the
    name of an experiment, or a citation key. Without sources: the whole bibliography.
    """
    from nuatom.data.bibliography import bibliography, bibtex, unique
    from nuatom.experiments import experiment, experiment_names

    keys: list[str] = []
    for source in sources or tuple(bibliography()):
        if source == "-":
            keys += _from_json(_stdin())
        elif source in experiment_names() or source.endswith(".toml"):
            keys += ["nuatom", *experiment(source).citations]
        else:
            keys.append(source)
    text = bibtex(keys)
    if as_json:
        print_json("cite", {"sources": list(sources)}, unique(keys), {"bibtex": text})
        return
    click.echo(text)


def _stdin() -> str:
    """Text on stdin, of a size that a result can have."""
    from nuatom.errors import InputError

    if sys.stdin is None or sys.stdin.closed:
        raise InputError("stdin", "closed", _ACCEPTED)
    try:
        text = sys.stdin.read(_MOST_CHARACTERS + 1)
    except UnicodeDecodeError as error:
        raise InputError("stdin", "bytes that are no text", _ACCEPTED) from error
    if len(text) > _MOST_CHARACTERS:
        raise InputError("stdin", f"more than {_MOST_CHARACTERS} characters", _ACCEPTED)
    return text


def _from_json(text: str) -> list[str]:
    from nuatom.errors import InputError

    try:
        keys = json.loads(text)["citations"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError("stdin", text, _ACCEPTED) from error
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise InputError("stdin", text, _ACCEPTED)
    return keys
