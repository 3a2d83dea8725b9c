"""Free-electron tensor against explicit Dirac spinors and against the published cross sections."""

import numpy as np
import pytest

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.independent.impulse import (
    NORM_ACCURACY,
    free_tensor,
    impulse_response,
    momentum_distribution,
)
from nuatom.atoms.structure.orbital import Orbital
from nuatom.errors import InputError
from nuatom.numerics.radial_grid import log_linear_grid

PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
ZERO = np.zeros((2, 2))
VECTOR = [np.eye(4), *(np.block([[ZERO, s], [s, ZERO]]) for s in PAULI)]
GAMMA5 = np.block([[ZERO, np.eye(2)], [np.eye(2), ZERO]])
AXIAL = [GAMMA5, *(np.block([[s, ZERO], [ZERO, s]]) for s in PAULI)]


def spinors(p):
    """Two positive-energy spinors of momentum p, normalised to u†u = 1."""
    energy = np.sqrt(1.0 + p @ p)
    lower = np.einsum("i,iab->ab", p, PAULI) / (energy + 1.0)
    return np.vstack([np.eye(2), lower]) * np.sqrt((energy + 1.0) / (2.0 * energy))


@pytest.mark.parametrize(
    ("speed", "momentum"), [(0.0, np.sqrt(0.7 * 2.7)), (0.3, 1.3), (2.0, 0.9), (2.0, 3.0)]
)
def test_tensor_equals_explicit_spinors(speed, momentum):
    transfer, energy = 0.7, np.sqrt(1.0 + speed**2)
    along = (2 * energy * transfer + transfer**2 - momentum**2) / (2 * momentum)
    across = np.sqrt(max(energy**2 - 1.0 - along**2, 0.0))
    total = np.zeros((3, 4, 4), complex)
    for angle in 2 * np.pi * np.arange(8) / 8:
        p = np.array([across * np.cos(angle), across * np.sin(angle), along])
        first, last = spinors(p), spinors(p + np.array([0.0, 0.0, momentum]))
        v, a = (np.array([last.conj().T @ m @ first for m in ms]) for ms in (VECTOR, AXIAL))
        for n, j in enumerate((v, a, v - a)):
            total[n] += np.einsum("aij,bij->ab", j, j.conj()) / 2 / 8
    vector, axial, left = total
    mixed = left - vector - axial
    expected = [
        *(tensor[i] for tensor in (vector, axial) for i in [(0, 0), (0, 3), (3, 3), (1, 1)]),
        1j * (mixed[1, 2] - mixed[2, 1]),
    ]
    values = free_tensor(energy - 1.0, transfer, momentum)
    for name, value, reference in zip(COMPONENTS, values, expected, strict=True):
        assert value == pytest.approx(reference, rel=1e-12, abs=1e-14), name


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("g_v", "g_a"), [(0.96, 0.5), (-0.04, -0.5), (1.0, 0.0), (0.0, 1.0)])
def test_free_responses_give_the_published_cross_sections(g_v, g_a, sign):
    """KS16 (6) and (8) from the response formula, both helicities; E, T in electron masses."""
    energy, transfer = 0.9, 0.35
    momentum = np.sqrt(transfer * (transfer + 2.0))
    r = dict(zip(COMPONENTS, free_tensor(0.0, transfer, momentum), strict=True))
    total = 2 * energy - transfer
    ratio = transfer / momentum
    spacelike = momentum**2 - transfer**2

    def part(name):
        longitudinal = r[f"{name}_00"] - 2 * ratio * r[f"{name}_03"] + ratio**2 * r[f"{name}_33"]
        transverse = spacelike * (total**2 + momentum**2) / momentum**2 * r[f"{name}_11"]
        return (total**2 - momentum**2) * longitudinal + transverse

    interference = spacelike * total / momentum * r["interference"]
    # ∫Q dQ δ(T + 1 − √(1+Q²)) = 1 + T; G_F²/2π of KS16 (6) is taken out.
    computed = (g_v**2 * part("vector") + g_a**2 * part("axial")) + sign * g_v * g_a * interference
    computed *= (1 + transfer) / (2 * energy**2)
    g_a = sign * g_a
    expected = (
        (g_v + g_a) ** 2
        + (g_v - g_a) ** 2 * (1 - transfer / energy) ** 2
        + (g_a**2 - g_v**2) * transfer / energy**2
    )
    assert computed == pytest.approx(expected, rel=1e-13, abs=0.0)
    magnetic = total**2 * (1 - ratio**2) * r["vector_00"]
    magnetic += (total**2 - momentum**2) * r["vector_11"]
    magnetic *= 2 * (1 + transfer) / momentum**2 / (4 * energy**2)
    assert magnetic == pytest.approx(1 / transfer - 1 / energy, rel=1e-13, abs=0.0)


