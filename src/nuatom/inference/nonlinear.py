"""Nuisances on which expectations depend otherwise than linearly: fits that linearise anew at each step."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np

from nuatom.errors import ConvergenceError, InputError
from nuatom.inference.likelihood import Data, Likelihood, Profile
from nuatom.inference.parameter import BestFit, OneParameter
from nuatom.inference.problem import CONVERGED, IMPOSSIBLE, LOGNORMAL, NOT_CONVERGED, IntArray
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Expansion", "NonLinear", "profile_nonlinear"]

_STEPS: Final = 100
_SETTLED: Final = 1e-9
# Steps are halved this often before a point is given up.
_HALVINGS: Final = 14
# What a step promises and is not kept of less than this is rounding.
_ROUNDING: Final = 1e-7
# Points of a scan from which other starts are tried; a lower minimum sends all points there.
_CHECKED: Final = 6
# Numbers worked on at once.
_CHUNK: Final = 2**22
# Linearisations of a best fit, and what is left of its step in units of the range of interest.
_BEST_STEPS: Final = 12
_BEST_ACCURACY: Final = 1e-5


class Expansion(Protocol):
    """Expectations near given nuisances, each point with nuisances of its own."""

    @property
    def starts(self) -> FloatArray:
        """Nuisances from which minima are looked for, (starts, nuisances); the nominal ones first."""

    def near(self, values: FloatArray, nuisance: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Fixed expectations (points, bins) and templates (points, nuisances, bins), exact at ``nuisance``.

        ``values`` (points, parameters) are those of the parameters; what cannot be is not a number.
        """

    def polynomials(self, nuisance: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Coefficients of 1, u and u² of one parameter near nuisances (points, nuisances)."""


def profile_nonlinear(
    likelihood: Likelihood,
    expansion: Expansion,
    values: FloatArray,
    data: Data | None = None,
    *,
    strict: bool = True,
    thorough: bool = True,
) -> Profile:
    """Minimise over nuisances, some of which are not linear.

    Expectations are linearised, fitted, and linearised again where the fit ends, each step halved until
    −2 ln λ of the expectations themselves falls, and until they promise no more. Minima are looked for from
    the nominal nuisances; at a few of the points also from the expansion's other starts, and from these
    everywhere if any of them finds a lower one.

    Parameters
    ----------
    likelihood : Likelihood
        Data, constraints, measured samples.
    expansion : Expansion
        Expectations.
    values : ndarray, shape (..., parameters)
        Points.
    data : Data, optional
        Simulated data, whose leading axes broadcast with those of the points.
    strict : bool
        Whether to refuse points without a minimum; else they are told by ``status``.
    thorough : bool
        Whether to look from other starts at all; a point without a minimum is looked for from there anyhow.

    Raises
    ------
    ConvergenceError
        In strict mode, when from no start a minimum is found at some point.
    """
    values = np.asarray(values, dtype=float)
    leading = [values.shape[:-1]]
    if data is not None:
        leading += [part.shape[:-1] for part in (data.counts, data.centres, data.auxiliary)]
    try:
        batch = np.broadcast_shapes(*leading)
    except ValueError as error:
        raise InputError("leading axes", leading, "shapes that broadcast") from error
    points = math.prod(batch)

    def flat(array: FloatArray) -> FloatArray:
        return np.broadcast_to(array, (*batch, array.shape[-1])).reshape(points, array.shape[-1])

    rows = flat(values)
    given = None if data is None else Data(flat(data.counts), flat(data.centres), flat(data.auxiliary))
    found = _from(likelihood, expansion, rows, given, expansion.starts[0])
    some = np.linspace(0, points - 1, min(points, _CHECKED) if thorough else 0).astype(int)
    some = np.unique(np.concatenate([some, np.flatnonzero(found.status != CONVERGED)]))
    for start in expansion.starts[1:] if some.size else ():
        tried = _from(likelihood, expansion, rows[some], _of(given, some), start)
        lower = tried.chi2 < found.chi2[some] - _ROUNDING
        if lower.any() and some.size < points:
            tried = _from(likelihood, expansion, rows, given, start)
            found = _lower_of(found, tried, np.arange(points))
        else:
            found = _lower_of(found, tried, some)
    if strict and np.any(found.status != CONVERGED):
        raise ConvergenceError(
            f"nuisances that are not linear: no minimum found at {np.sum(found.status != CONVERGED)} of "
            f"{points} points from any of {len(expansion.starts)} starts"
        )
    return Profile(
        found.chi2.reshape(batch),
        found.nuisance.reshape(*batch, found.nuisance.shape[1]),
        found.measured.reshape(*batch, found.measured.shape[1]),
        found.status.reshape(batch),
    )


def _of(data: Data | None, rows: IntArray) -> Data | None:
    return None if data is None else Data(data.counts[rows], data.centres[rows], data.auxiliary[rows])


def _lower_of(found: Profile, tried: Profile, rows: IntArray) -> Profile:
    """The lower of two minima at some points."""
    better = (tried.chi2 < found.chi2[rows]) | ~(found.status[rows] == CONVERGED)
    parts = []
    for name in ("chi2", "nuisance", "measured", "status"):
        one, other = getattr(found, name).copy(), getattr(tried, name)
        one[rows[better]] = other[better]
        parts.append(one)
    return Profile(*parts)


def _from(
    likelihood: Likelihood, expansion: Expansion, values: FloatArray, data: Data | None, start: FloatArray
) -> Profile:
    """Minima from one start, a portion of the points at a time."""
    points = len(values)
    portion = max(1, _CHUNK // max(start.size * likelihood.bins, 1))
    parts = []
    for first in range(0, points, portion):
        rows = np.arange(first, min(first + portion, points))
        search = _Search(likelihood, expansion, values[rows], _of(data, rows), start)
        parts.append(search.run())
    joined = (np.concatenate([getattr(part, name) for part in parts]) for name in vars(parts[0]))
    return Profile(*joined)


class _Search:
    """The way of some points from a start to a minimum."""

    def __init__(
        self,
        likelihood: Likelihood,
        expansion: Expansion,
        values: FloatArray,
        data: Data | None,
        start: FloatArray,
    ) -> None:
        self.likelihood, self.expansion, self.values, self.data = likelihood, expansion, values, data
        points = len(values)
        self.nuisance = np.tile(start, (points, 1))
        self.measured = np.zeros((points, likelihood.data.auxiliary.size))
        self.chi2 = np.full(points, np.inf)
        self.status = np.full(points, NOT_CONVERGED)

    def run(self) -> Profile:
        active = np.arange(len(self.values))
        for step in range(_STEPS):
            active = self._advance(active, first=step == 0)
            if active.size == 0:
                break
        chi2 = np.where(self.status == CONVERGED, self.chi2, np.inf)
        return Profile(chi2, self.nuisance, self.measured, self.status)

    def _advance(self, rows: IntArray, *, first: bool) -> IntArray:
        """One linearisation of each point; those that go on."""
        fixed, templates = self.expansion.near(self.values[rows], self.nuisance[rows])
        possible = np.isfinite(fixed).all(axis=1) & np.isfinite(templates).all(axis=(1, 2))
        self.status[rows[~possible]] = IMPOSSIBLE
        rows, fixed, templates = rows[possible], fixed[possible], templates[possible]
        if rows.size == 0:
            return rows
        data = _of(self.data, rows)
        simulated = () if data is None else (data.counts, data.centres, data.auxiliary)
        near = None if first else (self.nuisance[rows], self.measured[rows])
        found = self.likelihood.profile(fixed, templates, *simulated, near=near, strict=False)
        self.status[rows[found.status != CONVERGED]] = IMPOSSIBLE
        going = found.status == CONVERGED
        rows = rows[going]
        ends = found.nuisance[going], found.measured[going]
        return self._move(rows, *ends, found.chi2[going], first=first)

    def _move(
        self,
        rows: IntArray,
        nuisance: FloatArray,
        measured: FloatArray,
        promised: FloatArray,
        *,
        first: bool,
    ) -> IntArray:
        """Go towards the minimum of the linearised fit as far as −2 ln λ falls; those that are not there."""
        before, start = self.chi2[rows].copy(), (self.nuisance[rows].copy(), self.measured[rows].copy())
        part, waiting = 1.0, np.arange(rows.size)
        reached = np.full(rows.size, np.inf)
        for _ in range(_HALVINGS):
            some = rows[waiting]
            # Cells have no size before the first fit.
            trial = start[0][waiting] + part * (nuisance[waiting] - start[0][waiting])
            share = 1.0 if first else part
            cells = start[1][waiting] + share * (measured[waiting] - start[1][waiting])
            chi2 = self._statistic(some, trial, cells)
            good = chi2 < before[waiting]
            self.nuisance[some[good]], self.measured[some[good]] = trial[good], cells[good]
            reached[waiting[good]] = chi2[good]
            waiting = waiting[~good]
            if waiting.size == 0:
                break
            part *= 0.5
        scale = np.maximum(1.0, np.abs(promised))
        moved = np.isfinite(reached)
        self.chi2[rows[moved]] = reached[moved]
        # At the minimum nothing is promised that is not had.
        there = ~moved & (before - promised <= _ROUNDING * scale)
        there |= moved & (before - reached <= _SETTLED * scale) & (reached - promised <= _ROUNDING * scale)
        self.status[rows[there]] = CONVERGED
        on: IntArray = rows[moved & ~there]
        return on

    def _statistic(self, rows: IntArray, nuisance: FloatArray, measured: FloatArray) -> FloatArray:
        """−2 ln λ of points as they are; infinite where they cannot be."""
        likelihood = self.likelihood
        fixed, templates = self.expansion.near(self.values[rows], nuisance)
        data = likelihood.data
        known = _of(self.data, rows) or Data(data.counts, data.centres, data.auxiliary)
        with np.errstate(all="ignore"):
            linear = fixed + np.einsum("pk,pkb->pb", nuisance, templates)
            expected = likelihood.expected(fixed, templates, nuisance, measured)
            negative = (linear < -_ROUNDING) & ~likelihood.gauss & (likelihood.problem.cell < 0)
            counts, gauss = known.counts, likelihood.gauss
            poisson = 2.0 * (
                expected - counts + np.where(counts > 0.0, counts * np.log(counts / expected), 0.0)
            )
            residual = likelihood.whitened(np.broadcast_to(expected - counts, expected.shape))
            total = np.where(gauss, residual**2, poisson).sum(axis=1)
            total = total + self._penalties(nuisance, measured, known)
        total = np.where(negative.any(axis=1) | ~np.isfinite(total), np.inf, total)
        return np.asarray(total)

    def _penalties(self, nuisance: FloatArray, measured: FloatArray, known: Data) -> FloatArray:
        """What constraints and auxiliary counts add."""
        problem = self.likelihood.problem
        total = np.zeros(len(nuisance))
        for k, constraint in enumerate(self.likelihood.constraints):
            if constraint.held or constraint.kind == "free":
                continue
            centre = known.centres[..., k]
            if problem.kind[k] == LOGNORMAL:
                total += (np.log(nuisance[:, k] / centre) / constraint.sigma) ** 2
            else:
                total += ((nuisance[:, k] - centre) / constraint.sigma) ** 2
        mean = problem.ratio * measured
        events = np.where(known.auxiliary > 0.0, known.auxiliary * np.log(known.auxiliary / mean), 0.0)
        total += 2.0 * np.where(problem.counted, mean - known.auxiliary + events, 0.0).sum(axis=-1)
        return total


@dataclass(frozen=True, eq=False)
class NonLinear(OneParameter):
    """One parameter of a likelihood with nuisances that are not linear.

    `fixed` and `templates` are those near the nominal nuisances; every fit linearises anew.

    Parameters
    ----------
    expansion : Expansion
        Expectations near any nuisances.
    """

    expansion: Expansion

    def profile(
        self,
        values: FloatArray,
        data: Data | None = None,
        *,
        near: tuple[FloatArray, FloatArray] | None = None,  # noqa: ARG002  where it begins is its own
        scan: bool = False,  # noqa: ARG002
    ) -> Profile:
        """−2 ln λ at values of the parameter, profiled; leading axes of values and data broadcast."""
        points = np.asarray(values, dtype=float)[..., None]
        return profile_nonlinear(self.likelihood, self.expansion, points, data, strict=False)

    def expectations(self, values: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Fixed expectations and templates at values of the parameter, near the nuisances that fit there."""
        at = self.profile(values)
        return self._near(np.asarray(values, dtype=float), at.nuisance)

    def expected(self, value: float, nuisance: FloatArray, measured: FloatArray) -> FloatArray:
        """Expectations at a value of the parameter."""
        fixed, templates = self._near(np.asarray(value, dtype=float), nuisance)
        return self.likelihood.expected(fixed, templates, nuisance, measured)

    def _near(self, values: FloatArray, nuisance: FloatArray) -> tuple[FloatArray, FloatArray]:
        shape, last = np.shape(values), nuisance.shape[-1]
        rows = np.broadcast_to(nuisance, (*shape, last)).reshape(-1, last)
        fixed, templates = self.expansion.near(values.reshape(-1, 1), rows)
        return fixed.reshape(*shape, -1), templates.reshape(*shape, *templates.shape[1:])

    def best(
        self,
        data: Data | None = None,
        near: float = 0.0,
        reach: float | None = None,
        conditional: Profile | None = None,
    ) -> BestFit:
        """Best fit within the physical range: that of linearised expectations, which follow it."""
        known = self.likelihood.data if data is None else data
        counts = np.atleast_2d(known.counts)
        centres, auxiliary = (
            np.broadcast_to(part, (len(counts), part.shape[-1])) for part in (known.centres, known.auxiliary)
        )
        every = Data(counts, centres, auxiliary)
        at = self.profile(np.asarray(near), every) if conditional is None else conditional
        rows, value = np.arange(len(counts)), np.full(len(counts), float(near))
        best = BestFit(value.copy(), *(part.copy() for part in vars(at).values()))
        best = replace(best, failed=at.status != CONVERGED)
        starts, accuracy = self._starts(reach), _BEST_ACCURACY * (self.scale if reach is None else reach)
        for _ in range(_BEST_STEPS):
            some = Data(*(part[rows] for part in vars(every).values()))
            linear = self._fitted(*self._polynomials(at.nuisance), some, at, starts)
            rows, some = rows[~linear.failed], Data(*(part[~linear.failed] for part in vars(some).values()))
            if rows.size == 0:
                break
            step = np.abs(linear.value[~linear.failed] - value[rows])
            value[rows] = linear.value[~linear.failed]
            at = self.profile(value[rows], some)
            better = (at.status == CONVERGED) & (best.failed[rows] | (at.chi2 < best.chi2[rows]))
            chosen = rows[better]
            best.value[chosen], best.failed[chosen] = value[chosen], False
            for name in ("chi2", "nuisance", "measured"):
                getattr(best, name)[chosen] = getattr(at, name)[better]
            going = (step > accuracy) & (at.status == CONVERGED)
            rows, at = rows[going], Profile(*(part[going] for part in vars(at).values()))
            if rows.size == 0:
                break
        best.value[best.failed] = np.nan
        if np.ndim(known.counts) == 1:
            return BestFit(*(part[0] for part in vars(best).values()))
        return best

    def _polynomials(self, nuisance: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Coefficients near nuisances (rows, nuisances), as those of `_point`."""
        fixed, templates = self.expansion.polynomials(nuisance)
        whitened = self.likelihood.whitened
        fixed, templates = whitened(fixed), whitened(templates)
        if self.even:
            # What is left of linear terms is rounding.
            fixed, templates = fixed[:, [0, 2, 1]], templates[:, [0, 2, 1]]
            fixed[:, 2], templates[:, 2] = 0.0, 0.0
        return np.ascontiguousarray(fixed), np.ascontiguousarray(templates)
