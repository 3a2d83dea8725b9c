"""Chemical formulas: elements with their counts, groups, isotopes, a few materials by name.

    formula  = { item [ count ] }          item  = element | isotope | "(" formula ")"
    element  = Xe                          count = a number > 0: CaWO4, NaI(Tl)0.001
    isotope  = ^131Xe or Xe-131

Whatever else is typed is refused with what was probably meant. So is what could be read in two ways:
``131Xe`` and ``Xe131`` as 131 atoms or one isotope, and ``NaI(Tl)``, whose thallium is a dopant of unknown
amount for everybody but a parser.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from nuatom.errors import InputError

__all__ = ["MATERIALS", "Species", "parse_formula", "suggested_symbols"]

Species = tuple[int, int | None]
"""Atomic number, and the mass number of an isotope or None for the natural element."""

MATERIALS: Final = {
    "LHe": "He", "LNe": "Ne", "LAr": "Ar", "LKr": "Kr", "LXe": "Xe",
    "water": "H2O", "heavy-water": "(^2H)2O", "methane": "CH4", "quartz": "SiO2", "sapphire": "Al2O3",
}  # fmt: skip
"""Names that stand for formulas; atoms are free in any case."""

_LONGEST: Final = 200
_DEEPEST: Final = 10
_MOST_ATOMS: Final = 1e6
_ACCEPTED: Final = "such as Xe, CsI, CaWO4 or ^131Xe"

_TOKEN: Final = re.compile(
    r"\^(?P<mass>\d{1,3})(?P<isotope>[A-Z][a-z]?)|(?P<element>[A-Z][a-z]?)(?:-(?P<number>\d{1,3}))?"
    r"|(?P<open>\()|(?P<close>\))|(?P<count>\d+(?:\.\d+)?)"
)


class _UnreadableError(Exception):
    """What is wrong with a formula, for its message."""


def parse_formula(formula: str, argument: str = "target") -> dict[Species, float]:
    """Atoms of a formula unit.

    Parameters
    ----------
    formula : str
    argument : str
        How a refusal calls it.

    Returns
    -------
    dict
        Numbers of atoms by species, in the order of the formula.

    Raises
    ------
    InputError
        For what is no such formula; it says what was probably meant.

    Examples
    --------
    >>> parse_formula("CaWO4")
    {(20, None): 1.0, (74, None): 1.0, (8, None): 4.0}
    >>> parse_formula("xe")
    Traceback (most recent call last):
    nuatom.errors.InputError: target = 'xe': expected Xe, or another chemical formula
    """
    if not isinstance(formula, str):
        raise InputError(argument, formula, f"a chemical formula, {_ACCEPTED}")
    try:
        return _atoms(formula)
    except _UnreadableError as error:
        meant = _meant(formula)
        if meant:
            accepted = f"{' or '.join(meant)}, or another chemical formula"
        else:
            accepted = f"a chemical formula, {_ACCEPTED} ({error})"
        raise InputError(argument, formula, accepted) from error


def suggested_symbols(symbol: str) -> tuple[str, ...]:
    """Return the chemical symbols that somebody who typed another one may have meant."""
    letters = re.sub(r"[^A-Za-z]", "", symbol).capitalize()
    return (letters,) if letters in _numbers() else ()


@cache
def _numbers() -> dict[str, int]:
    """Atomic numbers by symbol."""
    import periodictable

    return {entry.symbol: int(entry.number) for entry in periodictable.elements if entry.number > 0}


@cache
def _names() -> dict[str, str]:
    """English names by symbol."""
    import periodictable

    return {entry.symbol: str(entry.name) for entry in periodictable.elements if entry.number > 0}


def _atoms(text: str) -> dict[Species, float]:
    """Read a formula, or raise _UnreadableError."""
    if len(text) > _LONGEST:
        raise _UnreadableError(f"at most {_LONGEST} characters")
    text = MATERIALS.get(text, text)
    bare = re.fullmatch(r"([A-Z][a-z]?)(\d+)", text)
    if bare and bare[1] in _numbers() and int(bare[2]) in _isotopes(_numbers()[bare[1]]):
        raise _UnreadableError("an isotope, or that many atoms?")
    tokens = list(_tokens(text))
    atoms = _group(tokens, 0)
    if not atoms:
        raise _UnreadableError("no atom in it")
    if not sum(atoms.values()) <= _MOST_ATOMS:
        raise _UnreadableError(f"more than {_MOST_ATOMS:g} atoms")
    return atoms


def _tokens(text: str) -> Iterator[re.Match[str]]:
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise _UnreadableError(f"{text[position]!r} has no place in one")
        yield token
        position = token.end()


def _group(tokens: list[re.Match[str]], depth: int) -> dict[Species, float]:
    """Consume tokens up to the end of a group."""
    if depth > _DEEPEST:
        raise _UnreadableError(f"at most {_DEEPEST} parentheses in each other")
    found: dict[Species, float] = {}
    while tokens:
        token = tokens.pop(0)
        if token["close"]:
            if depth == 0:
                raise _UnreadableError("a parenthesis that was not opened")
            return found
        if token["count"]:
            raise _UnreadableError("a number that follows no atom")
        inner = _group(tokens, depth + 1) if token["open"] else {_species(token): 1.0}
        if token["open"] and not inner:
            raise _UnreadableError("an empty group")
        count = float(tokens.pop(0)["count"]) if tokens and tokens[0]["count"] else None
        if count is None and token["open"] and len(inner) == 1:
            raise _UnreadableError("a dopant of unknown amount")
        if count == 0.0:
            raise _UnreadableError("no atoms of something")
        for species, number in inner.items():
            found[species] = found.get(species, 0.0) + number * (1.0 if count is None else count)
    if depth > 0:
        raise _UnreadableError("a parenthesis that is not closed")
    return found


def _species(token: re.Match[str]) -> Species:
    symbol = token["isotope"] or token["element"]
    if symbol not in _numbers():
        raise _UnreadableError(f"no element has the symbol {symbol}")
    mass = token["mass"] or token["number"]
    number = _numbers()[symbol]
    if mass is None:
        return number, None
    if int(mass) not in _isotopes(number, natural=False):
        raise _UnreadableError(f"no isotope of {symbol} with a known mass has the number {mass}")
    return number, int(mass)


def _isotopes(number: int, natural: bool = True) -> tuple[int, ...]:
    """Mass numbers of an element's isotopes; of hydrogen's no natural one, since H2 is a molecule."""
    import periodictable

    entry: Any = periodictable.elements[number]
    if not natural:
        return tuple(int(mass) for mass in entry.isotopes)
    return tuple(int(mass) for mass in entry.isotopes if number > 1 and entry[mass].abundance > 0)


def _meant(text: str) -> list[str]:
    """Formulas that whoever typed something else may have had in mind, the likeliest first."""
    plain = re.sub(r"[\s_]", "", unicodedata.normalize("NFKC", text))
    guesses = [plain]
    isotope = re.fullmatch(r"(\d{1,3})([A-Za-z]{1,2})|([A-Za-z]{1,2})[-\[{]?(\d{1,3})[\]}]?", plain)
    if isotope:
        symbol, mass = isotope[2] or isotope[3], isotope[1] or isotope[4]
        guesses.append(f"^{mass}{symbol.capitalize()}")
    dopant = re.fullmatch(r"(.+)\((\^?\d*[A-Z][a-z]?)\)", plain)
    if dopant:
        guesses += [dopant[1], f"{dopant[1]}({dopant[2]})0.001"]
    guesses.append(re.sub(r"\bD(?=\d|[A-Z]|$)", "(^2H)", plain))
    guesses += [symbol for symbol, name in _names().items() if name == plain.lower()]
    guesses += [name for name in MATERIALS if name.lower() == plain.lower()]
    if not any(_readable(guess) for guess in guesses[1:]):
        guesses += sorted(_spellings(plain), key=lambda guess: (sum(c.isupper() for c in guess), guess))
    if not isotope:
        guesses.append(re.match(r"[A-Za-z0-9().^]*", plain)[0])  # type: ignore[index]
    return [guess for guess in dict.fromkeys(guesses) if guess != text and _readable(guess)][:3]


def _readable(text: str) -> bool:
    try:
        _atoms(text)
    except _UnreadableError:
        return False
    return True


def _spellings(text: str) -> set[str]:
    """Formulas that differ from a text in upper and lower case alone."""
    if not 0 < len(text) <= 8:
        return set()
    found = {""}
    for part in re.findall(r"[A-Za-z]+|[^A-Za-z]+", text):
        found = {start + end for start in found for end in (_cases(part) if part.isalpha() else {part})}
    return found


def _cases(letters: str) -> set[str]:
    """All ways to read letters as symbols of elements."""
    if not letters:
        return {""}
    result = set()
    for length in (1, 2):
        symbol = letters[:length].capitalize()
        if len(symbol) == length and symbol in _numbers():
            result |= {symbol + rest for rest in _cases(letters[length:])}
    return result
