"""The list of processes, and kernels by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from nuatom.atoms import Responses, Target
from nuatom.errors import InputError
from nuatom.processes.atom import ATOM, whole_atom
from nuatom.processes.best import BEST, best, best_model
from nuatom.processes.electron import ELECTRON, free, stepping
from nuatom.processes.form_factors import FORM_FACTORS
from nuatom.processes.ionization import ipm, of_responses, rpa
from nuatom.processes.kernels import Kernels
from nuatom.processes.nucleus import NUCLEUS, coherent
from nuatom.processes.process import Process

__all__ = ["PROCESSES", "interaction", "ionization", "models_of", "process_named"]

PROCESSES: Final[Mapping[str, Process]] = MappingProxyType({
    process.name: process
    for process in (
        Process(
            "electron", "scattering on electrons, which ionizes",
            {"free": free, "stepping": stepping, "ipm": ipm, "rpa": rpa, BEST: best},
            default="stepping", quenched=False, algebra=ELECTRON, choose=best_model,
        ),
        Process(
            "nucleus", "coherent scattering on nuclei",
            {name: partial(coherent, model=name) for name in FORM_FACTORS},
            default="helm", quenched=True, algebra=NUCLEUS,
        ),
        Process(
            "atom", "scattering that leaves whole atoms whole",
            {name: partial(whole_atom, model=name) for name in FORM_FACTORS},
            default="helm", quenched=True, algebra=ATOM,
        ),
    )
})  # fmt: skip
"""Every process by name."""


def process_named(process: str | Process) -> Process:
    """A registered process by its name; a process is returned as it is.

    Raises
    ------
    InputError
        For an unknown name.

    Examples
    --------
    >>> process_named("nucleus").default
    'helm'
    """
    if isinstance(process, Process):
        return process
    if process not in PROCESSES:
        raise InputError("process", process, ", ".join(PROCESSES))
    return PROCESSES[process]


def models_of(
    processes: Sequence[str | Process], model: str | None = None, target: Target | None = None
) -> tuple[str, ...]:
    """Model of each of several processes, from names joined by ``+``; the default of those without one.

    Parameters
    ----------
    processes : sequence of str or Process
        Keys of :data:`PROCESSES`, or processes.
    model : str, optional
        ``"ipm"``, ``"klein-nystrand+ipm"``, …: each is the model of the first process that has it and
        none yet.
    target : Target, optional
        Of which a process chooses its model where none, or ``"best"``, is named.

    Raises
    ------
    InputError
        For a model that none of the processes has, or two of one.

    Examples
    --------
    >>> models_of(("nucleus", "electron"), "ipm")
    ('helm', 'ipm')
    """
    each = [process_named(process) for process in processes]
    chosen: dict[int, str] = {}
    for name in [] if model is None else model.split("+"):
        having = (i for i, process in enumerate(each) if name in process.models and i not in chosen)
        owner = next(having, None)
        if owner is None:
            accepted = " and one of ".join(", ".join(process.models) for process in each)
            raise InputError("model", model, f"one of {accepted}, joined by +" if each[1:] else accepted)
        chosen[owner] = name
    if target is None:
        return tuple(chosen.get(i, process.default) for i, process in enumerate(each))
    return tuple(process.model_of(target, chosen.get(i)) for i, process in enumerate(each))


def interaction(
    target: Target, process: str | Process = "electron", model: str | None = None, **options: Any
) -> Kernels:
    """Kernels of a process, for experiments and the command line.

    Parameters
    ----------
    target : Target
        Element or compound.
    process : str or Process
        A key of :data:`PROCESSES`, or a process of your own.
    model : str, optional
        Model of the electrons, or nuclear form factor; the process's default by default.
    **options
        What the model takes beside the target, such as ``neutron_skin_fm`` of the nucleus.

    Raises
    ------
    InputError
        For an unknown process or model.

    Examples
    --------
    >>> interaction(Target("Ge"), "nucleus").algebra.names
    ('pp0', 'pp1', 'pp2', 'pn0', 'pn1', 'nn0', 'MM')
    """
    return process_named(process).kernels(target, model, **options)


def ionization(
    target: Target,
    model: str | None = None,
    *,
    responses: Responses | Mapping[str, Responses] | None = None,
    **options: Any,
) -> Kernels:
    """Kernels of scattering on a target's electrons.

    Parameters
    ----------
    target : Target
        Element or compound.
    model : str, optional
        ``"free"``, ``"stepping"`` (the default), ``"ipm"``, ``"rpa"``, or ``"best"``: of each element the
        best that there is a table for (:mod:`nuatom.processes.best`).
    responses : Responses or mapping of str to Responses, optional
        Responses of your own in the place of a model: per formula unit, or by element of a compound.
    **options
        What the model takes beside the target: ``neutrino_mass_kev`` of ``"ipm"``, ``"rpa"`` and responses.

    Raises
    ------
    InputError
        For an unknown model, or a model beside responses.
    DataError
        When a model needs a table of responses that has not been built.

    Examples
    --------
    >>> from nuatom import Neutrino, Target
    >>> xs = ionization(Target("Xe")).cross_section(Neutrino(), energy_kev=300.0, recoil_kev=[1.0, 100.0])
    >>> [f"{value:.3e}" for value in xs.weak]
    ['4.143e-46', '4.381e-46']
    """
    if responses is None:
        return interaction(target, "electron", model, **options)
    if model is not None:
        raise InputError("model", model, "none beside responses of your own")
    return of_responses(target, responses, **options)
