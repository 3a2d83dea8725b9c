"""Responses of a user's own, as an object and as arrays, go through kernels and rates to a limit."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from nuatom import InputError, Neutrino, Target, differential_rate, experiment, flux, ionization
from nuatom.atoms import DIAGONAL, SIGNED, ResponseArrays, Responses, find_correlation, find_responses
from nuatom.processes import PROCESSES

RECOIL = np.array([0.1, 1.0, 10.0])


@dataclass(frozen=True, eq=False)
class Scaled:
    """Responses, all of them times a number."""

    known: Responses
    factor: float

    @property
    def edges_kev(self):
        return self.known.edges_kev

    @property
    def highest_kev(self):
        return self.known.highest_kev

    @property
    def identity(self):
        return (("scaled", str(self.factor)), *self.known.identity)

    @property
    def breakpoints_kev(self):
        return self.known.breakpoints_kev

    def on_momenta(self, transfer_kev, momentum_kev):
        return self.factor * self.known.on_momenta(transfer_kev, momentum_kev)

    def momentum_limits_kev(self, transfer_kev):
        return self.known.momentum_limits_kev(transfer_kev)

    def ridge(self, transfer_kev):
        return self.known.ridge(transfer_kev)

    def relative_error(self, transfer_kev):
        return self.known.relative_error(transfer_kev)


@pytest.fixture(scope="module")
def scaled():
    return Scaled(find_responses("Xe", "ipm"), 1.25)


def arrays_of_helium(momenta):
    """Arrays of the responses of the shipped table."""
    table = find_responses("He", "ipm")
    edge = float(table.edges_kev[0])
    transfer = edge + np.geomspace(1e-5, 20.0 - edge, 80)
    momentum = np.geomspace(edge, 250.0, momenta)
    # Below the photon line the value on it, and beyond the last momenta next to nothing.
    values = table.on_momenta(transfer, np.maximum(momentum, transfer[:, None]))
    values[DIAGONAL] = np.maximum(values[DIAGONAL], 1e-30)
    return ResponseArrays([edge], transfer, momentum, values, name="mine", error=0.02)


@pytest.fixture(scope="module")
def helium():
    return arrays_of_helium(800)


def test_what_is_shipped_is_of_the_protocol():
    for model in ("ipm", "rpa"):
        responses = find_responses("Xe", model)
        assert isinstance(responses, Responses)
        low, high = responses.momentum_limits_kev(RECOIL)
        assert np.all(low < high)
        assert np.all(responses.on_momenta(RECOIL, high[:, None] * 1.01) == 0.0)
        assert np.all(responses.on_momenta(RECOIL, low[:, None])[DIAGONAL] > 0.0)
        below = np.array([0.9 * responses.edges_kev.min()])
        assert np.all(responses.on_momenta(below, below[:, None]) == 0.0)
        assert responses.relative_error(below) == 0.0
        assert np.all(responses.relative_error(RECOIL) > 0.0)
        assert np.all(np.isin(responses.edges_kev, responses.breakpoints_kev))
        with pytest.raises(InputError, match="transfer_kev"):
            responses.on_momenta(np.array([responses.highest_kev * 1.01]), np.array([[500.0]]))
    names = [name for name, _ in find_responses("Xe", "rpa").identity]
    assert names == ["Xe-ipm", "Xe-rpa"]


@pytest.mark.parametrize("symbol", ["He", "Ar"])
def test_interpolated_responses_keep_their_schwarz_bounds(symbol):
    table = find_responses(symbol, "ipm")
    transfer = np.geomspace(table.edges_kev.min() * 1.0001, 60.0, 400)
    values = table.on_momenta(transfer, np.geomspace(1.0, 1000.0, 300) * transfer[:, None])
    for signed, (first, second, ratio) in SIGNED.items():
        bound = ratio * np.sqrt(values[first] * values[second])
        assert np.all(np.abs(values[signed]) <= bound * (1.0 + 1e-12))


def test_correlation_makes_responses_worse_known_where_there_is_any_and_hardly_beyond():
    """Above its table, at 25 times the last transfer, what the change was there has fallen with T squared."""
    alone, together = (find_responses("Xe", model) for model in ("ipm", "rpa"))
    last = find_correlation("Xe").transfer_kev[-1]
    transfers = np.array([last, 25.0 * last])
    extra = together.relative_error(transfers) - alone.relative_error(transfers)
    assert extra[0] > 0.0
    assert 0.0 <= extra[1] <= extra[0] / 600.0


def test_kernels_and_rates_are_linear_in_an_objects_responses(scaled):
    kernels, sun = ionization(Target("Xe"), responses=scaled), flux("solar-gs98")
    found = differential_rate(kernels, sun, Neutrino(magnetic_moment=1e-11), RECOIL)
    usual = ionization(Target("Xe"), "ipm")
    expected = differential_rate(usual, sun, Neutrino(magnetic_moment=1e-11), RECOIL)
    assert_allclose(found.total, 1.25 * expected.total, rtol=1e-12)
    assert found.tables[0] == ("scaled", "1.25")


def test_an_objects_limit():
    """A moment's counts grow with the responses, so that its limit falls, by less than their root."""
    scaled = Scaled(find_responses("He", "ipm"), 1.25)
    electrons = PROCESSES["electron"].with_model("mine", lambda target: ionization(target, responses=scaled))
    pp = replace(flux("solar-gs98"), components=flux("solar-gs98").components[:1])
    data = replace(experiment("xenonnt-sr0"), target=Target("He"), flux=pp, processes=(electrons,))
    found, usual = data.limit("magnetic-moment", model="mine"), data.limit("magnetic-moment", model="ipm")
    assert found.model == "mine"
    assert "scaled" in found.tables
    counts = {model: data.folded(model).counts(Neutrino()) for model in ("mine", "ipm")}
    assert_allclose(counts["mine"], 1.25 * counts["ipm"], rtol=1e-6)
    assert usual.interval.upper / np.sqrt(1.25) < found.interval.upper * 1.02 < usual.interval.upper


