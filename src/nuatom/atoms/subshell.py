"""Responses of one subshell to one ejected-electron energy: multipoles, joined to the impulse limit.

Atomic units. A multipole of order L sees an orbital of extent R only when L is below about R times
the smaller of the momentum transfer Q and the ejected electron's k. The sum is therefore cut
per subshell, per energy and per momentum, and the part that is left out is estimated from the
decay of its last terms. Where more multipoles would be needed than are allowed, the relativistic
impulse approximation takes over, and the overlap of both measures its error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nuatom.atoms.impulse import impulse_response, momentum_distribution
from nuatom.atoms.multipoles import COMPONENTS, PartialWaves, multipole_sum
from nuatom.errors import InputError
from nuatom.numerics.bessel import spherical_bessel
from nuatom.numerics.quadrature import FloatArray

__all__ = ["BoundWave", "SubshellResponse", "Waves", "subshell_response"]

Waves = Callable[[np.ndarray], tuple[FloatArray, FloatArray]]
"""Continuum waves of one energy: κ (k,) → large and small components, each (k, r)."""

OVERLAP = 0.8
"""Where the multipole sum ends at Q_c, it is joined to the impulse limit over [0.8 Q_c, Q_c]."""

POINTS_PER_CYCLE = 2.5
"""Radial points per cycle of the fastest product wave; the trapezoidal rule on a uniform variable
converges exponentially once there are more than one (measured in tests/convergence)."""


@dataclass(frozen=True, eq=False)
class BoundWave:
    """One bound orbital on a grid that is uniform in some variable t.

    Attributes
    ----------
    kappa : int
    energy : float
        Binding energy as a negative number, hartree.
    large, small : ndarray, shape (r,)
        P and Q, ∫(P² + Q²) dr = 1.
    r : ndarray, shape (r,)
        Radii.
    weight : ndarray, shape (r,)
        (dr/dt)·Δt: trapezoidal weights without end corrections, so that every n-th point is again a
        rule; the integrands vanish at both ends.
    speed_of_light : float
    """

    kappa: int
    energy: float
    large: FloatArray
    small: FloatArray
    r: FloatArray
    weight: FloatArray
    speed_of_light: float

    def extent(self, fraction: float) -> float:
        """Radius outside which less than ``fraction`` of the orbital's charge lies."""
        outside = np.cumsum(((self.large**2 + self.small**2) * self.weight)[::-1])[::-1]
        return float(self.r[min(np.searchsorted(-outside, -fraction), self.r.size - 1)])


@dataclass(frozen=True, eq=False)
class SubshellResponse:
    """Responses of one electron at one ejected-electron energy.

    Attributes
    ----------
    values : ndarray, shape (9, Q)
        Per hartree, in the order of `nuatom.atoms.multipoles.COMPONENTS`.
    truncation_error : ndarray, shape (Q,)
        Estimated relative error: of the multipoles left out, or where the impulse limit is
        used, its largest difference from the multipole sum where both were computed.
    impulse_share : ndarray, shape (Q,)
        0 where the values are a multipole sum, 1 where they are the impulse limit.
    """

    values: FloatArray
    truncation_error: FloatArray
    impulse_share: FloatArray


def subshell_response(
    bound: BoundWave,
    waves: Waves,
    energy: float,
    momentum: FloatArray,
    *,
    accuracy: float = 0.01,
    highest_order: int = 200,
) -> SubshellResponse:
    r"""Compute the nine responses of one electron, :math:`R_{ab}(\varepsilon, Q)`.

    Parameters
    ----------
    bound : BoundWave
        The orbital that is ionised.
    waves : callable
        Continuum waves of energy ``energy`` on the radii of ``bound``, normalised per hartree.
    energy : float
        Ejected electron's energy ε > 0, hartree.
    momentum : ndarray, shape (Q,)
        Momentum transfers, increasing, atomic units.
    accuracy : float
        Relative accuracy asked of the multipole sum; its extent and the number of orders follow from it.
    highest_order : int
        Multipoles beyond this order are not attempted: the impulse limit takes over.

    Returns
    -------
    SubshellResponse

    Raises
    ------
    InputError
        When the arguments are out of range, or the grid is too coarse for ε and Q.
    """
    if not energy > 0.0:
        raise InputError("energy", energy, "an ejected-electron energy > 0")
    if momentum.ndim != 1 or not np.all(momentum > 0.0) or np.any(np.diff(momentum) <= 0.0):
        raise InputError("momentum", momentum, "increasing momenta > 0")
    if not 0.0 < accuracy < 1.0:
        raise InputError("accuracy", accuracy, "a number between 0 and 1")
    wavenumber = np.sqrt(2.0 * energy + (energy / bound.speed_of_light) ** 2)
    spin = abs(bound.kappa) - 1
    extent = bound.extent(0.01 * accuracy)
    needed = _orders(extent * np.minimum(momentum, wavenumber), accuracy) + spin + 1
    hopeless = needed > highest_order
    if not np.any(hopeless):
        values, error = _multipoles(bound, waves, wavenumber, momentum, accuracy)
        return SubshellResponse(values, error, np.zeros(momentum.size))
    return _joined(bound, waves, energy, momentum, accuracy, highest_order)


def _orders(x: FloatArray, accuracy: float) -> np.ndarray:
    """Orders that matter up to argument x: j_L² falls like exp(−1.89 s^1.5), s = (L − x)/x^⅓."""
    reach = (np.log(100.0 / accuracy) / 1.89) ** (2.0 / 3.0)
    orders: np.ndarray = np.ceil(x + reach * (x ** (1.0 / 3.0) + 1.0)).astype(int)
    return orders


