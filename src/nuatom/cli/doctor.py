"""``nuatom doctor``: check the installation."""

from __future__ import annotations

import platform
import sys
from importlib import metadata
from typing import Any

import click

import nuatom
from nuatom.cli.common import json_option, print_json


@click.command("doctor")
@json_option
def command(as_json: bool) -> None:
    """Check Python, libraries, constants and the hashes of every data file; exit status 1 on a problem."""
    checks = _checks()
    healthy = all(check["ok"] for check in checks)
    if as_json:
        print_json("doctor", {}, [], {"healthy": healthy, "checks": checks})
    else:
        for check in checks:
            click.echo(f"  {'ok     ' if check['ok'] else 'PROBLEM'}  {check['name']}: {check['found']}")
    if not healthy:
        sys.exit(1)


def _checks() -> list[dict[str, Any]]:
    from nuatom.data import manifest, read_bytes
    from nuatom.errors import DataError

    checks = [
        {"name": "nuatom", "found": nuatom.__version__, "ok": True},
        {"name": "Python", "found": platform.python_version(), "ok": sys.version_info >= (3, 11)},
    ]
    for requirement in metadata.requires("nuatom") or ():
        if "extra ==" in requirement:
            continue
        name = requirement.split(">")[0].split("<")[0].split("=")[0].strip()
        try:
            checks.append({"name": name, "found": metadata.version(name), "ok": True})
        except metadata.PackageNotFoundError:
            checks.append({"name": name, "found": "not installed", "ok": False})
    try:
        from nuatom.constants import EDITION

        checks.append({"name": "constants", "found": EDITION, "ok": True})
    except ImportError as error:
        checks.append({"name": "constants", "found": str(error), "ok": False})
    for name in manifest():
        try:
            read_bytes(name)
            checks.append({"name": name, "found": "matches its hash", "ok": True})
        except DataError as error:
            checks.append({"name": name, "found": str(error), "ok": False})
    return checks
