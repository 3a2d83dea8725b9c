"""A process: what neutrinos do to a target, by which models, and which couplings its kernels have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from inspect import Parameter, signature
from types import MappingProxyType
from typing import Any

from nuatom.atoms import Target
from nuatom.errors import InputError
from nuatom.neutrinos import Algebra
from nuatom.processes.best import BEST, described
from nuatom.processes.kernels import Kernels

__all__ = ["Model", "Process"]

Model = Callable[..., Kernels]
"""From a target, and options of its own by keyword, to kernels."""


@dataclass(frozen=True, eq=False)
class Process:
    """A process, registered (:data:`~nuatom.processes.PROCESSES`) or a user's own.

    It is accepted wherever the name of a registered one is.

    Parameters
    ----------
    name, title : str
        Short name, and a phrase that says what neutrinos do.
    models : mapping of str to callable
        By name, how the target is treated: functions from a :class:`~nuatom.Target`, and options by keyword,
        to :class:`~nuatom.processes.Kernels`.
    default : str
        Model that is taken when none is named; ``"best"`` is the one that `choose` chooses.
    quenched : bool
        Whether what recoils is a nucleus, so that a detector with a quenching sees less than its energy.
    algebra : Algebra
        The kernels, and which product of amplitudes multiplies each.
    choose : callable, optional
        From a target to the name of the best model of it.

    Raises
    ------
    InputError
        For a default that is not among the models, or a model's name with ``+``, which joins those of several
        processes.
    """

    name: str
    title: str
    models: Mapping[str, Model]
    default: str
    quenched: bool
    algebra: Algebra
    choose: Callable[[Target], str] | None = None

    def __post_init__(self) -> None:
        for model in self.models:
            if "+" in model:
                raise InputError("models", model, "names without +")
        if self.default not in self.models:
            raise InputError("default", self.default, ", ".join(self.models))
        object.__setattr__(self, "models", MappingProxyType(dict(self.models)))

    def __reduce__(self) -> tuple[Any, ...]:
        named = (self.name, self.title, dict(self.models), self.default)
        return Process, (*named, self.quenched, self.algebra, self.choose)

    def with_model(self, name: str, make: Model) -> Process:
        """The same process with one more model.

        Parameters
        ----------
        name : str
            Its name.
        make : callable
            From a target to kernels, such as
            ``lambda target: ionization(target, responses=mine)``.
        """
        return replace(self, models={**self.models, name: make})

    def with_options(self, **options: Any) -> Process:
        """The same process with options of its models given.

        Models that do not take one of them refuse it when they are asked for kernels.

        Raises
        ------
        InputError
            For an option that none of the models takes.
        """
        for name, value in options.items():
            if not self.takes(name):
                raise InputError(name, value, f"no option of {self.name}'s models")
        models = {name: partial(self.kernels, model=name, **options) for name in self.models}
        return replace(self, models=models)

    def model_of(self, target: Target, model: str | None = None) -> str:
        """Name of a model of a target: the default where none is named, the best of it for ``"best"``."""
        named = self.default if model is None else model
        return self.choose(target) if named == BEST and self.choose is not None else named

    def takes(self, option: str, model: str | None = None) -> bool:
        """Whether a model takes an option; any of the models where none is named."""
        chosen = self.models.values() if model is None else (self.models[model],)
        return any(_takes(each, option) for each in chosen)

    def kernels(self, target: Target, model: str | None = None, **options: Any) -> Kernels:
        """Kernels on a target.

        Parameters
        ----------
        target : Target
            Element or compound.
        model : str, optional
            One of the models; the default one by default.
        **options
            What the model takes beside the target.

        Raises
        ------
        InputError
            For an unknown model, an option that it does not take, or a model whose kernels are not those of
            :attr:`algebra`.
        """
        chosen = self.model_of(target, model)
        if chosen not in self.models:
            raise InputError("model", chosen, ", ".join(self.models))
        for name, value in options.items():
            if not _takes(self.models[chosen], name):
                able = ", ".join(key for key, model in self.models.items() if _takes(model, name))
                accepted = f"a model that takes it: {able}" if able else f"no such option of {self.name}"
                raise InputError(name, value, f"{accepted}; not {chosen}")
        made = self.models[chosen](target, **options)
        if made.algebra != self.algebra:
            raise InputError("model", chosen, f"kernels {', '.join(self.algebra.names)} of {self.name}")
        recipe = (_kernels_of, (self, target, chosen, tuple(options.items())))
        return replace(made, model=described(target, chosen), recipe=recipe)


def _takes(model: Model, option: str) -> bool:
    parameters = signature(model).parameters
    return option in parameters or any(p.kind is Parameter.VAR_KEYWORD for p in parameters.values())


def _kernels_of(
    process: Process, target: Target, model: str, options: tuple[tuple[str, Any], ...]
) -> Kernels:
    return process.kernels(target, model, **dict(options))
