"""Output on terminals and in files whose encoding lacks the letters of physics."""

from __future__ import annotations

import codecs
import io
import unicodedata
from typing import Final, TextIO

__all__ = ["spell_out_what_cannot_be_written"]

_HANDLER: Final = "nuatom.spelled"

_SPELLED: Final = {
    "−": "-", "–": "-", "—": "-", "…": "...", "·": "*", "×": "x", "→": "->", "±": "+-", "≤": "<=", "≥": ">=",
    "⟨": "<", "⟩": ">", "∞": "inf", "√": "sqrt", "∫": "int", "½": "1/2", "’": "'", "‖": "||",
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "Δ": "Delta", "ε": "eps", "η": "eta", "θ": "theta",
    "κ": "kappa", "λ": "lambda", "Λ": "Lambda", "μ": "mu", "µ": "mu", "ν": "nu", "π": "pi", "ρ": "rho",
    "σ": "sigma", "Σ": "Sigma", "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip


def spell_out_what_cannot_be_written(*streams: TextIO) -> None:
    """Let a stream write ``chi2`` where its encoding has no χ², as cp1252 or latin-1 in a redirect.

    Everything that an encoding has is written as it is.
    """
    codecs.register_error(_HANDLER, _spelled)
    for stream in streams:
        # Whoever replaced the stream by something else has a say of their own.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def _spelled(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join(_spell(letter) for letter in lost), error.end


def _spell(letter: str) -> str:
    if letter in _SPELLED:
        return _SPELLED[letter]
    plain = unicodedata.normalize("NFKD", letter)
    kept = "".join(_SPELLED.get(part, part) for part in plain if not unicodedata.combining(part))
    return kept.encode("ascii", "replace").decode("ascii") if kept != letter else "?"
