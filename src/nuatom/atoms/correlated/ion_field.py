"""Electrons that answer alone, in the basis of those that answer together.

Each channel's wave sees the ion that its electron leaves behind, averaged over directions: the mean field
less one electron of the hole's subshell. Poles and waves of a channel do not depend on the multipole.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import eig

from nuatom.atoms.correlated.basis import OrbitalBasis
from nuatom.atoms.correlated.random_phase import ExcitationSpace
from nuatom.atoms.structure.coulomb import exchange_factor, multipoles
from nuatom.numerics.complex_splines import ComplexArray

__all__ = ["IonChannels"]


class IonChannels:
    """Channels of independent electrons, each diagonalised once.

    Parameters
    ----------
    exchange : bool
        Whether the field has exact exchange, and with it an electron that misses itself; a local field is
        everyone's.
    """

    def __init__(self, exchange: bool) -> None:
        self._exchange = exchange
        self._known: dict[tuple[int, int], tuple[ComplexArray, ComplexArray]] = {}

    def __call__(self, space: ExcitationSpace) -> tuple[ComplexArray, list[ComplexArray]]:
        """Poles of all channels, shape (states,), and each channel's waves in its virtual orbitals."""
        poles, waves = [], []
        for channel, at in zip(space.channels, space.slices, strict=True):
            key = (channel.hole, channel.kappa)
            if key not in self._known:
                self._known[key] = self._diagonalise(space.basis, *key, space.energies[at])
            values, vectors = self._known[key]
            poles.append(values)
            waves.append(vectors)
        return np.concatenate(poles), waves

    def _diagonalise(
        self, basis: OrbitalBasis, hole: int, kappa: int, energies: ComplexArray
    ) -> tuple[ComplexArray, ComplexArray]:
        if not self._exchange:
            return energies, np.eye(energies.size, dtype=complex)
        values, vectors = eig(np.diag(energies) - _missing_electron(basis, kappa, hole))
        return values, vectors / np.sqrt(np.einsum("in,in->n", vectors, vectors))


def _missing_electron(basis: OrbitalBasis, kappa: int, hole: int) -> ComplexArray:
    """Mean field of one electron of subshell ``hole`` on the waves κ: Y⁰_aa − Σ_k Λ^k exchange."""
    contour, virtual = basis.contour, basis.virtual(kappa, hole)
    real = contour.real_points
    density = basis.large[hole] ** 2 + basis.small[hole] ** 2
    potential = 1.0 / contour.z
    potential[:real] = basis.kernel(0) @ density
    potential = potential * basis.weight
    field = (virtual.large * potential) @ virtual.large.T
    field += (virtual.small * potential) @ virtual.small.T
    pair = virtual.large[:, :real] * basis.large[hole] + virtual.small[:, :real] * basis.small[hole]
    weighted = pair * contour.weight[:real]
    other = basis.state.orbitals[hole].kappa
    for k in multipoles(kappa, other):
        kernel = basis.kernel(k)
        around = kernel @ pair.real.T + 1j * (kernel @ pair.imag.T)
        field -= exchange_factor(kappa, other, k) * (weighted @ around)
    result: ComplexArray = 0.5 * (field + field.T)
    return result
