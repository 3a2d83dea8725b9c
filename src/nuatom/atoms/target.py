"""Targets: elements and compounds, with their isotopes, masses, subshells and measured edges."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

from nuatom.atoms.formula import MATERIALS, parse_formula, suggested_symbols
from nuatom.constants import ATOMIC_MASS_KEV, ATOMIC_MASS_KG
from nuatom.data import read_toml
from nuatom.errors import InputError

__all__ = [
    "MAX_ATOMIC_NUMBER",
    "PHASES",
    "Element",
    "Isotope",
    "Subshell",
    "Target",
    "atomic_number",
    "element",
]

MAX_ATOMIC_NUMBER: Final = 92
"""The table of X-ray edges ends with uranium."""

_ORBITAL_LETTERS: Final = "spdfg"
# X-ray name of a principal shell; the subshells of each, in order, are those of _KAPPAS.
_SHELL_LETTERS: Final = "KLMNOPQ"
_KAPPAS: Final = (-1, 1, -2, 2, -3, 3, -4)


@dataclass(frozen=True)
class Isotope:
    """A naturally occurring isotope: mass number, atomic mass in u, and abundance as a fraction of atoms."""

    mass_number: int
    mass_u: float
    abundance: float

    @property
    def mass_kev(self) -> float:
        """Atomic mass, electrons included, in keV."""
        return self.mass_u * ATOMIC_MASS_KEV


@dataclass(frozen=True)
class Subshell:
    """A relativistic subshell n κ of a neutral atom, with its measured edge.

    Parameters
    ----------
    n : int
        Principal quantum number.
    kappa : int
        Relativistic angular quantum number: −(l+1) for j = l+½, l for j = l−½.
    occupation : float
        Number of electrons; open shells are shared between their two subshells as 2j+1.
    edge_kev : float
        Ionization threshold in keV.
    """

    n: int
    kappa: int
    occupation: float
    edge_kev: float

    @property
    def l(self) -> int:  # noqa: E743  the field's name for it
        """Orbital angular momentum of the large component."""
        return self.kappa if self.kappa > 0 else -self.kappa - 1

    @property
    def twice_j(self) -> int:
        """Twice the total angular momentum."""
        return 2 * abs(self.kappa) - 1

    @property
    def label(self) -> str:
        """Spectroscopic label: ``2p1/2``."""
        return f"{self.n}{_ORBITAL_LETTERS[self.l]}{self.twice_j}/2"


@dataclass(frozen=True)
class Element:
    """A chemical element as found in nature.

    Parameters
    ----------
    atomic_number : int
        Z, 1 to 92.
    symbol : str
        Chemical symbol.
    mass_u : float
        Standard atomic weight.
    isotopes : tuple of Isotope
        Those that periodictable gives a natural abundance; empty for the others, uranium among them.
    subshells : tuple of Subshell
        Occupied in the neutral ground state, from the innermost out.
    """

    atomic_number: int
    symbol: str
    mass_u: float
    isotopes: tuple[Isotope, ...]
    subshells: tuple[Subshell, ...]


PHASES: Final = ("gas", "liquid", "crystal")
"""Phases that matter comes in."""


@dataclass(frozen=True)
class Target:
    """What neutrinos scatter on: an element or a compound, by chemical formula.

    Cross sections are per formula unit: per atom for an element.

    Parameters
    ----------
    formula : str
        ``"Xe"``, ``"Ge"``, ``"CsI"``, ``"CaWO4"``: natural isotopes, elements up to uranium; ``"^131Xe"`` or
        ``"Xe-131"``: one isotope; ``"LAr"``, ``"water"``: see :data:`nuatom.atoms.formula.MATERIALS`. A
        dopant is written with its amount, atoms a formula unit: ``"NaI(Tl)0.001"``. Atoms are free unless
        a phase is given.
    phase : {"gas", "liquid", "crystal"}, optional
        What the atoms are in, for processes that feel it (:mod:`nuatom.media`); free atoms in a vacuum by
        default.

    Raises
    ------
    InputError
        For a formula that cannot be read, with what was probably meant, an element beyond uranium, or an
        unknown phase.

    Examples
    --------
    >>> Target("Xe").constituents[0][0].atomic_number
    54
    >>> [(part.symbol, count) for part, count in Target("CaWO4").constituents]
    [('Ca', 1.0), ('W', 1.0), ('O', 4.0)]
    """

    formula: str
    phase: str | None = None
    constituents: tuple[tuple[Element, float], ...] = field(init=False, repr=False)
    citations: tuple[str, ...] = field(
        init=False, repr=False, default=("Schoonjans:2011", "NIST:ASD", "periodictable")
    )

    def __post_init__(self) -> None:
        if self.phase is not None and self.phase not in PHASES:
            raise InputError("phase", self.phase, ", ".join(PHASES))
        atoms = parse_formula(self.formula)
        if any(number > MAX_ATOMIC_NUMBER for number, _ in atoms):
            raise InputError("target", self.formula, f"elements up to Z = {MAX_ATOMIC_NUMBER}, uranium")
        constituents = tuple(
            (element(number) if mass is None else _isotope(number, mass), count)
            for (number, mass), count in atoms.items()
        )
        object.__setattr__(self, "constituents", constituents)

    @property
    def mass_u(self) -> float:
        """Mass of a formula unit in atomic mass units."""
        return sum(count * part.mass_u for part, count in self.constituents)

    @property
    def mass_kg(self) -> float:
        """Mass of a formula unit in kg."""
        return self.mass_u * ATOMIC_MASS_KG

    @property
    def electrons(self) -> float:
        """Electrons per formula unit."""
        return sum(count * part.atomic_number for part, count in self.constituents)

    @property
    def subshells(self) -> tuple[tuple[Element, Subshell, float], ...]:
        """Every subshell with its element and its number of electrons per formula unit."""
        return tuple(
            (part, shell, count * shell.occupation)
            for part, count in self.constituents
            for shell in part.subshells
        )


def atomic_number(symbol: str, argument: str = "target") -> int:
    """Z of a chemical symbol; a refusal names the argument that held it.

    Raises
    ------
    InputError
        For what is no chemical symbol.
    """
    try:
        ((number, mass), count), *others = parse_formula(symbol, argument).items()
    except InputError as error:
        meant = suggested_symbols(str(symbol))
        accepted = f"{meant[0]}, or another chemical symbol" if meant else "a chemical symbol, such as Xe"
        raise InputError(argument, symbol, accepted) from error
    if others or mass is not None or count != 1.0 or symbol in MATERIALS:
        raise InputError(argument, symbol, "a chemical symbol, such as Xe")
    return number


def _isotope(number: int, mass_number: int) -> Element:
    """An element of which there is one isotope."""
    import periodictable

    natural = element(number)
    mass_u = float(periodictable.elements[number][mass_number].mass)
    return replace(natural, mass_u=mass_u, isotopes=(Isotope(mass_number, mass_u, 1.0),))


@cache
def element(atomic_number: int) -> Element:
    """Element by atomic number: masses from periodictable, configuration and edges from xraylib.

    The edges are those of the X-ray tables, of solids where the element is one: the outermost lie below the
    ionization energies of the free atom (germanium 4p: 2.3 against 7.9 eV). Where there is no edge for an
    occupied subshell (the outermost of metals), that of its spin-orbit partner is taken, or else the first
    ionization energy (NIST).

    Raises
    ------
    InputError
        For an atomic number outside 1 to 92.
    """
    import periodictable

    if not 1 <= atomic_number <= MAX_ATOMIC_NUMBER:
        raise InputError("atomic number", atomic_number, f"1 to {MAX_ATOMIC_NUMBER}")
    entry = periodictable.elements[atomic_number]
    return Element(
        atomic_number=atomic_number,
        symbol=entry.symbol,
        mass_u=float(entry.mass),
        isotopes=tuple(
            Isotope(isotope.isotope, float(isotope.mass), 0.01 * float(isotope.abundance))
            for isotope in entry
            if isotope.abundance > 0
        ),
        subshells=_subshells(atomic_number, entry.symbol),
    )


def _subshells(atomic_number: int, symbol: str) -> tuple[Subshell, ...]:
    import xraylib

    electrons: dict[tuple[int, int], float] = {}
    edges: dict[tuple[int, int], float] = {}
    for n, letter in enumerate(_SHELL_LETTERS, start=1):
        for index, kappa in enumerate(_KAPPAS[: 2 * n - 1], start=1):
            name = f"{letter}{index if n > 1 else ''}_SHELL"
            if not hasattr(xraylib, name):
                continue
            shell = getattr(xraylib, name)
            electrons[n, kappa] = _tabulated(xraylib.ElectronConfig, atomic_number, shell)
            edges[n, kappa] = _tabulated(xraylib.EdgeEnergy, atomic_number, shell)

    first_ionization_kev = 1e-3 * float(read_toml("ionization.toml")["first_ionization_energy_ev"][symbol])
    shells = []
    for (n, kappa), tabulated in electrons.items():
        # xraylib prints the shares of open shells to six digits: restore them from the whole numbers.
        l = kappa if kappa > 0 else -kappa - 1  # noqa: E741
        partner = -kappa - 1 if l else kappa
        total = round(tabulated + (electrons[n, partner] if l else 0.0))
        occupation = total * abs(kappa) / (2 * l + 1) if l else float(total)
        if tabulated > 0.0:
            edge = edges[n, kappa] or edges.get((n, partner), 0.0) or first_ionization_kev
            shells.append(Subshell(n, kappa, occupation, edge))
    return tuple(shells)


def _tabulated(function: Any, atomic_number: int, shell: int) -> float:
    # xraylib raises where its table has no entry, which here means none.
    try:
        return float(function(atomic_number, shell))
    except ValueError:
        return 0.0
