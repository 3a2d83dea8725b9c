"""Ionization of real atoms: kernels from tables of their response functions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike

from nuatom.atoms import Responses, Target
from nuatom.constants import (
    CM2_PER_INVERSE_KEV2,
    ELECTRON_MASS_KEV,
    FERMI_PER_KEV2,
    FINE_STRUCTURE,
)
from nuatom.errors import InputError
from nuatom.numerics.guards import positive
from nuatom.numerics.quadrature import FloatArray
from nuatom.processes.electron import ELECTRON
from nuatom.processes.kernels import Kernels
from nuatom.processes.momentum_integrals import (
    NAMES,
    MomentumIntegrals,
    momentum_integrals,
    momentum_panels_kev,
)

if TYPE_CHECKING:
    from nuatom.atoms import ResponseTable

__all__ = [
    "NEUTRINO_MASS_KEV",
    "ipm",
    "ipm_parts",
    "of_responses",
    "rpa",
    "rpa_parts",
    "subshell_kernels",
]

NEUTRINO_MASS_KEV: Final = 1e-4
"""Mass that ends the photon's pole in VV2, 0.1 eV: the scale of the heaviest that cosmology allows."""

_ENERGY_PANELS: Final = 10
_DOUBLINGS: Final = 2.0 ** np.arange(1, 6)
# A tenth of the least error of any table.
_ACCURACY: Final = 2e-4
_WEAK_SCALE: Final = FERMI_PER_KEV2**2 / math.pi * CM2_PER_INVERSE_KEV2
_MAGNETIC_SCALE: Final = math.pi * (FINE_STRUCTURE / ELECTRON_MASS_KEV) ** 2 * CM2_PER_INVERSE_KEV2
_SCALES: Final = np.array([_MAGNETIC_SCALE if name.startswith("MM") else _WEAK_SCALE for name in NAMES])

_METHODS_OF: Final = {"rpa": ("Johnson:1979wq", "Zangwill:1980")}
_BUILT: Final = ("ipm", "rpa")

Parts = Callable[[FloatArray, FloatArray], FloatArray]


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
    return _kernels(target, _found(target, "ipm"), "ipm", neutrino_mass_kev)


