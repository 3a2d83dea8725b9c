"""Spin excitations against another code: every J of a triplet has its one energy without relativity."""

import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from nuatom.atoms.correlated.basis import BasisSize, orbital_basis
from nuatom.atoms.correlated.random_phase import excitation_space, response_matrices
from nuatom.atoms.structure.ground_state import ground_state

STATES = tomllib.loads(Path(__file__).with_name("triplet_excitations.toml").read_text())["states"]
SPEED_OF_LIGHT = 3000.0


@cache
def basis(number):
    state = ground_state(number, speed_of_light=SPEED_OF_LIGHT)
    return orbital_basis(state, BasisSize(spacing=0.9, reach=120.0, largest_energy=40.0))


@pytest.mark.parametrize("row", STATES, ids=lambda row: f"{row['Z']}-{row['term']}")
def test_squares_of_excitation_energies(row):
    space = excitation_space(basis(row["Z"]), row["order"], parity=row["parity"])
    plus, minus = response_matrices(space)
    squares = np.linalg.eigvals(minus @ plus)
    nearest = squares[np.argmin(np.abs(squares - row["square"]))]
    # Fine structure is (137/3000)² of nature's; the complex contour leaves 1e-5 of the binding.
    assert nearest.real == pytest.approx(row["square"], rel=3e-6, abs=1e-5)
    assert abs(nearest.imag) < 2e-5
