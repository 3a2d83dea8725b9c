"""What a page needs to recompute an experiment's spectra and likelihood by itself: contracted kernels."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from os import PathLike
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from nuatom.errors import InputError, NuatomError
from nuatom.inference.interval import threshold
from nuatom.neutrinos import Electroweak, Neutrino, couplings, parameter
from nuatom.neutrinos.mixing import FLAVOURS
from nuatom.neutrinos.parameters import KINDS
from nuatom.numerics.quadrature import FloatArray
from nuatom.rates import QuadraticCounts

if TYPE_CHECKING:
    from nuatom.experiments import Experiment

__all__ = ["Exploration", "explore"]

_CL: Final = 0.90
_WIDE_CL: Final = 0.9973
# What differences of counts leave of a term that is not there, relative to the largest.
_ROUNDING: Final = 1e-10
# Kind of parameter -> what a page calls it, its symbol and its unit.
_SHOWN: Final = {
    "magnetic-moment": ("magnetic moment", "<i>μ</i>", "<i>μ</i><sub>B</sub>"),
    "charge": ("charge", "<i>q</i>", "<i>e</i>"),
    "charge-radius": ("charge radius", "⟨<i>r</i>²⟩", "cm²"),
}
# Flavour -> what a page calls it, and its sign.
_FLAVOURS_SHOWN: Final = {"e": ("electron", "e"), "mu": ("muon", "μ"), "tau": ("tau", "τ")}


@dataclass(frozen=True, eq=False)
class Exploration:
    """Everything of one experiment that does not depend on couplings, as numbers for a page.

    Parameters
    ----------
    experiment, title : str
        Name, and how figures call it.
    models : tuple of str
        Models of the process that the page offers.
    left_out : dict of str
        Models that the experiment could not be computed with, and why.
    parameters : tuple of str
        Parameters that can be moved.
    citations : tuple of str
        Sources of everything used.
    numbers : dict
        What the page carries. Expected counts are Σ_t a_t Π_{i∈t} θ_i/s_i: ``models`` holds for each model
        the ``terms`` t (places in ``parameters``), the ``scale`` s and the ``coefficients`` a in single
        precision (base64, little-endian), in the order term, template, bin; the templates are the signals,
        each of an uncertain normalisation, and then the systematic variations.
    """

    experiment: str
    title: str
    models: tuple[str, ...]
    left_out: dict[str, str]
    parameters: tuple[str, ...]
    citations: tuple[str, ...]
    numbers: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Return what the page offers, as the command line prints it; the numbers are in the page."""
        return {
            "models": list(self.models),
            "left_out": self.left_out,
            "parameters": list(self.parameters),
        }

    def write(self, path: str | PathLike[str], typed: str | None = None) -> None:
        """Write the page, one file that needs no other.

        Parameters
        ----------
        path : path_like
            A file that ends in .html.
        typed : str, optional
            How the command line names the experiment, in the command that the page shows: the path of its
            file, where the package does not ship it.

        Raises
        ------
        InputError
            For another suffix, or a folder that does not exist.
        """
        from nuatom.viz import write_page

        write_page(path, {**self.numbers, "typed": shlex.quote(typed or self.experiment)})


def explore(
    experiment: Experiment,
    models: Sequence[str] | None = None,
    electroweak: Electroweak | None = None,
) -> Exploration:
    """Contract an experiment's folded kernels to polynomials of charges, radii and moments of each flavour.

    Parameters
    ----------
    experiment : Experiment
        Data and model.
    models : sequence of str, optional
        Models as `Experiment.model_named` takes them; by default all of each process that can be computed,
        the others at their own default.
    electroweak : Electroweak, optional
        Weak couplings, and the Standard Model's charge radii; tree level by default.

    Raises
    ------
    InputError
        For an unknown model, or the same twice.
    DataError
        When a model that was asked for needs a table of responses that has not been built.
    """
    every = [model for process in experiment.processes for model in process.models]
    wanted = [experiment.model_named(model) for model in (every if models is None else models)]
    if models is not None and (len(set(wanted)) < len(wanted) or not wanted):
        raise InputError("model", ",".join(models), "one or more different models")
    weak = couplings() if electroweak is None else electroweak
    base = Neutrino(electroweak=weak)
    names = [f"{kind}:{flavour}" for kind in KINDS for flavour in FLAVOURS]
    offered: dict[str, dict[str, Any]] = {}
    left_out: dict[str, NuatomError] = {}
    for model in dict.fromkeys(wanted):
        try:
            offered[model] = _contract(experiment, names, model, base)
        except NuatomError as error:
            if models is not None:
                raise
            left_out[model] = error
    if not offered:
        raise next(iter(left_out.values()))
    moved = {index for entry in offered.values() for term in entry["terms"] for index in term}
    choices, usual = _choices(names, moved), experiment.model_named(None)
    citations = dict.fromkeys(key for model in offered for key in experiment.citations_of(model, base))
    numbers = {
        "schema": "nuatom.explore/1",
        "version": version("nuatom"),
        "experiment": experiment.name,
        "title": experiment.title,
        "target": experiment.target.formula,
        "process": experiment.processes[0].name,
        "electroweak": {
            "scheme": weak.scheme,
            "sin2_theta_w": weak.sin2_theta_w,
            "given": weak.sin2_theta_w != couplings(weak.scheme).sin2_theta_w,
        },
        "holds_standard_neutrinos": experiment.holds_standard_neutrinos,
        "cl": _CL,
        "threshold": threshold(_CL, "two-sided"),
        "wide_threshold": threshold(_WIDE_CL, "two-sided"),
        "counts": list(experiment.counts),
        "backgrounds": [
            {"counts": list(counts), "uncertainty": _size(sigma)}
            for counts, sigma in (
                (experiment.background, experiment.background_uncertainty),
                *((entry.counts, entry.uncertainty) for entry in experiment.other_backgrounds),
            )
        ],
        "projections": _projections(experiment),
        "kinds": [
            {"name": kind, "title": title, "symbol": symbol, "unit": unit}
            for kind, (title, symbol, unit) in _SHOWN.items()
        ],
        "parameters": names,
        "standard": _standard(base),
        "choices": choices,
        "models": list(offered.values()),
        "first_model": usual if usual in offered else next(iter(offered)),
        "published": [entry.model_dump() for entry in experiment.published if entry.sides == "two-sided"],
        "citations": ["nuatom", *citations],
    }
    return Exploration(
        experiment=experiment.name,
        title=experiment.title,
        models=tuple(offered),
        left_out={model: str(error) for model, error in left_out.items()},
        parameters=tuple(choice["name"] for choice in choices),
        citations=tuple(citations),
        numbers=numbers,
    )


