"""One parameter of a likelihood: its profile, its best fit and simulated experiments, for many data sets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nuatom.errors import InputError
from nuatom.inference.likelihood import Data, Likelihood, Profile
from nuatom.inference.problem import CONVERGED, Rows
from nuatom.inference.search import fit_parameter
from nuatom.inference.simulation import asimov, simulate
from nuatom.numerics.quadrature import FloatArray

__all__ = ["BestFit", "OneParameter"]

# Where the best fit is looked for, in units of the range of interest: evenly, and beyond.
_STARTS: Final = np.array([-8.0, -4.0, -2.0, -1.0, -0.6, -0.3, 0.0, 0.3, 0.6, 1.0, 2.0, 4.0, 8.0])
# Where the square alone counts −2 ln λ is nearly convex in it: few are enough.
_STARTS_OF_SQUARE: Final = np.array([0.0, 0.6, 1.5, 8.0])
# Where Newton's method ends at an empty bin: steps of a search of the profile that closes in.
_ZOOMS, _POINTS = 12, 25


@dataclass(frozen=True, eq=False)
class BestFit:
    """The lowest minimum over the parameter and the nuisances, for any number of data sets.

    Parameters
    ----------
    value : ndarray, shape (...)
        The parameter; not a number where the fit failed.
    chi2 : ndarray, shape (...)
        −2 ln λ there.
    nuisance, measured : ndarray, shapes (..., nuisances), (..., cells)
        Nuisances and cells there.
    failed : ndarray of bool, shape (...)
        Where no minimum was found.
    """

    value: FloatArray
    chi2: FloatArray
    nuisance: FloatArray
    measured: FloatArray
    failed: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class OneParameter:
    """A likelihood whose expectations are quadratic in one parameter θ = u × scale, as couplings' are.

    Parameters
    ----------
    likelihood : Likelihood
        Channels, constraints and measured samples.
    fixed : ndarray, shape (3, bins)
        Coefficients of 1, u and u² of what no nuisance moves.
    templates : ndarray, shape (3, nuisances, bins)
        Coefficients of 1, u and u² of what each unit of a nuisance adds.
    scale : float
        Typical magnitude of θ.
    even : bool
        Whether θ² alone counts; then θ ≥ 0.

    Raises
    ------
    InputError
        For shapes that do not fit, a scale that is not positive, or a linear term of an even parameter.
    """

    likelihood: Likelihood
    fixed: FloatArray
    templates: FloatArray
    scale: float
    even: bool

    def __post_init__(self) -> None:
        bins, nuisances = self.likelihood.bins, len(self.likelihood.constraints)
        if self.fixed.shape != (3, bins) or self.templates.shape != (3, nuisances, bins):
            raise InputError(
                "fixed, templates",
                f"shapes {self.fixed.shape}, {self.templates.shape}",
                f"shapes (3, {bins}), (3, {nuisances}, {bins})",
            )
        if not 0.0 < self.scale < np.inf:
            raise InputError("scale", self.scale, "a positive number")
        if self.even and (np.any(self.fixed[1]) or np.any(self.templates[1])):
            raise InputError("even", True, "coefficients of u that vanish")

    @cached_property
    def _point(self) -> tuple[FloatArray, FloatArray]:
        """Coefficients as polynomials of what is fitted: u, or u² where that alone counts; whitened."""
        order = [0, 2, 1] if self.even else [0, 1, 2]
        whitened = self.likelihood.whitened
        fixed, templates = whitened(self.fixed)[order], whitened(self.templates)[order]
        return np.ascontiguousarray(fixed), np.ascontiguousarray(templates)

    def expectations(self, values: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Fixed expectations and templates at values of the parameter, shapes (..., bins), (..., k, bins)."""
        u = np.asarray(values, dtype=float)[..., None] / self.scale
        powers = np.concatenate([np.ones_like(u), u, u**2], axis=-1)
        return powers @ self.fixed, np.tensordot(powers, self.templates, axes=1)

    def profile(
        self,
        values: FloatArray,
        data: Data | None = None,
        *,
        near: tuple[FloatArray, FloatArray] | None = None,
        scan: bool = False,
    ) -> Profile:
        """−2 ln λ at values of the parameter, profiled; leading axes of values and data broadcast.

        ``near`` are nuisances and cells close to the minima, where such are known.
        """
        fixed, templates = self.expectations(values)
        known = self.likelihood.data if data is None else data
        return self.likelihood.profile(
            fixed, templates, known.counts, known.centres, known.auxiliary, near=near, scan=scan, strict=False
        )

    def statistic(self, values: FloatArray) -> FloatArray:
        """−2 ln λ of the data at values that follow each other; refused where it has no minimum."""
        fixed, templates = self.expectations(values)
        return self.likelihood.profile(fixed, templates, scan=True).chi2

    def expected(self, value: float, nuisance: FloatArray, measured: FloatArray) -> FloatArray:
        """Expectations at a value of the parameter."""
        fixed, templates = self.expectations(np.asarray(value))
        return self.likelihood.expected(fixed, templates, nuisance, measured)

    def simulate(
        self, value: float, nuisance: FloatArray, measured: FloatArray, rng: np.random.Generator, size: int
    ) -> Data:
        """Simulated experiments at a true value, with true nuisances and cells."""
        expected = self.expected(value, nuisance, measured)
        return simulate(self.likelihood, expected, nuisance, measured, rng, size)

    def asimov(self, value: float) -> Data:
        """The data set without fluctuations at a true value, with the nuisances of the fit there."""
        at = self.profile(np.asarray(value))
        expected = self.expected(value, at.nuisance, at.measured)
        return asimov(self.likelihood, expected, at.nuisance, at.measured)

    def best(
        self,
        data: Data | None = None,
        near: float = 0.0,
        reach: float | None = None,
        conditional: Profile | None = None,
    ) -> BestFit:
        """Best fit within the physical range.

        Parameters
        ----------
        data : Data, optional
            One data set, or a row of them; the measured one by default.
        near : float
            Where to start: simulated experiments, at their truth.
        reach : float, optional
            Range of interest; the scale by default. Starts reach to eight times this.
        conditional : Profile, optional
            The profile of the data at ``near``, where it is known already.
        """
        known = self.likelihood.data if data is None else data
        rows = len(np.atleast_2d(known.counts))
        centres = np.broadcast_to(known.centres, (rows, len(self.likelihood.constraints)))
        auxiliary = np.broadcast_to(known.auxiliary, (rows, self.likelihood.data.auxiliary.size))
        every = Data(np.atleast_2d(known.counts), centres, auxiliary)
        at = self.profile(np.asarray(near), every) if conditional is None else conditional
        starts = self._starts(reach)
        found = self._fitted(self._point[0][None], self._point[1][None], every, at, starts)
        if found.failed.any():
            self._search(found, every, starts)
        if np.ndim(known.counts) == 1:
            return BestFit(*(part[0] for part in vars(found).values()))
        return found

    def _starts(self, reach: float | None) -> FloatArray:
        """Values of u from which the best fit is looked for."""
        range_of_interest = self.scale if reach is None else reach
        return (_STARTS_OF_SQUARE if self.even else _STARTS) * range_of_interest / self.scale

    def _fitted(
        self, fixed: FloatArray, templates: FloatArray, data: Data, at: Profile, starts: FloatArray
    ) -> BestFit:
        """Best fits of whitened polynomials as of `_point`, of each row or of all, near given profiles."""
        least, power = (0.0, 2) if self.even else (-np.inf, 1)
        given = Rows(fixed, templates, self.likelihood.whitened(data.counts), data.centres, data.auxiliary)
        near = at.nuisance, at.measured
        minima = fit_parameter(self.likelihood.problem, given, near, starts**power, least)
        size = minima.x
        value = self.scale * (np.sqrt(np.maximum(size[:, -1], 0.0)) if self.even else size[:, -1])
        return BestFit(value, minima.chi2, size[:, :-1], minima.cells, minima.status != CONVERGED)

    def _search(self, found: BestFit, data: Data, starts: FloatArray) -> None:
        """Fill in best fits by a search of the profile that closes in on its lowest point."""
        rows = np.flatnonzero(found.failed)
        some = Data(*(part[rows][:, None] for part in (data.counts, data.centres, data.auxiliary)))
        low, high = np.full(rows.size, starts[0]), np.full(rows.size, starts[-1])
        for _ in range(_ZOOMS):
            grid = np.linspace(low, high, _POINTS, axis=1)
            profile = self.profile(grid * self.scale, some)
            chi2 = np.where(np.isnan(profile.chi2), np.inf, profile.chi2)
            lowest = np.argmin(chi2, axis=1)[:, None]
            low = np.take_along_axis(grid, np.maximum(lowest - 1, 0), axis=1)[:, 0]
            high = np.take_along_axis(grid, np.minimum(lowest + 1, _POINTS - 1), axis=1)[:, 0]
        each = np.arange(rows.size), lowest[:, 0]
        found.value[rows], found.chi2[rows] = grid[each] * self.scale, chi2[each]
        found.nuisance[rows], found.measured[rows] = profile.nuisance[each], profile.measured[each]
        # At an end of what was searched no minimum has been found.
        inside = (lowest[:, 0] < _POINTS - 1) | (high < starts[-1])
        inside &= self.even | (lowest[:, 0] > 0) | (low > starts[0])
        found.failed[rows] = ~(np.isfinite(chi2[each]) & inside)
        found.value[found.failed] = np.nan
