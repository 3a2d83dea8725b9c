"""Elements and compounds: electrons, edges, masses, formulas."""

import math

import pytest
from numpy.testing import assert_allclose

from nuatom.atoms import Target
from nuatom.atoms.target import MAX_ATOMIC_NUMBER, Subshell, atomic_number, element
from nuatom.constants import ATOMIC_MASS_KEV, ATOMIC_MASS_KG
from nuatom.errors import InputError

EVERY_ELEMENT = range(1, MAX_ATOMIC_NUMBER + 1)

# IUPAC standard atomic weights (2021), as printed; elements of natural variation left out.
ATOMIC_WEIGHTS = {
    "He": "4.002602",
    "F": "18.998403162",
    "Na": "22.98976928",
    "Al": "26.9815384",
    "Ge": "72.630",
    "Cs": "132.90545196",
    "I": "126.90447",
    "Xe": "131.293",
    "W": "183.84",
    "Au": "196.966570",
    "U": "238.02891",
}

# X-Ray Data Booklet (LBNL, 2009), table 1-1, eV; the solid or, for xenon, the gas.
BOOKLET_EDGES_EV = {
    ("Si", "1s1/2"): 1839.0,
    ("Ar", "1s1/2"): 3205.9,
    ("Ge", "1s1/2"): 11103.1,
    ("Ge", "2s1/2"): 1414.6,
    ("Ge", "2p1/2"): 1248.1,
    ("Ge", "2p3/2"): 1217.0,
    ("I", "1s1/2"): 33169.0,
    ("Xe", "1s1/2"): 34561.0,
    ("Xe", "2s1/2"): 5453.0,
    ("Xe", "2p1/2"): 5107.0,
    ("Xe", "2p3/2"): 4786.0,
    ("Xe", "3s1/2"): 1148.7,
    ("Xe", "3d5/2"): 676.4,
    ("Xe", "4d5/2"): 67.5,
    ("Xe", "5p3/2"): 12.1,
    ("W", "1s1/2"): 69525.0,
    ("Pb", "1s1/2"): 88005.0,
    ("U", "1s1/2"): 115606.0,
}


@pytest.mark.parametrize("atomic_number", EVERY_ELEMENT)
def test_electrons_fill_the_neutral_atom(atomic_number):
    shells = element(atomic_number).subshells
    assert math.fsum(shell.occupation for shell in shells) == atomic_number
    assert len({(shell.n, shell.kappa) for shell in shells}) == len(shells)
    by_orbital: dict[tuple[int, int], list[Subshell]] = {}
    for shell in shells:
        assert 0.0 < shell.occupation <= shell.twice_j + 1
        assert shell.l < shell.n
        assert 0.0 < shell.edge_kev < 120.0
        by_orbital.setdefault((shell.n, shell.l), []).append(shell)
    for pair in by_orbital.values():
        # Open shells are shared as 2j + 1, and hold a whole number of electrons.
        total = math.fsum(shell.occupation for shell in pair)
        assert total == round(total)
        weight = sum(shell.twice_j + 1 for shell in pair)
        for shell in pair:
            assert_allclose(shell.occupation, total * (shell.twice_j + 1) / weight, rtol=1e-15)


@pytest.mark.parametrize("atomic_number", EVERY_ELEMENT)
def test_inner_shells_are_bound_more_strongly(atomic_number):
    by_orbital: dict[tuple[int, int], list[float]] = {}
    for shell in element(atomic_number).subshells:
        by_orbital.setdefault((shell.l, shell.twice_j), []).append(shell.edge_kev)
    for edges in by_orbital.values():
        assert edges == sorted(edges, reverse=True)
        assert len(set(edges)) == len(edges)


