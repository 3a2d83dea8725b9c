"""Entries of a reproduction: what agrees, and what must be explained."""

import pytest

from nuatom.errors import InputError
from nuatom.papers import paper
from nuatom.papers.entry import formula, number, statement


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


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(InputError, match="ks16"):
        paper("ks17")
