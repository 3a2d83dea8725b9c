"""Coherent elastic scattering on whole atoms: nucleus and electrons answer, and recoil, together."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from nuatom.atoms import Element, Isotope, Target
from nuatom.neutrinos import Algebra, Product
from nuatom.neutrinos.amplitudes import (
    electron_weak,
    moment,
    neutron_weak,
    proton_weak,
    unit_charge,
    unit_radius,
)
from nuatom.numerics.quadrature import FloatArray
from nuatom.processes.form_factors import nucleon_form_factors
from nuatom.processes.kernels import Kernels
from nuatom.processes.nucleus import coherent_factors, kernels_of_one_mass, natural_isotopes

if TYPE_CHECKING:
    from nuatom.atoms import AtomicFormFactor

__all__ = ["ATOM", "ElectronFormFactor", "orbital_form_factor", "whole_atom"]

_WEAK: Final = {"p": proton_weak, "n": neutron_weak, "e": electron_weak}
_ON_CHARGE: Final = {**_WEAK, "c": unit_radius}

ATOM: Final = Algebra((
    *(
        Product(f"{left}{right}0", _WEAK[left], _WEAK[right])
        for left, right in ("pp", "pn", "nn", "pe", "ne", "ee")
    ),
    *(Product(f"{current}c0", amplitude, unit_radius) for current, amplitude in _ON_CHARGE.items()),
    *(Product(f"{current}c1", amplitude, unit_charge) for current, amplitude in _ON_CHARGE.items()),
    Product("cc2", unit_charge, unit_charge),
    Product("MM", moment, moment),
))  # fmt: skip
"""The kernels of coherent scattering on whole atoms, products of four currents.

Protons (p), neutrons (n) and electrons (e) have weak couplings; the photon sees the net charge (c), with the
radius and, over Q² − T² to the power that ends the name, the charge.
"""

ElectronFormFactor = Callable[[Element, FloatArray], FloatArray]
"""Number of electrons that answer together to a momentum transfer in keV: Z at zero, none at large ones."""


def orbital_form_factor(element: Element, momentum_kev: FloatArray) -> FloatArray:
    """Atomic form factor of the neutral atom's Dirac-Fock orbitals, computed once per element.

    :func:`nuatom.atoms.independent.form_factor.atomic_form_factor`; Z exactly at Q = 0.

    Parameters
    ----------
    element : Element
        Neutral atom.
    momentum_kev : ndarray
        Momentum transfer Q.

    Raises
    ------
    ConvergenceError
        When the ground state is not found.
    """
    from nuatom.atoms import MOMENTUM_KEV

    return _form_factor(element.atomic_number)(momentum_kev / MOMENTUM_KEV)


@cache
def _form_factor(atomic_number: int) -> AtomicFormFactor:
    # The solver is compiled: loaded when an atom is asked for.
    from nuatom.atoms import atomic_form_factor, ground_state

    return atomic_form_factor(ground_state(atomic_number))


def whole_atom(
    target: Target,
    model: str = "helm",
    *,
    neutron_skin_fm: float = 0.0,
    electron_form_factor: ElectronFormFactor = orbital_form_factor,
) -> Kernels:
    r"""Kernels of scattering that leaves each atom of a target whole and in its ground state.

    As :func:`~nuatom.processes.nucleus.coherent`, with M the mass of the atom and four currents: protons
    :math:`\mathrm p = ZF_p`, neutrons :math:`\mathrm n = NF_n`, electrons :math:`\mathrm e = ZF_e` in the
    weak charge, and the net charge :math:`\mathrm c = Z(F_p - F_e)` that the photon sees. A kernel is a
    product of two currents times :math:`(G_F^2M/\pi)(1 - T/T_{\max})/(2MT)^k`, and MM is
    :math:`(\pi\alpha^2/m_e^2)(\mathrm c^2/T)(1 - T/2E)^2`. For momenta far above the atom's, F_e → 0 and
    this is the nucleus; for Q → 0 the atom is neutral, c ∝ Q², and charge, radius and moment decouple.

    Parameters
    ----------
    target : Target
        Element or compound; its atoms are independent, for Q well above the inverse of their distance.
    model, neutron_skin_fm
        Nuclear form factor, as for the nucleus.
    electron_form_factor : callable
        Electrons that answer together, by element and momentum; by default those of the orbitals.

    Raises
    ------
    InputError
        For an unknown model, a skin that is not finite, or an element without natural isotopes.

    Notes
    -----
    The electrons' weak charge is their vector one: the axial and magnetic ones vanish for closed shells. With
    open shells they are incoherent, of order 1/Z² here.
    """
    parts = tuple(
        _isotope(
            target, element, isotope, count * isotope.abundance, model, neutron_skin_fm, electron_form_factor
        )
        for element, count in target.constituents
        for isotope in natural_isotopes(element)
    )
    return Kernels.added(parts)


def _isotope(
    target: Target,
    element: Element,
    isotope: Isotope,
    number: float,
    model: str,
    skin_fm: float,
    electron_form_factor: ElectronFormFactor,
) -> Kernels:
    charge, neutrons = element.atomic_number, isotope.mass_number - element.atomic_number
    mass = isotope.mass_kev
    form_factors = nucleon_form_factors(model, isotope.mass_number, skin_fm)

    def evaluate(energy_kev: FloatArray, recoil_kev: FloatArray) -> FloatArray:
        virtuality = 2.0 * mass * recoil_kev
        momentum = np.sqrt(virtuality)
        of_protons, of_neutrons = form_factors(momentum)
        p, n = charge * of_protons, neutrons * of_neutrons
        e = electron_form_factor(element, momentum)
        # In this order, because p − e is small at small momenta.
        c = (charge - e) - charge * (1.0 - of_protons)
        weak, magnetic = coherent_factors(energy_kev, recoil_kev, mass)
        weak, magnetic, inverse = number * weak, number * magnetic, 1.0 / virtuality
        pairs = (p * p, p * n, n * n, p * e, n * e, e * e, p * c, n * c, e * c, c * c)
        kernels = [product * weak for product in pairs]
        kernels += [kernel * inverse for kernel in kernels[6:]]
        return np.stack([*kernels, c * c * weak * inverse**2, c * c * magnetic])

    return kernels_of_one_mass(target, model, ATOM, mass, evaluate, "KS16", "KS11")
