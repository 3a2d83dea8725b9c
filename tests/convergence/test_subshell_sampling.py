"""Radial points and multipole orders: how fast the responses converge with each."""

import numpy as np
import pytest

from nuatom.atoms.independent import bound_shell, subshell
from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.independent.response import waves_of
from nuatom.atoms.independent.subshell import subshell_response
from nuatom.atoms.structure.ground_state import ground_state

ENERGY = 40.0
MOMENTUM = np.linspace(2.0, 16.0, 15)


@pytest.fixture(scope="module")
def krypton():
    return ground_state(36, "dirac-slater")


def respond(state, accuracy):
    orbital = next(o for o in state.orbitals if o.label == "3d5/2")
    shell = BoundShell.of(state, orbital)
    waves = waves_of(state, orbital)
    return subshell_response(shell, waves, ENERGY, MOMENTUM, accuracy=accuracy)


def test_radial_points_converge_exponentially(krypton, monkeypatch):
    """From 0.5 to 1 and to 2 points per cycle; the last is what is used."""
    diagonal = [0, 3, 4, 7]
    monkeypatch.setattr(bound_shell, "POINTS_PER_CYCLE", 8.0)
    reference = respond(krypton, 1e-6).values[diagonal]
    errors = []
    for step, points in ((0.6, 0.5), (0.3, 1.0), (0.15, 2.0)):
        monkeypatch.setattr(bound_shell, "STEP", step)
        monkeypatch.setattr(bound_shell, "POINTS_PER_CYCLE", points)
        values = respond(krypton, 1e-6).values[diagonal]
        errors.append(np.max(np.abs(values / reference - 1.0)))
    # A rule of fourth order would gain 16 from each halving.
    assert errors[0] > 1e3 * errors[1]
    assert errors[2] < 1e-7


def test_accuracy_asked_is_accuracy_given(krypton):
    reference = respond(krypton, 1e-7).values
    for accuracy in (1e-2, 1e-3, 1e-4, 1e-5):
        response = respond(krypton, accuracy)
        assert np.max(np.abs(response.values / reference - 1.0)) < accuracy
        assert np.max(response.truncation_error) < accuracy


@pytest.mark.parametrize("part", [0.4, 0.5])
def test_truncation_error_is_an_estimate_of_the_error(krypton, monkeypatch, part):
    """With orders taken away, the estimate follows what is really missing."""
    reference = respond(krypton, 1e-5).values

    def fewer(x, *_):
        return np.ceil(part * x).astype(int) + 3

    monkeypatch.setattr(subshell, "_orders", fewer)
    short = respond(krypton, 1e-5)
    missing = 1.0 - short.values[0] / reference[0]
    wrong = (missing > 1e-4) & (missing < 0.3)
    assert np.any(wrong)
    ratio = short.truncation_error[wrong] / missing[wrong]
    assert np.all((ratio > 0.1) & (ratio < 30.0)), ratio
