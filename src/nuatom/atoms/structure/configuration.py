"""Electron configurations: which subshells an atom has, and how pairs of electrons are averaged.

A nonrelativistic shell nl holds two relativistic subshells, j = l − ½ and j = l + ½. Where it is
open, the energy is averaged over all the ways of placing its N electrons in its M = 4l + 2
spinors (average of configuration; Grant, Relativistic Quantum Theory of Atoms and Molecules): each
spinor is occupied N/M of the time, and two different spinors together N(N − 1)/(M(M − 1)) of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from nuatom.errors import InputError

__all__ = [
    "Configuration",
    "Shell",
    "Subshell",
    "ground_configuration",
    "orbital_momentum",
    "parse_configuration",
    "subshell_label",
    "twice_j",
]

Subshell = tuple[int, int]
"""(n, κ)."""

LETTERS: Final = "spdfghi"

NOBLE_GASES: Final = {"He": 2, "Ne": 10, "Ar": 18, "Kr": 36, "Xe": 54, "Rn": 86}

GROUND_CONFIGURATIONS: Final = tuple(
    """
    1s1; 1s2;
    [He] 2s1; [He] 2s2; [He] 2s2 2p1; [He] 2s2 2p2; [He] 2s2 2p3; [He] 2s2 2p4; [He] 2s2 2p5;
    [He] 2s2 2p6;
    [Ne] 3s1; [Ne] 3s2; [Ne] 3s2 3p1; [Ne] 3s2 3p2; [Ne] 3s2 3p3; [Ne] 3s2 3p4; [Ne] 3s2 3p5;
    [Ne] 3s2 3p6;
    [Ar] 4s1; [Ar] 4s2; [Ar] 3d1 4s2; [Ar] 3d2 4s2; [Ar] 3d3 4s2; [Ar] 3d5 4s1; [Ar] 3d5 4s2;
    [Ar] 3d6 4s2; [Ar] 3d7 4s2; [Ar] 3d8 4s2; [Ar] 3d10 4s1; [Ar] 3d10 4s2; [Ar] 3d10 4s2 4p1;
    [Ar] 3d10 4s2 4p2; [Ar] 3d10 4s2 4p3; [Ar] 3d10 4s2 4p4; [Ar] 3d10 4s2 4p5; [Ar] 3d10 4s2 4p6;
    [Kr] 5s1; [Kr] 5s2; [Kr] 4d1 5s2; [Kr] 4d2 5s2; [Kr] 4d4 5s1; [Kr] 4d5 5s1; [Kr] 4d5 5s2;
    [Kr] 4d7 5s1; [Kr] 4d8 5s1; [Kr] 4d10; [Kr] 4d10 5s1; [Kr] 4d10 5s2; [Kr] 4d10 5s2 5p1;
    [Kr] 4d10 5s2 5p2; [Kr] 4d10 5s2 5p3; [Kr] 4d10 5s2 5p4; [Kr] 4d10 5s2 5p5; [Kr] 4d10 5s2 5p6;
    [Xe] 6s1; [Xe] 6s2; [Xe] 5d1 6s2; [Xe] 4f1 5d1 6s2; [Xe] 4f3 6s2; [Xe] 4f4 6s2; [Xe] 4f5 6s2;
    [Xe] 4f6 6s2; [Xe] 4f7 6s2; [Xe] 4f7 5d1 6s2; [Xe] 4f9 6s2; [Xe] 4f10 6s2; [Xe] 4f11 6s2;
    [Xe] 4f12 6s2; [Xe] 4f13 6s2; [Xe] 4f14 6s2; [Xe] 4f14 5d1 6s2; [Xe] 4f14 5d2 6s2;
    [Xe] 4f14 5d3 6s2; [Xe] 4f14 5d4 6s2; [Xe] 4f14 5d5 6s2; [Xe] 4f14 5d6 6s2; [Xe] 4f14 5d7 6s2;
    [Xe] 4f14 5d9 6s1; [Xe] 4f14 5d10 6s1; [Xe] 4f14 5d10 6s2; [Xe] 4f14 5d10 6s2 6p1;
    [Xe] 4f14 5d10 6s2 6p2; [Xe] 4f14 5d10 6s2 6p3; [Xe] 4f14 5d10 6s2 6p4; [Xe] 4f14 5d10 6s2 6p5;
    [Xe] 4f14 5d10 6s2 6p6;
    [Rn] 7s1; [Rn] 7s2; [Rn] 6d1 7s2; [Rn] 6d2 7s2; [Rn] 5f2 6d1 7s2; [Rn] 5f3 6d1 7s2;
    [Rn] 5f4 6d1 7s2; [Rn] 5f6 7s2; [Rn] 5f7 7s2; [Rn] 5f7 6d1 7s2; [Rn] 5f9 7s2; [Rn] 5f10 7s2;
    [Rn] 5f11 7s2; [Rn] 5f12 7s2; [Rn] 5f13 7s2; [Rn] 5f14 7s2; [Rn] 5f14 7s2 7p1
    """.replace("\n", " ").split(";")
)
"""Ground configurations of the neutral atoms Z = 1..103: A. Kramida et al., NIST Atomic Spectra
Database, "Ground states and ionization energies" (physics.nist.gov/asd)."""


@dataclass(frozen=True)
class Shell:
    """Equivalent electrons, averaged over the spinors of their subshells.

    Attributes
    ----------
    subshells : tuple of (n, κ)
        Usually j = l − ½ and j = l + ½ of one nl; a single one where j is resolved.
    electrons : float
        N, from 0 (excluded) to the number of spinors M = Σ(2j + 1).
    """

    subshells: tuple[Subshell, ...]
    electrons: float

    @property
    def capacity(self) -> int:
        """M, the number of spinors."""
        return sum(twice_j(kappa) + 1 for _, kappa in self.subshells)

    def occupation(self, kappa: int) -> float:
        """Mean number of electrons in the subshell of ``kappa``."""
        return self.electrons * (twice_j(kappa) + 1) / self.capacity

    @property
    def companion_weight(self) -> float:
        """Mean occupation of a spinor of this shell seen by an electron in another one of it."""
        return max(0.0, self.electrons - 1.0) / (self.capacity - 1)


@dataclass(frozen=True)
class Configuration:
    """The shells of an atom or ion, innermost first."""

    shells: tuple[Shell, ...]

    @property
    def electrons(self) -> float:
        """Number of electrons."""
        return sum(shell.electrons for shell in self.shells)

    @property
    def subshells(self) -> tuple[tuple[Subshell, Shell], ...]:
        """Every occupied (n, κ) with the shell that it belongs to, ordered by n, l, j."""
        pairs = [(subshell, shell) for shell in self.shells for subshell in shell.subshells]
        return tuple(sorted(pairs, key=lambda pair: _order(pair[0])))

    @property
    def closed(self) -> bool:
        """Whether every shell is full."""
        return all(shell.electrons == shell.capacity for shell in self.shells)

    @property
    def text(self) -> str:
        """Every shell with its electrons: ``1s2 2s2 2p5``, and ``2p3/2:3`` where j is resolved."""
        return " ".join(_shell_text(shell) for shell in self.shells)

    def without(self, n: int, kappa: int) -> Configuration:
        """Remove one electron from subshell (n, κ).

        A full shell is resolved in j, so that the hole is where it was asked for; an open one
        stays averaged over its configuration, with one electron less.

        Raises
        ------
        InputError
            If that subshell is empty.
        """
        shells: list[Shell] = []
        for shell in self.shells:
            if (n, kappa) not in shell.subshells:
                shells.append(shell)
            elif shell.electrons < shell.capacity:
                shells.append(replace(shell, electrons=shell.electrons - 1.0))
            else:
                for subshell in shell.subshells:
                    hole = 1.0 if subshell == (n, kappa) else 0.0
                    shells.append(Shell((subshell,), shell.occupation(subshell[1]) - hole))
        if (n, kappa) not in [subshell for subshell, _ in self.subshells]:
            raise InputError("hole", subshell_label(n, kappa), "an occupied subshell")
        return Configuration(tuple(shell for shell in shells if shell.electrons > 0.0))


def twice_j(kappa: int) -> int:
    """2j = 2|κ| − 1."""
    return 2 * abs(kappa) - 1


def orbital_momentum(kappa: int) -> int:
    """Return l of the large component: κ for κ > 0, −κ − 1 for κ < 0."""
    return kappa if kappa > 0 else -kappa - 1


def subshell_label(n: int, kappa: int) -> str:
    """Spectroscopic name, such as ``2p1/2``."""
    l = orbital_momentum(kappa)  # noqa: E741
    letter = LETTERS[l] if l < len(LETTERS) else f"[{l}]"
    return f"{n}{letter}{twice_j(kappa)}/2"


def parse_configuration(text: str) -> Configuration:
    """Read a configuration such as ``[Kr] 4d10 5s2 5p6``.

    Raises
    ------
    InputError
        If a term is malformed, repeated, impossible or overfull.
    """
    occupation: dict[tuple[int, int], int] = {}
    for term in text.split():
        core = re.fullmatch(r"\[(\w\w)\]", term)
        if core and core[1] in NOBLE_GASES and not occupation:
            occupation.update(_occupations(GROUND_CONFIGURATIONS[NOBLE_GASES[core[1]] - 1]))
            continue
        match = re.fullmatch(rf"(\d+)([{LETTERS}])(\d+)", term)
        if not match:
            raise InputError("configuration", text, "terms such as [Ar] 3d10 4s2")
        n, l, count = int(match[1]), LETTERS.index(match[2]), int(match[3])  # noqa: E741
        if l >= n or not 0 < count <= 4 * l + 2:
            raise InputError("configuration", text, f"a possible shell, not {term}")
        if (n, l) in occupation:
            raise InputError("configuration", text, f"{term[: len(term) - len(match[3])]} once")
        occupation[n, l] = count
    if not occupation:
        raise InputError("configuration", text, "at least one electron")
    return _from_occupations(occupation)


def ground_configuration(atomic_number: int, charge: int = 0) -> Configuration:
    """Ground configuration of a neutral atom, or of its positive ion.

    An ion loses the electrons of largest n first, and among these of largest l: right for most
    ions; give the configuration itself where it is not.

    Raises
    ------
    InputError
        If Z is not in 1..103 or the charge not in 0..Z − 1.
    """
    if not 1 <= atomic_number <= len(GROUND_CONFIGURATIONS):
        raise InputError("Z", atomic_number, f"an integer from 1 to {len(GROUND_CONFIGURATIONS)}")
    if not 0 <= charge < atomic_number:
        raise InputError("charge", charge, "from 0 to Z − 1")
    occupation = _occupations(GROUND_CONFIGURATIONS[atomic_number - 1])
    for _ in range(charge):
        outermost = max(occupation)
        occupation[outermost] -= 1
        if occupation[outermost] == 0:
            del occupation[outermost]
    return _from_occupations(occupation)


def _occupations(text: str) -> dict[tuple[int, int], int]:
    shells = parse_configuration(text).shells
    return {
        (shell.subshells[0][0], orbital_momentum(shell.subshells[0][1])): int(shell.electrons)
        for shell in shells
    }


def _from_occupations(occupation: dict[tuple[int, int], int]) -> Configuration:
    shells = []
    for (n, l), count in sorted(occupation.items()):  # noqa: E741
        kappas = (-1,) if l == 0 else (l, -l - 1)
        shells.append(Shell(tuple((n, kappa) for kappa in kappas), float(count)))
    return Configuration(tuple(shells))


def _shell_text(shell: Shell) -> str:
    n, kappa = shell.subshells[0]
    l = orbital_momentum(kappa)  # noqa: E741
    whole = shell.capacity == 4 * l + 2 and all(
        (m, orbital_momentum(k)) == (n, l) for m, k in shell.subshells
    )
    electrons = repr(shell.electrons).removesuffix(".0")
    if whole and l < len(LETTERS):
        return f"{n}{LETTERS[l]}{electrons}"
    return "+".join(subshell_label(*subshell) for subshell in shell.subshells) + f":{electrons}"


def _order(subshell: Subshell) -> tuple[int, int, int]:
    n, kappa = subshell
    return n, orbital_momentum(kappa), twice_j(kappa)
