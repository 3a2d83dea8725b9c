r"""The dielectric function ε(T) of a medium, at momenta far below those of its electrons."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nuatom.errors import InputError
from nuatom.numerics.guards import positive
from nuatom.numerics.kramers_kronig import kramers_kronig
from nuatom.numerics.quadrature import FloatArray

__all__ = ["ComplexArray", "Dielectric"]

ComplexArray = NDArray[np.complex128]

_RISE: Final = 0.1
_STEEP: Final = 0.01
_FIRST_LINE_KEV: Final = 1e-4
# Half widths from the centre of a Lorentzian, each step the same share of its area.
_LINE_WIDTHS: Final = np.tan(np.linspace(-0.5, 0.5, 82)[1:-1] * np.pi)


@dataclass(frozen=True, eq=False)
class Dielectric:
    r"""A dielectric function that obeys the Kramers-Kronig relation by construction.

    A susceptibility χ is built from its absorptive part, straight lines between points plus Lorentzian
    lines. In a crystal ε = 1 + χ. In a fluid χ is that of its atoms one by one, 4πnα, and each atom answers
    to the field of the others too (Clausius-Mossotti):

    .. math:: \varepsilon = \frac{1 + \tfrac23\chi}{1 - \tfrac13\chi}, \qquad \chi = 4\pi n\alpha .

    Attributes
    ----------
    plasma_energy_kev : float
        √(4παn_e/m), n_e the density of all electrons.
    energy_kev : ndarray, shape (N,)
        Increasing.
    absorptive : ndarray, shape (N,)
        Im χ at these energies; zero outside of them.
    line_energy_kev, line_weight : ndarray, shape (L,)
        Lines, by the share of all electrons' oscillator strength.
    line_width_kev : float
        Full width at half maximum of each.
    local_field : bool
        Whether χ is that of single atoms.
    """

    plasma_energy_kev: float
    energy_kev: FloatArray
    absorptive: FloatArray
    line_energy_kev: FloatArray = field(default_factory=lambda: np.empty(0))
    line_weight: FloatArray = field(default_factory=lambda: np.empty(0))
    line_width_kev: float = 0.0
    local_field: bool = False

    def __post_init__(self) -> None:
        if np.any(np.diff(self.energy_kev) <= 0.0) or not self.energy_kev[0] > 0.0:
            raise InputError("energy_kev", self.energy_kev, "increasing energies > 0")
        if np.any(self.absorptive < 0.0):
            raise InputError("absorptive", float(self.absorptive.min()), "an absorption of zero or more")

    def at(self, energy_kev: ArrayLike) -> ComplexArray:
        """ε at the given energies, of the same shape.

        Raises
        ------
        InputError
            For energies that are not positive, or above the last one tabulated.
        """
        chi = self.susceptibility(energy_kev)
        if self.local_field:
            return (1.0 + 2.0 / 3.0 * chi) / (1.0 - chi / 3.0)
        return 1.0 + chi

    def at_imaginary(self, energy_kev: ArrayLike) -> FloatArray:
        """ε(iξ), real and falling to 1: the whole absorption, by the dispersion relation."""
        energy = positive("energy_kev", energy_kev, "keV")
        x, weight = self.energy_kev, np.gradient(self.energy_kev)
        squares = energy[..., None] ** 2
        chi = 2.0 / np.pi * np.sum(weight * x * self.absorptive / (x**2 + squares), axis=-1)
        damping = self.line_width_kev * energy[..., None]
        lines = self.line_weight / (self.line_energy_kev**2 + squares + damping)
        chi = chi + self.plasma_energy_kev**2 * lines.sum(axis=-1)
        epsilon: FloatArray = (1.0 + 2.0 / 3.0 * chi) / (1.0 - chi / 3.0) if self.local_field else 1.0 + chi
        return epsilon

    def diluted(self, factor: float) -> Dielectric:
        """The same absorption with the density times a factor."""
        return replace(
            self,
            plasma_energy_kev=self.plasma_energy_kev * factor**0.5,
            absorptive=self.absorptive * factor,
        )

    @cached_property
    def points_kev(self) -> FloatArray:
        """Energies between which every part of ε is smooth."""
        lines = self.line_energy_kev[:, None] + 0.5 * self.line_width_kev * _LINE_WIDTHS
        lines = lines[(lines > _FIRST_LINE_KEV) & (lines < self.energy_kev[-1])]
        return np.unique(np.concatenate([self.energy_kev, lines]))

    @cached_property
    def jumps_kev(self) -> FloatArray:
        """Ends of the steps in which absorption rises at edges."""
        rise = np.diff(self.absorptive) > _RISE * self.absorptive[:-1]
        steep = np.flatnonzero(rise & (np.diff(self.energy_kev) < _STEEP * self.energy_kev[:-1]))
        return self.energy_kev[np.union1d(steep, steep + 1)]

    @cached_property
    def at_points(self) -> ComplexArray:
        """ε at ``points_kev``."""
        return self.at(self.points_kev)

    def electrons(
        self, energy_kev: ArrayLike, of: Literal["absorption", "loss"] = "absorption"
    ) -> FloatArray:
        r"""Share of the electrons that absorb, or take energy, below an energy: the f-sum rule.

        It goes to 1,

        .. math:: \frac{2}{\pi\omega_p^2}\int_0^E x\,\mathrm{Im}\,\varepsilon\,dx
                  \quad\text{or}\quad \frac{2}{\pi\omega_p^2}\int_0^E x\,\mathrm{Im}(-1/\varepsilon)\,dx

        Parameters
        ----------
        energy_kev : array_like
        of : str
            ``"absorption"`` or ``"loss"``.
        """
        points, epsilon = self.points_kev, self.at_points
        density = points * (epsilon.imag if of == "absorption" else (-1.0 / epsilon).imag)
        running = np.concatenate([[0.0], np.cumsum(0.5 * (density[1:] + density[:-1]) * np.diff(points))])
        at = np.asarray(energy_kev, dtype=float)
        share: FloatArray = 2.0 / (np.pi * self.plasma_energy_kev**2) * np.interp(at, points, running)
        return share

    def mean_excitation_energy_kev(self) -> float:
        r"""I of the Bethe formula: ln I = ∫x ln x Im(−1/ε) dx / ∫x Im(−1/ε) dx."""
        weight = np.gradient(self.points_kev) * self.points_kev * (-1.0 / self.at_points).imag
        return float(np.exp(np.sum(weight * np.log(self.points_kev)) / np.sum(weight)))

    def susceptibility(self, energy_kev: ArrayLike) -> ComplexArray:
        """χ at the given energies: ε − 1 in a crystal, 4πnα in a fluid; the same is raised."""
        energy = positive("energy_kev", energy_kev, "keV")
        highest = float(self.energy_kev[-1])
        if np.any(energy > highest):
            accepted = f"at most {highest:.6g} keV, where absorption is tabulated"
            raise InputError("energy_kev", float(energy.max()), accepted)
        imaginary = np.interp(energy, self.energy_kev, self.absorptive, left=0.0)
        chi: ComplexArray = kramers_kronig(self.energy_kev, self.absorptive, energy) + 1j * imaginary
        for line, weight in zip(self.line_energy_kev, self.line_weight, strict=True):
            resonance = line**2 - energy**2 - 1j * self.line_width_kev * energy
            chi += weight * self.plasma_energy_kev**2 / resonance
        return chi
