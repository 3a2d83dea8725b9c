"""Ionization of real atoms: kernels from tables of their response functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike

from nuatom.atoms import Responses, Target
from nuatom.errors import InputError
from nuatom.media import AtomsInMatter, Medium, find_medium
from nuatom.numerics.quadrature import FloatArray
from nuatom.processes.electron import ELECTRON
from nuatom.processes.kernels import KernelError, Kernels
from nuatom.processes.matter import (
    SCALES,
    Matter,
    Parts,
    Photon,
    added,
    crystal_of,
    each_of,
    in_medium,
    last_kev,
    panels_kev,
    parts_of,
    photon_in,
)
from nuatom.processes.momentum_integrals import NAMES, momentum_integrals

if TYPE_CHECKING:
    from nuatom.atoms import ResponseTable

__all__ = [
    "NEUTRINO_MASS_KEV",
    "ipm",
    "ipm_parts",
    "matter_of",
    "of_models",
    "of_responses",
    "rpa",
    "rpa_parts",
    "subshell_kernels",
]

NEUTRINO_MASS_KEV: Final = 1e-4
"""Mass that ends the photon's pole in VV2, 0.1 eV: the scale of the heaviest that cosmology allows."""

_DOUBLINGS: Final = 2.0 ** np.arange(1, 6)
# A tenth of the least error of any table.
_ACCURACY: Final = 2e-4
_ACCURACY_OF_CRYSTALS: Final = 2e-3

_METHODS_OF: Final = {"rpa": ("Johnson:1979wq", "Zangwill:1980")}


def ipm(
    target: Target, *, neutrino_mass_kev: float = NEUTRINO_MASS_KEV, medium: Medium | None = None
) -> Kernels:
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

    In matter, where the target has a phase, photons are dressed: the pole ends at Q² − T² ≈ ω_p², whatever
    the neutrino's mass is, and that may be zero. The integrals are those of
    :mod:`nuatom.processes.momentum_integrals`.

    Parameters
    ----------
    target : Target
        Element or compound; a compound's atoms are independent, each as if it were free. Its phase says what
        they are in.
    neutrino_mass_kev : float
        m_ν of VV2.
    medium : Medium, optional
        Matter in the place of that of the target's phase.

    Returns
    -------
    Kernels
        They start at the lowest edge, and raise InputError above the last transfer of the tables.

    Raises
    ------
    DataError
        When there is no table of one of the elements: ``nuatom table build Xe``.
    InputError
        For a mass that is not positive and finite (zero is accepted in matter), or a phase that the target
        does not come in.
    """
    return _tabulated(target, "ipm", photon_in(target, neutrino_mass_kev, medium))


def rpa(
    target: Target, *, neutrino_mass_kev: float = NEUTRINO_MASS_KEV, medium: Medium | None = None
) -> Kernels:
    """Kernels of ionization with correlation: electrons answer to each other as well.

    The kernels of :func:`ipm`, with the responses of
    :class:`~nuatom.atoms.tables.correlated.CorrelatedResponses`, averaged over autoionizing resonances. Above
    the last transfer of correlation they are those of :func:`ipm`.

    Parameters
    ----------
    target : Target
        As of :func:`ipm`.
    neutrino_mass_kev, medium
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
    return _tabulated(target, "rpa", photon_in(target, neutrino_mass_kev, medium))


