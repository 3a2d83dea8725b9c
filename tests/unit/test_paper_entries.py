"""Entries of a reproduction: what agrees, and what must be explained and quoted."""

from typing import Any

import pytest

from nuatom.errors import InputError
from nuatom.papers import PAPERS, figures, paper
from nuatom.papers.entry import Entry, Finding, Omission, Paper, claim, formula, value
from nuatom.papers.record import written_up
from nuatom.papers.table import markdown_omissions, markdown_table, text_table


def entry(finding: Finding, printed: str = "", **fields: Any) -> Entry:
    return Entry.of(finding, **{"equation": "(1)", "quantity": "x", "printed": printed, **fields})


@pytest.mark.parametrize(
    ("printed", "computed"), [("0.150", 0.1504), ("2.9e-11", 2.94e-11), ("-7", -7.4), ("1e3", 1400.0)]
)
def test_a_printed_number_is_met_within_half_a_digit(printed: str, computed: float) -> None:
    assert entry(value(computed), printed).verdict == "reproduced"


@pytest.mark.parametrize(("printed", "computed"), [("0.150", 0.1506), ("2.9e-11", 2.96e-11), ("-7", -8.9)])
def test_the_last_digit_is_rounding_and_no_more(printed: str, computed: float) -> None:
    with pytest.raises(InputError, match=r"\(1\) x: differs"):
        entry(value(computed), printed)
    assert entry(value(computed), printed, verdict="rounding", note="cut off").verdict == "rounding"


@pytest.mark.parametrize(("printed", "computed"), [("0.150", 0.1521), ("2.9e-11", 3.2e-11), ("-7", -9.1)])
def test_more_than_the_last_digit_is_not_rounding(printed: str, computed: float) -> None:
    with pytest.raises(InputError, match="more than a difference in the last digit"):
        entry(value(computed), printed, verdict="rounding", note="cut off")
    found = entry(value(computed), printed, verdict="erratum", note="why", quote="the formula")
    assert (found.verdict, found.quote, found.note) == ("erratum", "the formula", "why")


def test_an_explanation_of_nothing_is_refused_and_a_disagreement_is_explained_and_quoted() -> None:
    with pytest.raises(InputError, match=r"\(1\) x: agrees"):
        entry(value(1.0), "1.0", verdict="corrected", note="why", quote="what")
    with pytest.raises(InputError, match="reason"):
        entry(value(2.0), "1.0", verdict="corrected", quote="what")
    for verdict in ("corrected", "erratum"):
        with pytest.raises(InputError, match="what the paper prints"):
            entry(value(2.0), "1.0", verdict=verdict, note="why")


def test_formulas_agree_to_rounding_and_claims_as_decided() -> None:
    assert entry(formula(3.0, 3.0 * (1 + 1e-12))).verdict == "reproduced"
    with pytest.raises(InputError, match="differs"):
        entry(formula(3.0, 3.0 * (1 + 1e-8)))
    with pytest.raises(InputError, match="which is evaluated"):
        entry(formula(3.0, 3.0), "3.0")
    found = entry(claim(1e-3, holds=True), "orders of magnitude below")
    assert (found.verdict, found.relative_difference, found.kind) == ("reproduced", None, "computed")


def test_a_formula_on_a_grid_shows_where_it_differs_most() -> None:
    found = entry(formula([[1.0], [2.0]], [[1.0, 1.0], [2.0, 2.002]], tolerance=0.01))
    assert (found.printed, found.computed) == ("2", 2.002)
    assert found.relative_difference == pytest.approx(1e-3, rel=1e-9, abs=0.0)
    assert entry(formula([0.0, 1.0], [0.0, 1.0])).verdict == "reproduced"
    with pytest.raises(InputError, match="differs"):
        entry(formula([1.0, 2.0], [1.0, 2.002]))


def test_notes_quote_what_was_computed() -> None:
    assert entry(value(1.0, share=0.25), "1.0", note="a share of {share:.2f}").note == "a share of 0.25"


@pytest.mark.parametrize("computed", [float("nan"), float("inf")])
def test_what_was_not_computed_is_refused(computed: float) -> None:
    for finding, printed in (
        (formula([1.0, 2.0], [1.0, computed]), ""),
        (value(computed), "1.0"),
        (claim(computed, holds=True), "small"),
    ):
        with pytest.raises(InputError, match="finite number"):
            entry(finding, printed)


def test_tables_number_each_note_once_and_count_arithmetic_apart() -> None:
    why = {"verdict": "erratum", "note": "why", "quote": "1.0"}
    entries = (
        entry(value(2.0), "1.0", quantity="x | y", unit="keV", **why),
        entry(value(2.0), "1.0", equation="(2)", kind="arithmetic", **why),
        entry(value(1.0), "1.0", equation="(3)", note="aside"),
    )
    whole = Paper("p", "KS16", entries, {}, ("KS11",), (Omission("Fig. 1", "a | curve", "no numbers"),))
    assert whole.citations == ("KS16", "CODATA:2022", "KS11")
    assert (whole.count("erratum"), whole.count("erratum", "arithmetic"), whole.count("reproduced")) == (
        2,
        1,
        1,
    )
    text = text_table(whole)
    assert text.startswith(
        "p: 3 entries\n  computed: 1 reproduced, 0 rounding, 0 corrected, 1 erratum\n"
        "  arithmetic: 0 reproduced, 0 rounding, 0 corrected, 1 erratum\n"
    )
    assert text.count("erratum [1]") == 2
    assert "[1] Printed: 1.0. why" in text
    assert "aside" not in text
    assert "[2] aside" in text_table(whole, verbose=True)
    rows = markdown_table(whole, lambda one: one.verdict == "erratum").splitlines()
    assert rows[2] == r"| (1) | x \| y [keV] | 1.0 | 2 | +1.0e+00 | **erratum** | Printed: 1.0. why |"
    assert rows[3].endswith("| **erratum** | as above |")
    assert len(rows) == 4
    assert markdown_omissions(whole).splitlines()[2] == r"| Fig. 1 | a \| curve | no numbers |"


def test_a_record_and_its_findings_name_the_same() -> None:
    with pytest.raises(InputError, match="adequate-magnetic"):
        written_up("ks16", {}, {})
    with pytest.raises(InputError, match="nothing-printed"):
        written_up("ks16", {"nothing-printed": value(1.0)}, {})


def test_an_unknown_paper_is_refused() -> None:
    for ask in (paper, figures):
        with pytest.raises(InputError, match="ks16"):
            ask("ks17")


@pytest.mark.parametrize("name", PAPERS)
def test_figures_are_known_before_anything_is_computed(name: str) -> None:
    assert len(figures(name)) > 1