def _multipoles(
    bound: BoundWave, waves: Waves, wavenumber: float, momentum: FloatArray, accuracy: float
) -> tuple[FloatArray, FloatArray]:
    extent, spin = bound.extent(0.01 * accuracy), abs(bound.kappa) - 1
    spins = int(_orders(np.array(extent * wavenumber), accuracy)) + spin + 1
    orders = _orders(extent * momentum, accuracy) + spin + 1
    last = min(int(orders[-1]), spins + spin)
    spins = min(spins, last + spin + 2)
    # The orbital's amplitude, not its density, bounds what lies beyond the last point.
    points, weight = _sampling(bound, wavenumber + momentum[-1], bound.extent(1e-8 * accuracy**2))
    j_index = np.arange(spins)
    kappas = np.concatenate([-(j_index + 1), j_index + 1])
    large, small = waves(kappas)
    continuum = np.stack([large[:, points], small[:, points]], axis=1)
    partial_waves = PartialWaves.from_orbitals(
        bound.kappa,
        np.stack([bound.large[points], bound.small[points]]),
        continuum.reshape(2, spins, 2, -1),
        weight,
    )
    r = bound.r[points]
    table = spherical_bessel(last + 1, r[:, None] * momentum, floor=1e-10 * accuracy)
    order = np.arange(last + 2)
    # Below its turning point by twice the margin kept above, j_L is nothing.
    start = order - 2.0 * (_orders(order.astype(float), accuracy) - order)
    first_point = np.searchsorted(r * momentum[-1], start)
    first_momentum = np.searchsorted(orders, order)
    result = multipole_sum(partial_waves, table, first_point, first_momentum)
    return result.values, _remainder(result.terms, np.minimum(orders, last))


def _sampling(bound: BoundWave, wavenumber: float, extent: float) -> tuple[slice, FloatArray]:
    """Every n-th radial point, n as large as the fastest product wave allows."""
    stop = int(np.searchsorted(bound.r, extent))
    # Spacing in radius limits oscillation, spacing in t the smooth part near the nucleus.
    cycle = wavenumber * np.max(bound.weight[:stop]) / (2.0 * np.pi)
    if cycle * POINTS_PER_CYCLE > 1.0:
        raise InputError(
            "momentum",
            f"k + Q = {wavenumber:.4g} atomic units",
            f"k + Q below {wavenumber / (cycle * POINTS_PER_CYCLE):.4g} on this radial grid",
        )
    logarithmic = float(bound.weight[0] / bound.r[0])
    stride = max(1, int(min(1.0 / (cycle * POINTS_PER_CYCLE), 0.06 / logarithmic)))
    points = slice(0, stop, stride)
    return points, bound.weight[points] * stride


def _remainder(terms: FloatArray, orders: np.ndarray) -> FloatArray:
    """Relative size of what the multipole sum leaves out, from its geometric decay at the end."""
    block = 3
    total = np.cumsum(terms, axis=0)
    column = np.arange(terms.shape[1])
    end = np.minimum(orders, terms.shape[0] - 1)
    sums = [total[np.maximum(end - n * block, 0), column] for n in range(3)]
    last, before = sums[0] - sums[1], sums[1] - sums[2]
    ratio = np.where(before > 0.0, np.minimum(last / np.where(before > 0.0, before, 1.0), 0.99), 0.0)
    remainder: FloatArray = last * ratio / (1.0 - ratio) / sums[0]
    return remainder


def _joined(
    bound: BoundWave,
    waves: Waves,
    energy: float,
    momentum: FloatArray,
    accuracy: float,
    highest_order: int,
) -> SubshellResponse:
    """Multipoles up to the momentum where they run out, the impulse limit beyond."""
    distribution = momentum_distribution(
        bound.kappa,
        np.stack([bound.large, bound.small]),
        bound.r,
        bound.weight,
        bound.speed_of_light,
    )
    wavenumber = np.sqrt(2.0 * energy + (energy / bound.speed_of_light) ** 2)
    extent, spin = bound.extent(0.01 * accuracy), abs(bound.kappa) - 1
    trial = np.linspace(0.0, highest_order / extent, 2000)[1:]
    fits = _orders(extent * trial, accuracy) + spin + 1 <= highest_order
    end = float(trial[fits][-1])
    transfer = energy - bound.energy
    start = max(OVERLAP * end, 1.001 * transfer / bound.speed_of_light)
    if not start < end:
        photon = extent * transfer / bound.speed_of_light / OVERLAP
        least = int(_orders(np.array(photon), accuracy)) + spin + 1
        raise InputError("highest_order", highest_order, f"{least} or more for this transfer")
    band = np.linspace(start, end, 4)
    below = momentum[momentum < end]
    both = np.union1d(below, band)
    multipole, error = _multipoles(bound, waves, wavenumber, both, accuracy)
    share = np.clip((momentum - start) / (end - start), 0.0, 1.0)
    impulse = np.zeros((len(COMPONENTS), momentum.size))
    beyond = share > 0.0
    impulse[:, beyond] = impulse_response(distribution, transfer, momentum[beyond])
    known = np.searchsorted(both, below)
    values = share * impulse
    values[:, : below.size] += (1.0 - share[: below.size]) * multipole[:, known]
    difference = _positive(impulse_response(distribution, transfer, band))
    exact = _positive(multipole[:, np.searchsorted(both, band)])
    disagreement = float(np.max(np.abs(difference - exact)) / np.max(exact))
    relative = share * disagreement
    relative[: below.size] += (1.0 - share[: below.size]) * error[known]
    return SubshellResponse(values, relative, share)


def _positive(values: FloatArray) -> FloatArray:
    """Sum of the diagonal responses, vector_00 + 2 vector_11 + axial_00 + 2 axial_11."""
    result: FloatArray = values[0] + 2.0 * values[3] + values[4] + 2.0 * values[7]
    return result