def of_responses(
    target: Target,
    responses: Responses | Mapping[str, Responses],
    *,
    neutrino_mass_kev: float = NEUTRINO_MASS_KEV,
    medium: Medium | None = None,
) -> Kernels:
    """Kernels of :func:`ipm` for responses of one's own.

    Parameters
    ----------
    target : Target
        Element or compound.
    responses : Responses or mapping of str to Responses
        Per formula unit of the target; or by the symbol of each element of a compound, per atom.
    neutrino_mass_kev, medium
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
    matter = tuple(Matter(name, f"responses of {name} end", value, count) for name, value, count in each)
    photon = photon_in(target, neutrino_mass_kev, medium)
    return _kernels(target, in_medium(matter, photon.medium), "responses", photon)


def matter_of(
    target: Target, model: str | Mapping[str, str], medium: Medium | None = None
) -> tuple[Matter, ...]:
    """What answers in a target: atoms of each element as they are in a medium, or a crystal as a whole.

    Parameters
    ----------
    target : Target
    model : {"ipm", "rpa"}, or mapping of str to these
        By element, and of these elements alone, where they differ.
    medium : Medium, optional
        That of the target's phase by default; free atoms where it has none.

    Raises
    ------
    DataError
        When there is no table of one of the elements.
    InputError
        For a phase that the target does not come in.
    """
    if medium is None and target.phase is not None:
        medium = find_medium(target)
    from nuatom.atoms import find_responses

    symbols = [element.symbol for element, _ in target.constituents]
    models = dict.fromkeys(symbols, model) if isinstance(model, str) else model
    matter = tuple(
        Matter(
            element.symbol,
            f"table of {element.symbol} ends (nuatom table build)",
            find_responses(element.symbol, models[element.symbol]),
            count,
        )
        for element, count in target.constituents
        if element.symbol in models
    )
    if medium is not None and _is_crystal(medium) and len(models) == len(symbols):
        return crystal_of(target, matter, medium)
    return in_medium(matter, medium)


def _is_crystal(medium: Medium | None) -> bool:
    """Whether valence electrons answer together."""
    return medium is not None and medium.valence is not None


def of_models(
    target: Target,
    models: Mapping[str, str],
    *,
    neutrino_mass_kev: float = NEUTRINO_MASS_KEV,
    medium: Medium | None = None,
) -> Kernels:
    """Kernels of :func:`ipm` with a model of each element, ``"ipm"`` or ``"rpa"``; of these elements alone.

    Raises
    ------
    DataError
        When there is no table of one of them.
    """
    photon = photon_in(target, neutrino_mass_kev, medium)
    used = " and ".join(sorted({*models.values()}))
    return _kernels(target, matter_of(target, models, photon.medium), used, photon)


def _methods_of(model: str) -> tuple[str, ...]:
    return tuple(key for name in model.split(" and ") for key in _METHODS_OF.get(name, ()))


def _tabulated(target: Target, model: str, photon: Photon) -> Kernels:
    return _kernels(target, matter_of(target, model, photon.medium), model, photon)


def _kernels(target: Target, matter: tuple[Matter, ...], model: str, photon: Photon) -> Kernels:
    each = each_of(matter, photon)

    def energy_stops(recoil_kev: FloatArray) -> FloatArray:
        # The kinematic limit of free electrons, smeared by the momenta that the bound ones have; above it
        # kernels go on as powers of the energy.
        panels = [panels_kev(part.responses, recoil_kev) for part in matter]
        smeared = 0.5 * (recoil_kev[..., None] + np.concatenate(panels, axis=-1))
        return np.concatenate([smeared, smeared[..., -1:] * _DOUBLINGS], axis=-1)

    stops = np.unique(np.concatenate([part.responses.breakpoints_kev for part in matter]))
    jumps = photon.breakpoints_kev
    stops = np.union1d(stops, jumps[jumps > stops[0]])
    kernels = Kernels(
        model=model,
        target=target,
        algebra=ELECTRON,
        evaluate=_whole_magnetic(added(each)),
        thresholds_kev=tuple(stops.tolist()),
        minimum_energy_kev=_minimum_energy_kev,
        maximum_recoil_kev=_maximum_recoil_kev,
        energy_stops_kev=energy_stops,
        accuracy=_ACCURACY_OF_CRYSTALS if _is_crystal(photon.medium) else _ACCURACY,
        citations=(
            "KS16",
            "KS11",
            *_methods_of(model),
            *target.citations,
            *photon.citations,
        ),
        tables=(*(named for part in matter for named in part.responses.identity), *photon.identity),
    )
    # Those of one element at the same recoils as all: what was integrated for these serves again.
    own = [replace(kernels, evaluate=_whole_magnetic(parts)) for parts in each[1:] and each]
    errors = (
        KernelError(f"theory.{part.name}", part.responses.relative_error, alone)
        for part, alone in zip_longest(matter, own)
    )
    return replace(kernels, errors=tuple(errors))


def _whole_magnetic(parts: Parts) -> Parts:
    """Kernels with the two parts of the magnetic one together."""

    def evaluate(energy_kev: FloatArray, recoil_kev: FloatArray) -> FloatArray:
        values = parts(energy_kev, recoil_kev)
        values[-2] += values[-1]
        return values[:-1]

    return evaluate


def ipm_parts(
    target: Target, *, neutrino_mass_kev: float = NEUTRINO_MASS_KEV, medium: Medium | None = None
) -> Parts:
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
    photon = photon_in(target, neutrino_mass_kev, medium)
    return parts_of(matter_of(target, "ipm", photon.medium), photon)


def subshell_kernels(
    table: ResponseTable,
    energy_kev: float,
    recoil_kev: ArrayLike,
    *,
    neutrino_mass_kev: float = NEUTRINO_MASS_KEV,
    medium: Medium | None = None,
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
    photon = Photon(neutrino_mass_kev, medium)
    highest = last_kev(table)
    if np.any(recoil > highest):
        raise InputError(
            "recoil_kev", float(recoil.max()), f"at most {highest:.6g} keV, where the table ends"
        )
    values = np.zeros((len(table.subshells), len(NAMES) - 1, recoil.size))
    for shell, kernels in zip(table.subshells, values, strict=True):
        is_open = (recoil > shell.scale.edge_kev) & (recoil < energy_kev)
        t = recoil[is_open]
        if t.size:
            least = photon.least_virtuality_kev2(energy_kev, t)
            own: Responses = replace(table, subshells=(shell,))
            if medium is not None:
                own = AtomsInMatter(own, medium)
            integrals = momentum_integrals(own, t, None if medium is None else medium.dielectric)
            parts = integrals.at(np.arange(t.size), 2.0 * energy_kev - t, least) / (4.0 * energy_kev**2)
            parts *= SCALES[:, None]
            kernels[:-1, is_open], kernels[-1, is_open] = parts[:-2], parts[-2] + parts[-1]
    return values


def rpa_parts(
    target: Target, *, neutrino_mass_kev: float = NEUTRINO_MASS_KEV, medium: Medium | None = None
) -> Parts:
    """Kernels of :func:`rpa` as :func:`ipm_parts` gives those of :func:`ipm`; the same is raised."""
    photon = photon_in(target, neutrino_mass_kev, medium)
    return parts_of(matter_of(target, "rpa", photon.medium), photon)


def _minimum_energy_kev(recoil_kev: FloatArray) -> FloatArray:
    """All of the neutrino's energy: an atom can take up any momentum."""
    return np.asarray(recoil_kev, dtype=float)


def _maximum_recoil_kev(energy_kev: FloatArray) -> FloatArray:
    return np.asarray(energy_kev, dtype=float)
