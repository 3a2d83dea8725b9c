"""Experiments from the full data release of a collaboration, in the place of the figures that are shipped."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from nuatom.data import read_bytes, read_text
from nuatom.data.releases import read_release, release_in, releases
from nuatom.errors import InputError
from nuatom.experiments.schema import ExperimentFile, Files, parse
from nuatom.numerics.quadrature import FloatArray

__all__ = ["from_release"]

Build = Callable[[ExperimentFile, dict[str, str]], ExperimentFile]


def from_release(folder: Path) -> tuple[ExperimentFile, Files]:
    """Describe an experiment by the release that a folder holds.

    Bins, exposure and uncertainties are those of the shipped file; counts, backgrounds, efficiency and
    quenching are taken from the release.

    Parameters
    ----------
    folder : Path
        As made by ``nuatom data fetch``, or a copy of the user's own.

    Returns
    -------
    file : ExperimentFile
        The experiment.
    files : Files
        What it may name beside it: nothing more than the shipped one does.

    Raises
    ------
    InputError
        For a folder that holds no known release.
    DataError
        For a file that is not what was published.
    """
    found = release_in(folder)
    if found is None:
        raise InputError("experiment", str(folder), f"a folder with all files of {', '.join(releases())}")
    shipped = parse(read_text(f"experiments/{found.name}.toml"), found.name)
    files = Files(str(folder), lambda beside: read_bytes(f"experiments/{beside}"))
    return _BUILDERS[found.name](shipped, read_release(found, folder)), files


def _coherent_csi(shipped: ExperimentFile, texts: dict[str, str]) -> ExperimentFile:
    fields = shipped.model_dump()
    (channel,) = fields["channels"]
    energy, time = (np.array(axis["edges"]) for axis in channel["axes"])

    def table(name: str) -> FloatArray:
        return np.loadtxt(io.StringIO(texts[name]))

    def histogram(name: str) -> FloatArray:
        first, second = table(name).T
        counts: FloatArray = np.histogram2d(first, second, [energy, time])[0]
        return counts

    steady = histogram("dataBeamOnAC.txt")
    for sample in channel["samples"]:
        template, prefix = sample["template"], _PREFIXES.get(sample["name"])
        if prefix is None:
            template["expected"] = float(steady.sum())
            template["shares"] = (_shares(steady.sum(axis=1)), template["shares"][1])
            if sample["statistics"] is not None:
                sample["statistics"]["events"] = steady.sum(axis=1).tolist()
        else:
            spectrum, times = (table(f"{prefix}{name}.txt") for name in ("PE", "Trec"))
            template["shares"] = (_shares(_in_bins(spectrum, energy)), _shares(_in_bins(times, time)))
    channel["data"] |= {"counts": histogram("dataBeamOnC.txt").ravel().tolist()}
    response = channel["response"]
    names = ("coefficients", "plus", "minus")
    response["efficiency"] |= dict(zip(names, table("effCoefficients.txt").tolist(), strict=True))
    central, *varied = table("scintRespCoefficients.txt").tolist()
    response["quenching"]["coefficients_mev"] = central
    pairs = zip(varied[::2], varied[1::2], strict=True)
    for entry, (plus, minus) in zip(response["quenching"]["variations"], pairs, strict=True):
        entry |= {"plus": plus, "minus": minus}
    return ExperimentFile.model_validate(fields)


def _shares(values: FloatArray) -> list[float]:
    shares: list[float] = (values / values.sum()).tolist()
    return shares


def _in_bins(distribution: FloatArray, edges: FloatArray) -> FloatArray:
    """Content of bins of a histogram given by its middles and contents, even within each of its own."""
    middle, content = distribution.T
    width = middle[1] - middle[0]
    steps = np.append(middle - 0.5 * width, middle[-1] + 0.5 * width)
    return np.diff(np.interp(edges, steps, np.append(0.0, np.cumsum(content))))


_PREFIXES: Final = {"beam-related neutrons": "brn", "neutrino-induced neutrons": "nin"}

_BUILDERS: Final[dict[str, Build]] = {"coherent-csi-2021": _coherent_csi}
