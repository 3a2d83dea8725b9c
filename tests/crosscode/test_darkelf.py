"""Loss functions of silicon and germanium beside those of few Mermin oscillators, fitted to other data."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from nuatom.media import medium_named

TABLE = tomllib.loads(Path(__file__).with_name("darkelf.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["silicon", "germanium"])
def test_integral_over_momenta(name):
    """What a moment feels, 4 to 30 eV: two models and two measurements of the plasmon, to a fifth."""
    transfer = 1e-3 * np.array(TABLE[name]["transfer_ev"])
    momentum = np.linspace(0.0373, 37.3, 2000)
    loss = medium_named(name).valence.loss(transfer[:, None], momentum)
    ours = np.trapezoid(momentum * loss, momentum, axis=1)
    np.testing.assert_allclose(ours, TABLE[name]["integral_kev2"], rtol=0.2)
