"""What the verbs share: lists of numbers, couplings as options, and JSON."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

import nuatom

if TYPE_CHECKING:
    from nuatom.atoms import Target
    from nuatom.inference import GoodnessOfFit
    from nuatom.neutrinos import Electroweak, Neutrino

__all__ = [
    "INTERACTION_SOURCES",
    "NUMBERS",
    "PLOT",
    "Group",
    "better_lines",
    "couplings_options",
    "electrons_option",
    "electroweak_from",
    "electroweak_options",
    "goodness_text",
    "json_option",
    "mass_from",
    "method_option",
    "model_name",
    "model_option",
    "neutrino_from",
    "neutrino_mass_option",
    "phase_option",
    "plot_option",
    "print_json",
    "process_option",
    "refuse_with_correlation",
    "target_from",
    "theory_spread_option",
    "thresholds_option",
]

F = TypeVar("F", bound=Callable[..., Any])

_MOST_NUMBERS: Final = 1_000_000

INTERACTION_SOURCES: Final = {
    ("rpa", "dirac-fock"): ("Johnson:1979wq",),
    ("tdlda", "dirac-lda"): ("Zangwill:1980", "Perdew:1992"),
    ("tdlda", "dirac-lb94"): ("Zangwill:1980", "Perdew:1992", "vanLeeuwen:1994"),
}
"""Citations of an interaction in a mean field."""


class Group(click.Group):
    """Verbs that belong together; an unknown one is refused with the names of those that there are."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb that is called."""
        from nuatom.errors import InputError

        known = self.list_commands(ctx)
        if args[0] not in known:
            raise InputError("verb", args[0], ", ".join(known))
        return super().resolve_command(ctx, args)


class _Numbers(click.ParamType[tuple[float, ...]]):
    """Comma-separated numbers, or ``start:stop:n`` (linear) or ``start:stop:nlog`` (logarithmic)."""

    name = "LIST"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, ...]:
        if not isinstance(value, str):
            return tuple(value)
        try:
            numbers = _parse_numbers(value)
        except (ValueError, OverflowError):
            numbers = ()
        if not numbers or not all(math.isfinite(number) for number in numbers):
            self.fail(
                f"{value!r}: expected numbers without a unit, as 1,2,5 or start:stop:n or start:stop:nlog",
                param,
                ctx,
            )
        return numbers


def _parse_numbers(text: str) -> tuple[float, ...]:
    if ":" not in text:
        return tuple(float(part) for part in text.split(","))
    start_text, stop_text, count_text = text.split(":")
    start, stop = float(start_text), float(stop_text)
    logarithmic = count_text.endswith("log")
    count = int(count_text.removesuffix("log"))
    if not 2 <= count <= _MOST_NUMBERS:
        return ()
    if not logarithmic:
        return tuple(start + (stop - start) * i / (count - 1) for i in range(count))
    low, high = math.log(start), math.log(stop)
    inner = (math.exp(low + (high - low) * i / (count - 1)) for i in range(1, count - 1))
    return (start, *inner, stop)


class _Plot(click.ParamType[Path]):
    """Path of a figure, refused before any work when it could not be written."""

    name = "FILE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # noqa: ARG002
        from nuatom.viz import check_path

        # Notebooks export a backend of their own, which need not be installed here; files need none.
        os.environ["MPLBACKEND"] = "agg"
        return check_path(value)


