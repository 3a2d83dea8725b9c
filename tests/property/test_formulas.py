"""Formulas: what is written adds up, and whatever is typed is read or refused in one line."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from nuatom.atoms import Target, element
from nuatom.atoms.formula import parse_formula
from nuatom.errors import InputError

ATOMS = st.integers(2, 92)
COUNTS = st.one_of(st.just(""), st.integers(1, 999).map(str), st.sampled_from(["0.5", "0.001", "2.25"]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(ATOMS, COUNTS), min_size=2, max_size=4), st.integers(1, 9))
def test_a_group_is_its_atoms_so_many_times(parts, times):
    inner = "".join(element(number).symbol + count for number, count in parts)
    mass = times * math.fsum(element(number).mass_u * float(count or 1.0) for number, count in parts)
    np.testing.assert_allclose(Target(f"({inner}){times}").mass_u, mass, rtol=1e-12, atol=0.0)
    np.testing.assert_allclose(Target(f"He({inner}){times}").mass_u, mass + element(2).mass_u, rtol=1e-12)


@settings(max_examples=60, deadline=None)
@given(ATOMS, st.integers(1, 300))
def test_both_spellings_of_an_isotope_are_one(number, mass):
    symbol = element(number).symbol
    found = []
    for formula in (f"^{mass}{symbol}", f"{symbol}-{mass}"):
        try:
            found.append(parse_formula(formula))
        except InputError:
            found.append({})
    assert found[0] == found[1]
    assert found[0] in ({}, {(number, mass): 1.0})


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=12), st.text("XeCsINaGO()^-0123456789. [w", max_size=14)))
def test_anything_typed_is_read_or_refused(text):
    try:
        refusal, target = None, Target(text)
    except InputError as error:
        refusal, target = error, None
    if target is not None:
        assert target.electrons > 0.0
        assert math.isfinite(target.mass_u)
        assert all(0.0 < count <= 1e6 for _, count in target.constituents)
        return
    assert (refusal.argument, refusal.value) == ("target", text)
    meant = refusal.accepted.removesuffix(", or another chemical formula")
    for formula in meant.split(" or ") if meant != refusal.accepted else []:
        assert all(count > 0.0 for count in parse_formula(formula).values())
