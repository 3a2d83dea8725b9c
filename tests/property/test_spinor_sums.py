"""The free-electron kernels against sums over explicit Dirac spinors, amplitude by amplitude.

Nothing here is shared with the closed forms: the amplitudes are those of the Lagrangian
(docs/theory.md, first equation), with the photon's propagator and the electron's charge, so that
the signs of charge and radius are tested too.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nuatom.constants import (
    CM2_PER_INVERSE_KEV2,
    ELECTRON_MASS_KEV,
    FERMI_PER_KEV2,
    FINE_STRUCTURE,
    HBAR_C_KEV_CM,
)
from nuatom.neutrinos import Neutrino
from nuatom.processes.electron import ELECTRON, free_electron

M = ELECTRON_MASS_KEV
E2 = 4.0 * math.pi * FINE_STRUCTURE
METRIC = np.diag([1.0, -1.0, -1.0, -1.0])
PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
ZERO, ONE = np.zeros((2, 2)), np.eye(2)
GAMMA = np.array([np.block([[ONE, ZERO], [ZERO, -ONE]]), *(np.block([[ZERO, s], [-s, ZERO]]) for s in PAULI)])
GAMMA5 = np.block([[ZERO, ONE], [ONE, ZERO]])
LEFT = 0.5 * (np.eye(4) - GAMMA5)
LOWER = np.einsum("ab,bij->aij", METRIC, GAMMA)

KINEMATICS = [(300.0, 5.0), (300.0, 100.0), (5000.0, 2000.0), (50.0, 8.0)]
# Sums of a few dozen products in double precision.
ROUNDING = 1e-11


def spinors(momentum: np.ndarray, mass: float, *, anti: bool = False) -> list[np.ndarray]:
    """Both spinors with u†u = 2E (v†v = 2E for an antiparticle)."""
    root = math.sqrt(momentum[0] + mass)
    turned = np.einsum("i,iab->ab", momentum[1:], PAULI) / root
    blocks = [(root * chi, turned @ chi) for chi in ONE]
    return [np.concatenate(pair[::-1] if anti else pair) for pair in blocks]


def momenta(energy: float, recoil: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    transfer = math.sqrt(recoil**2 + 2.0 * M * recoil)
    cosine = (energy**2 + transfer**2 - (energy - recoil) ** 2) / (2.0 * energy * transfer)
    sine = math.sqrt(1.0 - cosine**2)
    return (
        np.array([energy, 0.0, 0.0, energy]),
        np.array([M, 0.0, 0.0, 0.0]),
        np.array([recoil, transfer * sine, 0.0, transfer * cosine]),
    )


def summed_cross_section(energy, recoil, neutrino, state, *, anti):
    """dσ/dT in cm²/keV, helicity-conserving and helicity-flipping, summed over final flavours."""
    k, p, q = momenta(energy, recoil)
    virtuality = q @ METRIC @ q
    radius = neutrino.charge_radius_cm2 / HBAR_C_KEV_CM**2
    form = neutrino.charge + virtuality * radius / 6.0
    weak, axial = np.diag(neutrino.electroweak.vector), np.diag(neutrino.electroweak.axial)
    moment = neutrino.magnetic_moment * math.sqrt(E2) / (2.0 * M)
    if anti:  # antiparticles: conjugate amplitudes, transposed matrices
        state, form, moment = state.conj(), form.T, moment.conj()
    sigma_q = np.array(
        [0.5j * sum((g @ h - h @ g) * c for h, c in zip(GAMMA, METRIC @ q, strict=True)) for g in GAMMA]
    )
    conserving = flipping = 0.0
    for before in spinors(k, 0.0, anti=anti):
        for after in spinors(k - q, 0.0, anti=anti):
            bra, ket = (before, after) if anti else (after, before)
            current = np.array([bra.conj() @ GAMMA[0] @ g @ LEFT @ ket for g in GAMMA])
            # The operator of an antineutrino's moment is the Hermitian conjugate one.
            helicity = (np.eye(4) - LEFT) if anti else LEFT
            turned = np.array([bra.conj() @ GAMMA[0] @ (-1j * s) @ helicity @ ket for s in sigma_q])
            for low in spinors(p, M):
                for high in spinors(p + q, M):
                    bar = high.conj() @ GAMMA[0]
                    vector = np.array([bar @ g @ low for g in LOWER])
                    pseudo = np.array([bar @ g @ GAMMA5 @ low for g in LOWER])
                    fermi = -FERMI_PER_KEV2 / math.sqrt(2.0) * 2.0
                    amplitude = fermi * (
                        weak @ state * (current @ vector) - axial @ state * (current @ pseudo)
                    ) + (-E2 / virtuality) * (form @ state) * (current @ vector)
                    conserving += np.sum(np.abs(amplitude) ** 2)
                    flip = -math.sqrt(E2) / virtuality * (turned @ vector) * (moment @ state)
                    flipping += np.sum(np.abs(flip) ** 2)
    phase_space = CM2_PER_INVERSE_KEV2 / (2.0 * 32.0 * math.pi * M * energy**2)
    return conserving * phase_space, flipping * phase_space


def random_neutrino(seed: int) -> tuple[Neutrino, np.ndarray]:
    random = np.random.default_rng(seed)

    def matrix() -> np.ndarray:
        return random.normal(size=(3, 3)) + 1j * random.normal(size=(3, 3))

    charge, radius, moment, state = matrix(), matrix(), matrix(), matrix()[0]
    neutrino = Neutrino(
        magnetic_moment=1e-11 * moment,
        charge=2e-13 * (charge + charge.conj().T),
        charge_radius_cm2=2e-32 * (radius + radius.conj().T),
    )
    return neutrino, state / np.linalg.norm(state)


@pytest.mark.parametrize(("energy", "recoil"), KINEMATICS)
@pytest.mark.parametrize("anti", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
def test_kernels_and_coefficients_equal_the_sum_over_spins_and_flavours(energy, recoil, anti, seed):
    neutrino, state = random_neutrino(seed)
    coefficients = ELECTRON.coefficients(neutrino, state, antineutrino=anti)
    terms = coefficients * free_electron(np.array(energy), np.array(recoil))
    conserving, flipping = summed_cross_section(energy, recoil, neutrino, state, anti=anti)
    assert_allclose(terms[:6].sum(), conserving, rtol=ROUNDING)
    assert_allclose(terms[6], flipping, rtol=ROUNDING)
    # The charge is visible above rounding here, or the test would not see its sign.
    assert np.all(np.abs(terms[[1, 2]]) > 1e4 * ROUNDING * conserving)


@pytest.mark.parametrize(("energy", "recoil"), KINEMATICS)
def test_response_functions_of_a_free_electron_give_the_free_kernels(energy, recoil):
    """docs/theory.md, the cross sections by response functions, on a free electron."""
    transfer = math.sqrt(recoil**2 + 2.0 * M * recoil)
    total = 2.0 * energy - recoil
    start, end = np.array([M, 0.0, 0.0, 0.0]), np.array([M + recoil, 0.0, 0.0, transfer])
    alpha = [GAMMA[0] @ g for g in GAMMA]
    currents = {"V": alpha, "A": [a @ GAMMA5 for a in alpha]}

    def response(left: str, a: int, right: str, b: int) -> complex:
        pairs = [(low, high) for low in spinors(start, M) for high in spinors(end, M)]
        products = [
            (high.conj() @ currents[left][a] @ low) * np.conj(high.conj() @ currents[right][b] @ low)
            for low, high in pairs
        ]
        return sum(products) / 2.0 / (2.0 * M) / (2.0 * (M + recoil))

    def brace(left: str, right: str) -> float:
        def r(a: int, b: int) -> complex:
            return response(left, a, right, b)

        ratio, spacelike = recoil / transfer, transfer**2 - recoil**2
        longitudinal = r(0, 0) - ratio * (r(0, 3) + r(3, 0)) + ratio**2 * r(3, 3)
        transverse = spacelike * (total**2 + transfer**2) / (2.0 * transfer**2) * (r(1, 1) + r(2, 2))
        circular = spacelike * total / transfer * 1j * (r(1, 2) - r(2, 1))
        return ((total**2 - transfer**2) * longitudinal + transverse + circular).real

    # ∫ Q dQ δ(T + m − √(m² + Q²)) = T + m
    weak = FERMI_PER_KEV2**2 / (4.0 * math.pi * energy**2) * (M + recoil) * CM2_PER_INVERSE_KEV2
    kernels = free_electron(np.array(energy), np.array(recoil))
    vv0, aa, va0, mm = kernels[[0, 3, 4, 6]]
    assert_allclose(weak * brace("V", "V"), vv0, rtol=ROUNDING)
    assert_allclose(weak * brace("A", "A"), aa, rtol=ROUNDING)
    assert_allclose(-weak * (brace("V", "A") + brace("A", "V")), va0, rtol=ROUNDING)

    structure, current = response("V", 0, "V", 0).real, response("V", 1, "V", 1).real
    magnetic = math.pi * FINE_STRUCTURE**2 / M**2 / (4.0 * energy**2) * CM2_PER_INVERSE_KEV2
    measure = 2.0 * (M + recoil) / transfer**2
    longitudinal = total**2 * (1.0 - recoil**2 / transfer**2) * structure
    transverse = (total**2 - transfer**2) * current
    assert_allclose(magnetic * measure * (longitudinal + transverse), mm, rtol=ROUNDING)
    assert_allclose(structure, (2.0 * M + recoil) / (2.0 * (M + recoil)), rtol=ROUNDING)
