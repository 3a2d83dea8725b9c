"""What a package hands out, imported when it is first asked for, so that importing the package is quick."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["lazily"]


def lazily(
    package: str, home: Mapping[str, str], also: tuple[str, ...] = ()
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """``__getattr__`` and ``__dir__`` of a package that hands out names of its modules.

    Parameters
    ----------
    package : str
        Its ``__name__``.
    home : mapping of str to str
        By name, the module in the package that has it. No name may be that of a module in the package
        itself: Python would bind it to the module when that is imported.
    also : tuple of str
        Names that the package has of itself.
    """

    def get(name: str) -> Any:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{home[name]}"), name)

    def names() -> list[str]:
        return sorted((*home, *also))

    return get, names
