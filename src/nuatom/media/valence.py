r"""Loss function of a crystal's valence electrons at every momentum, from the one that light measures.

The measured loss function is that of electron gases of all plasma energies together :cite:`Penn:1987`,

.. math::

    \mathrm{Im}\frac{-1}{\varepsilon(T,Q)}
        = \int_0^\infty g(\omega)\,\mathrm{Im}\frac{-1}{\varepsilon_L(x,Q;\omega)}\,d\omega,
    \qquad g(x) = \frac{2}{\pi x}\,\mathrm{Im}\frac{-1}{\varepsilon(T,0)},\qquad x^2 = T^2 - E_g^2 ,

each with Lindhard's dielectric function: a sum of Mermin's oscillators in which the measured width is made of
their number, not of the width of each, whose tails would fill the gap. The gap E_g comes in as
:cite:`Levine:1982` has it. At Q = 0 this is the measurement, f-sum and static ε are kept exactly at Q → 0
and the f-sum at every Q; a large Q disperses it to the ridge of free electrons.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from nuatom.constants import ELECTRON_MASS_KEV
from nuatom.errors import DataError
from nuatom.media.dielectric import Dielectric
from nuatom.media.mermin import fermi_momentum_kev, lindhard
from nuatom.numerics.kramers_kronig import kramers_kronig
from nuatom.numerics.quadrature import FloatArray, legendre_rule

if TYPE_CHECKING:
    from scipy.interpolate import RectBivariateSpline

__all__ = ["Valence"]

_TRANSFERS: Final = 320
_MOMENTA: Final = 180
_NODES: Final = 128
_MEASURED: Final = 400
_BISECTIONS: Final = 45
_FIRST: Final = 0.02
"""Lowest transfer above the gap, T² − E_g², in its own units."""
_LAST_KEV: Final = 3.0
_MOMENTA_KEV: Final = (0.02, 80.0)
_BEYOND: Final = 30.0
_LEAST_LOSS: Final = 1e-14
_STEP: Final = 1e-5


@dataclass(frozen=True, eq=False)
class Valence:
    """Valence electrons of a crystal.

    Attributes
    ----------
    dielectric : Dielectric
        Of light.
    gap_kev : float
        Least energy of an electron-hole pair.
    last_kev : float
        Up to here only valence electrons take energy; beyond, their loss function goes on as the power of the
        energy that leaves them their number.
    share : float
        Part of all electrons that they are.

    Raises
    ------
    DataError
        When more electrons than these take energy below `last_kev`.
    """

    dielectric: Dielectric
    gap_kev: float
    last_kev: float
    share: float

    def __post_init__(self) -> None:
        if not self._missing > 0.0:
            taken = float(self.dielectric.electrons(self.last_kev, "loss")) / self.share
            raise DataError(
                f"valence electrons: {taken:.3f} of their number take energy below {self.last_kev:g} keV"
            )

    @property
    def plasma_energy_kev(self) -> float:
        """Of the valence electrons alone."""
        return self.dielectric.plasma_energy_kev * float(np.sqrt(self.share))

    @cached_property
    def _missing(self) -> float:
        return 1.0 - float(self.dielectric.electrons(self.last_kev, "loss")) / self.share

    def loss_of_light(self, transfer_kev: FloatArray) -> FloatArray:
        """Im(−1/ε) of valence electrons at Q → 0; zero up to the gap."""
        transfer = np.asarray(transfer_kev, dtype=float)
        known, measured = self._measured
        loss = np.exp(np.interp(np.log(np.maximum(transfer, self.gap_kev)), known, measured))
        last = float(np.exp(measured[-1]))
        # ∫ T (T₀/T)^p dT from T₀ on is what is missing in the f-sum.
        power = 2.0 + 2.0 / np.pi * last * self.last_kev**2 / (self._missing * self.plasma_energy_kev**2)
        loss = np.where(transfer > self.last_kev, last * (self.last_kev / transfer) ** power, loss)
        result: FloatArray = np.where(transfer > self.gap_kev, loss, 0.0)
        return result

    @cached_property
    def _measured(self) -> tuple[FloatArray, FloatArray]:
        """Logarithms of transfers, and of the loss function of light there."""
        points = self.dielectric.points_kev
        inner = points[(points > self.gap_kev) & (points < self.last_kev)]
        refined = np.geomspace(self.gap_kev, self.last_kev, _MEASURED)
        transfer = np.union1d(inner, refined)
        loss = (-1.0 / self.dielectric.at(transfer)).imag
        return np.log(transfer), np.log(np.maximum(loss, _LEAST_LOSS))

    def loss(self, transfer_kev: FloatArray, momentum_kev: FloatArray) -> FloatArray:
        """Im(−1/ε(T, Q)), of transfers and momenta that broadcast; zero up to the gap."""
        return self._interpolated(self._splines[0], transfer_kev, momentum_kev)

    def absorption(self, transfer_kev: FloatArray, momentum_kev: FloatArray) -> FloatArray:
        """Im ε(T, Q): what answers to the whole field, and to spins, which do not attract each other."""
        return self._interpolated(self._splines[1], transfer_kev, momentum_kev)

    def _interpolated(
        self, spline: RectBivariateSpline, transfer_kev: FloatArray, momentum_kev: FloatArray
    ) -> FloatArray:
        transfer, momentum = np.broadcast_arrays(
            np.asarray(transfer_kev, float), np.asarray(momentum_kev, float)
        )
        result = np.zeros(transfer.shape)
        inside = (transfer > self.gap_kev) & (momentum <= _MOMENTA_KEV[1])
        x = np.sqrt((transfer[inside] - self.gap_kev) * (transfer[inside] + self.gap_kev))
        x = np.clip(x, *self._grid[0][[0, -1]])
        q = np.maximum(momentum[inside], _MOMENTA_KEV[0])
        result[inside] = np.exp(spline.ev(np.log(x), np.log(q)))
        return result

    @cached_property
    def _grid(self) -> tuple[FloatArray, FloatArray]:
        """X and Q of the splines."""
        return np.geomspace(_FIRST * self.gap_kev, _LAST_KEV, _TRANSFERS), np.geomspace(
            *_MOMENTA_KEV, _MOMENTA
        )

    @cached_property
    def _splines(self) -> tuple[RectBivariateSpline, RectBivariateSpline]:
        from scipy import interpolate

        x, q = self._grid
        loss = self._continuum(x[:, None], q) + self._plasmon(x[:, None], q)
        transfer = np.hypot(x, self.gap_kev)
        # 1/ε − 1 is causal as well; the core adds a constant to it, up to its edges.
        real = np.stack([kramers_kronig(transfer, column, transfer) for column in loss.T], axis=-1)
        static = 2.0 / np.pi * np.trapezoid(self.loss_of_light(transfer) / transfer, transfer)
        core = 1.0 - 1.0 / float(self.dielectric.at(0.3 * self.gap_kev).real) - static
        inverse = 1.0 - core - real - 1j * loss
        logarithms = (np.log(np.maximum(part, _LEAST_LOSS)) for part in (loss, (1.0 / inverse).imag))

        first, second = (interpolate.RectBivariateSpline(np.log(x), np.log(q), part) for part in logarithms)
        return first, second

    def _density(self, plasma: FloatArray) -> FloatArray:
        """Density g of oscillators of a plasma energy."""
        density: FloatArray = 2.0 / (np.pi * plasma) * self.loss_of_light(np.hypot(plasma, self.gap_kev))
        return density

    def _continuum(self, x: FloatArray, q: FloatArray) -> FloatArray:
        """Pairs of electrons and holes: gases whose Fermi momentum is above |mx/Q − Q/2|."""
        least = np.abs(ELECTRON_MASS_KEV * x / q - 0.5 * q)
        low = np.maximum(_plasma_energy(least), 1e-3 * self.gap_kev)
        high = np.maximum(_BEYOND * self.last_kev, 2.0 * low)
        nodes, weights = legendre_rule(_NODES)
        total = np.zeros(np.broadcast_shapes(x.shape, q.shape))
        span = np.log(high / low)
        for node, weight in zip(nodes, weights, strict=True):
            # Nodes crowd at the edge, where the plasmon enters.
            plasma = low * np.exp(node * node * span)
            epsilon = 1.0 + lindhard(x + 0j, q, plasma)
            total += 2.0 * node * weight * span * plasma * self._density(plasma) * (-1.0 / epsilon).imag
        return total

    def _plasmon(self, x: FloatArray, q: FloatArray) -> FloatArray:
        """The gas whose plasmon has this energy, where that lies above its pairs."""
        speed = ELECTRON_MASS_KEV * x / q - 0.5 * q
        highest = np.where(speed > 0.0, _plasma_energy(np.maximum(speed, 1e-12)), 0.0) * (1.0 - 1e-12)
        high = np.minimum(highest, 1.5 * x)
        low = np.full(high.shape, 1e-6 * self.gap_kev)

        def real(plasma: FloatArray) -> FloatArray:
            return 1.0 + lindhard(x + 0j, q, plasma).real

        there = (high > low) & (real(np.maximum(high, low)) < 0.0)
        high = np.where(there, high, 2.0 * low)
        for _ in range(_BISECTIONS):
            middle = 0.5 * (low + high)
            above = real(middle) > 0.0
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        plasma = 0.5 * (low + high)
        slope = (real(plasma * (1.0 - _STEP)) - real(plasma)) / (_STEP * plasma)
        pole = np.pi * self._density(plasma) / np.where(slope > 0.0, slope, np.inf)
        result: FloatArray = np.where(there, pole, 0.0)
        return result


def _plasma_energy(fermi_kev: FloatArray) -> FloatArray:
    """Plasma energy of a gas by its Fermi momentum."""
    return (fermi_kev / fermi_momentum_kev(1.0)) ** 1.5