def rpa(target: Target, *, neutrino_mass_kev: float = NEUTRINO_MASS_KEV) -> Kernels:
    """Kernels of ionization with correlation: electrons answer to each other as well.

    The kernels of :func:`ipm`, with the responses of
    :class:`~nuatom.atoms.tables.correlated.CorrelatedResponses`, averaged over autoionizing resonances. Above
    the last transfer of correlation they are those of :func:`ipm`.

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
    return _kernels(target, _found(target, "rpa"), "rpa", neutrino_mass_kev)


def of_responses(
    target: Target,
    responses: Responses | Mapping[str, Responses],
    *,
    neutrino_mass_kev: float = NEUTRINO_MASS_KEV,
) -> Kernels:
    """Kernels of :func:`ipm` for responses of one's own.

    Parameters
    ----------
    target : Target
        Element or compound.
    responses : Responses or mapping of str to Responses
        Per formula unit of the target; or by the symbol of each element of a compound, per atom.
    neutrino_mass_kev : float
        As of :func:`ipm`.

    Returns
    -------
    Kernels
        Of the model ``"responses"``; they raise InputError above the last transfer of the responses.

    Raises
    ------
    InputError
        When an element of the target has no responses, for a value that is none, or for a mass that is not
        positive and finite.
    """
    if not isinstance(responses, Mapping):
        each = [(target.formula, responses, 1.0)]
    else:
        symbols = [element.symbol for element, _ in target.constituents]
        if set(responses) != set(symbols):
            raise InputError("responses", ", ".join(responses), f"responses of {', '.join(symbols)}")
        each = [(element.symbol, responses[element.symbol], count) for element, count in target.constituents]
    for name, value, _ in each:
        if not isinstance(value, Responses):
            raise InputError("responses", value, f"an object with all that Responses has, of {name}")
    matter = tuple(_Matter(name, value, count) for name, value, count in each)
    return _kernels(target, matter, "responses", neutrino_mass_kev)


@dataclass(frozen=True, eq=False)
class _Matter:
    """Responses of one element of a target, or of all of it, and how many of them there are."""

    name: str
    responses: Responses
    count: float


def _found(target: Target, model: str) -> tuple[_Matter, ...]:
    from nuatom.atoms import find_responses

    return tuple(
        _Matter(element.symbol, find_responses(element.symbol, model), count)
        for element, count in target.constituents
    )


def _kernels(target: Target, matter: tuple[_Matter, ...], model: str, neutrino_mass_kev: float) -> Kernels:
    parts = _parts(matter, model, neutrino_mass_kev)

    def evaluate(energy_kev: FloatArray, recoil_kev: FloatArray) -> FloatArray:
        values = parts(energy_kev, recoil_kev)
        values[-2] += values[-1]
        return values[:-1]

    def energy_stops(recoil_kev: FloatArray) -> FloatArray:
        # The kinematic limit of free electrons, smeared by the momenta that the bound ones have; above it
        # kernels go on as powers of the energy.
        panels = [_panels_kev(part.responses, recoil_kev) for part in matter]
        smeared = 0.5 * (recoil_kev[..., None] + np.concatenate(panels, axis=-1))
        return np.concatenate([smeared, smeared[..., -1:] * _DOUBLINGS], axis=-1)

    stops = np.unique(np.concatenate([part.responses.breakpoints_kev for part in matter]))
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
        citations=("KS16", "KS11", *_METHODS_OF.get(model, ()), *target.citations),
        tables=tuple(named for part in matter for named in part.responses.identity),
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
    return _parts(_found(target, "ipm"), "ipm", neutrino_mass_kev)


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
    highest = _last_kev(table)
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
            integrals = momentum_integrals(replace(table, subshells=(shell,)), t)
            parts = integrals.at(np.arange(t.size), 2.0 * energy_kev - t, least) / (4.0 * energy_kev**2)
            parts *= _SCALES[:, None]
            kernels[:-1, is_open], kernels[-1, is_open] = parts[:-2], parts[-2] + parts[-1]
    return values


def rpa_parts(target: Target, *, neutrino_mass_kev: float = NEUTRINO_MASS_KEV) -> Parts:
    """Kernels of :func:`rpa` as :func:`ipm_parts` gives those of :func:`ipm`; the same is raised."""
    return _parts(_found(target, "rpa"), "rpa", neutrino_mass_kev)


def _parts(matter: tuple[_Matter, ...], model: str, neutrino_mass_kev: float) -> Parts:
    positive("neutrino_mass_kev", neutrino_mass_kev, "keV")
    each = [(_integrals_of(part, model), part.count) for part in matter]

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

    return parts


def _integrals_of(matter: _Matter, model: str) -> Callable[[bytes], tuple[MomentumIntegrals | None, int]]:
    """Momentum integrals at increasing recoils, and how many of these open no subshell."""
    responses = matter.responses
    lowest, highest = float(responses.edges_kev.min()), _last_kev(responses)

    # Every component of a flux asks for the same recoils.
    @lru_cache(maxsize=8)
    def integrals_at(recoils: bytes) -> tuple[MomentumIntegrals | None, int]:
        recoil = np.frombuffer(recoils)
        if recoil.size and recoil[-1] > highest:
            end = f"at most {highest:.6g} keV, where the "
            known = f"table of {matter.name} ends (nuatom table build)"
            accepted = end + (known if model in _BUILT else f"responses of {matter.name} end")
            raise InputError("recoil_kev", float(recoil[-1]), accepted)
        first = int(np.searchsorted(recoil, lowest, side="right"))
        if first == recoil.size:
            return None, first
        return momentum_integrals(responses, recoil[first:]), first

    return integrals_at


def _last_kev(responses: Responses) -> float:
    """Last transfer that is known, rounding forgiven."""
    return responses.highest_kev * (1.0 + 1e-12)


def _panels_kev(responses: Responses, recoil_kev: FloatArray) -> FloatArray:
    # Nothing is open at the lowest edge or below, where kernels vanish and any panels serve.
    lowest = np.nextafter(responses.edges_kev.min(), np.inf)
    return momentum_panels_kev(responses, np.maximum(recoil_kev, lowest), _ENERGY_PANELS)[..., 1:]


def _minimum_energy_kev(recoil_kev: FloatArray) -> FloatArray:
    """All of the neutrino's energy: an atom can take up any momentum."""
    return np.asarray(recoil_kev, dtype=float)


def _maximum_recoil_kev(energy_kev: FloatArray) -> FloatArray:
    return np.asarray(energy_kev, dtype=float)
