"""Parts of a likelihood: channels, constraints of nuisances, and samples known by counts of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Self

import numpy as np
from numpy.typing import ArrayLike

from nuatom.errors import InputError
from nuatom.inference.problem import IntArray
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Channel", "Constraint", "MeasuredSample"]


@dataclass(frozen=True)
class Constraint:
    r"""What is known of a nuisance η beside the data.

    .. math::

        \Big(\frac{\eta-c}{\sigma}\Big)^2 \;\text{(gauss)}, \qquad
        \Big(\frac{\ln\eta-\ln c}{\sigma}\Big)^2 \;\text{(lognormal)}, \qquad 0 \;\text{(free)}.

    Parameters
    ----------
    name : str
        Name of the nuisance.
    kind : {"gauss", "lognormal", "free"}
        Form of the constraint.
    centre : float
        What an auxiliary measurement found; where a free one is looked for first.
    sigma : float
        Uncertainty of that; zero for a nuisance that is known exactly, and held.
    lower, upper : float
        Bounds of η.

    Raises
    ------
    InputError
        For an unknown kind, a negative or infinite sigma of a constraint, bounds that do not hold the centre.

    Examples
    --------
    >>> Constraint("flux.pp", "gauss", 1.0, 0.006, lower=0.0).held
    False
    """

    name: str
    kind: Literal["gauss", "lognormal", "free"]
    centre: float = 1.0
    sigma: float = np.inf
    lower: float = -np.inf
    upper: float = np.inf

    def __post_init__(self) -> None:
        if self.kind not in ("gauss", "lognormal", "free"):
            raise InputError(f"{self.name}.kind", self.kind, "gauss, lognormal or free")
        if self.kind != "free" and not 0.0 <= self.sigma < np.inf:
            raise InputError(f"{self.name}.sigma", self.sigma, "a finite number, zero or more")
        if self.kind == "lognormal" and not self.centre > 0.0:
            raise InputError(f"{self.name}.centre", self.centre, "a positive number")
        if not (np.isfinite(self.centre) and self.lower <= self.centre <= self.upper):
            raise InputError(f"{self.name}.centre", self.centre, "a finite number within the bounds")

    @property
    def held(self) -> bool:
        """Whether the nuisance stays at its centre."""
        return self.lower == self.upper or (self.kind != "free" and self.sigma == 0.0)


@dataclass(frozen=True, eq=False)
class Channel:
    """Data of one run or detector, any number of axes flattened in C order.

    Parameters
    ----------
    name : str
        Name of the channel.
    observed : ndarray, shape (bins,)
        Counts, or the values of a ``gauss`` channel.
    kind : {"poisson", "gauss"}
        Distribution of the data.
    variance : ndarray, shape (bins,), optional
        Of each value of a ``gauss`` channel.
    covariance : ndarray, shape (bins, bins), optional
        In the place of variances.

    Raises
    ------
    InputError
        For counts that are negative or not whole, values that are not finite, or a covariance that does not
        fit them or is not positive definite.
    """

    name: str
    observed: FloatArray
    kind: Literal["poisson", "gauss"] = "poisson"
    variance: FloatArray | None = None
    covariance: FloatArray | None = None

    def __post_init__(self) -> None:
        data = np.asarray(self.observed, dtype=float)
        object.__setattr__(self, "observed", data)
        if data.ndim != 1 or data.size == 0 or not np.all(np.isfinite(data)):
            raise InputError(f"{self.name}.observed", data.tolist(), "finite numbers in a row, at least one")
        if self.kind == "poisson":
            if np.any(data < 0) or np.any(data % 1 != 0):
                raise InputError(f"{self.name}.observed", data.tolist(), "whole numbers, zero or more")
            if self.variance is not None or self.covariance is not None:
                raise InputError(
                    f"{self.name}.variance", "given", "none: counts have a variance of their own"
                )
        elif self.kind == "gauss":
            self._check_errors(data.size)
        else:
            raise InputError(f"{self.name}.kind", self.kind, "poisson or gauss")

    def _check_errors(self, bins: int) -> None:
        if (self.variance is None) == (self.covariance is None):
            raise InputError(f"{self.name}.variance", self.variance, "either variances or a covariance")
        if self.variance is not None:
            if np.shape(self.variance) != (bins,) or not np.all(np.asarray(self.variance) > 0.0):
                raise InputError(f"{self.name}.variance", self.variance, "a positive number for each value")
            return
        matrix = np.asarray(self.covariance, dtype=float)
        if matrix.shape != (bins, bins) or not np.allclose(matrix, matrix.T, rtol=1e-9, atol=0.0):
            raise InputError(
                f"{self.name}.covariance", f"shape {matrix.shape}", f"symmetric, {bins} × {bins}"
            )
        try:
            np.linalg.cholesky(matrix)
        except np.linalg.LinAlgError as error:
            raise InputError(f"{self.name}.covariance", "not positive definite", "a covariance") from error

    @cached_property
    def whitening(self) -> FloatArray:
        """Matrix W that makes the values of a ``gauss`` channel independent, of variance one."""
        if self.variance is not None:
            return np.diag(1.0 / np.sqrt(self.variance))
        inverse: FloatArray = np.linalg.inv(np.linalg.cholesky(np.asarray(self.covariance)))
        return inverse


@dataclass(frozen=True, eq=False)
class MeasuredSample:
    r"""A sample of which nothing is known but counts of its own: an off run, or simulated events.

    .. math::

        \lambda_b \ni \eta\,w_b\,t_{g(b)}, \qquad m_g\sim\mathrm{Poisson}(\tau_g t_g), \qquad t_g\ge0,

    with the sizes t of its cells profiled, :cite:`Barlow:1993dm`. A cell is one bin, or several that share
    its size: a row of a product of shares, or the same bin of two runs. Without counts a cell is known by
    what it shares alone: signal and background runs with a background that is free in every bin.

    Parameters
    ----------
    name : str
        Name of the sample.
    cell : ndarray of int, shape (bins of the likelihood,)
        Which cell a bin belongs to, from zero; −1 for none.
    weight : ndarray, shape (bins of the likelihood,)
        w, zero or more.
    counts : ndarray, shape (cells,), optional
        m; None where there are none.
    ratio : float or ndarray, shape (cells,)
        τ, what the counts expect for each unit of t.
    nuisance : str, optional, or sequence of these for each bin
        What scales it in a bin: its bounds must not be negative.

    Raises
    ------
    InputError
        For cells without a bin, negative weights, ratios that are not positive, counts that are not whole.
    """

    name: str
    cell: IntArray
    weight: FloatArray
    counts: FloatArray | None = None
    ratio: FloatArray | float = 1.0
    nuisance: str | Sequence[str | None] | None = None

    def __post_init__(self) -> None:
        cell, weight = np.asarray(self.cell), np.asarray(self.weight, dtype=float)
        object.__setattr__(self, "cell", cell.astype(np.int64))
        object.__setattr__(self, "weight", weight)
        named = set(cell[cell >= 0].tolist())
        if cell.ndim != 1 or not named or np.any(cell % 1 != 0) or named != set(range(len(named))):
            raise InputError(f"{self.name}.cell", cell.tolist(), "numbers of cells from 0, each with a bin")
        if weight.shape != cell.shape or not np.all((weight >= 0.0) & np.isfinite(weight)):
            raise InputError(f"{self.name}.weight", weight.tolist(), "a number, zero or more, for each bin")
        cells = len(named)
        ratio = np.asarray(self.ratio, dtype=float)
        ratio = np.broadcast_to(ratio, (cells,)) if ratio.ndim == 0 else ratio
        if ratio.shape != (cells,) or not np.all((ratio > 0.0) & np.isfinite(ratio)):
            raise InputError(f"{self.name}.ratio", ratio.tolist(), "a positive number for each cell")
        object.__setattr__(self, "ratio", ratio)
        if self.counts is not None:
            counts = np.asarray(self.counts, dtype=float)
            if counts.shape != (cells,) or not np.all((counts >= 0) & (counts % 1 == 0)):
                raise InputError(f"{self.name}.counts", counts.tolist(), "a whole number for each cell")
            object.__setattr__(self, "counts", counts)
        if not (self.nuisance is None or isinstance(self.nuisance, str)) and len(self.nuisance) != cell.size:
            raise InputError(f"{self.name}.nuisance", len(self.nuisance), "one name, or one for each bin")

    @property
    def cells(self) -> int:
        """Number of cells."""
        return int(np.asarray(self.ratio).size)

    def nuisance_of(self, b: int) -> str | None:
        """What scales the sample in a bin."""
        if self.nuisance is None or isinstance(self.nuisance, str):
            return self.nuisance
        return self.nuisance[b]

    @classmethod
    def per_bin(
        cls,
        name: str,
        bins: Sequence[int] | IntArray,
        of: int,
        counts: ArrayLike | None,
        ratio: ArrayLike = 1.0,
        nuisance: str | None = None,
    ) -> Self:
        """A cell for each of some bins, of a likelihood ``of`` so many.

        Examples
        --------
        >>> MeasuredSample.per_bin("off", [1, 2], of=3, counts=[10, 12], ratio=2.0).cell.tolist()
        [-1, 0, 1]
        """
        cell, weight = np.full(of, -1), np.zeros(of)
        cell[list(bins)], weight[list(bins)] = np.arange(len(bins)), 1.0
        known = None if counts is None else np.asarray(counts, dtype=float)
        return cls(name, cell, weight, known, np.asarray(ratio, dtype=float), nuisance)