@pytest.mark.parametrize("atomic_number", EVERY_ELEMENT)
def test_isotopes_are_all_of_the_element(atomic_number):
    found = element(atomic_number)
    if not found.isotopes:
        # Without stable isotopes; of uranium the table of abundances has none either.
        assert atomic_number in (43, 61, *range(84, 90), 92)
        return
    assert_allclose(sum(isotope.abundance for isotope in found.isotopes), 1.0, rtol=1e-12)
    mean = sum(isotope.abundance * isotope.mass_u for isotope in found.isotopes)
    # Lithium, boron and sulphur vary in nature; their standard weight is conventional.
    assert_allclose(mean, found.mass_u, rtol=5e-3 if found.symbol in ("Li", "B", "S") else 2e-4)
    for isotope in found.isotopes:
        assert isotope.mass_number == round(isotope.mass_u)
        assert_allclose(isotope.mass_kev, isotope.mass_u * ATOMIC_MASS_KEV, rtol=1e-15)


@pytest.mark.parametrize(("symbol", "printed"), ATOMIC_WEIGHTS.items())
def test_atomic_weights(symbol, printed):
    digits = len(printed.partition(".")[2])
    # Recommendations move by a few units of the last digit between editions.
    assert_allclose(Target(symbol).mass_u, float(printed), rtol=0.0, atol=3.0 * 10.0**-digits)


@pytest.mark.parametrize(("place", "edge_ev"), BOOKLET_EDGES_EV.items(), ids=str)
def test_edges_agree_with_another_compilation(place, edge_ev):
    symbol, label = place
    edges = {shell.label: 1e3 * shell.edge_kev for _, shell, _ in Target(symbol).subshells}
    # Compilations differ by the phase of the sample and the work function: a few eV, or permille.
    assert_allclose(edges[label], edge_ev, rtol=1.5e-3)


def test_labels_and_quantum_numbers():
    labels = [shell.label for shell in element(54).subshells]
    assert labels[:4] == ["1s1/2", "2s1/2", "2p1/2", "2p3/2"]
    assert labels[-1] == "5p3/2"
    assert [Subshell(4, kappa, 1.0, 1.0).label for kappa in (-1, 1, -2, 2, -3, 3, -4)] == [
        "4s1/2",
        "4p1/2",
        "4p3/2",
        "4d3/2",
        "4d5/2",
        "4f5/2",
        "4f7/2",
    ]


@pytest.mark.parametrize(
    ("formula", "composition"),
    [
        ("Xe", {"Xe": 1}),
        ("CsI", {"Cs": 1, "I": 1}),
        ("NaI", {"Na": 1, "I": 1}),
        ("CaWO4", {"Ca": 1, "W": 1, "O": 4}),
        ("C6H6", {"C": 6, "H": 6}),
        ("Ca(OH)2", {"Ca": 1, "O": 2, "H": 2}),
    ],
)
def test_compounds_are_sums_of_their_elements(formula, composition):
    target = Target(formula)
    assert {part.symbol: count for part, count in target.constituents} == composition
    assert target.electrons == sum(n * Target(symbol).electrons for symbol, n in composition.items())
    mass = sum(n * Target(symbol).mass_u for symbol, n in composition.items())
    assert_allclose(target.mass_u, mass, rtol=1e-14)
    assert_allclose(target.mass_kg, mass * ATOMIC_MASS_KG, rtol=1e-14)
    for part, count in target.constituents:
        mine = [(shell, n) for owner, shell, n in target.subshells if owner is part]
        assert [shell for shell, _ in mine] == list(part.subshells)
        assert [n for _, n in mine] == [count * shell.occupation for shell in part.subshells]
    assert_allclose(math.fsum(n for _, _, n in target.subshells), target.electrons, rtol=1e-14)


@pytest.mark.parametrize(
    "formula", ["", "Xx", "xenon", "Xe[136]", "Ge[76]", "Na{+}", "Np", "Pu", "n", "D2O", "Xe -", "((", "4"]
)
def test_formulas_that_cannot_be_a_target_are_refused(formula):
    with pytest.raises(InputError, match="target") as refusal:
        Target(formula)
    assert refusal.value.value == formula


@pytest.mark.parametrize("atomic_number", [0, 93, -1])
def test_elements_end_with_uranium(atomic_number):
    with pytest.raises(InputError, match="1 to 92"):
        element(atomic_number)


@pytest.mark.parametrize("symbol", ["Ar", "Xe"])
def test_a_liquid_is_its_element(symbol):
    assert Target(f"L{symbol}").constituents == Target(symbol).constituents


