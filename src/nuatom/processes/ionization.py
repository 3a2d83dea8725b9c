"""Ionization of real atoms: kernels from tables of their response functions."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from nuatom.atoms import Target
from nuatom.atoms.tables.correlation import CorrelationTable
from nuatom.atoms.tables.responses import ResponseTable
from nuatom.atoms.tables.store import find_correlation, find_table
from nuatom.constants import (
    CM2_PER_INVERSE_KEV2,
    ELECTRON_MASS_KEV,
    FERMI_PER_KEV2,
    FINE_STRUCTURE,
)
from nuatom.errors import DataError, InputError
from nuatom.neutrinos import ELECTRON
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray
from nuatom.processes.kernels import Kernels
from nuatom.processes.momentum_integrals import (
    NAMES,
    MomentumIntegrals,
    momentum_integrals,
    momentum_panels_kev,
)

__all__ = ["NEUTRINO_MASS_KEV", "ipm", "ipm_parts", "rpa", "rpa_parts", "subshell_kernels"]

NEUTRINO_MASS_KEV: Final = 1e-4
"""Mass that ends the photon's pole in VV2, 0.1 eV: the scale of the heaviest that cosmology allows."""

_ENERGY_PANELS: Final = 10
_DOUBLINGS: Final = 2.0 ** np.arange(1, 6)
_ABOVE_EDGE_KEV: Final = (0.0015, 0.004, 0.01, 0.05)
# A tenth of the least error of any table.
_ACCURACY: Final = 2e-4
_NODES_A_PANEL: Final = 4
_WEAK_SCALE: Final = FERMI_PER_KEV2**2 / math.pi * CM2_PER_INVERSE_KEV2
_MAGNETIC_SCALE: Final = math.pi * (FINE_STRUCTURE / ELECTRON_MASS_KEV) ** 2 * CM2_PER_INVERSE_KEV2
_SCALES: Final = np.array([_MAGNETIC_SCALE if name.startswith("MM") else _WEAK_SCALE for name in NAMES])

_METHODS_OF: Final = {"ipm": (), "rpa": ("Johnson:1979wq", "Zangwill:1980")}

Parts = Callable[[FloatArray, FloatArray], FloatArray]
Model = Literal["ipm", "rpa"]


def ipm(target: Target, *, neutrino_mass_kev: float = NEUTRINO_MASS_KEV) -> Kernels:
    r"""Kernels of ionization in the independent-particle model.

    .. math::

        VV_n &= \frac{G_F^2}{4\pi E^2} \int_T^{P_0} \frac{Q\,dQ}{(Q^2-T^2)^n} \Big\{(P_0^2-Q^2)
          \Big(1-\frac{T^2}{Q^2}\Big)^2 R_{00} + \frac{(Q^2-T^2)(P_0^2+Q^2)}{Q^2} R_{11}\Big\}, \\
        MM &= \frac{\pi\alpha^2}{m_e^2}\,\frac{1}{4E^2} \int_T^{P_0} \frac{dQ^2}{Q^2}
          \Big\{P_0^2\Big(1-\frac{T^2}{Q^2}\Big) R_{00} + (P_0^2-Q^2) R_{11}\Big\},

    P₀ = 2E − T, with the responses of :class:`~nuatom.atoms.tables.responses.ResponseTable`; AA is as VV0
    with the axial responses and all of their charge and longitudinal terms, VAn has the interference of both.
    :cite:`KS11`, equations (6) to (8), for MM. Every part is written out in
    :mod:`nuatom.processes.momentum_integrals`. Atomic recoil and excitation to bound states are left out.

    An atom's momenta have no least virtuality as a free electron's do. VV2, the square of a charge, has the
    photon's pole at Q = T, which only the neutrino's mass ends, at Q² − T² = (m_ν T)²/(E(E − T)); where
    E − T is many masses. It depends on the mass as its logarithm.

    Parameters
    ----------
    target : Target
        Element or compound; a compound's atoms are independent, each as if it were free.
    neutrino_mass_kev : float
        m_ν of VV2.

    Returns
    -------
    Kernels
        They start at the lowest edge, and raise InputError above the last transfer of the tables.

    Raises
    ------
    DataError
        When there is no table of one of the elements: ``nuatom table build Xe``.
    InputError
        For a mass that is not positive and finite.
    """
    return _kernels(target, "ipm", neutrino_mass_kev)


def rpa(target: Target, *, neutrino_mass_kev: float = NEUTRINO_MASS_KEV) -> Kernels:
    """Kernels of ionization with correlation: electrons answer to each other as well.

    The kernels of :func:`ipm`, with responses that :class:`~nuatom.atoms.tables.correlation.CorrelationTable`
    has changed, averaged over autoionizing resonances. Above its last transfer they are those of :func:`ipm`.

    Parameters
    ----------
    target : Target
        As of :func:`ipm`.
    neutrino_mass_kev : float
        As of :func:`ipm`.

    Returns
    -------
    Kernels

    Raises
    ------
    DataError
        When there is no table of one of the elements: ``nuatom table build Xe --model rpa``.
    InputError
        For a mass that is not positive and finite.
    """
    return _kernels(target, "rpa", neutrino_mass_kev)


