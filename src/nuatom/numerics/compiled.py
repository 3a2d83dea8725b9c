"""The one way nuatom compiles a numerical kernel: Numba, at the first call, cached on disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])

__all__ = ["compiled"]


def compiled(function: Function) -> Function:
    """Compile ``function`` at its first call and keep the machine code for the next process.

    Floating-point contraction and reassociation are allowed, so sums may differ in the last digit
    between machines; not-a-number and infinity keep their meaning.
    """
    decorate = numba.njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "reassoc"})
    # Numba's dispatcher has the call signature of what it compiles.
    return cast("Function", decorate(function))
