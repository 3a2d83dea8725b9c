"""Kernels: cross sections of (E, T) without couplings, and the cross sections that couplings make of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nuatom.atoms import Target
from nuatom.errors import InputError
from nuatom.neutrinos.algebra import Algebra, flavour_state
from nuatom.neutrinos.neutrino import Neutrino
from nuatom.numerics.blocks import BLOCK, in_blocks
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray

__all__ = ["CrossSection", "KernelError", "Kernels"]


def _no_stops(recoil_kev: FloatArray) -> FloatArray:
    return np.empty((*np.shape(recoil_kev), 0))


@dataclass(frozen=True)
class CrossSection:
    """Differential cross section per formula unit, in cm²/keV, by origin.

    Parameters
    ----------
    recoil_kev : ndarray
        Energy transferred, T.
    weak : ndarray
        The Standard Model's.
    charge : ndarray
        What charges, and charge radii other than the Standard Model's, change: interference included, so
        that it can be negative.
    magnetic : ndarray
        Helicity-flipping part.
    citations : tuple of str
        Sources of what was computed.
    tables : tuple of (str, str)
        As of :class:`Kernels`.
    """

    recoil_kev: FloatArray
    weak: FloatArray
    charge: FloatArray
    magnetic: FloatArray
    citations: tuple[str, ...] = ()
    tables: tuple[tuple[str, str], ...] = ()

    @property
    def total(self) -> FloatArray:
        """Sum of the three parts."""
        return self.weak + self.charge + self.magnetic


@dataclass(frozen=True, eq=False)
class KernelError:
    """How well kernels are known, as one number that moves them at all recoils together.

    Parameters
    ----------
    name : str
        Nuisance of a fit: ``"theory.Xe"``.
    relative : callable
        ``relative(recoil_kev)``, one standard deviation as a fraction of the kernels.
    of : Kernels, optional
        The part of the kernels that moves, one element of a compound; all of them without.
    """

    name: str
    relative: Callable[[FloatArray], FloatArray]
    of: Kernels | None = None


@dataclass(frozen=True, repr=False)
class Kernels:
    """The coupling-free cross sections of a target, as one function of (E, T).

    Parameters
    ----------
    model : str
        ``"free"``, ``"stepping"``, ``"helm"``, …
    target : Target
        The kernels are per formula unit of it.
    algebra : Algebra
        Names of the kernels, and what couplings make of them.
    evaluate : callable
        ``evaluate(energy_kev, recoil_kev) -> ndarray of shape (kernels, ...)`` in the order of the algebra's
        names, cm²/keV, times keV⁻²ⁿ where the name ends in n; arguments broadcast. Zero where kinematics
        forbids the recoil.
    thresholds_kev : tuple of float
        Recoils at which the kernels jump or bend: quadrature stops there. Below the first they vanish.
    minimum_energy_kev, maximum_recoil_kev : callable
        Least neutrino energy that can give a recoil, and largest recoil that an energy can give.
    citations : tuple of str
        Sources of the model.
    parts : tuple of Kernels
        Kernels that these are the sum of, where each has limits of its own: nuclei of different mass. None
        when there is but one.
    energy_stops_kev : callable
        Neutrino energies, (..., stops) of (...) recoils, between which the kernels are smooth enough for a
        few nodes of quadrature; none where that holds of all energies.
    accuracy : float
        Quadrature error that is small beside the kernels' own.
    tables : tuple of (str, str)
        Names of the response tables that the kernels come from, ``"Xe-ipm"``, each with the SHA-256 of its
        content.
    errors : tuple of KernelError
        Independent uncertainties of the kernels, where they are known.
    recipe : tuple, optional
        A function and arguments that make them again: how they are pickled.
    """

    model: str
    target: Target
    algebra: Algebra
    evaluate: Callable[[FloatArray, FloatArray], FloatArray]
    thresholds_kev: tuple[float, ...]
    minimum_energy_kev: Callable[[FloatArray], FloatArray]
    maximum_recoil_kev: Callable[[FloatArray], FloatArray]
    citations: tuple[str, ...]
    parts: tuple[Kernels, ...] = ()
    energy_stops_kev: Callable[[FloatArray], FloatArray] = _no_stops
    accuracy: float = 1e-6
    tables: tuple[tuple[str, str], ...] = ()
    errors: tuple[KernelError, ...] = ()
    recipe: tuple[Callable[..., Kernels], tuple[Any, ...]] | None = field(
        default=None, repr=False, compare=False
    )

    def __reduce__(self) -> Any:
        """Kernels travel as what they were made from, and are made again where they arrive."""
        return super().__reduce__() if self.recipe is None else self.recipe

    def __repr__(self) -> str:
        return f"<Kernels of {self.target.formula}, {self.model}: {', '.join(self.algebra.names)}>"

    @classmethod
    def added(cls, parts: Sequence[Kernels]) -> Kernels:
        """Sum of the kernels of several things in one target, alike in all but their kinematic limits."""
        first, *others = parts
        if not others:
            return first
        return cls(
            model=first.model,
            target=first.target,
            algebra=first.algebra,
            evaluate=lambda energy, recoil: sum(
                (part.evaluate(energy, recoil) for part in others), first.evaluate(energy, recoil)
            ),
            thresholds_kev=(),
            minimum_energy_kev=lambda recoil: np.min(
                [part.minimum_energy_kev(recoil) for part in parts], axis=0
            ),
            maximum_recoil_kev=lambda energy: np.max(
                [part.maximum_recoil_kev(energy) for part in parts], axis=0
            ),
            citations=tuple(dict.fromkeys(key for part in parts for key in part.citations)),
            parts=tuple(parts),
            tables=tuple(dict.fromkeys(table for part in parts for table in part.tables)),
        )

    def _in_blocks(self, energy: FloatArray, recoil: FloatArray) -> FloatArray:
        """The kernels, (kernels, ...), of arrays of one shape; of many pairs some at a time."""
        if recoil.size <= BLOCK:
            return self.evaluate(energy, recoil)
        pairs = zip(in_blocks(energy.reshape(-1)), in_blocks(recoil.reshape(-1)), strict=True)
        values = np.concatenate([self.evaluate(*pair) for pair in pairs], axis=-1)
        return values.reshape(-1, *recoil.shape)

    def cross_section(
        self,
        neutrino: Neutrino,
        energy_kev: ArrayLike,
        recoil_kev: ArrayLike,
        flavour: str = "e",
    ) -> CrossSection:
        """Differential cross section dσ/dT of a neutrino of one flavour.

        Parameters
        ----------
        neutrino : Neutrino
            Couplings and electromagnetic structure.
        energy_kev, recoil_kev : array_like
            Neutrino energy and energy transferred, both positive; they broadcast. Above the kinematic limit
            the cross section is zero.
        flavour : str
            ``"e"``, ``"mu"``, ``"tau"``, or ``"anti-e"``, …

        Raises
        ------
        InputError
            For an energy or a recoil that is not positive and finite, or an unknown flavour.
        """
        energy = positive("energy_kev", energy_kev, "keV")
        recoil = positive("recoil_kev", recoil_kev, "keV")
        try:
            energy, recoil = np.broadcast_arrays(energy, recoil)
        except ValueError as error:
            raise InputError("recoil_kev", recoil.shape, f"a shape that fits {energy.shape}") from error
        state, antineutrino = flavour_state(flavour)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            kernels = self._in_blocks(energy, recoil)
            coefficients = self.algebra.coefficients(neutrino, state, antineutrino=antineutrino)
            standard = self.algebra.coefficients(neutrino.standard_model(), state, antineutrino=antineutrino)
            flip = self.algebra.magnetic
            magnetic = np.tensordot(coefficients[flip], kernels[flip], axes=1)
            conserving = np.tensordot(coefficients[~flip], kernels[~flip], axes=1)
            weak = np.tensordot(standard[~flip], kernels[~flip], axes=1)
        finite = np.isfinite(conserving + magnetic)
        if not np.all(finite):
            raise InputError(
                "recoil_kev", float(recoil[~finite][0]), "energies and couplings of a finite cross section"
            )
        return CrossSection(
            recoil_kev=recoil,
            weak=weak,
            charge=conserving - weak,
            magnetic=magnetic,
            citations=(*self.citations, *neutrino.citations),
            tables=self.tables,
        )