MEANT = {
    "131Xe": ("^131Xe",), "Xe131": ("^131Xe",), "Xe[131]": ("^131Xe",), "C12": ("^12C",), "He3": ("^3He",),
    "NaI(Tl)": ("NaI", "NaI(Tl)0.001"), "CsI(Na)": ("CsI", "CsI(Na)0.001"),
    "Xe@5": ("Xe",), "Xe ": ("Xe",), "CaWO₄": ("CaWO4",), "D2O": ("(^2H)2O",),
    "xe": ("Xe",), "XE": ("Xe",), "nai": ("NaI",), "caWO4": ("CaWO4",), "lxe": ("LXe",), "xenon": ("Xe",),
    "co": ("Co", "CO"), "si": ("Si", "SI"), "cs": ("Cs", "CS"),
}  # fmt: skip
"""What is refused, with what was probably meant."""


@pytest.mark.parametrize(("typed", "meant"), MEANT.items())
def test_a_formula_is_refused_with_what_was_meant(typed, meant):
    with pytest.raises(InputError) as refusal:
        Target(typed)
    assert (refusal.value.argument, refusal.value.value) == ("target", typed)
    assert refusal.value.accepted.startswith(" or ".join(meant) + ","), refusal.value.accepted
    for formula in meant:
        Target(formula)


@pytest.mark.parametrize(
    "formula",
    ["Xe0", "Xe0.0", "Xe-200", "5wt% Xe//Ge", "Xe1e400", "Xe9999999", "2Xe", "()", "(Xe", "Xe)", "Xe()",
     "(" * 11 + "XeI" + ")" * 11, "Xe" * 200, "Xe-", "^Xe", "Xe.5", "Xe²⁺", "\x00", 54, None, b"Xe", ["Xe"]],
    ids=repr,
)  # fmt: skip
def test_what_is_no_formula_is_refused(formula):
    with pytest.raises(InputError) as refusal:
        Target(formula)
    assert refusal.value.argument == "target"


@pytest.mark.parametrize("formula", ["^131Xe", "Xe-131"])
def test_an_isotope_is_one_nucleus_in_the_same_electrons(formula):
    ((part, count),) = Target(formula).constituents
    # AME 2020, as periodictable carries it.
    assert_allclose(Target(formula).mass_u, 130.905084128, rtol=1e-11)
    assert (count, part.symbol, part.subshells) == (1.0, "Xe", element(54).subshells)
    assert [(i.mass_number, i.abundance) for i in part.isotopes] == [(131, 1.0)]


def test_isotopes_counts_and_names_in_compounds():
    heavy = Target("(^2H)2O")
    assert Target("heavy-water").constituents == heavy.constituents
    # AME 2020 and standard atomic weight, as periodictable carries them: 2 × 2.01410177784 + 15.999.
    assert_allclose(heavy.mass_u, 20.0272, rtol=1e-5)
    assert_allclose(heavy.electrons, 10.0, rtol=1e-15)
    assert Target("(Xe-131)2").constituents[0][1] == 2.0
    assert [part.isotopes[0].mass_number for part, _ in Target("XeXe-136").constituents] == [124, 136]
    assert Target("water").constituents == Target("H2O").constituents


def test_a_dopant_counts_as_much_as_was_written():
    pure, doped = Target("NaI"), Target("NaI(Tl)0.001")
    assert_allclose(doped.electrons - pure.electrons, 0.081, rtol=1e-9)
    assert Target("NaITl0.001").constituents == doped.constituents


@pytest.mark.parametrize(("typed", "meant"), [("xe", "Xe"), ("GE", "Ge"), ("n", "N")])
def test_a_symbol_of_the_wrong_case_is_refused_with_the_right_one(typed, meant):
    with pytest.raises(InputError, match=f"expected {meant}, or another chemical symbol"):
        atomic_number(typed)


@pytest.mark.parametrize("symbol", ["CsI", "LXe", "Xe-131", "Xe2", "D", "Zz", "", "water", 54])
def test_what_is_no_symbol_is_refused(symbol):
    with pytest.raises(InputError, match="chemical symbol"):
        atomic_number(symbol)
