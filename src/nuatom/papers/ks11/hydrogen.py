"""Hydrogen in closed form, in atomic units and without relativity, to hold sums and resolvents against."""

from __future__ import annotations

import numpy as np

from nuatom.numerics.quadrature import FloatArray, panel_rule

__all__ = ["continuum_strength", "density_sum_at_threshold", "green_function", "photoabsorption"]


def continuum_strength(momentum: FloatArray, transfer: FloatArray) -> FloatArray:
    """S(T, Q) above threshold, T > ½ (H. Bethe, Ann. Phys. 397 (1930) 325)."""
    k = np.sqrt(2.0 * transfer - 1.0)
    phase = np.arctan2(2.0 * k, momentum**2 - k**2 + 1.0)
    poles = ((momentum + k) ** 2 + 1.0) ** 3 * ((momentum - k) ** 2 + 1.0) ** 3
    result: FloatArray = (
        256.0 * momentum**2 * (momentum**2 + (1.0 + k**2) / 3.0) * np.exp(-2.0 / k * phase) / poles
        / (1.0 - np.exp(-2.0 * np.pi / k))
    )  # fmt: skip
    return result


def line_strength(momentum: float, n: FloatArray) -> FloatArray:
    """|⟨n|ρ|1⟩|² of all levels of principal quantum number n ≥ 2."""
    q = (n * momentum) ** 2
    result: FloatArray = (
        256.0 * n**7 * momentum**2 * ((n**2 - 1.0) / 3.0 + q)
        * np.exp((n - 3.0) * np.log((n - 1.0) ** 2 + q) - (n + 3.0) * np.log((n + 1.0) ** 2 + q))
    )  # fmt: skip
    return result


def green_function(transfer: float, momentum: float) -> float:
    """F(T, Q) for T < 0, as the sum over all states: ground state, lines and continuum."""
    ground = (1.0 + momentum**2 / 4.0) ** -4 / transfer
    last = 400
    n = np.arange(2.0, last + 1.0)
    lines = float(np.sum(line_strength(momentum, n) / (transfer - 0.5 * (1.0 - 1.0 / n**2))))
    # Levels beyond the last follow the continuum down to their limit.
    energies, weights = panel_rule(np.concatenate([[0.0], np.geomspace(1e-3, 1e6, 60)]), 12)
    transfers = 0.5 + energies
    values = continuum_strength(np.array(momentum), transfers) / (transfer - transfers)
    threshold = continuum_strength(np.array(momentum), np.array(0.5 + 1e-9)) / (transfer - 0.5)
    return ground + lines + float(weights @ values) + 0.5 / (last + 0.5) ** 2 * float(threshold)


def photoabsorption(transfer: float) -> float:
    """Cross section in bohr² times c: M. Stobbe, Ann. Phys. 399 (1930) 661."""
    k = np.sqrt(2.0 * transfer - 1.0)
    shape = np.exp(-4.0 / k * np.arctan(k)) / (1.0 - np.exp(-2.0 * np.pi / k))
    return float(512.0 * np.pi**2 / 3.0 * (0.5 / transfer) ** 4 * shape)


def density_sum_at_threshold() -> float:
    """T∫S dQ²/Q² at T = ½."""
    return 1.0 - 7.0 / 3.0 * float(np.exp(-4.0))
