"""What neutrinos do to targets: each process is a function from a target to :class:`Kernels`."""

from nuatom.processes.atom import whole_atom
from nuatom.processes.atomic_recoil import atomic_recoil_kev
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
    "coherent",
    "interaction",
    "ionization",
    "models_of",
    "process_named",
    "whole_atom",
]
