"""Likelihoods for other programs: a HistFactory workspace for pyhf, or the numbers themselves."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from nuatom.errors import InputError
from nuatom.hdf5 import write_hdf5_file
from nuatom.inference import MeasuredSample
from nuatom.neutrinos import parameter
from nuatom.numerics.quadrature import FloatArray

if TYPE_CHECKING:
    from nuatom.experiments.analysis import Analysis

__all__ = ["likelihood_numbers", "pyhf_workspace", "write_hdf5"]

_DEGREES: Final = (("constant", 0), ("linear", 1), ("square", 2))


def likelihood_numbers(analysis: Analysis, name: str) -> dict[str, Any]:
    """Everything of a likelihood of one parameter, as lists: what another program needs to fit it.

    Expected counts are Σ_d u^d (fixed_d + Σ_k η_k templates_dk), d = 0, 1, 2, with u = θ/scale.

    Parameters
    ----------
    analysis : Analysis
        Data and model.
    name : str
        Parameter.
    """
    fixed, templates, scale = analysis.linear([parameter(name)]).coefficients()
    likelihood = analysis.likelihood
    return {
        "parameter": parameter(name).name,
        "unit": parameter(name).kind.unit,
        "scale": scale,
        "channels": [
            {"name": channel.name, "kind": channel.kind, "observed": channel.observed.tolist()}
            for channel in likelihood.channels
        ],
        "nuisances": [
            {
                "name": each.name,
                "kind": each.kind,
                "centre": each.centre,
                "sigma": _finite(each.sigma),
                "lower": _finite(each.lower),
                "upper": _finite(each.upper),
            }
            for each in likelihood.constraints
        ],
        "measured": [
            {
                "name": each.name,
                "cell": each.cell.tolist(),
                "weight": each.weight.tolist(),
                "counts": None if each.counts is None else each.counts.tolist(),
                "ratio": np.broadcast_to(each.ratio, (each.cells,)).tolist(),
            }
            for each in likelihood.measured
        ],
        "fixed": fixed.tolist(),
        "templates": templates.tolist(),
    }


def pyhf_workspace(analysis: Analysis, name: str) -> dict[str, Any]:
    """A HistFactory workspace in which a parameter θ = u × scale stands as a polynomial of u.

    What u² multiplies is a sample with the ``normfactor`` *square*, which is the parameter of interest where
    the square alone counts. Of a parameter whose sign counts, what u multiplies is another, with the
    ``normfactor`` *linear*. HistFactory cannot say that one is the square of the other: a fit at u holds
    both, *linear* at u and *square* at u², and a scan of such fits is exact. The measurement says so.

    A nuisance adds to each sample as a symmetric ``histosys``, which is linear; a free one is a
    ``normfactor`` of its own sample. A sample with statistics of its own in every bin has a ``shapesys``,
    one that is free in every bin a ``shapefactor``.

    Parameters
    ----------
    analysis : Analysis
        Data and model.
    name : str
        Parameter.

    Raises
    ------
    InputError
        For a likelihood that HistFactory does not have: values with errors, lognormal nuisances, cells that
        several bins of a channel share.
    """
    chosen = parameter(name)
    templates = analysis.linear([chosen])
    likelihood = analysis.likelihood
    if any(channel.kind != "poisson" for channel in likelihood.channels):
        accepted = "counts, not values with errors, for a workspace of pyhf"
        raise InputError("experiment", analysis.origin["experiment"], accepted)
    even = templates.even(0)
    fixed, rows, scale = templates.coefficients()
    channels = []
    for channel, bins in zip(likelihood.channels, likelihood.slices, strict=True):
        samples = _samples(analysis, fixed[:, bins], rows[:, :, bins], even=even)
        samples += _measured(analysis, channel.name, bins)
        channels.append({"name": channel.name, "samples": samples})
    observations = [
        {"name": channel.name, "data": channel.observed.tolist()} for channel in likelihood.channels
    ]
    free = [each.name for each in likelihood.constraints if each.kind == "free" and not each.held]
    parameters = [{"name": each, "inits": [1.0], "bounds": [[0.0, 10.0]]} for each in free]
    label = f"{chosen.name} = {scale!r} {chosen.kind.unit} times the root of square"
    parameters.append({"name": "square", "inits": [0.1], "bounds": [[0.0, 1e4]]})
    if not even:
        label = f"{chosen.name} = {scale!r} {chosen.kind.unit} times linear, at whose square square is held"
        parameters.append({"name": "linear", "inits": [0.0], "bounds": [[-100.0, 100.0]]})
    poi = "square" if even else "linear"
    return {
        "channels": channels,
        "observations": observations,
        "measurements": [{"name": label, "config": {"poi": poi, "parameters": parameters}}],
        "version": "1.0.0",
    }


def _samples(analysis: Analysis, fixed: FloatArray, rows: FloatArray, *, even: bool) -> list[dict[str, Any]]:
    """Samples of one channel: of u, of its square, of the rest, and of every free nuisance."""
    constraints = analysis.likelihood.constraints
    found: list[dict[str, Any]] = []
    for label, degree in (("constant", 0), ("square", 2)) if even else _DEGREES:
        factor = [] if degree == 0 else [{"name": label, "type": "normfactor", "data": None}]
        nominal = fixed[degree].copy()
        shifts = []
        for constraint, row in zip(constraints, rows[degree], strict=True):
            if constraint.kind == "lognormal" and not constraint.held:
                raise InputError("nuisance", constraint.name, "Gaussian or free, for a workspace of pyhf")
            if constraint.kind == "free" and not constraint.held:
                if row.any():
                    scaled = {"name": constraint.name, "type": "normfactor", "data": None}
                    found.append(
                        {
                            "name": f"{constraint.name} {label}",
                            "data": row.tolist(),
                            "modifiers": [scaled, *factor],
                        }
                    )
                continue
            nominal = nominal + constraint.centre * row
            if not constraint.held and row.any():
                shifts.append((constraint.name, constraint.sigma * row))
        if nominal.any() or shifts:
            moved = [_shifted(each, nominal, shift) for each, shift in shifts]
            found.append({"name": label, "data": nominal.tolist(), "modifiers": [*moved, *factor]})
    return found


def _shifted(name: str, nominal: FloatArray, shift: FloatArray) -> dict[str, Any]:
    """A ``histosys``: what one standard deviation of a nuisance adds."""
    data = {"hi_data": (nominal + shift).tolist(), "lo_data": (nominal - shift).tolist()}
    return {"name": name, "type": "histosys", "data": data}


def _measured(analysis: Analysis, channel: str, bins: slice) -> list[dict[str, Any]]:
    """Samples of one channel with statistics of their own, or free in every bin."""
    constraints = {each.name: each for each in analysis.likelihood.constraints}
    found = []
    for sample in analysis.likelihood.measured:
        cell, weight = sample.cell[bins], sample.weight[bins]
        inside = cell >= 0
        if not inside.any():
            continue
        scaled = {sample.nuisance_of(int(b)) for b in bins.start + np.flatnonzero(inside)}
        if len(set(cell[inside].tolist())) < inside.sum() or len(scaled) > 1:
            accepted = "one whose every bin has statistics of its own, for a workspace of pyhf"
            raise InputError("sample", sample.name, accepted)
        if sample.counts is None and not np.array_equal(cell, np.arange(cell.size)):
            raise InputError("sample", sample.name, "one that is free in every bin of its channels")
        size = _sizes(analysis, sample)[cell]
        nominal = np.where(inside, weight * size, 0.0)
        modifiers: list[dict[str, Any]] = []
        (nuisance,) = scaled
        if nuisance is not None:
            known = constraints[nuisance]
            if known.kind == "free" and not known.held:
                modifiers.append({"name": nuisance, "type": "normfactor", "data": None})
            else:
                bare, nominal = nominal, known.centre * nominal
                if not known.held:
                    modifiers.append(_shifted(nuisance, nominal, known.sigma * bare))
        if sample.counts is None:
            modifiers.append({"name": sample.name, "type": "shapefactor", "data": None})
        else:
            # One over the root of its events: a Poisson measurement of as many.
            events = np.where(inside, sample.counts[cell], 0.0)
            error = np.where(events > 0.0, nominal / np.sqrt(np.where(events > 0.0, events, 1.0)), 0.0)
            modifiers.append({"name": f"{sample.name} {channel}", "type": "shapesys", "data": error.tolist()})
        found.append({"name": sample.name, "data": nominal.tolist(), "modifiers": modifiers})
    return found


def _sizes(analysis: Analysis, sample: MeasuredSample) -> FloatArray:
    """Size of each cell by its own events; of free ones, by the data alone."""
    ratio = np.broadcast_to(sample.ratio, (sample.cells,))
    if sample.counts is not None:
        return np.asarray(sample.counts / ratio)
    sizes, inside = np.zeros(sample.cells), (sample.cell >= 0) & (sample.weight > 0.0)
    told = analysis.likelihood.data.counts[inside] / sample.weight[inside]
    np.maximum.at(sizes, sample.cell[inside], told)
    # pyhf looks between zero and ten times this.
    return np.where(sizes > 0.0, sizes, 1.0)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def write_hdf5(analysis: Analysis, name: str, path: str | PathLike[str]) -> None:
    """Write the numbers of :func:`likelihood_numbers` as an HDF5 file: arrays, and the rest as attributes.

    ``fixed``, ``templates`` and a group for each channel, nuisance and measured sample.

    Parameters
    ----------
    analysis : Analysis
        Data and model.
    name : str
        Parameter.
    path : path_like
        Where to write; a file that is there is replaced.

    Raises
    ------
    InputError
        Where h5py is not installed, or the file cannot be written.
    """
    write_hdf5_file(path, {**likelihood_numbers(analysis, name), **_origin(analysis)})


def _origin(analysis: Analysis) -> dict[str, Any]:
    origin = analysis.origin
    return {
        "experiment": origin["experiment"],
        "model": origin["model"],
        "citations": ",".join(origin["citations"]),
    }
