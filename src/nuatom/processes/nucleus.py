"""Coherent elastic scattering on nuclei: every nucleon answers together, and the nucleus recoils whole."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Final, Literal

import numpy as np

from nuatom.atoms import Element, Isotope, Target
from nuatom.constants import (
    CM2_PER_INVERSE_KEV2,
    ELECTRON_MASS_KEV,
    FERMI_PER_KEV2,
    FINE_STRUCTURE,
)
from nuatom.errors import InputError
from nuatom.neutrinos import Algebra, Product
from nuatom.neutrinos.amplitudes import moment, neutron_weak, proton_vector, unit_charge
from nuatom.numerics.quadrature import FloatArray
from nuatom.processes.form_factors import FORM_FACTOR_CITATIONS, nucleon_form_factors
from nuatom.processes.kernels import Kernels
from nuatom.processes.kinematics import maximum_recoil_kev, minimum_energy_kev
from nuatom.processes.scales import MAGNETIC_SCALE, WEAK_SCALE

__all__ = [
    "NUCLEUS",
    "coherent",
    "coherent_factors",
    "interference_factor",
    "kernels_of_one_mass",
    "natural_isotopes",
    "nucleus_mass_kev",
]

Evaluate = Callable[[FloatArray, FloatArray], FloatArray]

NUCLEUS: Final = Algebra((
    Product("pp0", proton_vector, proton_vector),
    Product("pp1", proton_vector, unit_charge),
    Product("pp2", unit_charge, unit_charge),
    Product("pn0", proton_vector, neutron_weak),
    Product("pn1", unit_charge, neutron_weak),
    Product("nn0", neutron_weak, neutron_weak),
    Product("MM", moment, moment),
))  # fmt: skip
"""The kernels of coherent scattering on nuclei, which have a vector current only.

With P + A/(Q² − T²) what multiplies the protons, A the charge's part, and N the neutrons,

    dσ/dT = P² pp0 + 2PA pp1 + A² pp2 + 2PN pn0 + 2AN pn1 + N² nn0 + (μ/μ_B)² MM,

