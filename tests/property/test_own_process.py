"""A process that is defined here: electrons by the handedness of what the neutrino meets.

dσ/dT = (2G_F²m/π) [g_L² + g_R² (1 − T/E)² − g_L g_R mT/E²] + (μ/μ_B)² (πα²/m²) (1/T − 1/E), with
g_L = (g_V + g_A)/2 and g_R = (g_V − g_A)/2: the textbook form, other kernels and other amplitudes than the
package's, and for neutrinos the same cross section.
"""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.constants import physical_constants

from nuatom import InputError, Neutrino, Target, differential_rate, experiment, flux, interaction
from nuatom.constants import FERMI_PER_KEV2
from nuatom.neutrinos import Algebra, Product, flavour_state
from nuatom.neutrinos.amplitudes import electron_axial, electron_vector, moment
from nuatom.processes import PROCESSES, Kernels, Process, models_of, process_named

MASS = physical_constants["electron mass energy equivalent in MeV"][0] * 1e3
ALPHA = physical_constants["fine-structure constant"][0]
CM2 = (physical_constants["reduced Planck constant times c in MeV fm"][0] * 1e-10) ** 2


def left(neutrino, states):
    return 0.5 * (electron_vector(neutrino, states) + electron_axial(neutrino, states))


def right(neutrino, states):
    return 0.5 * (electron_vector(neutrino, states) - electron_axial(neutrino, states))


CHIRAL = Algebra(
    (
        Product("RL", right, left, factor=1.0),
        Product("MM", moment, moment),
        Product("LL", left, left),
        Product("RR", right, right),
    )
)


def largest(energy):
    return 2.0 * energy**2 / (2.0 * energy + MASS)


def least(recoil):
    return 0.5 * (recoil + np.sqrt(recoil * (recoil + 2.0 * MASS)))


def free(target, *, electrons=None):
    number = target.electrons if electrons is None else electrons

    def evaluate(energy, recoil):
        energy, recoil = np.broadcast_arrays(energy, recoil)
        scale = number * CM2 * (recoil <= largest(energy))
        weak = scale * 2.0 * FERMI_PER_KEV2**2 * MASS / np.pi
        return np.stack([
            -weak * MASS * recoil / energy**2,
            scale * np.pi * (ALPHA / MASS) ** 2 * (1.0 / recoil - 1.0 / energy),
            weak,
            weak * (1.0 - recoil / energy) ** 2,
        ])  # fmt: skip

    return Kernels(
        model="", target=target, algebra=CHIRAL, evaluate=evaluate, thresholds_kev=(),
        minimum_energy_kev=least, maximum_recoil_kev=largest, citations=("KS16",),
    )  # fmt: skip


TOY = Process("chirality", "electrons by handedness", {"free": free}, "free", quenched=False, algebra=CHIRAL)
MIXED = Neutrino(
    magnetic_moment=[[1e-11, 2e-12j, 0.0], [0.0, 5e-12, 1e-12], [0.0, 0.0, 2e-12]],
    charge_radius_cm2=[2e-32, -1e-32, 0.0],
)


def test_cross_section_and_its_parts_are_those_of_the_packages_kernels():
    recoil = np.geomspace(0.1, 300.0, 30)
    for flavour in ("e", "mu", "tau"):
        found = interaction(Target("Xe"), TOY).cross_section(MIXED, 400.0, recoil, flavour)
        expected = interaction(Target("Xe"), "electron", "free").cross_section(MIXED, 400.0, recoil, flavour)
        for part in ("weak", "magnetic", "total"):
            assert_allclose(getattr(found, part), getattr(expected, part), rtol=1e-9, atol=1e-60)


def test_rate_of_the_sun():
    recoil, sun = np.array([0.5, 5.0, 50.0]), flux("solar-gs98")
    found = differential_rate(interaction(Target("Xe"), TOY), sun, MIXED, recoil)
    expected = differential_rate(interaction(Target("Xe"), "electron", "free"), sun, MIXED, recoil)
    assert_allclose(found.total, expected.total, rtol=1e-6)


def test_limit_scan_and_page():
    mine = replace(experiment("xenonnt-sr0"), processes=(TOY,))
    found = mine.limit("magnetic-moment")
    expected = experiment("xenonnt-sr0").limit("magnetic-moment", model="free")
    assert found.model == "free"
    assert_allclose(found.interval.upper, expected.interval.upper, rtol=1e-4)
    assert mine.explore().models == ("free",)


def test_added_to_a_registered_process():
    """Beside electrons it doubles the counts."""
    both = replace(experiment("xenonnt-sr0"), processes=("electron", TOY))
    assert both.models_named("free+free") == ("free", "free")
    once = experiment("xenonnt-sr0").folded("free").counts(MIXED)
    assert_allclose(both.folded("free+free").counts(MIXED), 2.0 * once, rtol=1e-5)


def test_options_go_to_the_model():
    one = TOY.kernels(Target("Xe"), electrons=1.0)
    whole = TOY.kernels(Target("Xe"))
    at = (300.0, np.array([1.0]))
    assert_allclose(54.0 * one.evaluate(*at), whole.evaluate(*at), rtol=1e-14)
    assert whole.model == "free"


def test_one_more_model():
    more = TOY.with_model("single", lambda target: free(target, electrons=1.0))
    assert tuple(more.models) == ("free", "single")
    assert tuple(TOY.models) == ("free",)
    assert models_of((more, "nucleus"), "single+point") == ("single", "point")
    assert more.kernels(Target("Xe"), "single").model == "single"


def test_magnetic_kernels_are_found_by_what_multiplies_them():
    assert CHIRAL.magnetic.tolist() == [False, True, False, False]
    for process in PROCESSES.values():
        named = [name == "MM" for name in process.algebra.names]
        assert process.algebra.magnetic.tolist() == named


@pytest.mark.parametrize("process", PROCESSES.values(), ids=PROCESSES)
def test_registered_kernels_are_those_of_the_registered_algebra(process):
    kernels = process.kernels(Target("He"))
    values = kernels.evaluate(np.array([[3e3]]), np.array([0.2, 0.4]))
    assert values.shape == (len(process.algebra.names), 1, 2)
    assert kernels.model == process.default
    assert pickle.loads(pickle.dumps(process)).models.keys() == process.models.keys()  # noqa: S301  our own


def test_the_registry_cannot_be_changed():
    with pytest.raises(TypeError):
        PROCESSES["toy"] = TOY
    with pytest.raises(TypeError):
        PROCESSES["electron"].models["toy"] = free


@pytest.mark.parametrize(
    ("wrong", "argument"),
    [
        (lambda: process_named("muon"), "process"),
        (lambda: interaction(Target("Xe"), TOY, "ipm"), "model"),
        (lambda: interaction(Target("Xe"), "nucleus", "ipm"), "model"),
        (lambda: replace(TOY, default="ipm"), "default"),
        (lambda: TOY.with_model("a+b", free), "models"),
        (lambda: PROCESSES["electron"].with_model("toy", free).kernels(Target("Xe"), "toy"), "model"),
        (lambda: Algebra(()), "products"),
        (lambda: Algebra((Product("MM", moment, moment),) * 2), "products"),
        (lambda: flavour_state("sterile"), "flavour"),
    ],
)
def test_mistakes(wrong, argument):
    with pytest.raises(InputError) as told:
        wrong()
    assert told.value.argument == argument
