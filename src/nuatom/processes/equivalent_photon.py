"""Real photons in the place of virtual ones: right for a charge, and refuted for a magnetic moment."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from nuatom.constants import CM2_PER_INVERSE_KEV2, ELECTRON_MASS_KEV, FINE_STRUCTURE
from nuatom.errors import InputError
from nuatom.numerics.quadrature import FloatArray

__all__ = ["charge_by_equivalent_photons_cm2_per_kev", "refuted_moment_by_equivalent_photons_cm2_per_kev"]

_PER_SIGMA: Final = 1.0 / (4.0 * math.pi**2 * FINE_STRUCTURE)


def charge_by_equivalent_photons_cm2_per_kev(
    energy_kev: ArrayLike,
    recoil_kev: ArrayLike,
    photoabsorption_cm2: ArrayLike,
    *,
    charge: float,
    neutrino_mass_kev: float,
) -> FloatArray:
    r"""Ionization by a millicharge, from the photoabsorption cross section.

    .. math:: \frac{d\sigma}{dT} = \frac{2\alpha}{\pi} q_\nu^2\,\frac{\sigma_\gamma(T)}{T}\,\ln\frac{E}{m_\nu}

    :cite:`Chen:2014dsa`: the photon's pole at Q = T dominates. What else there is, mostly the Coulomb part,
    is not multiplied by the logarithm: in germanium at reactor energies it adds a third to a half.

    Parameters
    ----------
    energy_kev, recoil_kev : array_like
        They broadcast; T far below E.
    photoabsorption_cm2 : array_like
        σ_γ(T) of the atom, as of :func:`~nuatom.atoms.photons.cross_section.tabulated_photoabsorption_cm2`.
    charge : float
        Of the neutrino, in units of the positron's.
    neutrino_mass_kev : float
        What ends the logarithm.

    Raises
    ------
    InputError
        For recoils that are not below the energy, or a mass that is not.
    """
    energy, recoil = _checked(energy_kev, recoil_kev)
    if not (math.isfinite(neutrino_mass_kev) and 0.0 < neutrino_mass_kev < float(np.min(energy))):
        raise InputError("neutrino_mass_kev", neutrino_mass_kev, "a positive mass below the energy")
    sigma = np.asarray(photoabsorption_cm2, dtype=float)
    logarithm = np.log(energy / neutrino_mass_kev)
    result: FloatArray = 2.0 * FINE_STRUCTURE / math.pi * charge**2 * sigma / recoil * logarithm
    return result


def refuted_moment_by_equivalent_photons_cm2_per_kev(
    energy_kev: ArrayLike,
    recoil_kev: ArrayLike,
    photoabsorption_cm2: ArrayLike,
    *,
    magnetic_moment: float,
) -> FloatArray:
    r"""Wrong, for comparison only: a moment's cross section if R/Q² kept its real-photon value at every Q.

    .. math:: \frac{d\sigma}{dT} = \frac{\pi\alpha^2}{m_e^2}\Big(\frac{\mu}{\mu_B}\Big)^2
              \frac{(P_0^2-T^2)^2}{8E^2}\,\frac{\sigma_\gamma(T)}{4\pi^2\alpha T}

    with P₀ = 2E − T. :cite:`KS11`, equation (17) holds at Q = T alone, while a moment's cross section
    collects momenta up to 2E, where the response has long died out. The enhancement near edges that this
    predicts, by orders of magnitude, does not exist; :func:`~nuatom.processes.ionization.ipm` is right.

    Parameters
    ----------
    energy_kev, recoil_kev : array_like
        They broadcast; T below E.
    photoabsorption_cm2 : array_like
        σ_γ(T) of the atom.
    magnetic_moment : float
        In Bohr magnetons.

    Raises
    ------
    InputError
        For recoils that are not below the energy.
    """
    energy, recoil = _checked(energy_kev, recoil_kev)
    response = np.asarray(photoabsorption_cm2, dtype=float) / CM2_PER_INVERSE_KEV2 * _PER_SIGMA / recoil
    virtuality = 4.0 * energy * (energy - recoil)
    scale = math.pi * (FINE_STRUCTURE / ELECTRON_MASS_KEV * magnetic_moment) ** 2 * CM2_PER_INVERSE_KEV2
    result: FloatArray = scale * virtuality**2 / (8.0 * energy**2) * response
    return result


def _checked(energy_kev: ArrayLike, recoil_kev: ArrayLike) -> tuple[FloatArray, FloatArray]:
    energy, recoil = np.broadcast_arrays(np.asarray(energy_kev, float), np.asarray(recoil_kev, float))
    if not np.all((recoil > 0.0) & (recoil < energy)):
        raise InputError("recoil_kev", recoil_kev, "recoils from above zero to below the energy")
    return energy, recoil
