r"""Dielectric functions of the electron gas: Lindhard's, and Mermin's with a finite lifetime."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nuatom.constants import ELECTRON_MASS_KEV, FINE_STRUCTURE
from nuatom.media.dielectric import ComplexArray
from nuatom.numerics.quadrature import FloatArray

__all__ = ["fermi_momentum_kev", "lindhard", "mermin"]

_ABOVE_AXIS: Final = 1e-13
_LEAST: Final = 1e-40
_FAR: Final = 5.0
# Terms of the series in 1/x² that are above rounding where |x| = 5.
_TERMS: Final = 12


def fermi_momentum_kev(plasma_energy_kev: ArrayLike) -> FloatArray:
    r"""Fermi momentum of an electron gas, (3π²n)^⅓ with n = ω_p²m/(4πα).

    Parameters
    ----------
    plasma_energy_kev : array_like
        ω_p.
    """
    square = np.square(np.asarray(plasma_energy_kev, dtype=float))
    density = square * ELECTRON_MASS_KEV / (4.0 * np.pi * FINE_STRUCTURE)
    momentum: FloatArray = np.cbrt(3.0 * np.pi**2 * density)
    return momentum


def lindhard(energy_kev: ArrayLike, momentum_kev: ArrayLike, plasma_energy_kev: ArrayLike) -> ComplexArray:
    r"""Dielectric function of free electrons at zero temperature, less 1.

    .. math::

        \varepsilon - 1 = \frac{\chi^2}{z^2}\Big[\tfrac12 + \frac{g(z-u)+g(z+u)}{8z}\Big],\quad
        g(x) = (1-x^2)\ln\frac{x+1}{x-1},\quad
        z = \frac{Q}{2k_F},\ u = \frac{mT}{Qk_F},\ \chi^2 = \frac{\alpha m}{\pi k_F},

    :cite:`Lindhard:1954`; non-relativistic.

    Parameters
    ----------
    energy_kev : array_like of complex
        T, on the real axis (from above) or over it; zero is the static limit.
    momentum_kev, plasma_energy_kev : array_like
        Q > 0 and ω_p > 0; all broadcast.
    """
    fermi = fermi_momentum_kev(plasma_energy_kev)
    momentum = np.asarray(momentum_kev, dtype=float)
    z = momentum / (2.0 * fermi)
    energy = np.asarray(energy_kev, dtype=complex)
    # On the real axis the cut is approached from above.
    energy = np.where(energy.imag == 0.0, energy + 1j * (_ABOVE_AXIS * energy.real + _LEAST), energy)
    u = ELECTRON_MASS_KEV * energy / (momentum * fermi)
    shape = np.broadcast_shapes(z.shape, u.shape)
    z, u = np.broadcast_to(z, shape), np.broadcast_to(u, shape)
    bracket: NDArray[Any] = np.empty(shape, dtype=complex)
    far = np.abs(u) > _FAR + z
    bracket[far] = _far(z[far], u[far])
    near = ~far
    below: NDArray[Any] = z[near] - u[near]
    above: NDArray[Any] = z[near] + u[near]
    bracket[near] = 0.5 + (_logarithmic(below) + _logarithmic(above)) / (8.0 * z[near])
    scale: NDArray[Any] = FINE_STRUCTURE * ELECTRON_MASS_KEV / (np.pi * fermi) / z**2
    chi: NDArray[Any] = bracket * scale
    return chi


def mermin(
    energy_kev: ArrayLike, momentum_kev: ArrayLike, plasma_energy_kev: ArrayLike, width_kev: ArrayLike
) -> ComplexArray:
    r"""Dielectric function of electrons that collide, and whose number is conserved, less 1.

    .. math:: \varepsilon_M - 1 = \frac{(1 + i\gamma/T)\,[\varepsilon_L(T+i\gamma,Q) - 1]}
              {1 + (i\gamma/T)\,[\varepsilon_L(T+i\gamma,Q) - 1]/[\varepsilon_L(0,Q) - 1]} ,

    :cite:`Mermin:1970`. At Q → 0 it is Drude's −ω_p²/(T(T + iγ)). It keeps the f-sum rule at every momentum.

    Parameters
    ----------
    energy_kev, momentum_kev, plasma_energy_kev, width_kev : array_like
        T > 0, Q > 0, ω_p > 0 and γ > 0; they broadcast.
    """
    energy = np.asarray(energy_kev, dtype=float)
    width = np.asarray(width_kev, dtype=float)
    moving = lindhard(energy + 1j * width, momentum_kev, plasma_energy_kev)
    static = lindhard(0.0, momentum_kev, plasma_energy_kev).real
    share = 1j * width / energy
    epsilon: ComplexArray = (1.0 + share) * moving / (1.0 + share * moving / static)
    return epsilon


def _far(z: NDArray[Any], u: NDArray[Any]) -> NDArray[Any]:
    """Bracket of Lindhard's function far above the electron-hole pairs, where its terms nearly cancel."""
    low, high = 1.0 / (u - z), 1.0 / (u + z)
    low2, high2 = low * low, high * high
    total: NDArray[Any] = np.zeros(u.shape, dtype=complex)
    for k in range(_TERMS):
        total += 4.0 / ((2 * k + 1) * (2 * k + 3)) * (high - low)
        low, high = low * low2, high * high2
    return total / (8.0 * z)


def _logarithmic(x: NDArray[Any]) -> NDArray[Any]:
    """(1 − x²) ln((x + 1)/(x − 1)), zero at x = ±1."""
    safe = np.where(np.abs(np.abs(x.real) - 1.0) + np.abs(x.imag) < 1e-14, 2.0 + 0j, x)
    value: NDArray[Any] = np.where(safe == x, (1.0 - x * x) * np.log((safe + 1.0) / (safe - 1.0)), 0.0)
    return value
