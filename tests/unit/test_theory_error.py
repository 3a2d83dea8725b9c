"""What is not known of atoms, as a nuisance of every fit with real ones."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nuatom import Neutrino, Target, differential_rate, experiment, flux, ionization, parameter
from nuatom.atoms.tables.store import find_table
from nuatom.detectors import Detector
from nuatom.inference import Constraint
from nuatom.rates import fold_each

SOLAR = flux("solar-gs98")
MOMENT = parameter("magnetic-moment")


@dataclass(frozen=True, eq=False)
class Known:
    """Responses of a table whose error is the same at all transfers."""

    table: object
    error: float

    def __getattr__(self, name):
        return getattr(self.table, name)

    def relative_error(self, transfer_kev):
        return np.full(np.shape(transfer_kev), self.error)


@pytest.fixture(scope="module")
def helium():
    return find_table("He")


@pytest.fixture(scope="module")
def detector():
    return Detector(exposure_tonne_year=1.0, bin_edges_kev=(1.0, 3.0, 10.0, 30.0))


def folded(target, responses, detector):
    found = fold_each(ionization(target, responses=responses), SOLAR, (detector,))
    neutrino = Neutrino(magnetic_moment=1e-11)
    whole = found.responses[0].counts(neutrino)
    return whole, {name: part.counts(neutrino) for name, part in found.errors.items()}


def test_an_error_that_is_the_same_everywhere_is_a_normalisation(helium, detector):
    whole, errors = folded(Target("He"), {"He": Known(helium, 0.03)}, detector)
    assert list(errors) == ["theory.He"]
    assert_allclose(errors["theory.He"], 0.03 * whole, rtol=1e-9)


def test_elements_of_a_compound_are_known_each_in_its_way(helium, detector):
    """Carbon dioxide of helium's electrons: a third of them in the place of carbon's."""
    whole, errors = folded(Target("CO2"), {"C": Known(helium, 0.03), "O": Known(helium, 0.06)}, detector)
    # The error's own quadrature.
    assert_allclose(errors["theory.C"], 0.03 / 3.0 * whole, rtol=0.01)
    assert_allclose(errors["theory.O"], 0.06 * 2.0 / 3.0 * whole, rtol=0.01)


def test_a_rate_has_the_error_of_its_kernels(helium):
    recoil = np.array([0.5, 2.0, 10.0])
    found = differential_rate(
        ionization(Target("CO2"), responses={"C": Known(helium, 0.03), "O": Known(helium, 0.06)}),
        SOLAR, Neutrino(), recoil,
    )  # fmt: skip
    assert_allclose(found.theory_error, np.hypot(0.03 / 3.0, 0.06 * 2.0 / 3.0) * found.total, rtol=2e-3)
    one = differential_rate(ionization(Target("He"), "ipm"), SOLAR, Neutrino(), recoil)
    assert_allclose(one.errors["theory.He"], helium.relative_error(recoil) * one.total, rtol=1e-12)
    assert not ionization(Target("He"), "stepping").errors


def test_the_fit_moves_all_bins_with_the_kernels():
    """A unit of the nuisance adds one standard deviation of the signal, bin by bin."""
    xenon = experiment("xenonnt-sr0")
    analysis = xenon.analysis("ipm")
    (entry,) = analysis.channels[0].variations
    assert entry.nuisance == "theory.Xe"
    assert "theory.Xe" in xenon.effects
    values = np.array([1e-11])
    nominal, change = (
        kernels.quadratic(Neutrino(), (MOMENT,))(values)
        for kernels in (analysis.channels[0].kernels, entry.change)
    )
    moved = replace(xenon, nuisances=(*xenon.nuisances, Constraint("theory.Xe", "gauss", 1.0, 0.0)))
    _, rows = moved.analysis("ipm").templates([MOMENT])(values)
    place = list(moved.analysis("ipm").constraints).index("theory.Xe")
    standard = entry.change.counts(Neutrino())
    assert_allclose(rows[place], (change - standard).sum(axis=0), rtol=1e-9, atol=1e-12)
    share = change.sum(axis=0) / nominal.sum(axis=0)
    assert np.all((share > 1e-4) & (share < 0.1))
    spectrum = moved.spectrum(Neutrino(magnetic_moment=1e-11), "ipm")
    assert_allclose(spectrum.first.theory_error, np.abs(rows[place]), rtol=1e-9, atol=1e-12)


def test_what_is_not_known_makes_a_limit_weaker():
    xenon = experiment("xenonnt-sr0")
    free = xenon.limit("magnetic-moment", model="ipm").interval.upper
    exact = xenon.holding("theory.*").limit("magnetic-moment", model="ipm").interval.upper
    assert exact < free < 1.01 * exact
    one = xenon.analysis("ipm").constraints["theory.Xe"]
    assert (one.kind, one.centre, one.sigma) == ("gauss", 0.0, 1.0)
    assert one.lower < -10.0
