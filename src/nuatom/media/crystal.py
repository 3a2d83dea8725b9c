r"""Responses of a crystal: its valence electrons as light sees them, the shells below as an atom's.

R₀₀ is fixed by the loss function,

.. math:: R_{00} = \frac{Q^2}{4\pi^2\alpha n}\,\mathrm{Im}\frac{-1}{\varepsilon(T,Q)} ,

whose f-sum rule ∫T Im(−1/ε) dT = πω_p²/2 is the one of Bethe, ∫T R₀₀ dT = ZQ²/2m. The spins of electrons do
not attract each other: R₃₃ and R₁₁ of the axial current are Im ε in the place of Im(−1/ε). All others are
these times powers of T/Q, as for electrons that are free, or of Q/2m.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from nuatom.atoms import COMPONENTS, DIAGONAL, Element, Responses
from nuatom.constants import ELECTRON_MASS_KEV, FINE_STRUCTURE
from nuatom.errors import InputError
from nuatom.media.atoms_in_matter import ThresholdShift, dress
from nuatom.media.mermin import fermi_momentum_kev
from nuatom.numerics.quadrature import FloatArray

if TYPE_CHECKING:
    from nuatom.atoms import ResponseTable
    from nuatom.media.medium import Medium
    from nuatom.media.valence import Valence

__all__ = ["CrystalAtom", "CrystalResponses"]

_BETWEEN: Final = {
    COMPONENTS.index(name): (COMPONENTS.index(first), COMPONENTS.index(second))
    for name, first, second in (
        ("vector_03", "vector_00", "vector_33"),
        ("axial_03", "axial_00", "axial_33"),
        ("interference", "vector_11", "axial_11"),
    )
}
"""Responses of either sign, and the two of positive sign that bound each."""
_TAIL: Final = 12.0
"""Fermi momenta beyond the ridge at which valence electrons have stopped to answer."""


@dataclass(frozen=True, eq=False)
class CrystalAtom:
    """One element of a crystal.

    Attributes
    ----------
    element : Element
    count : float
        Atoms per formula unit.
    responses : Responses
        Of the free atom, by any model.
    independent : ResponseTable
        Of its subshells, whose shares are taken from here.
    valence_shell : int
        Principal quantum number from which on electrons are valence electrons.
    """

    element: Element
    count: float
    responses: Responses
    independent: ResponseTable
    valence_shell: int

    @property
    def core(self) -> tuple[tuple[str, ThresholdShift], ...]:
        """Label of each subshell of the core, and from the free atom's threshold to the measured edge."""
        measured = {(shell.n, shell.kappa): shell.edge_kev for shell in self.element.subshells}
        return tuple(
            (shell.label, ThresholdShift(shell.scale.edge_kev, measured[shell.n, shell.kappa]))
            for shell in self.independent.subshells
            if shell.n < self.valence_shell
        )

    def core_on_momenta(self, transfer_kev: FloatArray, momentum_kev: FloatArray) -> FloatArray:
        """Responses of the core, each subshell from its measured edge on; (9, T, Q)."""
        total = np.zeros((len(COMPONENTS), *momentum_kev.shape))
        for label, shift in self.core:
            rows = np.flatnonzero(transfer_kev > shift.lowered_kev)
            if rows.size:
                free = np.maximum(shift.free_transfer(transfer_kev[rows]), shift.free_kev * (1.0 + 1e-9))
                free = np.minimum(free, self.responses.highest_kev)
                part = self._shells({label}, free, momentum_kev[rows])
                total[:, rows] += part * shift.factor(transfer_kev[rows])[:, None]
        return total

    def valence_on_momenta(self, transfer_kev: FloatArray, momentum_kev: FloatArray) -> FloatArray:
        """Responses of the free atom's valence shells, (9, T, Q)."""
        core = {label for label, _ in self.core}
        return self._shells(set(self.independent.labels) - core, transfer_kev, momentum_kev)

    def _shells(self, labels: set[str], transfer_kev: FloatArray, momentum_kev: FloatArray) -> FloatArray:
        """Of the atom's responses, the part that some subshells have when electrons are independent."""
        own = np.zeros((len(COMPONENTS), *momentum_kev.shape))
        for label in labels:
            shell = self.independent.subshell(label)
            rows = np.flatnonzero(transfer_kev > shell.scale.edge_kev)
            if rows.size:
                own[:, rows] += shell.on_momenta(transfer_kev[rows], momentum_kev[rows])
        if self.responses is self.independent:
            return own
        alone = self.independent.on_momenta(transfer_kev, momentum_kev)
        whole = self.responses.on_momenta(transfer_kev, momentum_kev)
        share = np.zeros_like(own)
        for k in DIAGONAL:
            share[k] = np.where(alone[k] > 0.0, own[k] / np.where(alone[k] > 0.0, alone[k], 1.0), 0.0)
        for k, (first, second) in _BETWEEN.items():
            share[k] = np.sqrt(share[first] * share[second])
        return whole * share


