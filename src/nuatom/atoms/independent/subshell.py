"""Responses of one subshell at one ejected-electron energy, from multipoles or the impulse limit.

Atomic units. A multipole of order L sees an orbital of extent R only when L is below about R times
the smaller of the momentum transfer Q and the ejected electron's k. The sum is therefore cut
per subshell, per energy and per momentum, and the part that is left out is estimated from the
decay of its last terms. Away from the ridge Q = k few are needed even of a large orbital: the
momentum that is missing must come from where the orbital bends, and its smooth tail has none to
give. Where more multipoles would be needed than are allowed, on the ridge of fast electrons, the
relativistic impulse approximation takes over, and its error is measured on the ridge of a lower
energy, where both can be had.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.independent.bound_shell import POINTS_PER_CYCLE, BoundShell
from nuatom.atoms.independent.impulse import impulse_response
from nuatom.atoms.independent.multipoles import Partials, PartialWaves, multipole_sum
from nuatom.atoms.structure.orbital import ContinuumOrbitals
from nuatom.errors import InputError
from nuatom.numerics.bessel import spherical_bessel
from nuatom.numerics.guards import positive, positive_row
from nuatom.numerics.quadrature import FloatArray
from nuatom.numerics.radial_grid import RadialGrid, interpolator

__all__ = [
    "HIGHEST_ORDER",
    "SubshellResponse",
    "Waves",
    "least_order",
    "low_multipoles",
    "subshell_response",
]

HIGHEST_ORDER = 400
"""Multipoles attempted by default: enough for every subshell of xenon up to 30 keV."""

JOIN = 0.5
"""The impulse limit comes in smoothly where this part of the highest order is needed, and is all
there is where all of it is."""

RIDGE_ORDER = 100
"""Orders of the energy at which the impulse limit is compared with multipoles."""

RIDGE_POINTS = 41
"""Momenta of that comparison."""

BEND_REACH = 2.2
"""How far from the orbital's centre j_L(Qr) has to see it off the ridge, in units of
ln(100/accuracy)/|Q − k|: some three times what the terms of silicon and xenon show."""

BLOCK = 32
"""Momenta that share one radial grid and one table of Bessel functions."""


LARGEST_TABLE = 2e7
"""Numbers in that table: a sixth of a gigabyte."""


class Waves(Protocol):
    """From an energy in hartree and the wanted κ to continuum orbitals, and what is missing in them."""

    @property
    def exchange_error(self) -> float:
        """Relative error of responses for the exchange that high partial waves do not see."""

    @property
    def exchange_integral_error(self) -> float:
        """The same of their integrals over momentum."""

    def __call__(self, energy: float, kappas: tuple[int, ...], /) -> ContinuumOrbitals:
        """Orbitals, normalised per hartree."""


@dataclass(frozen=True, eq=False)
class SubshellResponse:
    """Responses of one electron at one ejected-electron energy.

    Attributes
    ----------
    values : ndarray, shape (9, Q)
        Per hartree, in the order of `nuatom.atoms.components.COMPONENTS`.
    truncation_error : ndarray, shape (Q,)
        Estimated relative error: of the multipoles left out and of the exchange that high partial
        waves do not see, or where the impulse limit is used, its largest difference from the multipole
        sum, relative to the ridge.
    impulse_share : ndarray, shape (Q,)
        0 where the values are a multipole sum, 1 where they are the impulse limit.
    integral_error : ndarray, shape (Q,)
        What of the truncation error integrals over Q feel. The impulse limit's difference is odd
        about the ridge: ∫Q dQ R is some ten to fifty times better than its values.
    """

    values: FloatArray
    truncation_error: FloatArray
    impulse_share: FloatArray
    integral_error: FloatArray


def subshell_response(
    shell: BoundShell,
    waves: Waves,
    energy: float,
    momentum: FloatArray,
    *,
    accuracy: float = 0.01,
    highest_order: int = HIGHEST_ORDER,
    last_order: int | None = None,
) -> SubshellResponse:
    r"""Compute the nine responses of one electron, :math:`R_{ab}(\varepsilon, Q)`.

    Parameters
    ----------
    shell : BoundShell
        The orbital that is ionised.
    waves : Waves
        Continuum orbitals, such as those of `nuatom.atoms.independent.response.waves_of` for the same
        accuracy.
    energy : float
        Ejected electron's energy ε > 0, hartree.
    momentum : ndarray, shape (Q,)
        Momentum transfers, increasing, atomic units.
    accuracy : float
        Relative accuracy asked of the multipole sum; its extent and the number of orders follow
        from it.
    highest_order : int
        Multipoles beyond this order are not attempted: the impulse limit takes over.
    last_order : int, optional
        Multipoles beyond it are left out and nothing takes over, as in calculations that stop there;
        what is missing shows in the truncation error.

    Returns
    -------
    SubshellResponse

    Raises
    ------
    InputError
        When an argument is out of range.
    """
    positive("energy", energy, "hartree")
    if np.any(np.diff(positive_row("momentum", momentum, "1/bohr")) <= 0.0):
        raise InputError("momentum", momentum, "increasing momenta")
    if not 0.0 < accuracy < 1.0:
        raise InputError("accuracy", accuracy, "a number between 0 and 1")
    if last_order is not None:
        values, missing = _multipoles(shell, waves, energy, momentum, accuracy, last_order)
        exchange = waves.exchange_error, waves.exchange_integral_error
        return SubshellResponse(values, missing + exchange[0], np.zeros(momentum.size), missing + exchange[1])
    if (least := least_order(shell, energy, accuracy)) > highest_order:
        raise InputError("highest_order", highest_order, f"{least} or more for this transfer")
    photon = (energy - shell.orbital.energy) / shell.speed_of_light
    needed = _needed(shell, energy, momentum, accuracy)
    step = np.clip((needed / highest_order - JOIN) / (1.0 - JOIN), 0.0, 1.0)
    # Below the photon line there is no impulse limit; nor does it come in so far from the ridge.
    share = np.where(momentum > 1.001 * photon, step * step * (3.0 - 2.0 * step), 0.0)
    values = np.zeros((len(COMPONENTS), momentum.size))
    error, integral = np.zeros(momentum.size), np.zeros(momentum.size)
    below, beyond = share < 1.0, share > 0.0
    if np.any(below):
        multipole, missing = _multipoles(shell, waves, energy, momentum[below], accuracy)
        values[:, below] = (1.0 - share[below]) * multipole
        error[below] = (1.0 - share[below]) * (missing + waves.exchange_error)
        integral[below] = (1.0 - share[below]) * (missing + waves.exchange_integral_error)
    if np.any(beyond):
        transfer = energy - shell.orbital.energy
        impulse = impulse_response(shell.momenta, transfer, momentum[beyond])
        values[:, beyond] += share[beyond] * impulse
        at_point, at_integral = _impulse_error(shell, waves, energy, accuracy)
        error += share * at_point
        integral += share * at_integral
    return SubshellResponse(values, error, share, integral)


def least_order(shell: BoundShell, energy: float, accuracy: float) -> int:
    """Highest multipole to allow at least: the photon line needs half of them, and has no impulse limit."""
    photon = np.array([(energy - shell.orbital.energy) / shell.speed_of_light])
    return int(np.ceil(_needed(shell, energy, photon, accuracy)[0] / JOIN))


def low_multipoles(
    shell: BoundShell, waves: Waves, energy: float, momentum: FloatArray, highest: int, accuracy: float = 1e-3
) -> FloatArray:
    """What each of the lowest multipoles adds to the nine responses of one electron.

    Parameters
    ----------
    shell, waves, energy, momentum
        As of `subshell_response`.
    highest : int
        Last order.
    accuracy : float
        Of the orbital's extent and of the radial grid.

    Returns
    -------
    ndarray, shape (highest + 1, 9, Q)
    """
    j_index = np.arange(highest + abs(shell.orbital.kappa) + 1)
    continuum = waves(energy, tuple(int(k) for k in (*-(j_index + 1), *(j_index + 1))))
    parts = []
    for start in range(0, momentum.size, BLOCK):
        some = momentum[start : start + BLOCK]
        grid, partial_waves = _partial_waves(shell, continuum, energy, some, highest, accuracy)
        bessel = spherical_bessel(highest + 1, grid.r[:, None] * some)
        first = np.zeros(highest + 2, dtype=int)
        sums = [
            multipole_sum(partial_waves, bessel[: order + 2], first[: order + 2], first[: order + 1]).values
            for order in range(highest + 1)
        ]
        parts.append(np.diff(np.stack(sums), axis=0, prepend=0.0))
    return np.concatenate(parts, axis=-1)


def _reach(x: FloatArray, accuracy: float) -> FloatArray:
    """Order up to which j_L(x) matters: j_L² falls like exp(−1.89 s^1.5), s = (L − x)/x^⅓."""
    reach = (np.log(100.0 / accuracy) / 1.89) ** (2.0 / 3.0)
    order: FloatArray = x + reach * (np.cbrt(x) + 1.0)
    return order


def _argument(shell: BoundShell, energy: float, momentum: FloatArray, accuracy: float) -> FloatArray:
    """Qr at the edge of what j_L(Qr) has to see of the orbital.

    That is the orbital's own edge on the ridge; off it, where momentum is missing, no more than some
    1/|Q − k|, with a margin for the exponential fall of the terms with L.
    """
    wavenumber = shell.wavenumber(energy)
    missing = np.maximum(np.abs(momentum - wavenumber), 1e-9 * wavenumber)
    bend = BEND_REACH * np.log(100.0 / accuracy) / missing
    argument: FloatArray = momentum * np.minimum(shell.extent(0.5 * accuracy), bend)
    return argument


def _needed(shell: BoundShell, energy: float, momentum: FloatArray, accuracy: float) -> FloatArray:
    """Multipole order that each momentum needs, before rounding."""
    waves_end = shell.turning_order(energy, shell.extent(0.5 * accuracy))
    x = np.minimum(_argument(shell, energy, momentum, accuracy), waves_end)
    needed: FloatArray = _reach(x, accuracy) + abs(shell.orbital.kappa)
    return needed


def _orders(x: FloatArray, accuracy: float, shell: BoundShell) -> np.ndarray:
    """Multipole orders for waves that reach argument x at the orbital's edge; j adds to both."""
    orders: np.ndarray = np.ceil(_reach(x, accuracy)).astype(int) + abs(shell.orbital.kappa)
    return orders


