import numpy as np
import pytest

from nuatom.numerics.running_integral import end_corrections


@pytest.mark.parametrize("degree", range(10))
def test_correction_is_exact_for_polynomials(degree):
    # Euler-Maclaurin: the correction of t^(2p−1) at t = 0 is B_2p/2p, of even powers nothing.
    bernoulli = {1: 1 / 6, 3: -1 / 30, 5: 1 / 42, 7: -1 / 30, 9: 5 / 66}
    t = np.arange(-8.0, 9.0)
    expected = bernoulli.get(degree, 0.0) / (degree + 1)
    assert end_corrections(t**degree)[8] == pytest.approx(expected, abs=1e-9)


def test_no_correction_where_neighbours_are_missing():
    corrections = end_corrections(np.arange(20.0))
    assert not corrections[:5].any()
    assert not corrections[-5:].any()
    assert corrections[5:-5].all()
