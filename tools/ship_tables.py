"""Pack response tables that `nuatom table build` made, and list them in the data manifest.

nuatom table build Xe && python tools/ship_tables.py Xe && python tools/update_manifest.py
nuatom table build Xe --model rpa && python tools/ship_tables.py --rpa Xe && python tools/update_manifest.py
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from nuatom.atoms.tables.archive import load_table, pack
from nuatom.atoms.tables.files import table_path
from nuatom.atoms.tables.responses import ResponseTable

DATA = Path(__file__).parents[1] / "src" / "nuatom" / "data"

HOLDS = {
    "ipm": "Response functions of {symbol}, independent particles, per subshell, up to T = {highest:g} keV.",
    "rpa": "What correlation does to the response functions of {symbol}, up to T = {highest:g} keV.",
}
SOURCES = {
    "ipm": "Calculated by nuatom: Dirac-Fock ground state, continuum in the field of the ion.",
    "rpa": "Calculated by nuatom: linear response of all electrons together, by multipole.",
}
UNITS = {
    "ipm": "keV; responses per keV, all electrons of a subshell.",
    "rpa": "keV; changes are logarithms of ratios, and fractions of Schwarz bounds.",
}
DEFAULTS = {
    "ipm": {"highest_order": 400, "accuracy": 0.01},
    "rpa": {"highest_transfer_kev": 0.68, "accuracy": 0.01},
}
ENTRY = """\
["{name}"]
holds = "{holds}"
source = "{source}"
licence = "MIT, as nuatom."
units = "{units}"
recipe = "nuatom table build {symbol}{options}; python tools/ship_tables.py {flag}{symbol}. More in the file."
sha256 = ""
"""


def main() -> None:
    """Pack the tables of the elements named on the command line."""
    (DATA / "tables").mkdir(exist_ok=True)
    manifest = DATA / "manifest.toml"
    model = "rpa" if "--rpa" in sys.argv else "ipm"
    for symbol in (word for word in sys.argv[1:] if word != "--rpa"):
        name = f"tables/{symbol}-{model}.npz"
        path = table_path(symbol, model)
        table = load_table(path)
        # Tables of correlation are stored as small as they ship.
        (DATA / name).write_bytes(pack(table) if isinstance(table, ResponseTable) else path.read_bytes())
        recipe = json.loads(table.recipe)
        entry = ENTRY.format(
            name=name,
            symbol=symbol,
            holds=HOLDS[model].format(symbol=symbol, highest=recipe["highest_transfer_kev"]),
            source=SOURCES[model],
            units=UNITS[model],
            options=_options(model, recipe),
            flag="--rpa " if model == "rpa" else "",
        )
        text = manifest.read_text(encoding="utf-8")
        there = re.compile(re.escape(f'["{name}"]') + r"\n(?:[^\[\n].*\n)*")
        old = there.search(text)
        changed = text[: old.start()] + entry + text[old.end() :] if old else f"{text}\n{entry}"
        manifest.write_text(changed, encoding="utf-8")


def _options(model: str, recipe: dict[str, Any]) -> str:
    """Options of `nuatom table build` that a recipe needs."""
    usual = DEFAULTS[model]
    changed = (f" --{key.replace('_', '-')} {recipe[key]}" for key in usual if recipe[key] != usual[key])
    return (" --model rpa" if model == "rpa" else "") + "".join(changed)


if __name__ == "__main__":
    main()
