"""Experiments from the full data release of a collaboration, in the place of the figures that are shipped."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from nuatom.data import read_text
from nuatom.data.releases import read_release, release_in, releases
from nuatom.errors import InputError
from nuatom.experiments.schema import ExperimentFile, ProductBackgroundTable, parse
from nuatom.numerics.quadrature import FloatArray

__all__ = ["from_release"]

Build = Callable[[ExperimentFile, dict[str, str]], ExperimentFile]


def from_release(folder: Path) -> ExperimentFile:
    """Describe an experiment by the release that a folder holds.

    Bins, exposure and uncertainties are those of the shipped file; counts, backgrounds, efficiency and
    quenching are taken from the release.

    Parameters
    ----------
    folder : Path
        As made by ``nuatom data fetch``, or a copy of the user's own.

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
    return _BUILDERS[found.name](shipped, read_release(found, folder))


def _coherent_csi(shipped: ExperimentFile, texts: dict[str, str]) -> ExperimentFile:
    energy, time = np.array(shipped.data.bin_edges_pe), np.array(shipped.data.time_edges_us)

    def table(name: str) -> FloatArray:
        return np.loadtxt(io.StringIO(texts[name]))

    def histogram(name: str) -> FloatArray:
        first, second = table(name).T
        counts: FloatArray = np.histogram2d(first, second, [energy, time])[0]
        return counts

    steady = histogram("dataBeamOnAC.txt")
    backgrounds = []
    for background in shipped.product_backgrounds:
        prefix = {"beam-related neutrons": "brn", "neutrino-induced neutrons": "nin"}.get(background.name)
        if prefix is None:
            changed = {"expected": float(steady.sum()), "energy_share": _shares(steady.sum(axis=1))}
        else:
            changed = {
                "energy_share": _shares(_in_bins(table(f"{prefix}PE.txt"), energy)),
                "time_share": _shares(_in_bins(table(f"{prefix}Trec.txt"), time)),
            }
        backgrounds.append(ProductBackgroundTable(**(background.model_dump() | changed)))

    curve = dict(zip(("coefficients", "plus", "minus"), table("effCoefficients.txt").tolist(), strict=True))
    central, *varied = table("scintRespCoefficients.txt").tolist()
    fields = shipped.model_dump()
    fields["data"]["counts"] = histogram("dataBeamOnC.txt").ravel().tolist()
    fields["product_backgrounds"] = [entry.model_dump() for entry in backgrounds]
    fields["detector"]["logistic_efficiency"] |= curve
    fields["detector"]["quenching"]["coefficients_mev"] = central
    pairs = zip(varied[::2], varied[1::2], strict=True)
    for entry, (plus, minus) in zip(fields["detector"]["quenching"]["variations"], pairs, strict=True):
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


_BUILDERS: Final[dict[str, Build]] = {"coherent-csi-2021": _coherent_csi}
