"""Laws that the responses of one subshell must obey, whatever the atom."""

from functools import cache

import numpy as np
import pytest

from nuatom.atoms.components import COMPONENTS
from nuatom.atoms.independent import subshell
from nuatom.atoms.independent.bound_shell import BoundShell
from nuatom.atoms.independent.impulse import free_tensor, impulse_response
from nuatom.atoms.independent.response import waves_of
from nuatom.atoms.independent.subshell import subshell_response
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.errors import InputError


@cache
def atom(number, method="dirac-slater"):
    return ground_state(number, method)


def respond(state, label, energy, momentum, **options):
    orbital = next(o for o in state.orbitals if o.label == label)
    shell = BoundShell.of(state, orbital)
    waves = waves_of(state, orbital)
    return shell, subshell_response(shell, waves, energy, momentum, **options)


@pytest.mark.parametrize("label", ["1s1/2", "2p3/2", "4d5/2", "5p1/2"])
@pytest.mark.parametrize("energy", [0.5, 30.0])
def test_vector_current_is_conserved_in_a_local_potential(label, energy):
    """R_03 = (T/Q) R_00 and R_33 = (T/Q)² R_00, T/Q with the speed of light."""
    state = atom(54)
    momentum = np.geomspace(1.0, 60.0, 12)
    shell, response = respond(state, label, energy, momentum, accuracy=1e-5)
    ratio = (energy - shell.orbital.energy) / state.speed_of_light / momentum
    charge, mixed, current = response.values[:3]
    # Far off the ridge, where S is below 1e-6 of its maximum, nothing but rounding is left.
    for conserved, expected in ((mixed, ratio * charge), (current, ratio**2 * charge)):
        tolerance = 1e-6 * np.abs(expected) + 1e-10 * np.abs(expected).max()
        assert np.all(np.abs(conserved - expected) < tolerance)


@pytest.mark.parametrize(("label", "energy"), [("2p3/2", 30.0), ("4d5/2", 4.0), ("5p3/2", 4.0)])
def test_every_multipole_conserves_the_vector_current(label, energy):
    """R_33 = (T/Q)² R_00 holds multipole by multipole, so also in a sum that ends too early."""
    state = atom(54)
    momentum = np.geomspace(1.0, 30.0, 12)
    for last_order in (0, 2, 6):
        shell, response = respond(state, label, energy, momentum, accuracy=1e-6, last_order=last_order)
        ratio = (energy - shell.orbital.energy) / state.speed_of_light / momentum
        charge, mixed, current = response.values[:3]
        for conserved, expected in ((mixed, ratio * charge), (current, ratio**2 * charge)):
            # The kink of Latter's tail, interpolated, shows where 5p has lost five digits off the ridge.
            tolerance = 1e-5 * (np.abs(expected) + np.abs(expected).max())
            assert np.all(np.abs(conserved - expected) < tolerance)


@pytest.mark.parametrize("label", ["2p1/2", "3d5/2", "5s1/2"])
def test_responses_form_positive_tensors(label):
    state = atom(54)
    _, response = respond(state, label, 40.0, np.geomspace(2.0, 40.0, 20))
    r = dict(zip(COMPONENTS, response.values, strict=True))
    for kind in ("vector", "axial"):
        for index in ("00", "33", "11"):
            assert np.all(r[f"{kind}_{index}"] > 0.0)
        bound = r[f"{kind}_00"] * r[f"{kind}_33"]
        assert np.all(r[f"{kind}_03"] ** 2 <= bound * (1.0 + 1e-9))
    # R_22 = R_11, so that |i(R_12 − R_21)| <= 4 √(V_11 A_11) of its two pieces.
    assert np.all(np.abs(r["interference"]) <= 4.0 * np.sqrt(r["vector_11"] * r["axial_11"]))


def test_weakly_bound_electron_is_free():
    """Hydrogen far above binding: each of the nine ∫Q dQ R becomes the free electron's, as 1/T."""
    state = atom(1, "dirac-fock")
    c = state.speed_of_light
    errors = []
    for energy in (50.0, 200.0):
        ridge = np.sqrt(2.0 * energy + (energy / c) ** 2)
        momentum = np.linspace(max(1.0, ridge - 18.0), ridge + 18.0, 260)
        shell, response = respond(state, "1s1/2", energy, momentum, accuracy=1e-3)
        t = (energy - shell.orbital.energy) / c**2
        integral = np.trapezoid(response.values * momentum, momentum)
        free = free_tensor(0.0, t, np.sqrt(t * (t + 2.0))) * (1.0 + t)
        errors.append(np.abs(integral / free - 1.0))
    # <p²>/3 along Q against k²: 1/(3·2T) relative to the small axial charge and vector 33.
    assert np.all(errors[1] < 0.007)
    assert np.all(errors[1] < 0.3 * errors[0] + 1e-4)


def test_impulse_limit_meets_the_multipoles():
    """Two independent routes to all nine responses, xenon's 4d and argon's 3p at high transfers."""
    for number, label, energy in ((54, "4d5/2", 250.0), (18, "3p3/2", 120.0)):
        state = atom(number)
        ridge = np.sqrt(2.0 * energy + (energy / state.speed_of_light) ** 2)
        momentum = np.linspace(max(2.0, ridge - 16.0), ridge + 16.0, 160)
        shell, response = respond(state, label, energy, momentum)
        limit = impulse_response(shell.momenta, energy - shell.orbital.energy, momentum)
        exact = np.trapezoid(response.values * momentum, momentum)
        approximate = np.trapezoid(limit * momentum, momentum)
        np.testing.assert_allclose(approximate, exact, rtol=0.01)