def _kernels(target: Target, model: Model, neutrino_mass_kev: float) -> Kernels:
    tables, parts = _parts(target, model, neutrino_mass_kev)

    def evaluate(energy_kev: FloatArray, recoil_kev: FloatArray) -> FloatArray:
        values = parts(energy_kev, recoil_kev)
        values[-2] += values[-1]
        return values[:-1]

    def energy_stops(recoil_kev: FloatArray) -> FloatArray:
        # The kinematic limit of free electrons, smeared by the momenta that the bound ones have; above it
        # kernels go on as powers of the energy.
        panels = [_panels_kev(atom.table, recoil_kev) for atom in tables]
        smeared = 0.5 * (recoil_kev[..., None] + np.concatenate(panels, axis=-1))
        return np.concatenate([smeared, smeared[..., -1:] * _DOUBLINGS], axis=-1)

    edges = np.concatenate([atom.table.edges_kev for atom in tables])
    # Responses rise from a threshold on the scale of the distance from it, f waves by a resonance at 3 eV.
    stops = np.unique(
        np.concatenate([
            (edges + np.array([0.0, *_ABOVE_EDGE_KEV])[:, None]).ravel(),
            *(_correlated_stops_kev(atom.correlation) for atom in tables if atom.correlation is not None),
        ])
    )  # fmt: skip
    return Kernels(
        process="electron",
        model=model,
        target=target,
        algebra=ELECTRON,
        evaluate=evaluate,
        thresholds_kev=tuple(stops.tolist()),
        minimum_energy_kev=_minimum_energy_kev,
        maximum_recoil_kev=_maximum_recoil_kev,
        energy_stops_kev=energy_stops,
        accuracy=_ACCURACY,
        citations=("KS16", "KS11", *_METHODS_OF[model], *target.citations),
        tables=tuple(used for atom in tables for used in atom.tables),
    )


def ipm_parts(target: Target, *, neutrino_mass_kev: float = NEUTRINO_MASS_KEV) -> Parts:
    """Kernels of :func:`ipm` with the magnetic one in its longitudinal and its transverse part.

    Returns
    -------
    callable
        ``parts(energy_kev, recoil_kev)``, of shape (8, ...), in the order of
        :data:`nuatom.processes.momentum_integrals.NAMES`: the last two are the terms of S and of R of
        :cite:`KS11`, equations (7) and (8).

    Raises
    ------
    DataError, InputError
        As :func:`ipm`.
    """
    return _parts(target, "ipm", neutrino_mass_kev)[1]


def subshell_kernels(
    table: ResponseTable,
    energy_kev: float,
    recoil_kev: ArrayLike,
    *,
    neutrino_mass_kev: float = NEUTRINO_MASS_KEV,
) -> FloatArray:
    """Kernels of each subshell of an atom, whose sum those of :func:`ipm` are.

    Parameters
    ----------
    table : ResponseTable
        Of the atom.
    energy_kev : float
        Neutrino energy.
    recoil_kev : array_like, shape (T,)
        Recoils, within the table.
    neutrino_mass_kev : float
        m_ν of VV2.

    Returns
    -------
    ndarray, shape (subshells, 7, T)
        In the order of the table and of the algebra's names; zero where a subshell is closed.

    Raises
    ------
    InputError
        For recoils beyond the table.
    """
    recoil = np.atleast_1d(np.asarray(recoil_kev, dtype=float))
    highest = _highest_kev(table)
    if np.any(recoil > highest):
        raise InputError(
            "recoil_kev", float(recoil.max()), f"at most {highest:.6g} keV, where the table ends"
        )
    values = np.zeros((len(table.subshells), len(NAMES) - 1, recoil.size))
    for shell, kernels in zip(table.subshells, values, strict=True):
        is_open = (recoil > shell.scale.edge_kev) & (recoil < energy_kev)
        t = recoil[is_open]
        if t.size:
            least = (neutrino_mass_kev * t) ** 2 / (energy_kev * (energy_kev - t))
            integrals = momentum_integrals((shell,), t)
            parts = integrals.at(np.arange(t.size), 2.0 * energy_kev - t, least) / (4.0 * energy_kev**2)
            parts *= _SCALES[:, None]
            kernels[:-1, is_open], kernels[-1, is_open] = parts[:-2], parts[-2] + parts[-1]
    return values


def rpa_parts(target: Target, *, neutrino_mass_kev: float = NEUTRINO_MASS_KEV) -> Parts:
    """Kernels of :func:`rpa` as :func:`ipm_parts` gives those of :func:`ipm`; the same is raised."""
    return _parts(target, "rpa", neutrino_mass_kev)[1]


