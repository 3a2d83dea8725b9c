"""What a page needs to recompute an experiment's spectra and likelihood by itself: contracted kernels."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from os import PathLike
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from nuatom.errors import InputError, NuatomError
from nuatom.inference import MeasuredSample
from nuatom.inference.interval import threshold
from nuatom.neutrinos import Electroweak, Neutrino, couplings, parameter
from nuatom.neutrinos.mixing import FLAVOURS
from nuatom.neutrinos.parameters import KINDS
from nuatom.numerics.quadrature import FloatArray
from nuatom.processes import process_named
from nuatom.rates import QuadraticCounts

if TYPE_CHECKING:
    from nuatom.experiments.analysis import Analysis
    from nuatom.experiments.fittable import Fittable

__all__ = ["Exploration", "explore"]

_CL: Final = 0.90
_WIDE_CL: Final = 0.9973
# What differences of counts leave of a term that is not there, relative to the largest.
_ROUNDING: Final = 1e-10
# Of samples, more than the single precision of the signal, and half the length of all.
_DIGITS: Final = 9
# Kind of parameter -> what a page calls it, its symbol and its unit.
_SHOWN: Final = {
    "magnetic-moment": ("magnetic moment", "<i>μ</i>", "<i>μ</i><sub>B</sub>"),
    "charge": ("charge", "<i>q</i>", "<i>e</i>"),
    "charge-radius": ("charge radius", "⟨<i>r</i>²⟩", "cm²"),
}
# Quantity -> what the axis of a page says.
_AXES_SHOWN: Final = {
    "reconstructed energy": "reconstructed energy [keV]",
    "time": "time after the trigger [µs]",
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
        What the page carries. Neutrinos add Σ_t a_t Π_{i∈t} θ_i/s_i to rows of the likelihood: ``models``
        holds for each model the ``terms`` t (places in ``parameters``), the ``scale`` s and the
        ``coefficients`` a in single precision (base64, little-endian), in the order term, row, bin, of the
        rows ``moving``. Row 0 is what no nuisance moves, the others are what one unit of each of the
        ``nuisances`` adds; ``samples`` are the backgrounds in these rows, null where there is none. Cells of
        measured samples are nuisances too, whose own measurements stand in ``auxiliary`` bins after those of
        the data.
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
    data: Fittable,
    models: Sequence[str] | None = None,
    electroweak: Electroweak | None = None,
) -> Exploration:
    """Contract an experiment's folded kernels to polynomials of charges, radii and moments of each flavour.

    Parameters
    ----------
    data : Experiment or Combination
        Data and model.
    models : sequence of str, optional
        Models as `Fittable.limit` takes them; by default all of each process that can be computed,
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
    wanted = _wanted(data, models)
    weak = couplings() if electroweak is None else electroweak
    base = Neutrino(electroweak=weak)
    names = [f"{kind}:{flavour}" for kind in KINDS for flavour in FLAVOURS]
    offered: dict[str, dict[str, Any]] = {}
    left_out: dict[str, NuatomError] = {}
    known: list[Analysis] = []
    for model in dict.fromkeys(wanted):
        try:
            analysis = data.analysis(model, base)
            offered[model] = _contract(analysis, names, model)
            known.append(analysis)
        except NuatomError as error:
            if models is not None:
                raise
            left_out[model] = error
    if not offered:
        raise next(iter(left_out.values()))
    moved = {index for entry in offered.values() for term in entry["terms"] for index in term}
    choices, usual = _choices(names, moved), _model_name(data.analysis(None, base))
    citations = dict.fromkeys(key for analysis in known for key in analysis.citations)
    first, experiments = known[0], data.experiments
    published = [entry for each in experiments for entry in each.published if entry.sides == "two-sided"]
    numbers = {
        "schema": "nuatom.explore/1",
        "version": version("nuatom"),
        "experiment": first.origin["experiment"],
        "title": first.origin["title"],
        **_of_data(first),
        **_of_theory(weak),
        "parameters": names,
        "standard": _standard(base),
        "choices": choices,
        "models": list(offered.values()),
        "first_model": usual if usual in offered else next(iter(offered)),
        "published": [asdict(entry) for entry in published],
        "citations": ["nuatom", *citations],
    }
    return Exploration(
        experiment=first.origin["experiment"],
        title=first.origin["title"],
        models=tuple(offered),
        left_out={model: str(error) for model, error in left_out.items()},
        parameters=tuple(choice["name"] for choice in choices),
        citations=tuple(citations),
        numbers=numbers,
    )