def _multipoles(
    shell: BoundShell,
    waves: Waves,
    energy: float,
    momentum: FloatArray,
    accuracy: float,
    last_order: int | None = None,
) -> tuple[FloatArray, FloatArray]:
    extent, kappa = shell.extent(0.5 * accuracy), shell.orbital.kappa
    orders = _orders(_argument(shell, energy, momentum, accuracy), accuracy, shell)
    waves_end = np.array(shell.turning_order(energy, extent))
    spins = int(_orders(waves_end, accuracy, shell))
    last = np.minimum(orders, spins + abs(kappa) - 1)
    if last_order is not None:
        last = np.minimum(last, last_order)
    spins = min(spins, int(last.max()) + abs(kappa) + 1)
    j_index = np.arange(spins)
    continuum = waves(energy, tuple(int(k) for k in (*-(j_index + 1), *(j_index + 1))))
    # Small momenta need few orders on a coarse grid: blocks save most of the work.
    size = _block_size(shell, energy, momentum, int(last.max()), accuracy)
    blocks = [slice(i, i + size) for i in range(0, momentum.size, size)]
    for block in blocks:
        last[block] = np.maximum.accumulate(last[block])
    parts = [_block(shell, continuum, energy, momentum[block], last[block], accuracy) for block in blocks]
    values = np.concatenate([part.values for part in parts], axis=1)
    remainder = [
        _remainder(part.order_terms, last[block]) + _remainder(part.spin_terms)
        for part, block in zip(parts, blocks, strict=True)
    ]
    return values, np.concatenate(remainder)