@dataclass(frozen=True, eq=False)
class CrystalResponses:
    """The :class:`~nuatom.atoms.responses.Responses` of a crystal, per formula unit.

    Valence electrons are those of the loss function up to `Medium.atoms_from_kev`'s first energy, those of
    free atoms from its second on, and a mixture of both between.

    Attributes
    ----------
    medium : Medium
        With valence electrons.
    atoms : tuple of CrystalAtom
    """

    medium: Medium
    atoms: tuple[CrystalAtom, ...]

    def __post_init__(self) -> None:
        if self.medium.valence is None:
            raise InputError("medium", self.medium.name, "one whose file describes its valence electrons")

    @property
    def valence(self) -> Valence:
        """Its valence electrons."""
        if self.medium.valence is None:
            raise TypeError("a crystal without valence electrons")
        return self.medium.valence

    @property
    def edges_kev(self) -> FloatArray:
        """The gap, and measured edges of the core."""
        core = [shift.lowered_kev for atom in self.atoms for _, shift in atom.core]
        return np.array([self.valence.gap_kev, *core])

    @property
    def highest_kev(self) -> float:
        """Where the first table of an atom ends."""
        return min(atom.responses.highest_kev for atom in self.atoms) * (1.0 - 1e-9)

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Tables of its atoms."""
        return tuple(named for atom in self.atoms for named in atom.responses.identity)

    @property
    def breakpoints_kev(self) -> FloatArray:
        """The gap and edges, transfers above both, and where the mixture begins and ends."""
        edges = self.edges_kev
        within = self.valence.gap_kev * np.array([1.5, 3.0, 8.0, 15.0, 30.0])
        steps = np.concatenate([edges, 1.1 * edges[1:]])
        return np.unique(np.concatenate([steps, within, self.medium.atoms_from_kev]))

    def on_momenta(self, transfer_kev: FloatArray, momentum_kev: FloatArray) -> FloatArray:
        """See :meth:`nuatom.atoms.responses.Responses.on_momenta`: R₀₀ holds the fields of the others."""
        transfer = np.asarray(transfer_kev, dtype=float)
        atomic = self._atomic_share(transfer)
        total = self._valence(transfer, momentum_kev) * (1.0 - atomic)[:, None]
        free = np.zeros_like(total)
        for atom in self.atoms:
            free += atom.count * atom.core_on_momenta(transfer, momentum_kev)
            rows = np.flatnonzero(atomic > 0.0)
            if rows.size:
                outer = atom.valence_on_momenta(transfer[rows], momentum_kev[rows])
                free[:, rows] += atom.count * atomic[rows, None] * outer
        dress(free, self.medium, transfer, momentum_kev)
        return total + free

    def momentum_limits_kev(self, transfer_kev: FloatArray) -> tuple[FloatArray, FloatArray]:
        """From T on; to where neither valence electrons nor the core's answer."""
        transfer = np.asarray(transfer_kev, dtype=float)
        centre, _ = self.ridge(transfer)
        last = centre + _TAIL * self._fermi_kev
        for atom in self.atoms:
            lowest = min(shift.lowered_kev for _, shift in atom.core)
            reach = atom.responses.momentum_limits_kev(np.minimum(transfer, atom.responses.highest_kev))[1]
            last = np.where(transfer > lowest, np.maximum(last, reach), last)
        return transfer, last

    def ridge(self, transfer_kev: FloatArray) -> tuple[FloatArray, FloatArray]:
        """That of free electrons, as wide as the Fermi momentum of the valence electrons."""
        transfer = np.asarray(transfer_kev, dtype=float)
        centre = np.sqrt(transfer * (transfer + 2.0 * ELECTRON_MASS_KEV))
        return centre, np.full_like(transfer, self._fermi_kev)

    def relative_error(self, transfer_kev: FloatArray) -> FloatArray:
        """Stated error of the valence electrons below the mixture, those of the atoms' tables above."""
        transfer = np.asarray(transfer_kev, dtype=float)
        energy, stated = self.medium.stated_error
        own = np.interp(np.log(transfer), np.log(energy), stated)
        share = self._atomic_share(transfer)
        free = np.max([atom.responses.relative_error(transfer) for atom in self.atoms], axis=0)
        error: FloatArray = np.where(
            transfer > self.valence.gap_kev, np.hypot((1.0 - share) * own, share * free), 0.0
        )
        return error

    @property
    def _fermi_kev(self) -> float:
        return float(fermi_momentum_kev(self.valence.plasma_energy_kev))

    def _atomic_share(self, transfer_kev: FloatArray) -> FloatArray:
        first, last = self.medium.atoms_from_kev
        share: FloatArray = np.clip(np.log(transfer_kev / first) / np.log(last / first), 0.0, 1.0)
        return share

    def _valence(self, transfer_kev: FloatArray, momentum_kev: FloatArray) -> FloatArray:
        """Valence electrons by their loss function, (9, T, Q)."""
        values = np.zeros((len(COMPONENTS), *momentum_kev.shape))
        rows = np.flatnonzero(
            (transfer_kev > self.valence.gap_kev) & (self._atomic_share(transfer_kev) < 1.0)
        )
        if not rows.size:
            return values
        t, q = transfer_kev[rows, None], momentum_kev[rows]
        scale = q**2 / (4.0 * np.pi**2 * FINE_STRUCTURE * self.medium.number_density_kev3)
        charge, spin = scale * self.valence.loss(t, q), scale * self.valence.absorption(t, q)
        ratio, magnetic = t / q, q / (2.0 * ELECTRON_MASS_KEV)
        # Orbital currents answer to light as (T/Q)², and lose that to the ridge, where k_F²/5m² is left.
        below = np.maximum(1.0 - q**2 / (2.0 * ELECTRON_MASS_KEV * t), 0.0) ** 2
        orbital = ratio**2 * below + (self._fermi_kev / ELECTRON_MASS_KEV) ** 2 / 5.0 * (1.0 - below)
        values[:, rows] = np.stack([
            charge, ratio * charge, ratio**2 * charge, (orbital + magnetic**2) * spin,
            ratio**2 * spin, ratio * spin, spin, spin, 4.0 * magnetic * spin,
        ])  # fmt: skip
        return values