@dataclass(frozen=True, eq=False)
class _Atom:
    """Tables of one element of a target, and how many of its atoms there are."""

    table: ResponseTable
    correlation: CorrelationTable | None
    count: float

    @property
    def tables(self) -> tuple[tuple[str, str], ...]:
        """Names of the tables, and their hashes."""
        alone = (f"{self.table.symbol}-ipm", f"sha256:{self.table.sha256}")
        if self.correlation is None:
            return (alone,)
        return (alone, (f"{self.table.symbol}-rpa", f"sha256:{self.correlation.sha256}"))


def _atom(symbol: str, count: float, model: Model) -> _Atom:
    table = find_table(symbol, "ipm")
    if model == "ipm":
        return _Atom(table, None, count)
    correlation = find_correlation(symbol)
    known, edges = correlation.edges_kev, np.sort(table.edges_kev)
    # A table of innermost subshells that no transfer opens has fewer of them.
    same = edges.size <= known.size and np.allclose(edges, known[: edges.size], rtol=1e-6, atol=0.0)
    if not same:
        raise DataError(f"the ipm and the rpa table of {symbol} have different thresholds: build them again")
    return _Atom(table, correlation, count)


def _correlated_stops_kev(correlation: CorrelationTable) -> FloatArray:
    """Transfers between which the changes of an atom's responses are smooth enough for panels."""
    return correlation.transfer_kev[::_NODES_A_PANEL]


def _parts(target: Target, model: Model, neutrino_mass_kev: float) -> tuple[tuple[_Atom, ...], Parts]:
    positive("neutrino_mass_kev", neutrino_mass_kev, "keV")
    tables = tuple(_atom(element.symbol, count, model) for element, count in target.constituents)
    each = [(_integrals_of(atom), atom.count) for atom in tables]

    def parts(energy_kev: FloatArray, recoil_kev: FloatArray) -> FloatArray:
        energy, recoil = np.broadcast_arrays(np.asarray(energy_kev, float), np.asarray(recoil_kev, float))
        values = np.zeros((len(NAMES), *energy.shape))
        for integrals_at, count in each:
            recoils, row = np.unique(recoil_kev, return_inverse=True)
            integrals, first = integrals_at(recoils.tobytes())
            index = np.broadcast_to(row.reshape(np.shape(recoil_kev)), energy.shape)
            inside = (index >= first) & (energy > recoil)
            if integrals is None or not np.any(inside):
                continue
            e, t = energy[inside], recoil[inside]
            least = (neutrino_mass_kev * t) ** 2 / (e * (e - t))
            values[:, inside] += (
                count * integrals.at(index[inside] - first, 2.0 * e - t, least) / (4.0 * e * e)
            )
        return _SCALES.reshape(-1, *[1] * energy.ndim) * values

    return tables, parts


def _integrals_of(atom: _Atom) -> Callable[[bytes], tuple[MomentumIntegrals | None, int]]:
    """Momentum integrals of an atom at increasing recoils, and how many of these open no subshell."""
    table = atom.table
    lowest, highest = float(table.edges_kev.min()), _highest_kev(table)

    # Every component of a flux asks for the same recoils.
    @lru_cache(maxsize=8)
    def integrals_at(recoils: bytes) -> tuple[MomentumIntegrals | None, int]:
        recoil = np.frombuffer(recoils)
        if recoil.size and recoil[-1] > highest:
            accepted = (
                f"at most {highest:.6g} keV, where the table of {table.symbol} ends (nuatom table build)"
            )
            raise InputError("recoil_kev", float(recoil[-1]), accepted)
        first = int(np.searchsorted(recoil, lowest, side="right"))
        if first == recoil.size:
            return None, first
        return momentum_integrals(table.subshells, recoil[first:], atom.correlation), first

    return integrals_at


def _highest_kev(table: ResponseTable) -> float:
    """Last transfer of a table, rounding forgiven."""
    last = min(float(shell.ejected_kev[-1] + shell.scale.edge_kev) for shell in table.subshells)
    return last * (1.0 + 1e-12)


def _panels_kev(table: ResponseTable, recoil_kev: FloatArray) -> FloatArray:
    # No subshell is open at the lowest edge or below, where kernels vanish and any panels serve.
    lowest = np.nextafter(table.edges_kev.min(), np.inf)
    return momentum_panels_kev(table.subshells, np.maximum(recoil_kev, lowest), _ENERGY_PANELS)[..., 1:]


def _minimum_energy_kev(recoil_kev: FloatArray) -> FloatArray:
    """All of the neutrino's energy: an atom can take up any momentum."""
    return np.asarray(recoil_kev, dtype=float)


def _maximum_recoil_kev(energy_kev: FloatArray) -> FloatArray:
    return np.asarray(energy_kev, dtype=float)
