"""What neutrinos do to targets: each process is a function from a target to :class:`Kernels`."""

from collections.abc import Sequence
from typing import Final

from nuatom.atoms import Target
from nuatom.errors import InputError
from nuatom.processes.atom import whole_atom
from nuatom.processes.atomic_recoil import atomic_recoil_kev
from nuatom.processes.electron import free, stepping
from nuatom.processes.form_factors import FORM_FACTORS
from nuatom.processes.ionization import ipm, rpa
from nuatom.processes.kernels import CrossSection, Kernels
from nuatom.processes.nucleus import coherent

__all__ = [
    "DEFAULT_MODELS",
    "ELECTRON_MODELS",
    "MODELS",
    "CrossSection",
    "Kernels",
    "atomic_recoil_kev",
    "coherent",
    "interaction",
    "ionization",
    "models_of",
    "whole_atom",
]

ELECTRON_MODELS: Final = {"free": free, "stepping": stepping, "ipm": ipm, "rpa": rpa}
"""Models of scattering on the electrons of a target, by name."""

DEFAULT_MODELS: Final = {"electron": "stepping", "nucleus": "helm", "atom": "helm"}
"""Every process by name, and the model that it has by default: of electrons, or the nuclear form factor."""

MODELS: Final = {
    "electron": tuple(ELECTRON_MODELS),
    "nucleus": tuple(FORM_FACTORS),
    "atom": tuple(FORM_FACTORS),
}
"""Names of the models of every process."""


def models_of(processes: Sequence[str], model: str | None = None) -> tuple[str, ...]:
    """Model of each of several processes, from names joined by ``+``; the default of those without one.

    Parameters
    ----------
    processes : sequence of str
        Keys of :data:`MODELS`.
    model : str, optional
        ``"ipm"``, ``"klein-nystrand+ipm"``, …: each is the model of the first process that has it.

    Raises
    ------
    InputError
        For a model that none of the processes has, or two of one.

    Examples
    --------
    >>> models_of(("nucleus", "electron"), "ipm")
    ('helm', 'ipm')
    """
    chosen: dict[str, str] = {}
    for name in [] if model is None else model.split("+"):
        owner = next((process for process in processes if name in MODELS[process]), None)
        if owner is None or owner in chosen:
            accepted = " and one of ".join(", ".join(MODELS[process]) for process in processes)
            raise InputError("model", model, f"one of {accepted}, joined by +" if processes[1:] else accepted)
        chosen[owner] = name
    return tuple(chosen.get(process, DEFAULT_MODELS[process]) for process in processes)


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
    DataError
        When a model needs a table of responses that has not been built.

    Examples
    --------
    >>> from nuatom import Neutrino, Target
    >>> xs = ionization(Target("Xe")).cross_section(Neutrino(), energy_kev=300.0, recoil_kev=[1.0, 100.0])
    >>> [f"{value:.3e}" for value in xs.weak]
    ['4.143e-46', '4.381e-46']
    """
    if model not in ELECTRON_MODELS:
        raise InputError("model", model, ", ".join(ELECTRON_MODELS))
    return ELECTRON_MODELS[model](target)


def interaction(target: Target, process: str = "electron", model: str | None = None) -> Kernels:
    """Kernels of a process by name, for experiments and the command line.

    Parameters
    ----------
    target : Target
        Element or compound.
    process : str
        A key of :data:`DEFAULT_MODELS`: :func:`ionization`, :func:`~nuatom.processes.nucleus.coherent` or
        :func:`~nuatom.processes.atom.whole_atom`.
    model : str, optional
        Model of the electrons, or nuclear form factor; the process's default by default.

    Raises
    ------
    InputError
        For an unknown process or model.
    """
    if process not in DEFAULT_MODELS:
        raise InputError("process", process, ", ".join(DEFAULT_MODELS))
    (chosen,) = models_of((process,), model)
    if process == "electron":
        return ionization(target, chosen)
    return coherent(target, chosen) if process == "nucleus" else whole_atom(target, chosen)