def _contract(experiment: Experiment, names: Sequence[str], model: str, base: Neutrino) -> dict[str, Any]:
    """One model's counts as a list of terms, those that are zero left out."""
    signal, shifts = experiment.polynomials([parameter(name) for name in names], model, base)
    templates = [_in_units_of(signal.scale, entry) for entry in (signal, *shifts)]
    sizes = [np.abs(entry.constant).max() + np.abs(entry.square).max() for entry in templates]
    count = len(names)
    pairs = [[i, j] for i in range(count) for j in range(i + 1)]
    terms: list[list[int]] = []
    coefficients = []
    for term in [[], *([i] for i in range(count)), *pairs]:
        parts = [_coefficient(entry, term) for entry in templates]
        if any(np.abs(part).max() > _ROUNDING * size for part, size in zip(parts, sizes, strict=True)):
            terms.append(term)
            coefficients.append(np.concatenate(parts))
    packed = np.array(coefficients, dtype="<f4")
    return {
        "name": model,
        "scale": signal.scale.tolist(),
        "terms": terms,
        "uncertainties": [_size(sigma) for sigma in experiment.likelihood(model).signal_uncertainty],
        "variations": len(shifts),
        "coefficients": base64.b64encode(packed.tobytes()).decode("ascii"),
    }


def _size(uncertainty: float) -> float | None:
    """An uncertainty as JSON can say it: null for a free normalisation."""
    return None if np.isinf(uncertainty) else float(uncertainty)


def _in_units_of(scale: FloatArray, counts: QuadraticCounts) -> QuadraticCounts:
    ratio = scale / counts.scale
    return QuadraticCounts(
        parameters=counts.parameters,
        scale=scale,
        constant=counts.constant,
        linear=counts.linear * ratio[:, None, None],
        square=counts.square * np.multiply.outer(ratio, ratio)[:, :, None, None],
    )


def _coefficient(counts: QuadraticCounts, term: Sequence[int]) -> FloatArray:
    chosen: FloatArray = (counts.constant, counts.linear, counts.square)[len(term)][tuple(term)]
    # Two different parameters stand in the square matrix twice.
    return 2.0 * chosen if len(set(term)) == 2 else chosen


def _choices(names: Sequence[str], moved: set[int]) -> list[dict[str, Any]]:
    """What a slider can move: a kind's value for all flavours alike, or that of one flavour that counts."""
    found = []
    for place, kind in enumerate(KINDS):
        members = [index for index, name in enumerate(names) if name.partition(":")[0] == kind]
        found.append(
            {"name": kind, "kind": place, "label": "all flavours alike", "sign": "ν", "moves": members}
        )
        for index in members:
            if index in moved:
                title, sign = _FLAVOURS_SHOWN[names[index].partition(":")[2]]
                choice = {"name": names[index], "label": f"{title} neutrinos", "sign": f"ν<sub>{sign}</sub>"}
                found.append({**choice, "kind": place, "moves": [index]})
    return found


def _standard(base: Neutrino) -> list[float]:
    return [
        float(getattr(base, kind.field)[i, i].real) for kind in KINDS.values() for i in range(len(FLAVOURS))
    ]


def _projections(experiment: Experiment) -> list[dict[str, Any]]:
    """Axes on which the counts are shown; those of a detector that bins in time, on both."""
    detector = experiment.detector
    counts = np.array(experiment.counts).reshape(len(detector.bin_edges_kev) - 1, -1)
    found = [
        {
            "label": "reconstructed energy [keV]",
            "edges": list(detector.bin_edges_kev),
            "observed": counts.sum(axis=1).tolist(),
        }
    ]
    if detector.time is not None:
        found.append(
            {
                "label": "time after the trigger [µs]",
                "edges": list(detector.time.edges_us),
                "observed": counts.sum(axis=0).tolist(),
            }
        )
    return found
