"""Long rows of numbers in blocks, so that what is made of each does not grow with all."""

from __future__ import annotations

from typing import Final

from nuatom.numerics.quadrature import FloatArray

__all__ = ["BLOCK", "in_blocks"]

BLOCK: Final = 1024
"""Recoils at a time: some 100 MB of kernels at all energies of a flux."""


def in_blocks(row: FloatArray) -> list[FloatArray]:
    """Views of up to `BLOCK` numbers of a row, one even of nothing.

    Examples
    --------
    >>> import numpy as np
    >>> [block.size for block in in_blocks(np.ones(2500))]
    [1024, 1024, 452]
    """
    return [row[start : start + BLOCK] for start in range(0, max(row.size, 1), BLOCK)]
