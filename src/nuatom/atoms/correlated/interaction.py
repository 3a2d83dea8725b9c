"""What acts between electrons that answer together, and the mean field that suits it."""

from __future__ import annotations

from typing import Final, Literal, get_args

from nuatom.atoms.structure.configuration import ground_configuration
from nuatom.atoms.structure.ground_state import Method, mean_field
from nuatom.atoms.structure.orbital import GroundState
from nuatom.errors import InputError

__all__ = [
    "INTERACTIONS",
    "NEAREST",
    "Interaction",
    "check_interaction",
    "correlated_mean_field",
    "interaction_of",
    "preferred_mean_field",
]

Interaction = Literal["rpa", "tdlda"]
"""Between electrons that answer together: Coulomb with exact exchange, or with a local kernel."""

INTERACTIONS: Final[tuple[Interaction, ...]] = get_args(Interaction)

NEAREST: Final[dict[int, Method]] = {2: "dirac-fock", 18: "dirac-fock", 36: "dirac-lb94"}
"""By atomic number, the mean field in which photoabsorption is nearest to measurement; for other elements,
neon, sodium, germanium and xenon among them, it is the plain local density (docs/correlation.md)."""


def correlated_mean_field(Z: int, method: str | None = None) -> Method:  # noqa: N803
    """Mean field of electrons that answer together.

    Parameters
    ----------
    Z : int
        Atomic number.
    method : str, optional
        As of `nuatom.atoms.structure.ground_state.ground_state`, but for ``dirac-slater``, whose potential
        the kernel has nothing to do with. By default exact exchange, or where shells are open the local
        density with the right tail.

    Raises
    ------
    InputError
        For another method, and for exact exchange where shells are open.
    """
    closed = ground_configuration(Z).closed
    if method is None:
        return "dirac-fock" if closed else "dirac-lb94"
    found = mean_field(method)
    if found == "dirac-slater":
        raise InputError("method", method, "with correlation one of dirac-fock, dirac-lda, dirac-lb94")
    if found == "dirac-fock" and not closed:
        raise InputError("method", method, "dirac-lda or dirac-lb94, where shells are open")
    return found


def interaction_of(state: GroundState) -> Interaction:
    """Return the interaction that belongs to a mean field: exact exchange to exact exchange."""
    return "rpa" if state.method == "dirac-fock" else "tdlda"


def preferred_mean_field(Z: int) -> Method:  # noqa: N803
    """Mean field in which photoabsorption is nearest to measurement: `NEAREST`, else the local density."""
    return NEAREST.get(Z, "dirac-lda")


def check_interaction(state: GroundState, interaction: str) -> None:
    """Raise InputError unless the interaction is known and suits the state."""
    if interaction not in INTERACTIONS:
        raise InputError("interaction", interaction, "one of " + ", ".join(INTERACTIONS))
    if interaction != interaction_of(state):
        field = "a Dirac-Fock state" if interaction == "rpa" else "a local field"
        raise InputError("state", state.method, f"{field} for the interaction {interaction}")
    if interaction == "rpa":
        for orbital in state.orbitals:
            if abs(orbital.occupation - orbital.twice_j - 1) > 1e-12:
                raise InputError("state", orbital.label, "closed shells for rpa; tdlda takes open ones")
