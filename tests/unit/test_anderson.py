import numpy as np
import pytest

from nuatom.numerics.anderson import AndersonMixer


def test_linear_problem_is_solved_in_as_many_steps_as_it_has_dimensions():
    # A linear map in six dimensions that diverges when simply repeated.
    generator = np.random.default_rng(1)
    matrix = np.diag([-3.0, -1.5, 0.5, 0.9, 0.2, -0.7])
    rotation = np.linalg.qr(generator.normal(size=(6, 6)))[0]
    matrix = rotation @ matrix @ rotation.T
    offset = generator.normal(size=6)
    mixer = AndersonMixer(depth=6, damping=0.5)
    point = np.zeros(6)
    for _ in range(10):
        point = mixer.step(point, matrix @ point + offset - point)
    np.testing.assert_allclose(point, np.linalg.solve(np.eye(6) - matrix, offset), rtol=1e-6)


def test_first_step_is_damped():
    step = AndersonMixer(depth=3, damping=0.25).step(np.ones(2), np.array([1.0, -2.0]))
    assert step == pytest.approx([1.25, 0.5], abs=0.0)