def _of_data(analysis: Analysis) -> dict[str, Any]:
    """What no model changes: target, processes and data."""
    experiments = analysis.experiments
    processes = (process_named(does).name for each in experiments for does in each.processes)
    return {
        "target": ", ".join(dict.fromkeys(each.target.formula for each in experiments)),
        "process": ", ".join(dict.fromkeys(processes)),
        "holds_standard_neutrinos": any(
            folded.channel.held(name) for folded in analysis.channels for name in folded.kernels.names
        ),
        "counts": analysis.likelihood.data.counts.tolist(),
        "auxiliary": _auxiliary(analysis),
        "projections": _projections(analysis),
    }


def _of_theory(weak: Electroweak) -> dict[str, Any]:
    """Weak couplings, kinds of parameters, and what −2 ln λ may reach."""
    return {
        "electroweak": {
            "scheme": weak.scheme,
            "sin2_theta_w": weak.sin2_theta_w,
            "given": weak.sin2_theta_w != couplings(weak.scheme).sin2_theta_w,
        },
        "cl": _CL,
        "threshold": threshold(_CL, "two-sided"),
        "wide_threshold": threshold(_WIDE_CL, "two-sided"),
        "kinds": [
            {"name": kind, "title": title, "symbol": symbol, "unit": unit}
            for kind, (title, symbol, unit) in _SHOWN.items()
        ],
    }


def _wanted(data: Fittable, models: Sequence[str] | None) -> list[str]:
    """Names of the models that are offered: all of each process, beside the default of the others."""
    if models is None:
        processes = dict.fromkeys(process_named(does) for each in data.experiments for does in each.processes)
        # The best model is one of the others where its elements are alike.
        return list(
            dict.fromkeys(
                _model_name(data.analysis(model)) for process in processes for model in process.models
            )
        )
    wanted = [_model_name(data.analysis(model)) for model in models]
    if len(set(wanted)) < len(wanted) or not wanted:
        raise InputError("model", ",".join(models), "one or more different models")
    return wanted


def _model_name(analysis: Analysis) -> str:
    """Models of all processes as they are typed: each process's once."""
    pairs = zip(analysis.experiments, analysis.models, strict=True)
    named = {
        process: model
        for experiment, models in pairs
        for process, model in zip(experiment.processes, models, strict=True)
    }
    return "+".join(dict.fromkeys(named.values()))


def _contract(analysis: Analysis, names: Sequence[str], model: str) -> dict[str, Any]:
    """One model's counts as a list of terms, those that are zero left out."""
    signal = analysis.linear([parameter(name) for name in names], samples=False).rows
    size = np.abs(signal.constant).max(axis=-1) + np.abs(signal.square).max(axis=(0, 1, 3))
    count = len(names)
    pairs = [[i, j] for i in range(count) for j in range(i + 1)]
    terms: list[list[int]] = []
    coefficients = []
    for term in [[], *([i] for i in range(count)), *pairs]:
        part = _coefficient(signal, term)
        if np.any(np.abs(part).max(axis=-1) > _ROUNDING * size):
            terms.append(term)
            coefficients.append(part)
    every = np.array(coefficients)
    moving = np.flatnonzero(np.any(every != 0.0, axis=(0, 2)))
    packed = every[:, moving].astype("<f4")
    samples = analysis.linear(signal=False).rows.constant
    return {
        "name": model,
        "scale": signal.scale.tolist(),
        "terms": terms,
        "nuisances": _nuisances(analysis),
        "samples": [row if any(row) else None for row in _with_cells(analysis, samples)],
        "moving": moving.tolist(),
        "coefficients": base64.b64encode(packed.tobytes()).decode("ascii"),
    }


