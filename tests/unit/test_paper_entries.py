"""Entries of a reproduction: what agrees, and what must be explained."""

import pytest

from nuatom.errors import InputError
from nuatom.papers import PAPERS, figures, paper
from nuatom.papers.entry import Paper, formula, number, statement
from nuatom.papers.table import markdown_table, text_table


@pytest.mark.parametrize(
    ("printed", "computed"), [("0.150", 0.1504), ("2.9e-11", 2.94e-11), ("-7", -7.4), ("1e3", 1400.0)]
)
def test_a_printed_number_is_met_within_half_a_digit(printed: str, computed: float) -> None:
    assert number("(1)", "x", printed, computed).verdict == "reproduced"


@pytest.mark.parametrize(("printed", "computed"), [("0.150", 0.1506), ("2.9e-11", 2.96e-11), ("-7", -7.6)])
def test_an_unexplained_disagreement_is_refused(printed: str, computed: float) -> None:
    with pytest.raises(InputError, match=r"\(1\) x: differs"):
        number("(1)", "x", printed, computed)
    assert number("(1)", "x", printed, computed, disagreement="erratum", note="why").verdict == "erratum"


def test_an_explanation_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match=r"\(1\) x: agrees"):
        number("(1)", "x", "1.0", 1.0, disagreement="corrected", note="why")
    with pytest.raises(InputError, match="reason"):
        number("(1)", "x", "1.0", 2.0, disagreement="corrected")


def test_formulas_agree_to_rounding_and_claims_as_decided() -> None:
    assert formula("(2)", "y", 3.0, 3.0 * (1 + 1e-12)).verdict == "reproduced"
    with pytest.raises(InputError, match="differs"):
        formula("(2)", "y", 3.0, 3.0 * (1 + 1e-8))
    claim = statement("p. 3", "ratio", "orders of magnitude below", 1e-3, holds=True)
    assert (claim.verdict, claim.relative_difference) == ("reproduced", None)


def test_a_formula_on_a_grid_shows_where_it_differs_most() -> None:
    entry = formula("(2)", "y", [[1.0], [2.0]], [[1.0, 1.0], [2.0, 2.002]], tolerance=0.01)
    assert (entry.printed, entry.computed) == ("2", 2.002)
    assert entry.relative_difference == pytest.approx(1e-3, rel=1e-9, abs=0.0)
    assert formula("(2)", "zero", [0.0, 1.0], [0.0, 1.0]).verdict == "reproduced"
    with pytest.raises(InputError, match="differs"):
        formula("(2)", "y", [1.0, 2.0], [1.0, 2.002])


@pytest.mark.parametrize("computed", [float("nan"), float("inf")])
def test_what_was_not_computed_is_refused(computed: float) -> None:
    for entry in (formula, number):
        with pytest.raises(InputError, match="finite number"):
            entry("(2)", "y", "1.0" if entry is number else 1.0, computed)  # type: ignore[operator]
    with pytest.raises(InputError, match="finite number"):
        formula("(2)", "y", [1.0, 2.0], [1.0, computed])
    with pytest.raises(InputError, match="finite number"):
        statement("(2)", "y", "small", computed, holds=False, disagreement="erratum", note="why")


def test_tables_number_each_note_once() -> None:
    entries = (
        number("(1)", "x | y", "1.0", 2.0, "keV", disagreement="erratum", note="why"),
        number("(2)", "z", "1.0", 2.0, disagreement="erratum", note="why"),
        number("(3)", "u", "1.0", 1.0, note="aside"),
    )
    whole = Paper("p", "KS16", entries, {}, sources=("KS11",))
    assert whole.citations == ("KS16", "CODATA:2022", "KS11")
    assert (whole.count("erratum"), whole.count("reproduced")) == (2, 1)
    text = text_table(whole)
    assert text.startswith("p: 3 entries; 1 reproduced, 0 corrected, 2 erratum")
    assert text.count("erratum [1]") == 2
    assert "aside" not in text
    assert "[2] aside" in text_table(whole, verbose=True)
    rows = markdown_table(whole, lambda entry: entry.disagreement is not None).splitlines()
    assert rows[2] == r"| (1) | x \| y [keV] | 1.0 | 2 | +1.0e+00 | **erratum** | why |"
    assert rows[3].endswith("| **erratum** | as above |")
    assert len(rows) == 4


def test_an_unknown_paper_is_refused() -> None:
    for ask in (paper, figures):
        with pytest.raises(InputError, match="ks16"):
            ask("ks17")


@pytest.mark.parametrize("name", PAPERS)
def test_figures_are_known_before_anything_is_computed(name: str) -> None:
    assert len(figures(name)) > 1
