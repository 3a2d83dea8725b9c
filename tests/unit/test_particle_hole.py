"""Angular coefficients against sums over magnetic quantum numbers."""

import itertools
from math import sqrt

import pytest

from nuatom.atoms.correlated.angular import (
    Channel,
    channels,
    crossed_exchange,
    exchange,
    reduced_element,
    strength,
)
from nuatom.atoms.structure.configuration import twice_j
from nuatom.numerics.recoupling import three_j

KAPPAS = (-1, 1, -2, 2, -3)


def element(kappa, m, k, q, other, n):
    """⟨κ m|C_kq|κ' n⟩ by the Wigner-Eckart theorem; m and n doubled."""
    j = twice_j(kappa)
    symbol = three_j(j, 2 * k, twice_j(other), -m, 2 * q, n)
    return (-1) ** ((j - m) // 2) * symbol * reduced_element(kappa, other, k)


def coupled(order, r, m, a):
    """Weight of (a m → r m) in the normalised state coupled to (L, 0)."""
    j = twice_j(r)
    return sqrt(2 * order + 1) * (-1) ** ((j - m) // 2) * three_j(j, 2 * order, twice_j(a), -m, 0, m)


def projections(*kappas):
    j = min(twice_j(kappa) for kappa in kappas)
    return range(-j, j + 1, 2)


def sums(order, k, one, two):
    r, a, s, b = one.kappa, one.hole_kappa, two.kappa, two.hole_kappa
    straight = crossed = ring = 0.0
    for m in projections(r, a):
        for n in projections(s, b):
            weight = coupled(order, r, m, a) * coupled(order, s, n, b)
            for q in range(-k, k + 1):
                phase = weight * (-1) ** q
                straight += phase * element(r, m, k, q, s, n) * element(b, n, k, -q, a, m)
                crossed += phase * element(r, m, k, q, b, n) * element(s, n, k, -q, a, m)
                ring += phase * element(r, m, k, q, a, m) * element(b, n, k, -q, s, n)
    return straight, crossed, ring


@pytest.mark.parametrize("parity", ["natural", "unnatural"])
@pytest.mark.parametrize("order", [0, 1, 2])
def test_coefficients_are_sums_over_magnetic_quantum_numbers(order, parity):
    tested = 0
    for a, r, b, s in itertools.product(KAPPAS, repeat=4):
        one, two = Channel(0, a, r), Channel(1, b, s)
        if strength(one, order, parity) == 0.0 or strength(two, order, parity) == 0.0:
            continue
        straight, crossed = exchange(one, two, order), crossed_exchange(one, two, order)
        for k in range(4):
            exact = sums(order, k, one, two)
            assert straight.get(k, 0.0) == pytest.approx(exact[0], abs=1e-13)
            assert crossed.get(k, 0.0) == pytest.approx(exact[1], abs=1e-13)
            if k == order:
                product = strength(one, order, "natural") * strength(two, order, "natural")
                assert product == pytest.approx(exact[2], abs=1e-13)
            tested += 1
    assert tested > 30


def test_dipole_channels_of_a_p_shell():
    found = [(c.hole, c.kappa) for c in channels([1, -2], 1)]
    assert sorted(found) == [(0, -1), (0, 2), (1, -3), (1, -1), (1, 2)]


def test_monopole_keeps_kappa():
    assert [c.kappa for c in channels([-1, 1, -2], 0)] == [-1, 1, -2]


def test_parities_share_the_waves_between_them():
    for order in (0, 1, 2):
        natural, unnatural = (channels([-2], order, parity) for parity in ("natural", "unnatural"))
        assert not set(natural) & set(unnatural)
        spins = {twice_j(channel.kappa) for channel in natural}
        assert spins == {twice_j(channel.kappa) for channel in unnatural}


def test_unnatural_dipole_channels_of_a_p_shell():
    found = [(c.hole, c.kappa) for c in channels([1, -2], 1, "unnatural")]
    assert sorted(found) == [(0, -2), (0, 1), (1, -2), (1, 1), (1, 3)]