def test_arrays_give_the_kernels_of_what_they_hold(helium):
    """To what interpolation costs: third order in the steps of the momentum."""
    energy, recoil = np.array([[20.0], [300.0], [3000.0]]), np.geomspace(0.03, 15.0, 23)
    expected = ionization(Target("He"), "ipm").evaluate(energy, recoil)
    missed = []
    for arrays in (arrays_of_helium(400), helium):
        kernels = ionization(Target("He"), responses=arrays)
        ratio = kernels.evaluate(energy, recoil)[[0, 1, 2, 3, 6]] / expected[[0, 1, 2, 3, 6]]
        missed.append(np.nanmax(np.abs(np.where(energy > recoil, ratio, 1.0) - 1.0)))
    assert missed[1] < 2e-3
    assert missed[1] < missed[0] / 6.0
    assert kernels.tables[0][0] == "mine"
    assert helium.relative_error(np.array([0.001, 1.0])).tolist() == [0.0, 0.02]


def test_arrays_of_a_compound_by_element(helium):
    energy, recoil = np.array(300.0), np.array([0.5, 5.0])
    responses = {"He": helium, "Xe": find_responses("Xe", "ipm")}
    found = ionization(Target("HeXe2"), responses=responses).evaluate(energy, recoil)
    expected = ionization(Target("He"), responses=helium).evaluate(energy, recoil)
    expected = expected + 2.0 * ionization(Target("Xe"), "ipm").evaluate(energy, recoil)
    assert_allclose(found, expected, rtol=1e-12)


def test_nothing_is_interpolated_across_a_threshold():
    """Two steps, constant between thresholds, come back as they are."""
    transfer, momentum = np.array([0.1, 0.4, 0.6, 2.0]), np.geomspace(0.05, 30.0, 7)
    values = np.zeros((9, 4, 7))
    values[DIAGONAL] = np.array([1.0, 1.0, 5.0, 5.0])[:, None]
    steps = ResponseArrays([0.05, 0.5], transfer, momentum, values)
    at = np.array([0.06, 0.1, 0.499, 0.5, 0.501, 2.0])
    found = steps.on_momenta(at, np.full((6, 1), 3.0))[0, :, 0]
    assert_allclose(found, [1.0, 1.0, 1.0, 1.0, 5.0, 5.0], rtol=1e-14)
    assert_array_equal(steps.breakpoints_kev, [0.05, 0.1, 0.4, 0.5, 0.6, 2.0])


def test_any_number_that_changes_makes_another_hash(helium):
    changed = np.array(helium.values_per_kev)
    changed[4, 3, 2] *= 1.0 + 1e-12
    assert replace(helium, values_per_kev=changed).identity != helium.identity
    assert replace(helium, error=0.1).identity == helium.identity


@pytest.mark.parametrize(
    ("changes", "argument"),
    [
        ({"transfer_kev": [0.2, 0.1]}, "transfer_kev"),
        ({"transfer_kev": [0.04, 0.2]}, "transfer_kev"),
        ({"momentum_kev": [0.1, 1.0, 30.0]}, "momentum_kev"),
        ({"momentum_kev": [0.05, 0.1, 0.15]}, "momentum_kev"),
        ({"edges_kev": [0.05, 0.15, 0.16]}, "transfer_kev"),
        ({"edges_kev": [-0.05]}, "edges_kev"),
        ({"values_per_kev": np.ones((9, 2, 2))}, "values_per_kev"),
        ({"values_per_kev": np.zeros((9, 2, 3))}, "values_per_kev"),
        ({"values_per_kev": np.full((9, 2, 3), np.nan)}, "values_per_kev"),
        (
            {"values_per_kev": np.array([1, 1.1, 1, 1, 1, 1, 1, 1, 1])[:, None, None] * np.ones((2, 3))},
            "values_per_kev",
        ),
    ],
)
def test_arrays_that_are_refused(changes, argument):
    good = {
        "edges_kev": [0.05], "transfer_kev": [0.1, 0.2], "momentum_kev": [0.05, 1.0, 30.0],
        "values_per_kev": np.ones((9, 2, 3)),
    }  # fmt: skip
    ResponseArrays(**good)
    with pytest.raises(InputError) as told:
        ResponseArrays(**{**good, **changes})
    assert told.value.argument == argument


def test_requests_that_are_refused(helium):
    with pytest.raises(InputError, match="model"):
        ionization(Target("He"), "ipm", responses=helium)
    with pytest.raises(InputError, match="responses"):
        ionization(Target("HeXe"), responses={"He": helium})
    with pytest.raises(InputError, match="responses"):
        ionization(Target("He"), responses=helium.values_per_kev)
    with pytest.raises(InputError, match="recoil_kev"):
        ionization(Target("He"), responses=helium).evaluate(np.array(300.0), np.array([25.0]))
    with pytest.raises(InputError, match="momentum_kev"):
        helium.on_momenta(np.array([0.1]), np.array([[0.01]]))
    with pytest.raises(InputError, match="transfer_kev"):
        helium.on_momenta(np.array([21.0]), np.array([[50.0]]))