class _ProcessName(click.ParamType[str]):
    """Name of a registered process."""

    name = "process"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from nuatom.processes import PROCESSES

        return click.Choice(tuple(PROCESSES)).convert(value, param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        from nuatom.processes import PROCESSES

        return click.Choice(tuple(PROCESSES)).get_metavar(param, ctx)


class _ProcessOption(click.Option):
    """``--process``, whose help is made of the processes when it is asked for."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        from nuatom.processes import PROCESSES

        self.help = "; ".join(f"{name}: {process.title}" for name, process in PROCESSES.items()) + "."
        return super().get_help_record(ctx)


class _ModelOption(click.Option):
    """``--model``, whose help is made of the processes' models when it is asked for."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        from nuatom.processes import PROCESSES

        owners: dict[tuple[str, ...], list[str]] = {}
        for name, process in PROCESSES.items():
            owners.setdefault(tuple(process.models), []).append(name)
        of_each = [f"{', '.join(names)}: {', '.join(models)}." for models, names in owners.items()]
        self.help = " ".join(["Of", *of_each, "Where an experiment sees two processes: helm+ipm."])
        return super().get_help_record(ctx)


NUMBERS: Final = _Numbers()
PLOT: Final = _Plot()


def json_option(function: F) -> F:
    """``--json``: one JSON object on stdout, nothing else."""
    return click.option("as_json", "--json", is_flag=True, help="Print one JSON object.")(function)


def plot_option(function: F) -> F:
    """``--plot FILE``."""
    return click.option("--plot", type=PLOT, help="Write a figure: .png, .pdf or .svg.")(function)


def model_option(function: F) -> F:
    """``--model``: how the target is treated, the process's default by default."""
    return click.option("--model", cls=_ModelOption)(function)


def better_lines(model: str | None, targets: Iterable[Target]) -> list[str]:
    """Where no model was asked for and only stepping is left, a line that says what would be better."""
    from nuatom.processes import what_builds_better

    if model is not None:
        return []
    found = (what_builds_better(target) for target in dict.fromkeys(targets))
    return list(dict.fromkeys(line for line in found if line is not None))


def electrons_option(function: F) -> F:
    """``--model``: how an atom's electrons respond, each alone or together."""
    return click.option(
        "--model",
        type=click.Choice(["ipm", "rpa"]),
        default="ipm",
        show_default=True,
        help="Electrons: ipm (independent), rpa (correlated).",
    )(function)


def theory_spread_option(function: F) -> F:
    """``--theory-spread``: the difference between two models as an uncertainty."""
    return click.option(
        "--theory-spread",
        metavar="MODEL",
        help="Profile the difference to this other model as one standard deviation of the theory.",
    )(function)


def process_option(function: F) -> F:
    """``--process``: what neutrinos scatter on."""
    return click.option(
        "--process", type=_ProcessName(), default="electron", show_default=True, cls=_ProcessOption
    )(function)


def thresholds_option(function: F) -> F:
    """``--thresholds``: where ionization of each subshell begins."""
    return click.option(
        "--thresholds",
        default="calculated",
        show_default=True,
        help="Subshells open at their calculated energies, or at their measured edges.",
    )(function)


def method_option(usual: str) -> Callable[[F], F]:
    """``--method``: the mean field, with what is taken without it."""
    return click.option(
        "--method",
        help="Mean field: dirac-fock (exact exchange), dirac-slater (local exchange), dirac-lda (local "
        f"density), dirac-lb94 (with the right tail); lda and lb94 for short. {usual}",
    )


def model_name(model: str, interaction: str, mean_field: str) -> str:
    """A model of electrons with what makes it up, as results are headed."""
    short = interaction in (model, "none")
    return f"{model}, {mean_field}" if short else f"{model}, {interaction} in {mean_field}"


def refuse_with_correlation(*options: tuple[str, Any, Any]) -> None:
    """Refuse options, each a name, value and default, that the model rpa would ignore."""
    from nuatom.errors import InputError

    for name, value, default in options:
        if value != default:
            raise InputError(name, value, f"{default} (the default), with correlation")


def neutrino_mass_option(function: F) -> F:
    """``--neutrino-mass-ev``: what ends a charge's photons in a vacuum."""
    return click.option(
        "--neutrino-mass-ev",
        type=float,
        help="Of ipm and rpa: mass that ends a charge's photons in a vacuum (0.1). Matter does it itself.",
    )(function)


def phase_option(function: F) -> F:
    """``--phase``: what the target's atoms are in."""
    return click.option(
        "--phase", help="gas, liquid or crystal: what the atoms are in; free in a vacuum by default."
    )(function)


def target_from(formula: str, phase: str | None) -> Target:
    """Target of a formula, in a phase that it comes in."""
    from nuatom.atoms import Target
    from nuatom.media import find_medium

    target = Target(formula, phase)
    if phase is not None:
        find_medium(target)
    return target


def mass_from(neutrino_mass_ev: float | None) -> dict[str, float]:
    """Option of a process's model that ``--neutrino-mass-ev`` describes."""
    return {} if neutrino_mass_ev is None else {"neutrino_mass_kev": 1e-3 * neutrino_mass_ev}


def electroweak_options(function: F) -> F:
    """``--couplings`` and ``--sin2w``."""
    function = click.option("--sin2w", type=float, help="sin² of the weak mixing angle at zero momentum.")(
        function
    )
    return click.option(
        "--couplings",
        default="tree",
        show_default=True,
        help="Order of the weak couplings: tree or radiative.",
    )(function)


def couplings_options(function: F) -> F:
    """Couplings of the neutrino: moment, charge, radius and the weak ones."""
    for name, what in (
        ("--charge-radius-cm2", "Total charge radius squared, cm²"),
        ("--charge", "Charge, in units of the positron's"),
        ("--magnetic-moment", "Magnetic moment, μ_B"),
    ):
        help_text = f"{what}: a number for all flavours, or elements as e=…,mu=…,12=…"
        function = click.option(name, metavar="VALUE", help=help_text)(function)
    return electroweak_options(function)


def electroweak_from(options: dict[str, Any]) -> Electroweak:
    """Weak couplings that the options of :func:`electroweak_options` describe."""
    from nuatom.neutrinos import couplings

    return couplings(options["couplings"], options["sin2w"])


def neutrino_from(options: dict[str, Any]) -> Neutrino:
    """Neutrino that the options of :func:`couplings_options` describe."""
    from nuatom.errors import InputError
    from nuatom.neutrinos import Neutrino, parameter

    neutrino = Neutrino(electroweak=electroweak_from(options))
    for kind, option in (
        ("magnetic-moment", "magnetic_moment"),
        ("charge", "charge"),
        ("charge-radius", "charge_radius_cm2"),
    ):
        text = options[option]
        if text is None:
            continue
        parts = text.split(",")
        elements = [part.rpartition("=")[0].strip() for part in parts]
        if len(parts) > 1 and ("" in elements or len(set(elements)) < len(elements)):
            accepted = "one number, or different elements as e=1e-11,mu=2e-11"
            raise InputError(f"--{option.replace('_', '-')}", text, accepted)
        for part in parts:
            element, separator, number = part.rpartition("=")
            try:
                value = float(number)
            except ValueError:
                value = math.nan
            if not math.isfinite(value):
                accepted = "a finite number without a unit, or elements as e=1e-11,mu=2e-11"
                raise InputError(f"--{option.replace('_', '-')}", text, accepted)
            name = f"{kind}:{element.strip()}" if separator else kind
            neutrino = parameter(name).set(neutrino, value)
    return neutrino


def goodness_text(fit: GoodnessOfFit) -> str:
    """Goodness of fit in one line."""
    p_value = "not defined" if fit.p_value is None else f"{fit.p_value:.2g}"
    dropped = f"; {fit.dropped} bins where nothing is expected are left out" if fit.dropped else ""
    return f"χ² = {fit.chi2:.1f} for {fit.degrees_of_freedom} degrees of freedom, p = {p_value}{dropped}"


def print_json(
    verb: str,
    inputs: dict[str, Any],
    citations: Iterable[str],
    fields: dict[str, Any],
    tables: Mapping[str, str] | None = None,
) -> None:
    """Print a verb's result as one JSON object, with schema, version, inputs, tables used, and citations."""
    click.echo(
        json.dumps(
            {
                "schema": f"nuatom.{verb}/1",
                "version": nuatom.__version__,
                "inputs": {key: value for key, value in inputs.items() if value is not None},
                **fields,
                **({"tables": dict(tables)} if tables else {}),
                "citations": list(dict.fromkeys(["nuatom", *citations])),
            },
            allow_nan=False,
            default=str,
        )
    )
