"""What neutrinos do to targets: each process is a function from a target to :class:`Kernels`."""

from nuatom.processes.atom import whole_atom
from nuatom.processes.atomic_recoil import atomic_recoil_kev
from nuatom.processes.best import best_model, best_models, described, what_builds_better
from nuatom.processes.kernels import CrossSection, KernelError, Kernels
from nuatom.processes.nucleus import coherent
from nuatom.processes.process import Process
from nuatom.processes.registry import PROCESSES, interaction, ionization, models_of, process_named

__all__ = [
    "PROCESSES",
    "CrossSection",
    "KernelError",
    "Kernels",
    "Process",
    "atomic_recoil_kev",
    "best_model",
    "best_models",
    "coherent",
    "described",
    "interaction",
    "ionization",
    "models_of",
    "process_named",
    "what_builds_better",
    "whole_atom",
]
