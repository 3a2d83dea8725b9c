"""What folded kernels are made of, as one hash: values, and the code that makes kernels of them."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache, partial
from pathlib import Path
from types import FunctionType, MethodType
from typing import Any, Final

import numpy as np

from nuatom.numerics.quadrature import FloatArray

__all__ = ["PHYSICS", "digest", "source_digest", "source_files", "source_meaning"]

PHYSICS: Final = (
    "constants.py",
    *(f"atoms/{name}.py" for name in ("components", "formula", "responses", "target", "units")),
    *(
        f"atoms/tables/{name}.py"
        for name in (
            "archive", "arrays", "charge_spin", "correlated", "correlation", "files", "ion_field",
            "momentum_scale", "reduction", "responses", "store", "theory_error", "validation",
        )
    ),
    "atoms/photons/measured.py",
    "atoms/structure/nucleus.py",
    *(f"{room}/*.py" for room in ("detectors", "fluxes", "media", "numerics", "processes", "rates")),
)  # fmt: skip
"""Files whose code decides what numbers folded kernels have."""

# Whole atoms are solved whenever kernels of them are asked for, by code that would be most of the package.
_NOT_PHYSICS: Final = ("processes/atom.py",)
_MANY: Final = 8
_BITS: Final = 40
# What is written beside the meaning of a program.
_NOT_MEANT: Final = frozenset({"annotation", "kind", "returns", "type_comment", "type_params"})


_PACKAGE: Final = Path(__file__).resolve().parents[1]


class _UnknownError(Exception):
    """What a value does is decided by code that is not hashed: a user's, mostly."""


def digest(value: object, left_out: frozenset[str] = frozenset()) -> str | None:
    """SHA-256 of a value: of numbers, texts, arrays, our own dataclasses and functions, and collections.

    Parameters
    ----------
    value : object
        What to look at.
    left_out : frozenset of str
        Names of fields, of any dataclass, that do not matter.

    Returns
    -------
    str or None
        None where code that is not hashed is part of it, a user's mostly.
    """
    found = hashlib.sha256()
    try:
        for part in _parts(value, left_out):
            found.update(part)
            found.update(b"\0")
    except _UnknownError:
        return None
    return found.hexdigest()


def _parts(value: Any, left_out: frozenset[str]) -> Iterator[bytes]:
    if isinstance(value, float):
        yield _rounded(np.array([value]))
    elif value is None or isinstance(value, bool | int | complex | str):
        yield repr(value).encode()
    elif isinstance(value, np.ndarray):
        yield f"{value.dtype.str}{value.shape}".encode()
        yield _rounded(value) if value.dtype == float else np.ascontiguousarray(value).tobytes()
    elif isinstance(value, tuple | list):
        yield f"{len(value)} of".encode()
        if len(value) > _MANY and {*map(type, value)} == {float}:
            yield _rounded(np.array(value))
        else:
            for item in value:
                yield from _parts(item, left_out)
    elif isinstance(value, Mapping):
        yield f"{len(value)} by name".encode()
        for name in value:
            yield from _parts(name, left_out)
            yield from _parts(value[name], left_out)
    elif isinstance(value, partial):
        yield from _parts((value.func, value.args, value.keywords), left_out)
    elif isinstance(value, MethodType):
        yield from _parts((value.__self__, value.__func__), left_out)
    elif isinstance(value, FunctionType):
        # A function made in another one may be anything.
        if value.__module__ not in _modules() or value.__closure__ is not None:
            raise _UnknownError
        yield f"{value.__module__}.{value.__qualname__}".encode()
    elif is_dataclass(value) and not isinstance(value, type):
        kind = type(value)
        if kind.__module__ not in _modules():
            raise _UnknownError
        yield f"{kind.__module__}.{kind.__qualname__}".encode()
        for field in fields(value):
            if field.name not in left_out:
                yield field.name.encode()
                yield from _parts(getattr(value, field.name), left_out)
    else:
        raise _UnknownError


def _rounded(values: FloatArray) -> bytes:
    """Numbers to 12 digits: processors differ in the last of an exponential."""
    mantissa, exponent = np.frexp(values)
    with np.errstate(invalid="ignore"):
        digits = np.rint(mantissa * 2.0**_BITS)
    return b"".join((digits.astype("<f8").tobytes(), exponent.astype("<i4").tobytes()))


def source_files() -> tuple[Path, ...]:
    """Every file of `PHYSICS`, in a fixed order."""
    found = (path for pattern in PHYSICS for path in sorted(_PACKAGE.glob(pattern)))
    return tuple(path for path in found if path.relative_to(_PACKAGE).as_posix() not in _NOT_PHYSICS)


@cache
def _modules() -> frozenset[str]:
    """Modules whose code is hashed: what others define may change unseen."""
    paths = (path.relative_to(_PACKAGE.parent).with_suffix("") for path in source_files())
    return frozenset(".".join(path.parts).removesuffix(".__init__") for path in paths)


@cache
def source_digest() -> str | None:
    """SHA-256 of the files as they stand; None where they cannot be read, as in a zipped package."""
    try:
        texts = [path.read_bytes() for path in source_files()]
    except OSError:
        return None
    return _sha256(texts) if texts else None


def source_meaning() -> str:
    """SHA-256 of what the files say, without comments, documentation, annotations and layout."""
    return _sha256(
        word.encode() for path in source_files() for word in _meaning(ast.parse(path.read_bytes()))
    )


def _meaning(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _meaning(item)
        yield "."
    elif isinstance(node, ast.AST):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return
        yield type(node).__name__
        for name in node._fields:
            # Versions of Python differ in fields that are empty.
            value = getattr(node, name, None)
            if name not in _NOT_MEANT and value is not None and value != []:
                yield name
                yield from _meaning(value)
    else:
        yield repr(node)


def _sha256(parts: Iterable[bytes]) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(part)
        found.update(b"\0")
    return found.hexdigest()