def _nuisances(analysis: Analysis) -> list[dict[str, Any]]:
    """What is known of each nuisance, and of the size of each cell."""
    found = []
    for constraint in analysis.likelihood.constraints:
        if constraint.kind == "lognormal":
            raise InputError("explore", constraint.name, "Gaussian or free nuisances")
        found.append(
            {
                "name": constraint.name,
                "centre": constraint.centre,
                "sigma": _size(0.0 if constraint.held else constraint.sigma),
                "lower": _size(constraint.lower),
                "upper": _size(constraint.upper),
            }
        )
    for sample in analysis.likelihood.measured:
        for centre in _cell_sizes(sample):
            name = f"{sample.name}: cell"
            found.append({"name": name, "centre": float(centre), "sigma": None, "lower": 0.0, "upper": None})
    return found


def _cell_sizes(sample: MeasuredSample) -> FloatArray:
    """Size of each cell as it was measured; one where it was not."""
    ratio = np.broadcast_to(np.asarray(sample.ratio, dtype=float), (sample.cells,))
    return np.ones(sample.cells) if sample.counts is None else np.asarray(sample.counts) / ratio


def _auxiliary(analysis: Analysis) -> list[float]:
    counted = [sample.counts for sample in analysis.likelihood.measured if sample.counts is not None]
    return [float(count) for counts in counted for count in counts]


def _with_cells(analysis: Analysis, samples: FloatArray) -> list[list[float]]:
    """Rows of the samples and of cells; bins of what measured the cells come after those of the data.

    Where a nuisance scales a cell, the product of the two is taken about what was measured.
    """
    likelihood = analysis.likelihood
    bins, extra = samples.shape[1], len(_auxiliary(analysis))
    rows = [np.concatenate([row, np.zeros(extra)]) for row in samples]
    place = {name: 1 + index for index, name in enumerate(likelihood.names)}
    first = bins
    for sample in likelihood.measured:
        sizes = _cell_sizes(sample)
        ratio = np.broadcast_to(np.asarray(sample.ratio, dtype=float), sizes.shape)
        for cell in range(sample.cells):
            row = np.zeros(bins + extra)
            inside = np.flatnonzero(sample.cell == cell)
            row[inside] = sample.weight[inside]
            if sample.counts is not None:
                row[first] = ratio[cell]
                first += 1
            rows.append(row)
            for b in inside:
                name = sample.nuisance_of(int(b))
                if name is not None:
                    counts = sample.weight[b] * sizes[cell]
                    rows[place[name]][b] += counts
                    rows[0][b] -= counts
    return [[float(f"{value:.{_DIGITS}g}") for value in row] for row in rows]


def _size(number: float) -> float | None:
    """A number as JSON can say it: null for one without end."""
    return None if np.isinf(number) else float(number)


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


def _projections(analysis: Analysis) -> list[dict[str, Any]]:
    """Axes on which the counts of each channel are shown, summed over all others."""
    found = []
    alone = len(analysis.channels) == 1
    for folded, bins in zip(analysis.channels, analysis.slices, strict=True):
        channel = folded.channel
        if not channel.is_poisson:
            raise InputError("explore", channel.name, "channels of counts")
        places = np.indices(channel.shape).reshape(len(channel.shape), -1)
        counts = np.array(channel.counts)
        for axis, place in zip(channel.axes, places, strict=True):
            heading = folded.experiment.name
            if len(folded.experiment.channels) > 1:
                heading += f" {channel.name}"
            others = [other.quantity for other in channel.axes if other is not axis]
            words = [*([] if alone else [heading]), *(f"all of {other}" for other in others)]
            found.append(
                {
                    "label": _AXES_SHOWN.get(axis.quantity, axis.label),
                    "heading": ", ".join(words),
                    "edges": list(axis.edges),
                    "observed": np.bincount(place, weights=counts, minlength=axis.bins).tolist(),
                    "first": bins.start,
                    "place": place.tolist(),
                }
            )
    return found