which cannot tell neutrinos from antineutrinos.
"""


def coherent(target: Target, model: str = "helm", *, neutron_skin_fm: float = 0.0) -> Kernels:
    r"""Kernels of coherent scattering on the nuclei of a target, natural isotopes averaged.

    :cite:`KS16`, equations (14) and (15), sorted by coupling; with currents of protons and neutrons
    :math:`\mathrm p = Z F_p`, :math:`\mathrm n = N F_n` and :math:`Q^2-T^2 = 2MT`,

    .. math::

        \mathrm{pp}_k, \mathrm{pn}_k, \mathrm{nn}_0 &= \frac{G_F^2 M}{\pi}\Big(1 - \frac{T}{T_{\max}}\Big)
            \frac{\mathrm p^2,\ \mathrm{pn},\ \mathrm n^2}{(2MT)^k}, \\
        \mathrm{MM} &= \frac{\pi\alpha^2}{m_e^2}\,\frac{\mathrm p^2}{T}
            \Big(1 - \frac TE + \frac{T^2}{4E^2}\Big),

    zero above T_max = 2E²/(2E + M). Charge, radius and weak coupling of the protons share a form factor.

    Parameters
    ----------
    target : Target
        Element or compound of elements from helium on.
    model : str
        Form factor: a key of :data:`~nuatom.processes.form_factors.FORM_FACTORS`, with the radius of
        :func:`~nuatom.processes.form_factors.rms_radius_fm`.
    neutron_skin_fm : float
        By how much the neutrons' root-mean-square radius exceeds the protons'.

    Raises
    ------
    InputError
        For an unknown model, a skin that is not finite, or an element without natural isotopes.

    Notes
    -----
    Nuclei have spin zero here. For spin ½ with a Dirac current the bracket gains +T²/2E², which is
    below 2E²/M², 10⁻⁶ for 50 MeV on caesium; the axial current of an odd nucleon, not coherent and left out,
    adds a part of order 1/N². The vector current does not tell neutrinos
    from antineutrinos.
    """
    parts = tuple(
        _isotope(target, element, isotope, count * isotope.abundance, model, neutron_skin_fm)
        for element, count in target.constituents
        for isotope in natural_isotopes(element)
    )
    return Kernels.added(parts)


def _isotope(
    target: Target, element: Element, isotope: Isotope, number: float, model: str, skin_fm: float
) -> Kernels:
    protons, neutrons = element.atomic_number, isotope.mass_number - element.atomic_number
    mass = nucleus_mass_kev(element, isotope)
    form_factors = nucleon_form_factors(model, isotope.mass_number, skin_fm)

    def evaluate(energy_kev: FloatArray, recoil_kev: FloatArray) -> FloatArray:
        virtuality = 2.0 * mass * recoil_kev
        of_protons, of_neutrons = form_factors(np.sqrt(virtuality))
        p, n = protons * of_protons, neutrons * of_neutrons
        weak, magnetic = coherent_factors(energy_kev, recoil_kev, mass)
        pp, pn, inverse = number * p * p * weak, number * p * n * weak, 1.0 / virtuality
        return np.stack(
            [
                pp,
                pp * inverse,
                pp * inverse**2,
                pn,
                pn * inverse,
                number * n * n * weak,
                number * p * p * magnetic,
            ]
        )

    return kernels_of_one_mass(target, model, NUCLEUS, mass, evaluate, "KS16")


def kernels_of_one_mass(
    target: Target, model: str, algebra: Algebra, mass_kev: float, evaluate: Evaluate, *sources: str
) -> Kernels:
    """Kernels of what recoils as a whole, with the limits of two-body kinematics."""
    return Kernels(
        model=model,
        target=target,
        algebra=algebra,
        evaluate=evaluate,
        thresholds_kev=(),
        minimum_energy_kev=partial(minimum_energy_kev, mass_kev=mass_kev),
        maximum_recoil_kev=partial(maximum_recoil_kev, mass_kev=mass_kev),
        citations=(*sources, *FORM_FACTOR_CITATIONS[model], *target.citations),
    )


def coherent_factors(
    energy_kev: FloatArray, recoil_kev: FloatArray, mass_kev: float
) -> tuple[FloatArray, FloatArray]:
    """Cross section of a spin-zero target of unit weak charge, and of unit charge and a moment of 1 μ_B.

    (G_F²M/π)(1 − T/T_max) and (πα²/m_e²)(1/T)(1 − T/E + T²/4E²): :cite:`KS16`, equations (14) and (15).

    Parameters
    ----------
    energy_kev, recoil_kev : ndarray
        Positive; they broadcast.
    mass_kev : float
        Of the target.

    Returns
    -------
    weak, magnetic : ndarray
        cm²/keV; zero above T_max.
    """
    fraction = recoil_kev / maximum_recoil_kev(energy_kev, mass_kev)
    ratio = recoil_kev / energy_kev
    weak = WEAK_SCALE * mass_kev * np.maximum(1.0 - fraction, 0.0)
    magnetic = np.where(fraction <= 1.0, MAGNETIC_SCALE, 0.0) * (1.0 - 0.5 * ratio) ** 2 / recoil_kev
    return weak, magnetic


def natural_isotopes(element: Element) -> tuple[Isotope, ...]:
    """Natural isotopes of an element.

    Raises
    ------
    InputError
        For an element that has none.
    """
    if not element.isotopes:
        raise InputError("target", element.symbol, "elements with natural isotopes")
    return element.isotopes


def nucleus_mass_kev(element: Element, isotope: Isotope) -> float:
    """Nuclear mass: the atomic mass without its electrons, whose binding (10⁻⁶ of it) is left out."""
    return isotope.mass_kev - element.atomic_number * ELECTRON_MASS_KEV


def interference_factor(
    recoil_kev: FloatArray,
    mass_kev: float,
    atomic_number: int,
    weak_charge: float,
    charge: float = 0.0,
    charge_radius_cm2: float = 0.0,
    sign: Literal["photon-exchange", "ks16"] = "photon-exchange",
) -> FloatArray:
    """Factor η whose square multiplies the weak cross section on a nucleus, for charge and charge radius.

    η = 1 ± (√2πα Z/(G_F C_V)) [q_ν/(MT) − ⟨r²⟩/3]: :cite:`KS16`, equation (13), has the lower sign; the
    exchange of a photon between like charges gives the upper one, which everything else here uses.

    Parameters
    ----------
    recoil_kev : ndarray
        Nuclear recoil, positive.
    mass_kev : float
        Nuclear mass.
    atomic_number : int
        Z.
    weak_charge : float
        C_V = Z g_V^p + N g_V^n, not zero.
    charge, charge_radius_cm2 : float
        q_ν in units of the positron's charge, ⟨r²⟩ in cm².
    sign : {"photon-exchange", "ks16"}
        Which sign.

    Raises
    ------
    InputError
        For another sign, or a vanishing weak charge.
    """
    if sign not in ("photon-exchange", "ks16"):
        raise InputError("sign", sign, "photon-exchange or ks16")
    if weak_charge == 0.0:
        raise InputError("weak_charge", weak_charge, "a number other than zero")
    scale = math.sqrt(2.0) * math.pi * FINE_STRUCTURE * atomic_number / (FERMI_PER_KEV2 * weak_charge)
    radius_per_kev2 = charge_radius_cm2 / CM2_PER_INVERSE_KEV2
    shift = scale * (charge / (mass_kev * recoil_kev) - radius_per_kev2 / 3.0)
    return 1.0 + (shift if sign == "photon-exchange" else -shift)
