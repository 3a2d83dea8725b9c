"""Multipole algebra against brute force: three-dimensional quadrature of explicit spinors."""

import numpy as np
import pytest
from scipy.special import sph_harm_y

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.independent.multipoles import PartialWaves, multipole_sum
from nuatom.numerics.bessel import spherical_bessel
from nuatom.numerics.quadrature import legendre_rule

MOMENTUM = 1.3
WAVES = 4


def orbital_l(kappa):
    return kappa if kappa > 0 else -kappa - 1


def spin_angle(kappa, twice_m, polar, azimuth):
    """Ω_κm from Clebsch-Gordan coefficients, shape (2, ...)."""
    order, m = orbital_l(kappa), twice_m / 2
    parts = []
    for spin in (1, -1):
        projection = (twice_m - spin) // 2
        if kappa < 0:
            coefficient = np.sqrt((order + 0.5 + spin * m) / (2 * order + 1))
        else:
            coefficient = -spin * np.sqrt((order + 0.5 - spin * m) / (2 * order + 1))
        inside = abs(projection) <= order
        harmonic = sph_harm_y(order, projection, polar, azimuth) if inside else 0.0 * polar
        parts.append(coefficient * harmonic)
    return np.array(parts)


def pauli():
    return [np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1])]


def currents():
    zero = np.zeros((2, 2))
    alpha = [np.block([[zero, s], [s, zero]]) for s in pauli()]
    sigma = [np.block([[s, zero], [zero, s]]) for s in pauli()]
    gamma5 = np.block([[zero, np.eye(2)], [np.eye(2), zero]])
    return np.array([np.eye(4), *alpha]), np.array([gamma5, *sigma])


def brute_force(kappa, bound, waves, r, weight):
    cosine, cosine_weight = np.polynomial.legendre.leggauss(24)
    azimuth = 2 * np.pi * np.arange(14) / 14
    polar, azimuth = np.meshgrid(np.arccos(cosine), azimuth, indexing="ij")
    solid = np.repeat(cosine_weight[:, None], 14, 1) * 2 * np.pi / 14
    phase = np.exp(1j * MOMENTUM * r[:, None, None] * np.cos(polar)) * weight[:, None, None]
    phase = phase * solid

    def spinor(kappa, twice_m, large, small):
        upper = spin_angle(kappa, twice_m, polar, azimuth)[:, None] * large[:, None, None]
        lower = spin_angle(-kappa, twice_m, polar, azimuth)[:, None] * small[:, None, None]
        return np.concatenate([upper, 1j * lower])

    vector, axial = currents()
    total = np.zeros((3, 4, 4), complex)
    twice_j = 2 * abs(kappa) - 1
    for sign in (0, 1):
        for order in range(WAVES):
            final_kappa = order + 1 if sign else -(order + 1)
            for final_m in range(-(2 * order + 1), 2 * order + 2, 2):
                final = spinor(final_kappa, final_m, *waves[sign, order]).conj()
                for m in range(-twice_j, twice_j + 1, 2):
                    overlap = np.einsum("arxy,brxy,rxy->ab", final, spinor(kappa, m, *bound), phase)
                    v = np.einsum("nab,ab->n", vector, overlap)
                    a = np.einsum("nab,ab->n", axial, overlap)
                    for n, amplitude in enumerate((v, a, v - a)):
                        total[n] += np.outer(amplitude, amplitude.conj()) / (twice_j + 1)
    return total


@pytest.mark.parametrize("kappa", [-1, 1, -2, 2])
def test_every_response_equals_brute_force(kappa):
    nodes, weights = legendre_rule(40)
    r, weight = 6.0 * nodes, 6.0 * weights
    rng = np.random.default_rng(abs(kappa))

    def radial(order):
        a, b, c = rng.uniform(0.5, 2.0, 3)
        return r ** (order + 1) * np.exp(-a * r) * (1.0 + b * np.sin(c * r))

    bound = np.array([radial(orbital_l(kappa)), radial(orbital_l(-kappa))])
    waves = np.array(
        [
            [[radial(orbital_l(s * (j + 1))), radial(orbital_l(-s * (j + 1)))] for j in range(WAVES)]
            for s in (-1, 1)
        ]
    )
    last = WAVES + abs(kappa)
    bessel = spherical_bessel(last + 1, r[:, None] * np.array([MOMENTUM]))
    everywhere = np.zeros(last + 2, dtype=int)
    partial_waves = PartialWaves.from_orbitals(kappa, bound, waves, weight)
    values = multipole_sum(partial_waves, bessel, everywhere, everywhere).values[:, 0]

    vector, axial, left = brute_force(kappa, bound, waves, r, weight)
    mixed = left - vector - axial
    expected = [
        *(tensor[i] for tensor in (vector, axial) for i in [(0, 0), (0, 3), (3, 3), (1, 1)]),
        1j * (mixed[1, 2] - mixed[2, 1]),
    ]
    for name, value, reference in zip(COMPONENTS, values, expected, strict=True):
        assert value == pytest.approx(reference, rel=1e-10, abs=0.0), name
    # The averaged tensors have no other independent entries.
    assert vector[2, 2] == pytest.approx(vector[1, 1], rel=1e-10, abs=0.0)
    assert vector[0, 3] == pytest.approx(vector[3, 0], rel=1e-10, abs=0.0)
    assert abs(vector[0, 1]) + abs(vector[1, 2]) + abs(axial[1, 2]) < 1e-12 * abs(vector[0, 0])
