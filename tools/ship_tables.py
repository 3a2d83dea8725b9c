"""Pack response tables that `nuatom table build` made, and list them in the data manifest.

nuatom table build Xe && python tools/ship_tables.py Xe && python tools/update_manifest.py
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from nuatom.atoms.table_files import load_table
from nuatom.atoms.table_packing import pack
from nuatom.atoms.table_store import table_path

DATA = Path(__file__).parents[1] / "src" / "nuatom" / "data"

ENTRY = """\
["{name}"]
holds = "Response functions of {symbol}, independent particles, per subshell, up to T = {highest:g} keV."
source = "Calculated by nuatom: Dirac-Fock ground state, continuum in the field of the ion."
licence = "MIT, as nuatom."
units = "keV; responses per keV, all electrons of a subshell."
recipe = "nuatom table build {symbol}{option}; python tools/ship_tables.py {symbol}. Details in the file."
sha256 = ""
"""


def main() -> None:
    """Pack the tables of the elements named on the command line."""
    (DATA / "tables").mkdir(exist_ok=True)
    manifest = DATA / "manifest.toml"
    for symbol in sys.argv[1:]:
        name = f"tables/{symbol}-ipm.npz"
        table = load_table(table_path(symbol, "ipm"))
        (DATA / name).write_bytes(pack(table))
        recipe = json.loads(table.recipe)
        option = "".join(
            f" --{name.replace('_', '-')} {recipe[name]}"
            for name, default in (("highest_order", 400), ("accuracy", 0.01))
            if recipe[name] != default
        )
        entry = ENTRY.format(name=name, symbol=symbol, highest=recipe["highest_transfer_kev"], option=option)
        text = manifest.read_text(encoding="utf-8")
        there = re.compile(re.escape(f'["{name}"]') + r"\n(?:[^\[\n].*\n)*")
        changed = there.sub(lambda _, entry=entry: entry, text) if there.search(text) else f"{text}\n{entry}"
        manifest.write_text(changed, encoding="utf-8")


if __name__ == "__main__":
    main()
