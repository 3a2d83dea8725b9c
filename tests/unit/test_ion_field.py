"""What the ejected electron's field leaves open of independent electrons."""

import numpy as np
import pytest

from nuatom.atoms.independent.field_spread import field_spread
from nuatom.atoms.structure.ground_state import ground_state
from nuatom.atoms.tables.correlated import CorrelatedResponses
from nuatom.atoms.tables.ion_field import field_error
from nuatom.atoms.tables.store import find_correlation, find_table


def test_the_shipped_figures_are_computed_again():
    """Helium at 0.1 keV, by another rule in momentum: a few per cent of an error."""
    table, transfer = find_table("He"), 0.1
    momentum = np.geomspace(transfer, 90.0, 55)
    whole = table.on_momenta(np.array([transfer]), momentum[None])[0, 0]
    spread = field_spread(ground_state(2), transfer, whole, momentum)
    assert spread.max() == pytest.approx(field_error(2, transfer), rel=0.05, abs=0.0)


def test_elements_without_figures_take_those_of_their_neighbours():
    transfer = np.geomspace(0.02, 50.0, 20)
    np.testing.assert_array_equal(field_error(37, transfer), field_error(36, transfer))
    np.testing.assert_array_equal(field_error(92, transfer), field_error(74, transfer))
    beyond = field_error(54, np.array([3.0, 6.0, 30.0]))
    np.testing.assert_allclose(beyond[1:], beyond[0] / np.array([2.0, 10.0]), rtol=1e-12)


def test_it_is_an_error_where_electrons_are_independent():
    alone, correlation = find_table("Ne"), find_correlation("Ne")
    together = CorrelatedResponses(alone, correlation)
    low, high = np.array([0.1]), np.array([1.01 * correlation.highest_kev])
    whole, numerical = alone.relative_error(low)[0], alone.numerical_error(low)[0]
    assert whole == pytest.approx(np.hypot(numerical, field_error(10, 0.1)), rel=1e-12, abs=0.0)
    own = np.hypot(numerical, correlation.relative_error(low)[0])
    assert together.relative_error(low)[0] == pytest.approx(own, rel=1e-12, abs=0.0)
    parts = np.array([alone.relative_error(high)[0], correlation.relative_error(high)[0]])
    assert together.relative_error(high)[0] == pytest.approx(np.hypot(*parts), rel=1e-9, abs=0.0)
    assert alone.relative_error(np.array([0.01]))[0] == 0.0