def test_join_is_smooth_and_reports_its_error():
    state = atom(18)
    momentum = np.linspace(6.0, 34.0, 113)
    _, whole = respond(state, "3p3/2", 120.0, momentum)
    shell, joined = respond(state, "3p3/2", 120.0, momentum, highest_order=70)
    ridge = int(np.argmin(np.abs(momentum - shell.wavenumber(120.0))))
    assert np.all(whole.impulse_share == 0.0)
    assert joined.impulse_share[0] == 0.0
    assert joined.impulse_share[ridge] == 1.0
    assert joined.impulse_share[-1] < 1.0
    assert np.abs(np.diff(joined.impulse_share)).max() < 0.2
    difference = np.abs(joined.values[0] - whole.values[0]).max() / whole.values[0].max()
    assert 0.5 * difference < joined.truncation_error.max() < 5.0 * difference
    integrals = [np.trapezoid(r.values * momentum, momentum) for r in (whole, joined)]
    missed = np.abs(integrals[1] / integrals[0] - 1.0)
    assert np.all(missed < 5e-3)
    assert missed[0] < 3.0 * joined.integral_error.max()
    # Energy by energy the impulse limit comes in as smoothly: no jump where orders run out.
    energies = np.geomspace(8.0, 200.0, 15)
    shares = [respond(state, "3p3/2", e, np.array([np.sqrt(2 * e)]), highest_order=70)[1] for e in energies]
    at_ridge = np.array([part.impulse_share[0] for part in shares])
    assert (at_ridge[0], at_ridge[-1]) == (0.0, 1.0)
    assert np.all(np.diff(at_ridge) >= 0.0)
    assert np.diff(at_ridge).max() < 0.35


@pytest.mark.parametrize(("number", "label"), [(18, "3p3/2"), (32, "4s1/2"), (54, "5p3/2")])
def test_few_multipoles_are_enough_off_the_ridge(number, label, monkeypatch):
    """Orders cut at some 1/|Q − k| against those of the whole orbital, from the photon line on."""
    energy = 250.0
    shell = BoundShell.of(atom(number), next(o for o in atom(number).orbitals if o.label == label))
    photon = (energy - shell.orbital.energy) / shell.speed_of_light
    momentum = np.geomspace(photon, 3.0 * shell.wavenumber(energy), 60)
    _, cut = respond(atom(number), label, energy, momentum)
    monkeypatch.setattr(subshell, "BEND_REACH", 1e3)
    _, whole = respond(atom(number), label, energy, momentum)
    diagonal = [0, 2, 3, 4, 6, 7]
    assert np.abs(cut.values[diagonal] / whole.values[diagonal] - 1.0).max() < 1e-3


def test_impulse_limit_improves_with_energy():
    """Values nearly as 1/k; integrals are good to a thousandth."""
    state, label = atom(14), "3p1/2"
    found = []
    for energy in (60.0, 240.0, 960.0):
        wavenumber = np.sqrt(2.0 * energy)
        momentum = wavenumber + np.linspace(-4.0, 4.0, 81)
        shell, exact = respond(state, label, energy, momentum, highest_order=1200)
        assert np.all(exact.impulse_share == 0.0)
        limit = impulse_response(shell.momenta, energy - shell.orbital.energy, momentum)
        difference = limit[0] - exact.values[0]
        point = np.abs(difference).max() / exact.values[0].max()
        integral = abs(np.trapezoid(difference * momentum, momentum))
        found.append((point, integral / np.trapezoid(exact.values[0] * momentum, momentum)))
    points, integrals = np.array(found).T
    assert np.all(points[1:] < 0.65 * points[:-1])
    assert np.all(points[1:] > 0.45 * points[:-1])
    assert np.all(integrals < 2e-3)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"energy": 0.0}, "energy"),
        ({"momentum": np.array([2.0, 1.0])}, "momentum"),
        ({"momentum": np.array([[2.0]])}, "momentum"),
        ({"accuracy": 0.0}, "accuracy"),
        ({"highest_order": 5, "energy": 4000.0}, "highest_order"),
    ],
)
def test_refuses_what_it_cannot_do(change, name):
    arguments = {"energy": 1.0, "momentum": np.array([1.0, 2.0])} | change
    with pytest.raises(InputError) as caught:
        respond(atom(18), "3p3/2", **arguments)
    assert caught.value.argument == name


def test_exchange_reaches_as_many_waves_as_the_accuracy_needs():
    """Against exchange in ever more waves; what the coarser ones miss is within the stated error."""
    state, label, energy = atom(18, "dirac-fock"), "3p3/2", 10.0
    momentum = np.linspace(0.9, 9.8, 12)
    diagonal = [0, 2, 3, 4, 6, 7]
    orbital = next(o for o in state.orbitals if o.label == label)
    shell = BoundShell.of(state, orbital)
    found = [
        subshell_response(shell, waves_of(state, orbital, a), energy, momentum, accuracy=a).values[diagonal]
        for a in (1e-4, 1e-3, 1e-2, 5e-2)
    ]
    errors = [np.abs(values / found[0] - 1.0).max() for values in found[1:]]
    stated = [waves_of(state, orbital, a).exchange_error for a in (1e-3, 1e-2, 5e-2)]
    assert [waves_of(state, orbital, a).reach.waves for a in (1e-4, 1e-3, 1e-2, 5e-2)] == [24, 17, 6, 3]
    assert errors[0] < errors[1] < errors[2]
    # The multipoles left out are in the errors as well.
    for error, exchange, accuracy in zip(errors, stated, (1e-3, 1e-2, 5e-2), strict=True):
        assert error < exchange + 0.5 * accuracy
        assert exchange <= 0.5 * accuracy