def _block_size(shell: BoundShell, energy: float, momentum: FloatArray, last: int, accuracy: float) -> int:
    """Momenta that share a grid: fewer where the table of Bessel functions would be large."""
    stop = shell.extent(1e-10 * accuracy**2)
    cycles = (shell.wavenumber(energy) + momentum[-1]) * stop / (2.0 * np.pi)
    return int(np.clip(LARGEST_TABLE / (POINTS_PER_CYCLE * cycles * (last + 2)), 1, BLOCK))


def _block(
    shell: BoundShell,
    continuum: ContinuumOrbitals,
    energy: float,
    momentum: FloatArray,
    orders: np.ndarray,
    accuracy: float,
) -> Partials:
    """Multipole sums of some momenta, with all partial waves that their orders couple to."""
    last = int(orders[-1])
    grid, partial_waves = _partial_waves(shell, continuum, energy, momentum, last, accuracy)
    bessel = spherical_bessel(last + 1, grid.r[:, None] * momentum, floor=1e-10 * accuracy)
    order = np.arange(last + 2)
    # Below its turning point by twice the margin kept above, j_L is nothing.
    margin = _reach(order.astype(float), accuracy) - order
    first_point = np.searchsorted(grid.r * momentum[-1], order - 2.0 * margin)
    first_momentum = np.searchsorted(orders, order[:-1])
    return multipole_sum(partial_waves, bessel, first_point, first_momentum)


