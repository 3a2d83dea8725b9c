"""Parameters that can be fitted, by the names that users type: ``charge:e``, ``magnetic-moment:12``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from nuatom.errors import InputError
from nuatom.neutrinos.mixing import FLAVOURS
from nuatom.neutrinos.neutrino import Basis, Neutrino

__all__ = ["KINDS", "Kind", "Parameter", "parameter"]


@dataclass(frozen=True)
class Kind:
    """A family of parameters: which matrix of the :class:`~nuatom.Neutrino` it sets, and how it is quoted.

    Parameters
    ----------
    name : str
        As typed: ``magnetic-moment``.
    field : str
        Field of the Neutrino.
    unit, tex_unit, symbol : str
        Unit, and unit and symbol in TeX for figures.
    scale : float
        A typical magnitude, where searches start.
    """

    name: str
    field: str
    unit: str
    tex_unit: str
    symbol: str
    scale: float


KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind("magnetic-moment", "magnetic_moment", "mu_B", r"$\mu_\mathrm{B}$", r"\mu", 1e-11),
        Kind("charge", "charge", "e", r"$e$", r"q", 1e-13),
        Kind("charge-radius", "charge_radius_cm2", "cm2", r"cm$^2$", r"\langle r^2\rangle", 1e-31),
    )
}

# Element suffix -> (basis, row, column); no suffix means the same value for every flavour.
_ELEMENTS: Final[dict[str, tuple[Basis, int, int]]] = {
    **{name: ("flavour", i, i) for i, name in enumerate(FLAVOURS)},
    **{FLAVOURS[i] + FLAVOURS[j]: ("flavour", i, j) for i, j in ((0, 1), (0, 2), (1, 2))},
    **{f"{i + 1}{j + 1}": ("mass", i, j) for i in range(3) for j in range(i, 3)},
}
_SUBSCRIPTS: Final = {
    "e": "e",
    "mu": r"\mu",
    "tau": r"\tau",
    "emu": r"e\mu",
    "etau": r"e\tau",
    "mutau": r"\mu\tau",
}


@dataclass(frozen=True)
class Parameter:
    """One number to be fitted: an element of a matrix of the Neutrino, or its value for every flavour.

    Off-diagonal elements are set together with their partner: the Hermitian one, or for the moments and
    charges of Majorana neutrinos the antisymmetric one (the charge is then imaginary). A Majorana transition
    moment gives the same rates as the Dirac one of the same size.
    """

    kind: Kind
    element: str | None = None

    @property
    def name(self) -> str:
        """The name as typed: ``charge:e``."""
        return self.kind.name if self.element is None else f"{self.kind.name}:{self.element}"

    @property
    def label(self) -> str:
        """TeX label for figures."""
        if self.element is None:
            return rf"{self.kind.symbol}_{{\nu}}"
        return rf"{self.kind.symbol}_{{{_SUBSCRIPTS.get(self.element, self.element)}}}"

    def set(self, neutrino: Neutrino, value: float) -> Neutrino:
        """Return the neutrino with this parameter set to ``value``, all else as it was."""
        basis, i, j = _ELEMENTS[self.element or "e"]
        source = neutrino.in_basis(basis)
        matrices = {kind.field: getattr(source, kind.field) for kind in KINDS.values()}
        if self.element is None:
            matrices[self.kind.field] = value * np.eye(3)
        else:
            changed = matrices[self.kind.field].copy()
            changed[i, j] = changed[j, i] = value
            if neutrino.nature == "majorana" and self.kind.field == "magnetic_moment":
                changed[j, i] = -value
            elif neutrino.nature == "majorana" and self.kind.field == "charge":
                if basis == "flavour" or i == j:
                    raise InputError("parameter", self.name, "charge:12, :13 or :23 for a Majorana neutrino")
                changed[i, j], changed[j, i] = 1j * value, -1j * value
            matrices[self.kind.field] = changed
        return Neutrino(
            **matrices,
            basis=basis,
            nature=neutrino.nature,
            electroweak=neutrino.electroweak,
            mixing=neutrino.mixing,
        )


def parameter(name: str) -> Parameter:
    """Parse a parameter's name: a kind, and optionally ``:`` and an element.

    Elements: a flavour ``e``, ``mu``, ``tau``; a flavour transition ``emu``, ``etau``, ``mutau``; an element
    in the mass basis ``11``, ``22``, ``33``, ``12``, ``13``, ``23``. Underscores may stand for hyphens.

    Raises
    ------
    InputError
        For an unknown kind or element.

    Examples
    --------
    >>> parameter("charge_radius:mu").name
    'charge-radius:mu'
    """
    kind, _, element = name.replace("_", "-").partition(":")
    if kind not in KINDS:
        raise InputError("parameter", name, f"{', '.join(KINDS)}, optionally with :e, :mu, :12, ...")
    if ":" in name and element not in _ELEMENTS:
        raise InputError("parameter", name, f"an element among {', '.join(_ELEMENTS)}")
    return Parameter(KINDS[kind], element or None)
