"""One-loop couplings of the electron against an older, independent calculation.

J. N. Bahcall, M. Kamionkowski and A. Sirlin, Phys. Rev. D 51 (1995) 6146, Appendix A: with
sin²θ_W(M_Z) = 0.2317, ρ_NC = 1.0126 and, at T → 0, κ(ν_e) = 0.9791 and κ(ν_μ) = 0.9970 (each ± 0.0025),

    g_L = ρ (½ − κ s²) − 1 for ν_e,  g_L = ρ (½ − κ s²) for ν_μ,  g_R = −ρ κ s²,

in a convention where the couplings have the opposite overall sign: g_V = −(g_L + g_R), g_A = −(g_L − g_R)
for ν_e and ν_μ alike. Their ν_τ is their ν_μ: the radii of the two differ beyond their order.
"""

import pytest
from numpy.testing import assert_allclose

from nuatom.neutrinos import Neutrino, couplings
from nuatom.neutrinos.electroweak import SM_CHARGE_RADIUS_CM2, vector_shift_per_radius_cm2

RHO, SIN2_AT_Z = 1.0126, 0.2317
KAPPA = {"e": 0.9791, "mu": 0.9970}
KAPPA_UNCERTAINTY = 0.0025
FLAVOURS = ("e", "mu", "tau")


def bahcall_kamionkowski_sirlin(flavour: str) -> tuple[float, float]:
    effective = KAPPA[flavour] * SIN2_AT_Z
    left = RHO * (0.5 - effective) - (1.0 if flavour == "e" else 0.0)
    right = -RHO * effective
    return -(left + right), -(left - right)


def radiative_total(flavour: str) -> tuple[float, float]:
    """g_V with the Standard Model charge radius in it, and g_A."""
    neutrino, index = Neutrino(electroweak=couplings("radiative")), FLAVOURS.index(flavour)
    shift = vector_shift_per_radius_cm2() * neutrino.charge_radius_cm2[index, index].real
    return neutrino.electroweak.vector[index] + shift, neutrino.electroweak.axial[index]


@pytest.mark.parametrize("flavour", KAPPA)
def test_couplings_agree_with_bahcall_kamionkowski_and_sirlin(flavour):
    g_v, g_a = radiative_total(flavour)
    expected_v, expected_a = bahcall_kamionkowski_sirlin(flavour)
    # Their own uncertainty of κ moves g_V by 2 ρ s² Δκ = 0.0012; today's sin²θ_W(M_Z) = 0.23122 by 0.001.
    assert 2.0 * RHO * SIN2_AT_Z * KAPPA_UNCERTAINTY < 0.0015
    assert_allclose(g_v, expected_v, rtol=0.0, atol=0.0015)
    # κ drops out of the axial coupling: what is left is ρ, to its last printed digits.
    assert_allclose(g_a, expected_a, rtol=0.0, atol=0.0002)


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_loops_are_not_the_tree(flavour):
    """What the first test would say of the tree level: the comparison can tell them apart."""
    index = FLAVOURS.index(flavour)
    tree = couplings("tree")
    g_v, g_a = radiative_total(flavour)
    assert abs(g_v - tree.vector[index]) > 0.01
    assert abs(g_a - tree.axial[index]) > 0.005


def test_without_radii_the_flavours_differ_by_the_charged_current_only():
    """The flavour dependence of the loops is that of the charge radii."""
    radiative = couplings("radiative")
    e, mu, tau = radiative.vector
    # Couplings are printed to 1e-4, radii to 0.01e-32 cm² = 2e-4 in g_V: half a digit of each.
    assert_allclose((e - 1.0, mu), tau, rtol=0.0, atol=2e-4)
    # What is left of the loops is common to all.
    tree = couplings("tree", radiative.sin2_theta_w)
    assert_allclose((e, mu, tau), tree.vector, rtol=0.0, atol=0.006)
    # With the radii in, even the two nearest differ by far more.
    assert vector_shift_per_radius_cm2() * (SM_CHARGE_RADIUS_CM2[2] - SM_CHARGE_RADIUS_CM2[1]) > 0.004