def _partial_waves(
    shell: BoundShell,
    continuum: ContinuumOrbitals,
    energy: float,
    momentum: FloatArray,
    last: int,
    accuracy: float,
) -> tuple[RadialGrid, PartialWaves]:
    """Products of the orbital and of the waves that orders up to ``last`` couple it to, and their grid."""
    kappa = shell.orbital.kappa
    # The orbital's amplitude, not its density, bounds what lies beyond the last point.
    stop = min(shell.extent(1e-10 * accuracy**2), float(continuum.grid.r[-10]))
    grid, bound = shell.sampled(shell.wavenumber(energy) + momentum[-1], stop)
    spins = min(len(continuum.kappas) // 2, last + abs(kappa) + 1)
    at = interpolator(continuum.grid, grid.r)
    shape = (2, len(continuum.kappas) // 2, -1)
    components = [at(part.reshape(shape)[:, :spins]) for part in (continuum.large, continuum.small)]
    weight = grid.step * grid.rate
    return grid, PartialWaves.from_orbitals(kappa, bound, np.stack(components, axis=2), weight)


def _remainder(terms: FloatArray, ends: np.ndarray | None = None) -> FloatArray:
    """Relative size of what a sum of positive terms leaves out, from its geometric decay."""
    block = 3
    total = np.cumsum(terms, axis=0)
    column = np.arange(terms.shape[1])
    end = np.full(column.size, terms.shape[0] - 1) if ends is None else ends
    sums = [total[np.maximum(end - n * block, 0), column] for n in range(3)]
    last, before = sums[0] - sums[1], sums[1] - sums[2]
    ratio = np.minimum(last / np.where(before > 0.0, before, np.inf), 0.99)
    remainder: FloatArray = last * ratio / (1.0 - ratio) / sums[0]
    return remainder


def _impulse_error(shell: BoundShell, waves: Waves, energy: float, accuracy: float) -> tuple[float, float]:
    """Error of the impulse limit, of values and of ∫Q dQ, from the ridge of some 100 multipoles.

    Differences of values are odd about the ridge and fall nearly as 1/k (measured in tests/property);
    the square root of that leaves room.
    """
    wavenumber = RIDGE_ORDER / shell.extent(0.5 * accuracy)
    reference = 0.5 * wavenumber**2
    width = 1.0 / shell.mean_radius
    transfer = reference - shell.orbital.energy
    photon = 1.001 * transfer / shell.speed_of_light
    low, high = np.arcsinh(np.array([photon - wavenumber, shell.momenta.reach(accuracy**2)]) / width)
    x = np.linspace(low, high, RIDGE_POINTS)
    momentum = wavenumber + width * np.sinh(x)
    exact = _positive(_multipoles(shell, waves, reference, momentum, accuracy)[0])
    limit = _positive(impulse_response(shell.momenta, transfer, momentum))
    weight = momentum * np.cosh(x)
    at_point = float(np.max(np.abs(limit - exact)) / np.max(exact))
    at_integral = float(np.abs((limit - exact) @ weight) / (exact @ weight))
    return at_point * float(np.sqrt(min(wavenumber / shell.wavenumber(energy), 1.0))), at_integral


def _positive(values: FloatArray) -> FloatArray:
    """Sum of the diagonal responses, vector_00 + 2 vector_11 + axial_00 + 2 axial_11."""
    result: FloatArray = values[0] + 2.0 * values[3] + values[4] + 2.0 * values[7]
    return result
