"""A crystal of one's own, by a file: sodium iodide with invented optical constants."""

import numpy as np
import pytest

from nuatom import DataError, InputError, Target
from nuatom.media import find_medium, media_names, medium_named, phases
from nuatom.processes.ionization import ipm

FILE = """
name = "toy-iodide"
formula = "NaI"
phase = "crystal"
density_g_cm3 = 3.67
optical = "toy.csv"
xray_ev = 31.0
{valence}
[pairs]
gap_ev = 5.9
mean_energy_ev = 15.0
fano_factor = 0.2
"""
VALENCE = """
[valence]
gap_ev = 5.9
electrons = 8
last_ev = 30.0
shells = { Na = 3, I = 5 }
atoms_from_ev = [150.0, 300.0]
error_ev = [6.0, 150.0]
error = [0.5, 0.1]
"""


def written(folder, valence=VALENCE):
    """A resonance at 9 eV that seven electrons make."""
    energy = np.linspace(2.0, 28.0, 400)
    square = 15.3**2 * 7.0 / 8.0
    epsilon = 1.0 + square / (9.0**2 - energy**2 - 4j * energy * np.clip((energy - 5.0) / 4.0, 0.0, 1.0))
    index = np.sqrt(epsilon)
    rows = [f"{e:.6g},{n.real:.8g},{max(n.imag, 0.0):.8g}" for e, n in zip(energy, index, strict=True)]
    (folder / "toy.csv").write_text("energy_ev,n,k\n" + "\n".join(rows) + "\n")
    (folder / "iodide.toml").write_text(FILE.replace("{valence}", valence))


@pytest.fixture
def own(tmp_path, monkeypatch):
    monkeypatch.setenv("NUATOM_MEDIA", str(tmp_path))
    written(tmp_path)
    return tmp_path


def test_a_crystal_by_a_file(own):
    assert "toy-iodide" in media_names()
    assert phases("NaI") == {"crystal": "toy-iodide"}
    medium = find_medium(Target("NaI", "crystal"))
    loss = (-1.0 / medium.dielectric.at(0.014)).imag
    np.testing.assert_allclose(medium.valence.loss(0.014, 0.03), loss, rtol=0.01)
    recoil = np.array([0.004, 0.008, 0.02, 0.5, 2.0])
    energy = np.full(recoil.size, 300.0)
    crystal, atoms = (ipm(Target("NaI", phase)).evaluate(energy, recoil)[0] for phase in ("crystal", None))
    assert crystal[0] == 0.0
    assert crystal[1] > 0.0
    np.testing.assert_allclose(crystal[3:], atoms[3:], rtol=0.02)
    assert medium.pairs.mean_energy_kev == 0.015


def test_a_changed_file_is_another_medium(own):
    before = medium_named("toy-iodide")
    text = (own / "iodide.toml").read_text()
    (own / "iodide.toml").write_text(text.replace("density_g_cm3 = 3.67", "density_g_cm3 = 3.9"))
    after = medium_named("toy-iodide")
    assert after.density_g_cm3 == 3.9
    assert before.identity != after.identity


def test_what_is_wrong_in_a_file_is_said(own):
    written(own, VALENCE.replace("{ Na = 3, I = 5 }", "{ Na = 3 }"))
    with pytest.raises(DataError, match="valence shells of I"):
        ipm(Target("NaI", "crystal"))
    written(own, VALENCE.replace("electrons = 8", "electrons = 1"))
    with pytest.raises(DataError, match="take energy below"):
        medium_named("toy-iodide")
    written(own, VALENCE.replace("gap_ev = 5.9", ""))
    with pytest.raises(DataError, match="gap_ev"):
        medium_named("toy-iodide")
    (own / "iodide.toml").write_text("name = 'x")
    with pytest.raises(DataError, match="no description of a medium"):
        media_names()


def test_phase_that_is_not_there(own):
    with pytest.raises(InputError) as refused:
        find_medium(Target("NaI", "liquid"))
    assert refused.value.accepted == "crystal of NaI"
