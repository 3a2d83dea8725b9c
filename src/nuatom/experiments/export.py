"""Likelihoods for other programs: a HistFactory workspace for pyhf, or the numbers themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nuatom.errors import InputError
from nuatom.neutrinos import parameter
from nuatom.numerics.quadrature import FloatArray

if TYPE_CHECKING:
    from nuatom.experiments.analysis import Analysis

__all__ = ["likelihood_numbers", "pyhf_workspace"]


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
    """A HistFactory workspace whose parameter of interest is θ²/scale²; its measurement says the scale.

    Exact for a parameter whose square alone counts: what the square multiplies is a sample with a
    ``normfactor``; a nuisance adds to each sample as a symmetric ``histosys``, which is linear; a free one
    is a ``normfactor`` of its own sample.

    Parameters
    ----------
    analysis : Analysis
        Data and model.
    name : str
        Parameter.

    Raises
    ------
    InputError
        For a parameter whose sign counts, or a likelihood that HistFactory does not have.
    """
    templates = analysis.linear([parameter(name)])
    likelihood = analysis.likelihood
    if not templates.even(0):
        raise InputError("parameter", name, "one whose square alone counts, for a workspace of pyhf")
    if likelihood.measured or any(channel.kind != "poisson" for channel in likelihood.channels):
        accepted = "counts with samples that have no statistics of their own, for a workspace of pyhf"
        raise InputError("experiment", analysis.origin["experiment"], accepted)
    fixed, rows, scale = templates.coefficients()
    channels = [
        {"name": channel.name, "samples": _samples(analysis, fixed[:, bins], rows[:, :, bins])}
        for channel, bins in zip(likelihood.channels, likelihood.slices, strict=True)
    ]
    observations = [
        {"name": channel.name, "data": channel.observed.tolist()} for channel in likelihood.channels
    ]
    free = [each.name for each in likelihood.constraints if each.kind == "free" and not each.held]
    parameters = [{"name": each, "inits": [1.0], "bounds": [[0.0, 10.0]]} for each in free]
    chosen = parameter(name)
    label = f"{chosen.name} = {scale!r} {chosen.kind.unit} times the root of square"
    parameters.append({"name": "square", "inits": [0.1], "bounds": [[0.0, 1e4]]})
    return {
        "channels": channels,
        "observations": observations,
        "measurements": [{"name": label, "config": {"poi": "square", "parameters": parameters}}],
        "version": "1.0.0",
    }


def _samples(analysis: Analysis, fixed: FloatArray, rows: FloatArray) -> list[dict[str, Any]]:
    """Samples of one channel: of the square, of the rest, and of every free nuisance."""
    constraints = analysis.likelihood.constraints
    found: list[dict[str, Any]] = []
    for label, degree in (("constant", 0), ("square", 2)):
        factor = [] if degree == 0 else [{"name": "square", "type": "normfactor", "data": None}]
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
            moved = [
                {
                    "name": each,
                    "type": "histosys",
                    "data": {"hi_data": (nominal + shift).tolist(), "lo_data": (nominal - shift).tolist()},
                }
                for each, shift in shifts
            ]
            found.append({"name": label, "data": nominal.tolist(), "modifiers": [*moved, *factor]})
    return found


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
