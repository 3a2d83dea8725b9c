"""Quenching functions, their inverses, and what they refuse."""

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nuatom import InputError
from nuatom.detectors import Lindhard, PolynomialQuenching, TabulatedQuenching
from nuatom.detectors.quenching import recoil_for

CSI = PolynomialQuenching((0.0554628, 4.30681, -111.707, 840.384), 60.0)
GERMANIUM = Lindhard.of(32, 72.63)
TABLE = TabulatedQuenching((1.0, 5.0, 20.0), (0.15, 0.9, 4.5))


def test_lindhard_in_germanium():
    # J. Lindhard's k for germanium is quoted as 0.157 everywhere.
    assert_allclose(GERMANIUM.k, 0.157, atol=5e-4)
    # At ε = 1, g = 4.7 whatever the element.
    recoil = 32.0 ** (7.0 / 3.0) / 11.5
    assert_allclose(
        GERMANIUM(np.array(recoil)), recoil * 4.7 * GERMANIUM.k / (1 + 4.7 * GERMANIUM.k), rtol=1e-14
    )


def test_polynomial_is_in_mev():
    x = 0.012
    expected = 0.0554628 * x + 4.30681 * x**2 - 111.707 * x**3 + 840.384 * x**4
    assert_allclose(CSI(np.array(12.0)), 1e3 * expected, rtol=1e-14)


def test_table_passes_through_its_points_and_the_origin():
    assert_allclose(TABLE(np.array([1.0, 5.0, 20.0])), [0.15, 0.9, 4.5], rtol=1e-14)
    assert TABLE(np.array(0.0)) == 0.0
    assert np.all(np.diff(TABLE(np.linspace(0.0, 20.0, 300))) > 0.0)


@pytest.mark.parametrize("quenching", [CSI, GERMANIUM, TABLE], ids=["polynomial", "lindhard", "table"])
def test_inverse(quenching):
    for energy in (0.05, 0.6, 3.9):
        recoil = recoil_for(quenching, energy)
        assert_allclose(quenching(np.array(recoil)), energy, rtol=1e-12)
    assert recoil_for(quenching, 0.0) == 0.0
    beyond = recoil_for(quenching, 1e4)
    assert beyond == math.inf if math.isfinite(quenching.highest_recoil_kev) else math.isfinite(beyond)


@pytest.mark.parametrize("quenching", [CSI, TABLE], ids=["polynomial", "table"])
def test_nothing_beyond_the_range(quenching):
    top = quenching.highest_recoil_kev
    assert quenching(np.array(top)) > 0.0
    with pytest.raises(InputError, match="recoil_kev"):
        quenching(np.array([1.0, 1.001 * top]))


def test_the_uncertainty_of_k():
    uncertain = replace(GERMANIUM, k_uncertainty=0.004)
    (only,) = uncertain.uncertainties
    assert (only.plus.k, only.minus.k) == (GERMANIUM.k + 0.004, GERMANIUM.k - 0.004)
    recoil = np.array([0.4, 6.3])
    assert_allclose(uncertain(recoil), GERMANIUM(recoil), rtol=0)
    # kg/(1 + kg): a relative change of k counts a little less than as much.
    relative = only.plus(recoil) / uncertain(recoil) - 1.0
    assert np.all((relative * GERMANIUM.k > 0.5 * 0.004) & (relative * GERMANIUM.k < 0.004))
    assert GERMANIUM.uncertainties == ()


def test_alternatives_of_a_polynomial():
    alternatives = (("first", (0.06, 3.0), (0.05, 5.0)),)
    (only,) = PolynomialQuenching((0.055, 4.0), 10.0, alternatives).uncertainties
    assert only.name == "quenching.first"
    assert only.plus == PolynomialQuenching((0.06, 3.0), 10.0)
    assert only.minus == PolynomialQuenching((0.05, 5.0), 10.0)


def test_uncertainties_of_a_table():
    sigma = (0.02, 0.0, 0.3)
    (together,) = replace(TABLE, uncertainty_kev=sigma).uncertainties
    assert_allclose(together.plus(np.array(TABLE.recoil_kev)), [0.17, 0.9, 4.8], rtol=1e-14)
    assert_allclose(together.minus(np.array(TABLE.recoil_kev)), [0.13, 0.9, 4.2], rtol=1e-14)
    each = replace(TABLE, uncertainty_kev=sigma, common=False).uncertainties
    assert [entry.name for entry in each] == ["quenching.1keV", "quenching.20keV"]
    assert_allclose(each[1].minus(np.array(TABLE.recoil_kev)), [0.15, 0.9, 4.2], rtol=1e-14)
    assert TABLE.uncertainties == ()


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: Lindhard(32, 0.157, -0.01), "k_uncertainty"),
        (lambda: Lindhard(32, 0.157, 0.157), "k_uncertainty"),
        (lambda: replace(TABLE, uncertainty_kev=(0.1,)), "uncertainty_kev"),
        (lambda: replace(TABLE, uncertainty_kev=(0.1, -0.1, 0.1)), "uncertainty_kev"),
        (lambda: replace(TABLE, uncertainty_kev=(0.2, 0.1, 0.1)), "uncertainty_kev"),
        (lambda: replace(TABLE, uncertainty_kev=(0.1, 0.8, 0.1), common=False), "uncertainty_kev"),
        (lambda: Lindhard(0, 0.1), "atomic_number"),
        (lambda: Lindhard(32, 0.0), "k"),
        (lambda: Lindhard(32, math.nan), "k"),
        (lambda: Lindhard.of(32, -1.0), "mass_u"),
        (lambda: PolynomialQuenching((0.1,), 0.0), "highest_recoil_kev"),
        (lambda: PolynomialQuenching((0.1, -10.0), 20.0), "coefficients_mev"),
        (lambda: TabulatedQuenching((), ()), "recoil_kev"),
        (lambda: TabulatedQuenching((1.0, 1.0), (0.1, 0.2)), "recoil_kev"),
        (lambda: TabulatedQuenching((1.0, 2.0), (0.2, 0.1)), "electron_equivalent_kev"),
        (lambda: TabulatedQuenching((1.0, 2.0), (0.1,)), "electron_equivalent_kev"),
    ],
)
def test_bad_input_is_refused(make, name):
    with pytest.raises(InputError, match=name):
        make()


def test_lindhard_is_the_fit_to_his_tables():
    """Lewin and Smith's formula (1996): E = T k g/(1 + k g), g = 3ε^0.15 + 0.7ε^0.6 + ε."""
    quenching = Lindhard(54, 0.11)
    energy_kev = np.array([0.1, 1.0, 10.0, 1e3])
    reduced = 11.5 * 54.0 ** (-7 / 3) * energy_kev
    visible = quenching(energy_kev) / energy_kev
    g = visible / (1.0 - visible) / 0.11
    assert_allclose(g, 3.0 * reduced ** (3 / 20) + 0.7 * reduced ** (3 / 5) + reduced, rtol=1e-12)