def hydrogen(charge, speed_of_light=137.035999):
    gamma = np.sqrt(1.0 - (charge / speed_of_light) ** 2)
    r = (np.linspace(1e-3, 60.0**0.25, 6000) ** 4) / charge
    weight = 4.0 * r**0.75 * charge**-0.25 * (60.0**0.25 - 1e-3) / 5999.0
    large = r**gamma * np.exp(-charge * r)
    bound = np.stack([large, -large * np.sqrt((1 - gamma) / (1 + gamma))])
    return r, weight, bound / np.sqrt((bound**2).sum(axis=0) @ weight)


def test_momentum_distribution_of_hydrogen():
    r, weight, bound = hydrogen(1.0)
    distribution = momentum_distribution(-1, bound, r, weight, 40.0, 137.035999)
    p = distribution.momentum
    inside = p < 10
    exact = 8.0 / (np.pi**2 * (1.0 + p**2) ** 4)
    # Relativity is p²/c² = 0.5% at most.
    np.testing.assert_allclose(distribution.density[inside], exact[inside], rtol=2e-3)


def test_impulse_response_integrates_to_the_free_electron():
    """A weakly bound orbital, T far above binding: each ∫Q dQ R is the free electron's."""
    c = 137.035999
    r, weight, bound = hydrogen(1.0)
    distribution = momentum_distribution(-1, bound, r, weight, 40.0, c)
    transfer = 2000.0
    t = transfer / c**2
    ridge = c * np.sqrt(t * (t + 2.0))
    momentum = ridge + np.linspace(-25.0, 25.0, 4001)
    response = impulse_response(distribution, transfer, momentum)
    integral = np.trapezoid(response * momentum, momentum)
    # ∫Q dQ δ(T + E − E') = E'/c² in atomic units: one electron's mass, plus T.
    expected = free_tensor(0.0, t, ridge / c) * (1.0 + t)
    # Corrections are of order <p²>/c² and (p/Q)²: 5e-4 at most here.
    np.testing.assert_allclose(integral, expected, rtol=1.5e-3)


def test_impulse_response_refuses_timelike_transfers():
    r, weight, bound = hydrogen(1.0)
    distribution = momentum_distribution(-1, bound, r, weight, 40.0, 137.035999)
    with pytest.raises(InputError):
        impulse_response(distribution, 300.0, 1.0)


def test_the_norm_of_a_momentum_distribution_tells_a_coarse_grid():
    r, weight, bound = hydrogen(1.0)
    good = momentum_distribution(-1, bound, r, weight, 40.0, 137.0)
    coarse = momentum_distribution(-1, bound[:, ::200], r[::200], 200 * weight[::200], 40.0, 137.0)
    assert abs(good.norm - 1.0) < NORM_ACCURACY < abs(coarse.norm - 1.0)


def dirac_1s(Z):  # noqa: N803
    """The exact 1s orbital of a hydrogen-like ion as a shell, and its momentum scale."""
    gamma = np.sqrt(1.0 - (Z / 137.035999) ** 2)
    grid = log_linear_grid(1e-9 / Z, 40.0 / Z, 0.01, 1.0 / Z)
    large = grid.r**gamma * np.exp(-Z * grid.r)
    bound = np.stack([large, -large * np.sqrt((1 - gamma) / (1 + gamma))])
    bound /= np.sqrt((bound**2).sum(axis=0) @ grid.weight)
    orbital = Orbital(n=1, kappa=-1, occupation=2.0, energy=-0.5 * Z**2, large=bound[0], small=bound[1])
    return BoundShell(orbital, grid, -Z / grid.r, float(Z), 137.035999)


def test_momenta_of_a_heavy_1s_orbital_go_on_until_all_are_there():
    # n(p) falls as p^{-2γ-4}: beyond 12 Z lie 1.4e-3 of an electron for uranium, 3e-5 for xenon.
    xenon, uranium = (dirac_1s(Z).momenta for Z in (54, 92))
    assert xenon.momentum[-1] == pytest.approx(12 * 54, rel=1e-12, abs=0.0)
    assert uranium.momentum[-1] == pytest.approx(24 * 92, rel=1e-12, abs=0.0)
    assert abs(uranium.norm - 1.0) < NORM_ACCURACY
