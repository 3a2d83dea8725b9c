"""Laws of beams, reactors and sources: kinematics of the decays, scaling, conservation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuatom.constants import ELECTRON_MASS_KEV
from nuatom.data import read_toml
from nuatom.fluxes import flux, pion_decay_at_rest, radioactive_source, reactor
from nuatom.fluxes.reactor import ISOTOPES

PION = read_toml("pion_decay.toml")["pion"]["mass_kev"]
MUON = read_toml("pion_decay.toml")["muon"]["mass_kev"]
MEV = 1000.0


def total(source):
    return sum(component.flux_per_cm2_s for component in source.components)


def spectrum(name):
    return pion_decay_at_rest(1.0, 1.0, 1.0).component(name).spectrum


def three_body(energy, flavour, electron_mass):
    """Neutrino spectrum of μ⁺ → e⁺ ν_e ν̄_μ at rest from |M|² ∝ (p_μ·k_e)(p_e·k_μ), any electron mass.

    The other two particles have the invariant mass Q; their directions are averaged in its frame.
    """
    q2 = MUON**2 - 2.0 * MUON * energy
    phase_space = energy * (1.0 - electron_mass**2 / q2)
    if flavour == "e":
        return phase_space * MUON * energy * (q2 - electron_mass**2) / 2.0
    q = np.sqrt(q2)
    own = (MUON**2 - q2) / (2.0 * q)
    muon = (MUON**2 + q2) / (2.0 * q)
    other = (q2 - electron_mass**2) / (2.0 * q)
    electron = (q2 + electron_mass**2) / (2.0 * q)
    # Quadratic in the cosine: two Gauss nodes are exact.
    return phase_space * sum(
        other * (muon - own * cosine) * own * (electron + other * cosine) / 2.0
        for cosine in (-(3.0**-0.5), 3.0**-0.5)
    )


@pytest.mark.parametrize(("name", "flavour"), [("delayed-e", "e"), ("delayed-anti-mu", "mu")])
def test_michel_spectra_follow_from_the_matrix_element(name, flavour):
    x = np.linspace(0.02, 0.98, 25)
    energy = 0.5 * MUON * x
    closed = spectrum(name).density(energy)
    massless = three_body(energy, flavour, 0.0)
    ratio = massless / closed
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-12)
    # The mass of the positron changes the shape by (m_e/Q)²; Q² = m_μ²(1 − x).
    massive = three_body(energy, flavour, ELECTRON_MASS_KEV) / ratio[0] / closed
    bound = 4.0 * (ELECTRON_MASS_KEV / MUON) ** 2 / (1.0 - x)
    assert np.all(np.abs(massive - 1.0) < bound)
    assert np.all(massive < 1.0)


def test_prompt_line_conserves_energy_and_momentum():
    (energy,) = spectrum("prompt-mu").energies_kev
    assert energy + np.hypot(energy, MUON) == pytest.approx(PION, rel=1e-14, abs=0.0)
    assert energy == pytest.approx(29.79 * MEV, abs=5.0)


def test_muon_decay_conserves_energy():
    """The positron has the muon antineutrino's spectrum, and the three share the muon's mass."""
    means = {}
    for name in ("delayed-e", "delayed-anti-mu"):
        energy, weight = spectrum(name).quadrature(0.0, 8)
        assert weight.sum() == pytest.approx(1.0, abs=1e-15)
        means[name] = np.sum(energy * weight)
    assert means["delayed-e"] == pytest.approx(0.3 * MUON, rel=1e-14, abs=0.0)
    assert means["delayed-anti-mu"] == pytest.approx(0.35 * MUON, rel=1e-14, abs=0.0)
    assert means["delayed-e"] + 2.0 * means["delayed-anti-mu"] == pytest.approx(MUON, rel=1e-14, abs=0.0)


@given(st.floats(1e-3, 10.0), st.floats(1e10, 1e17), st.floats(1.0, 100.0))
def test_only_the_product_of_rate_and_time_counts_for_a_beam(per_proton, protons_per_s, distance):
    protons, time = 3e23, 1e7
    beam = pion_decay_at_rest(per_proton, protons / time, distance)
    shorter = pion_decay_at_rest(per_proton, protons / (0.5 * time), distance)
    assert 0.5 * total(shorter) == pytest.approx(total(beam), rel=1e-14, abs=0.0)
    nearer = pion_decay_at_rest(per_proton, protons_per_s, 0.5 * distance)
    here = pion_decay_at_rest(per_proton, protons_per_s, distance)
    assert total(nearer) == pytest.approx(4.0 * total(here), rel=1e-13, abs=0.0)
    sphere = 4.0 * np.pi * (100.0 * distance) ** 2
    assert sphere * total(here) == pytest.approx(3.0 * per_proton * protons_per_s, rel=1e-13, abs=0.0)


def test_reactor_scales_with_power_and_distance():
    here = total(reactor(3.0, 20.0))
    assert total(reactor(1.5, 20.0)) == pytest.approx(0.5 * here, rel=1e-14, abs=0.0)
    assert total(reactor(3.0, 40.0)) == pytest.approx(0.25 * here, rel=1e-14, abs=0.0)
    assert total(flux("reactor-pwr")) == here


def test_fuels_mix_by_fissions():
    """The flux is linear in the fractions at a fixed number of fissions, not at a fixed power."""
    energies = read_toml("reactor.toml")["energy_per_fission_mev"]
    mixed = reactor(3.0, 20.0, {"u235": 0.25, "pu239": 0.75}, captures_per_fission=0.0)
    mean_energy = 0.25 * energies["u235"] + 0.75 * energies["pu239"]
    for isotope, share in (("u235", 0.25), ("pu239", 0.75)):
        pure = reactor(3.0, 20.0, {isotope: 1.0}, captures_per_fission=0.0)
        expected = share * energies[isotope] / mean_energy * total(pure)
        assert mixed.component(isotope).flux_per_cm2_s == pytest.approx(expected, rel=1e-14, abs=0.0)


def test_captures_add_two_antineutrinos_each_and_leave_the_rest():
    none, some, more = (reactor(3.0, 20.0, captures_per_fission=c) for c in (0.0, 0.5, 1.0))
    assert "capture" not in [component.name for component in none.components]
    assert total(more) - total(none) == pytest.approx(2.0 * (total(some) - total(none)), rel=1e-12, abs=0.0)
    # 205.96 MeV is the mean energy of a fission in the default fuel.
    fissions_per_cm2_s = 3e9 / (205.96 * 1.602176634e-13) / (4.0 * np.pi * 2000.0**2)
    found = more.component("capture").flux_per_cm2_s
    assert found == pytest.approx(2.0 * fissions_per_cm2_s, rel=1e-4, abs=0.0)


# Where two calculations that share no data meet: what the two publications differ by from 2.0 to 2.1 MeV.
@pytest.mark.parametrize(
    ("isotope", "step"), [("u235", 0.051), ("u238", -0.068), ("pu239", 0.021), ("pu241", -0.019)]
)
def test_the_joins_are_as_large_as_stated(isotope, step):
    density = reactor(3.0, 20.0).component(isotope).spectrum.density

    def found(at, near, far):
        """Conversion over summation, continued to the join from its two nearest bins."""
        at, near, far = density(MEV * np.array([at, near, far]))
        return at / (near * np.sqrt(near / far))

    assert found(2.0, 1.95, 1.85) == pytest.approx(1.0 + step, abs=0.02)
    # Both are poorly known at 8 MeV; a wrong unit or isotope would be further off.
    assert 0.4 < found(8.0, 8.05, 8.15) < 1.0


def test_every_isotope_is_below_ten_mev_and_positive():
    core = reactor(3.0, 20.0)
    for isotope in ISOTOPES:
        inside = core.component(isotope).spectrum.density(np.linspace(0.0, 10.0, 1001) * MEV)
        assert np.all(inside > 0.0)
        outside = core.component(isotope).spectrum.density(np.array([-1.0, 10001.0]))
        assert not np.any(outside)


@given(st.sampled_from(["51Cr", "37Ar", "3H"]), st.floats(1e6, 1e18), st.floats(0.1, 10.0))
def test_sources_give_one_neutrino_a_decay(nuclide, activity, distance):
    found = 4.0 * np.pi * (100.0 * distance) ** 2 * total(radioactive_source(nuclide, activity, distance))
    assert found == pytest.approx(activity, rel=1e-13, abs=0.0)
