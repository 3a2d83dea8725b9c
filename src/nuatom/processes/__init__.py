"""What neutrinos do to targets: each process is a function from a target to :class:`Kernels`."""

from typing import Final

from nuatom.atoms import Target
from nuatom.errors import InputError
from nuatom.processes.electron import free, stepping
from nuatom.processes.kernels import CrossSection, Kernels

__all__ = ["ELECTRON_MODELS", "CrossSection", "Kernels", "ionization"]

ELECTRON_MODELS: Final = {"free": free, "stepping": stepping}
"""Models of scattering on the electrons of a target, by name."""


def ionization(target: Target, model: str = "stepping") -> Kernels:
    """Kernels of scattering on a target's electrons.

    Parameters
    ----------
    target : Target
        Element or compound.
    model : str
        A key of :data:`ELECTRON_MODELS`.

    Raises
    ------
    InputError
        For an unknown model.

    Examples
    --------
    >>> from nuatom import Neutrino, Target
    >>> xs = ionization(Target("Xe")).cross_section(Neutrino(), energy_kev=300.0, recoil_kev=[1.0, 100.0])
    >>> [f"{value:.3e}" for value in xs.weak]
    ['3.806e-45', '5.132e-45']
    """
    if model not in ELECTRON_MODELS:
        raise InputError("model", model, ", ".join(ELECTRON_MODELS))
    return ELECTRON_MODELS[model](target)
