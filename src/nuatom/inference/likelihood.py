"""Likelihood of channels that are linear in nuisances, profiled over them at many points at once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nuatom.errors import ConvergenceError, InputError
from nuatom.inference.channels import Channel, Constraint, MeasuredSample
from nuatom.inference.minima import gather, minima
from nuatom.inference.problem import (
    CONVERGED,
    FREE,
    GAUSS,
    HELD,
    IMPOSSIBLE,
    LOGNORMAL,
    IntArray,
    Problem,
)
from nuatom.numerics.normal import chi_squared_survival
from nuatom.numerics.quadrature import FloatArray

__all__ = ["Data", "GoodnessOfFit", "Likelihood", "Profile"]

_KINDS: Final = {"free": FREE, "gauss": GAUSS, "lognormal": LOGNORMAL}


@dataclass(frozen=True)
class GoodnessOfFit:
    """Likelihood-ratio χ² against the saturated model, degrees of freedom, p-value where there are any.

    And how many bins were ``dropped`` since nothing can be expected there.
    """

    chi2: float
    degrees_of_freedom: int
    p_value: float | None
    dropped: int = 0


@dataclass(frozen=True, eq=False)
class Data:
    """What was measured, or simulated: any number of data sets.

    Parameters
    ----------
    counts : ndarray, shape (..., bins)
        Counts and values of all channels.
    centres : ndarray, shape (..., nuisances)
        Centres of the constraints.
    auxiliary : ndarray, shape (..., cells)
        Counts of the measured samples.
    """

    counts: FloatArray
    centres: FloatArray
    auxiliary: FloatArray


@dataclass(frozen=True, eq=False)
class Profile:
    """−2 ln λ minimised over the nuisances, at points of the parameter space or for many data sets.

    Parameters
    ----------
    chi2 : ndarray, shape (...)
        −2 ln of the likelihood ratio to the saturated model, constraints included; infinite where no
        nuisances make the data possible.
    nuisance : ndarray, shape (..., nuisances)
        Where the minimum is.
    measured : ndarray, shape (..., cells)
        Sizes of the cells of measured samples there.
    status : ndarray of int, shape (...)
        0 converged, 1 impossible, 2 not converged (``chi2`` is not a number).
    """

    chi2: FloatArray
    nuisance: FloatArray
    measured: FloatArray
    status: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Likelihood:
    r"""Channels of counts or values, with nuisances that they share.

    .. math::

        -2\ln\lambda = 2\sum_{b}\Big[\nu_b-n_b+n_b\ln\frac{n_b}{\nu_b}\Big]
            + \sum_c (v-\nu)_c^T C_c^{-1}(v-\nu)_c + \sum_k\Big(\frac{\eta_k-c_k}{\sigma_k}\Big)^2
            + 2\sum_g\Big[\tau_gt_g-m_g+m_g\ln\frac{m_g}{\tau_gt_g}\Big],
        \qquad \nu_b = F_b + \sum_k\eta_kT_{kb} + \eta_{k(b)}w_bt_{g(b)},

    :cite:`Baker:1983tu` for counts; the other sums are over ``gauss`` channels, constraints and the cells of
    measured samples. It is convex in nuisances and cells together, but for samples that are scaled by a
    nuisance and for lognormal constraints. ν ≥ 0 in every bin; ν = 0 is allowed where nothing was counted.

    Parameters
    ----------
    channels : tuple of Channel
        Their bins follow each other on one axis.
    constraints : tuple of Constraint
        The nuisances, each with a name of its own.
    measured : tuple of MeasuredSample
        Their cells follow each other on one axis; a bin belongs to one of them at most.

    Raises
    ------
    InputError
        For names that are not unique, or measured samples that do not fit the channels.

    Examples
    --------
    Three events on a background of 2 ± 0.5, and nothing else:

    >>> import numpy as np
    >>> known = Constraint("background", "gauss", 1.0, 0.25, lower=0.0)
    >>> model = Likelihood((Channel("run", np.array([3.0])),), (known,))
    >>> found = model.profile(np.zeros(1), np.array([[2.0]]))
    >>> print(round(float(found.chi2), 4), round(float(found.nuisance[0]), 4))
    0.3799 1.0531
    """

    channels: tuple[Channel, ...]
    constraints: tuple[Constraint, ...]
    measured: tuple[MeasuredSample, ...] = ()

    def __post_init__(self) -> None:
        if not self.channels:
            raise InputError("channels", (), "at least one")
        for what, names in (
            ("channels", [channel.name for channel in self.channels]),
            ("constraints", [constraint.name for constraint in self.constraints]),
            ("measured", [sample.name for sample in self.measured]),
        ):
            if len(set(names)) < len(names):
                raise InputError(what, names, "names that differ")
        taken = np.zeros(self.bins, dtype=int)
        for sample in self.measured:
            if sample.cell.size != self.bins:
                raise InputError(f"{sample.name}.cell", sample.cell.size, f"{self.bins}: one for each bin")
            taken += sample.cell >= 0
            if np.any((sample.cell >= 0) & self.gauss):
                raise InputError(sample.name, "in a gauss channel", "measured samples among counts")
            for b in np.flatnonzero(sample.cell >= 0):
                self._check_scale(sample, sample.nuisance_of(int(b)))
        if np.any(taken > 1):
            raise InputError("measured", "two in one bin", "one measured sample in a bin at most")

    def _check_scale(self, sample: MeasuredSample, name: str | None) -> None:
        if name is None:
            return
        if name not in self.names:
            raise InputError(f"{sample.name}.nuisance", name, f"one of {', '.join(self.names)}")
        if self.constraints[self.names.index(name)].lower < 0.0:
            raise InputError(f"{name}.lower", self.constraints[self.names.index(name)].lower, "zero or more")

    @cached_property
    def bins(self) -> int:
        """Number of bins of all channels."""
        return sum(channel.observed.size for channel in self.channels)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the nuisances."""
        return tuple(constraint.name for constraint in self.constraints)

    @cached_property
    def data(self) -> Data:
        """What was measured."""
        return Data(
            counts=np.concatenate([channel.observed for channel in self.channels]),
            centres=np.array([constraint.centre for constraint in self.constraints]),
            auxiliary=np.concatenate(
                [np.zeros(0)]
                + [
                    np.zeros(sample.cells) if sample.counts is None else sample.counts
                    for sample in self.measured
                ]
            ),
        )

    @cached_property
    def gauss(self) -> NDArray[np.bool_]:
        """Which bins hold values, not counts."""
        return np.concatenate([np.full(c.observed.size, c.kind == "gauss") for c in self.channels])

    @cached_property
    def slices(self) -> tuple[slice, ...]:
        """Bins of each channel."""
        ends = np.cumsum([0, *(channel.observed.size for channel in self.channels)]).tolist()
        return tuple(slice(*pair) for pair in pairwise(ends))

    @cached_property
    def problem(self) -> Problem:
        """What the minimisers need of this."""
        cell, scaled = np.full(self.bins, -1), np.full(self.bins, -1)
        weight, first = np.zeros(self.bins), 0
        for sample in self.measured:
            for b in np.flatnonzero(sample.cell >= 0):
                cell[b], weight[b] = first + sample.cell[b], sample.weight[b]
                name = sample.nuisance_of(int(b))
                scaled[b] = -1 if name is None else self.names.index(name)
            first += sample.cells
        order = np.argsort(cell, kind="stable")
        order = order[cell[order] >= 0]
        known = [np.full(sample.cells, sample.counts is not None) for sample in self.measured]
        ratio = [np.asarray(s.ratio) * (s.counts is not None) for s in self.measured]
        return Problem(
            kind=np.array([HELD if c.held else _KINDS[c.kind] for c in self.constraints], dtype=np.int64),
            sigma=np.array([c.sigma for c in self.constraints]),
            lower=np.array([c.centre if c.held else c.lower for c in self.constraints]),
            upper=np.array([c.centre if c.held else c.upper for c in self.constraints]),
            gauss=self.gauss,
            cell=cell,
            weight=weight,
            scaled=scaled,
            start=np.searchsorted(cell[order], np.arange(first + 1)),
            member=order,
            counted=np.concatenate([np.zeros(0, dtype=bool), *known]),
            ratio=np.concatenate([np.zeros(0), *ratio]),
        )

    def whitened(self, rows: FloatArray) -> FloatArray:
        """Rows of numbers for each bin, with values of ``gauss`` channels made independent."""
        rows = np.asarray(rows, dtype=float)
        if not self.gauss.any():
            return rows
        rows = rows.copy()
        for channel, bins in zip(self.channels, self.slices, strict=True):
            if channel.kind == "gauss":
                rows[..., bins] = rows[..., bins] @ channel.whitening.T
        return rows

    def profile(
        self,
        fixed: FloatArray,
        templates: FloatArray,
        counts: FloatArray | None = None,
        centres: FloatArray | None = None,
        auxiliary: FloatArray | None = None,
        *,
        near: tuple[FloatArray, FloatArray] | None = None,
        scan: bool = False,
        strict: bool = True,
    ) -> Profile:
        """Minimise over nuisances and measured samples; all leading axes broadcast.

        Parameters
        ----------
        fixed : ndarray, shape (..., bins)
            F, expectations that no nuisance moves.
        templates : ndarray, shape (..., nuisances, bins)
            T, what each unit of a nuisance adds; may be negative.
        counts : ndarray, shape (..., bins), optional
            Data in the place of the observed ones: simulated experiments.
        centres : ndarray, shape (..., nuisances), optional
            Centres of the constraints.
        auxiliary : ndarray, shape (..., cells), optional
            Counts of measured samples.
        near : tuple of ndarray, shapes (nuisances,), (cells,), optional
            Where minima are close to: the truth of simulated experiments.
        scan : bool
            Whether neighbours along the last leading axis are alike and may start from each other.
        strict : bool
            Whether to refuse points without a minimum; else they are told by ``status``.

        Raises
        ------
        InputError
            For shapes that do not fit.
        ConvergenceError
            In strict mode, when at some point an expectation is negative or overflows whatever the
            nuisances, or the method does not converge.
        """
        data = self.data
        given = (
            self.whitened(fixed),
            self.whitened(templates),
            self.whitened(data.counts if counts is None else counts),
            np.asarray(data.centres if centres is None else centres, dtype=float),
            np.asarray(data.auxiliary if auxiliary is None else auxiliary, dtype=float),
        )
        self._check_shapes(given)
        leading = [array.shape[: -2 if i == 1 else -1] for i, array in enumerate(given)]
        batch, which = gather(leading)
        flat = [
            array.reshape(math.prod(lead), *array.shape[len(lead) :])
            for array, lead in zip(given, leading, strict=True)
        ]
        row = batch[-1] if scan and batch else 1
        found = minima(self.problem, flat, which, row, near)
        chi2, status = found.chi2, found.status
        if strict and np.any(status != CONVERGED):
            self._refuse(status)
        chi2[status == IMPOSSIBLE] = np.inf
        chi2[status > IMPOSSIBLE] = np.nan
        return Profile(
            chi2=chi2.reshape(batch),
            nuisance=found.x.reshape(*batch, found.x.shape[1]),
            measured=found.cells.reshape(*batch, found.cells.shape[1]),
            status=status.reshape(batch),
        )

    def _check_shapes(self, given: Sequence[FloatArray]) -> None:
        nuisances, cells = len(self.constraints), self.data.auxiliary.size
        ends = ((self.bins,), (nuisances, self.bins), (self.bins,), (nuisances,), (cells,))
        names = ("fixed", "templates", "counts", "centres", "auxiliary")
        for name, array, end in zip(names, given, ends, strict=True):
            if array.shape[-len(end) :] != end:
                raise InputError(name, f"shape {array.shape}", f"shape (..., {', '.join(map(str, end))})")

    def _refuse(self, status: IntArray) -> None:
        if np.any(status == IMPOSSIBLE):
            raise ConvergenceError(
                "a bin expects a negative or overflowing number of events whatever the nuisances: "
                "are the couplings in the right unit?"
            )
        raise ConvergenceError(
            f"profiling {np.sum(status != CONVERGED)} of {status.size} points did not converge"
        )

    def expected(
        self, fixed: FloatArray, templates: FloatArray, nuisance: FloatArray, measured: FloatArray
    ) -> FloatArray:
        """Expectation of each bin, shape (..., bins), not negative among counts."""
        problem = self.problem
        total: FloatArray = fixed + np.einsum("...k,...kb->...b", nuisance, templates)
        inside = problem.cell >= 0
        size = problem.weight[inside] * measured[..., problem.cell[inside]]
        scaled = problem.scaled[inside]
        size = (
            size * np.where(scaled >= 0, nuisance[..., np.maximum(scaled, 0)], 1.0) if inside.any() else size
        )
        total[..., inside] += size
        # Rounding is all that an empty bin can be below zero by.
        total[..., ~self.gauss] = np.maximum(total[..., ~self.gauss], 0.0)
        return total

    def goodness_of_fit(
        self, chi2: float, fitted: int, fixed: FloatArray | None = None, templates: FloatArray | None = None
    ) -> GoodnessOfFit:
        """Goodness of a fit with ``fitted`` free parameters, by the χ² that −2 ln λ tends to.

        Only approximate where bins hold few counts. Free nuisances, and cells of measured samples without
        counts, count as fitted; constrained ones do not, since their penalties are measurements. Bins where
        nothing can be expected, nor was counted, are no data: they are dropped, and their number is told.

        Parameters
        ----------
        chi2 : float
            −2 ln λ at the minimum.
        fitted : int
            Number of parameters that were fitted beside the nuisances.
        fixed, templates : ndarray, shapes (..., bins), (..., bins), optional
            Everything that can be expected.
        """
        dropped = 0
        if fixed is not None and templates is not None:
            nothing = ~np.any(fixed.reshape(-1, self.bins), axis=0)
            nothing &= ~np.any(templates.reshape(-1, self.bins), axis=0)
            dropped = int(np.sum(nothing & (self.problem.cell < 0) & ~self.gauss & (self.data.counts == 0.0)))
        free = sum(constraint.kind == "free" and not constraint.held for constraint in self.constraints)
        cells = sum(sample.cells for sample in self.measured if sample.counts is None)
        degrees = self.bins - dropped - fitted - free - cells
        p_value = chi_squared_survival(degrees, chi2) if degrees > 0 else None
        return GoodnessOfFit(chi2, degrees, p_value, dropped)
