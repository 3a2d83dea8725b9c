"""Pack response tables that `nuatom table build` made, and list them in the data manifest.

nuatom table build Xe && python tools/ship_tables.py Xe && python tools/update_manifest.py
nuatom table build Xe --model rpa && python tools/ship_tables.py --rpa Xe && python tools/update_manifest.py
"""

from __future__ import annotations

import sys
from pathlib import Path

from nuatom.atoms.table_files import load_table
from nuatom.atoms.table_packing import pack
from nuatom.atoms.table_store import table_path

DATA = Path(__file__).parents[1] / "src" / "nuatom" / "data"

HOLDS = {
    "ipm": "Response functions of {symbol}, independent particles, per subshell, up to T = 60 keV.",
    "rpa": "What correlation does to the response functions of {symbol}.",
}
SOURCES = {
    "ipm": "Calculated by nuatom: Dirac-Fock ground state, continuum in the field of the ion.",
    "rpa": "Calculated by nuatom: linear response of all electrons together, by multipole.",
}
UNITS = {
    "ipm": "keV; responses per keV, all electrons of a subshell.",
    "rpa": "keV; changes are logarithms of ratios, and fractions of Schwarz bounds.",
}
ENTRY = """
["{name}"]
holds = "{holds}"
source = "{source}"
licence = "MIT, as nuatom."
units = "{units}"
recipe = "{recipe}"
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
        # Tables of correlation are stored as small as they ship.
        (DATA / name).write_bytes(path.read_bytes() if model == "rpa" else pack(load_table(path)))
        text = manifest.read_text(encoding="utf-8")
        if f'["{name}"]' not in text:
            option, flag = (" --model rpa", "--rpa ") if model == "rpa" else ("", "")
            recipe = (
                f"nuatom table build {symbol}{option}; python tools/ship_tables.py {flag}{symbol}. "
                "Its own recipe is in the file."
            )
            entry = ENTRY.format(
                name=name,
                holds=HOLDS[model].format(symbol=symbol),
                source=SOURCES[model],
                units=UNITS[model],
                recipe=recipe,
            )
            manifest.write_text(text + entry, encoding="utf-8")


if __name__ == "__main__":
    main()
