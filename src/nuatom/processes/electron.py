"""Scattering on electrons: free ones, and atomic ones in the stepping approximation."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np

from nuatom.atoms import Target
from nuatom.constants import ELECTRON_MASS_KEV
from nuatom.neutrinos import Algebra, Product
from nuatom.neutrinos.amplitudes import electron_axial, electron_charge, electron_vector, moment
from nuatom.numerics.quadrature import FloatArray
from nuatom.processes.kernels import Kernels
from nuatom.processes.kinematics import maximum_recoil_kev, minimum_energy_kev
from nuatom.processes.scales import MAGNETIC_SCALE, WEAK_SCALE

__all__ = ["ELECTRON", "free", "free_electron", "stepping"]

ELECTRON: Final = Algebra((
    Product("VV0", electron_vector, electron_vector),
    Product("VV1", electron_vector, electron_charge),
    Product("VV2", electron_charge, electron_charge),
    Product("AA", electron_axial, electron_axial),
    Product("VA0", electron_vector, electron_axial, factor=1.0, odd=True),
    Product("VA1", electron_charge, electron_axial, factor=1.0, odd=True),
    Product("MM", moment, moment),
))  # fmt: skip
"""The kernels of scattering on electrons.

With v the weak vector coupling and the radius, a/(Q² − T²) the charge, g the axial coupling,

    dσ/dT = v² VV0 + 2va VV1 + a² VV2 + g² AA ± g (v VA0 + a VA1) + (μ/μ_B)² MM,

upper sign for neutrinos.
"""


def free_electron(energy_kev: FloatArray, recoil_kev: FloatArray) -> FloatArray:
    r"""Kernels of one free electron at rest.

    :cite:`KS16`, equations (6) and (8), sorted by coupling; with y = 1 − T/E and Q² − T² = 2 m_e T,

    .. math::

        VV_0, AA &= \frac{G_F^2 m_e}{2\pi}\Big[1 + y^2 \mp \frac{m_e T}{E^2}\Big], &
        VA_0 &= \frac{G_F^2 m_e}{\pi}\big[1 - y^2\big], \\
        VV_n &= \frac{VV_0}{(2 m_e T)^n}, \quad VA_1 = \frac{VA_0}{2 m_e T}, &
        MM &= \frac{\pi\alpha^2}{m_e^2}\Big[\frac1T - \frac1E\Big],

    zero above T_max = 2E²/(2E + m_e), equation (4).

    Parameters
    ----------
    energy_kev, recoil_kev : ndarray
        Positive; they broadcast.

    Returns
    -------
    ndarray, shape (7, ...)
        cm²/keV, with keV⁻² for VV1 and VA1 and keV⁻⁴ for VV2.
    """
    ratio = recoil_kev / energy_kev
    allowed = recoil_kev <= maximum_recoil_kev(energy_kev)
    weak = np.where(allowed, 0.5 * ELECTRON_MASS_KEV * WEAK_SCALE, 0.0)
    even = 1.0 + (1.0 - ratio) ** 2
    mass_term = ELECTRON_MASS_KEV * ratio / energy_kev
    vector = weak * (even - mass_term)
    interference = weak * 2.0 * ratio * (2.0 - ratio)
    virtuality = 1.0 / (2.0 * ELECTRON_MASS_KEV * recoil_kev)
    return np.stack(
        [
            vector,
            vector * virtuality,
            vector * virtuality**2,
            weak * (even + mass_term),
            interference,
            interference * virtuality,
            np.where(allowed, MAGNETIC_SCALE * (1.0 - ratio), 0.0) / recoil_kev,
        ]
    )


def free(target: Target) -> Kernels:
    """Kernels of a target whose electrons are all free and at rest: one electron's, times their number."""
    electrons = target.electrons

    def evaluate(energy_kev: FloatArray, recoil_kev: FloatArray) -> FloatArray:
        return electrons * free_electron(energy_kev, recoil_kev)

    return Kernels(
        model="free",
        target=target,
        algebra=ELECTRON,
        evaluate=evaluate,
        thresholds_kev=(),
        minimum_energy_kev=minimum_energy_kev,
        maximum_recoil_kev=maximum_recoil_kev,
        citations=("KS16", "Vogel:1989iv", *target.citations),
    )


def stepping(target: Target, *, elements: Collection[str] | None = None) -> Kernels:
    """Kernels in the stepping approximation: an electron counts as free once T reaches its binding energy.

    dσ/dT = (dσ/dT)_free Σ_j n_j θ(T − I_j), :cite:`KS16`, equations (10) and (11), proposed in
    :cite:`Kopeikin:1997ve`; here for each kernel, so also, as an ansatz, for millicharge and charge radius.
    Edges are measured ones (:class:`~nuatom.atoms.Subshell`).

    Parameters
    ----------
    target : Target
        Element or compound.
    elements : collection of str, optional
        Symbols of those whose electrons are counted; all by default.
    """
    shells = [
        (shell.edge_kev, count)
        for element, shell, count in target.subshells
        if elements is None or element.symbol in elements
    ]
    edges, counts = np.array(sorted(shells)).T
    electrons = np.cumsum([0.0, *counts])

    def evaluate(energy_kev: FloatArray, recoil_kev: FloatArray) -> FloatArray:
        open_electrons = electrons[np.searchsorted(edges, recoil_kev, side="right")]
        return open_electrons * free_electron(energy_kev, recoil_kev)

    return Kernels(
        model="stepping",
        target=target,
        algebra=ELECTRON,
        evaluate=evaluate,
        thresholds_kev=tuple(np.unique(edges).tolist()),
        minimum_energy_kev=minimum_energy_kev,
        maximum_recoil_kev=maximum_recoil_kev,
        citations=("KS16", "Kopeikin:1997ve", "Vogel:1989iv", *target.citations),
    )
