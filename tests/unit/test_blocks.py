"""Many recoils are worked through in blocks: the same numbers in bounded memory."""

import resource
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from nuatom.atoms import Target
from nuatom.detectors import Detector, GaussianResolution
from nuatom.errors import InputError
from nuatom.fluxes import Lines, flux
from nuatom.neutrinos import Neutrino
from nuatom.numerics.blocks import BLOCK, in_blocks
from nuatom.processes import ionization
from nuatom.rates import differential_rate, fold

KERNELS = ionization(Target("Xe"), "free")
MANY = np.geomspace(0.5, 50.0, 2 * BLOCK + 7)
SUN = flux("solar-gs98")
LINES = replace(SUN, components=tuple(c for c in SUN.components if isinstance(c.spectrum, Lines))[:1])
GIGABYTE = 2**20 if sys.platform != "darwin" else 2**30


def test_blocks_are_the_whole():
    assert np.array_equal(np.concatenate(in_blocks(MANY)), MANY)
    assert [block.size for block in in_blocks(np.ones(0))] == [0]


def test_cross_sections_do_not_depend_on_what_else_is_asked():
    neutrino = Neutrino(magnetic_moment=1e-11)
    energy = np.array([[300.0], [500.0]])
    found = KERNELS.cross_section(neutrino, energy, MANY).total
    alone = KERNELS.cross_section(neutrino, energy, MANY[::300]).total
    assert found.shape == (2, MANY.size)
    # Rounding alone: the sums over kernels are made by products of other shapes.
    assert found[:, ::300] == pytest.approx(alone, rel=1e-13, abs=0.0)


def test_rates_do_not_depend_on_what_else_is_asked():
    neutrino, sun = Neutrino(magnetic_moment=1e-11), flux("solar-gs98")
    found = differential_rate(KERNELS, sun, neutrino, MANY).total
    alone = differential_rate(KERNELS, sun, neutrino, MANY[::300]).total
    # Each is good to its quadrature error.
    assert found[::300] == pytest.approx(alone, rel=1e-6, abs=0.0)


def test_narrow_resolution_is_folded_in_blocks():
    # Sharp bins and bins smeared by far less than their width hold the same events.
    edges = (5.0, 6.0, 8.0)
    sharp = fold(KERNELS, LINES, Detector(1.0, edges))
    smeared = fold(KERNELS, LINES, Detector(1.0, edges, resolution=GaussianResolution(0.0, 2e-4)))
    for each, other in zip(smeared.components, sharp.components, strict=True):
        # Smearing moves events of a rate that changes slowly by the square of the width.
        assert each.values == pytest.approx(other.values, rel=1e-5, abs=0.0)


def test_more_bins_than_memory_are_refused_by_their_number():
    detector = Detector(1.0, tuple(np.linspace(1.0, 2.0, 1_000_001)))
    with pytest.raises(InputError, match="bins = 1000000: expected at most 100000"):
        fold(KERNELS, LINES, detector)


@pytest.mark.skipif(sys.platform == "win32", reason="no rusage")
@pytest.mark.parametrize(
    "arguments",
    [
        ["cross-section", "Xe", "--energy-kev", "300", "--recoil-kev", "0.01:100:100000log"],
        pytest.param(
            ["rate", "Xe", "--flux", "solar-gs98", "--model", "free", "--recoil-kev", "0.01:100:100000log"],
            marks=pytest.mark.slow,
        ),
    ],
    ids=["cross-section", "rate"],
)
def test_a_hundred_thousand_recoils_take_less_than_a_gigabyte(arguments):
    command = [sys.executable, "-m", "nuatom", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < GIGABYTE
