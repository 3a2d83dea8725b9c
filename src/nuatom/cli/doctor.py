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
    """Check Python, libraries, constants, kernels and every data file's hash; exit status 1 on a problem."""
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
    checks.append(kernels())
    for name in manifest():
        try:
            read_bytes(name)
            checks.append({"name": name, "found": "matches its hash", "ok": True})
        except DataError as error:
            checks.append({"name": name, "found": str(error), "ok": False})
    return checks


def kernels() -> dict[str, Any]:
    """Compile and run a kernel, and look for where it can be kept."""
    import math

    from nuatom.numerics.bessel import spherical_bessel
    from nuatom.numerics.compiled import kernel_directories, writable_directory

    right = math.isclose(spherical_bessel(0, 1.0)[0], math.sin(1.0), rel_tol=1e-12)
    directory = writable_directory()
    places = " nor ".join(str(path) for path in kernel_directories())
    kept = f"kept in {directory}" if directory else f"in every process: neither {places} can be written"
    return {"name": "compiled kernels", "found": kept if right else "give wrong numbers", "ok": right}
