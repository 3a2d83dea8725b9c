"""Write how much the field of the ion changes responses of independent electrons: data/ion_field.csv.

python tools/ion_field.py && python tools/update_manifest.py

For every element with a shipped table of independent electrons, at a few transfers. Minutes on one core.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from nuatom.atoms import ground_state
from nuatom.atoms.independent.field_spread import field_spread
from nuatom.atoms.tables.files import shipped_tables
from nuatom.atoms.tables.ion_field import DATA
from nuatom.atoms.tables.store import find_table

MOMENTA = 40
HIGHEST_KEV = 120.0
TRANSFERS_KEV = (0.03, 0.1, 0.3, 1.0, 3.0)


def rows(symbol: str) -> list[str]:
    """Lines of one element."""
    table = find_table(symbol, "ipm")
    state, lowest, found = ground_state(table.Z), float(table.edges_kev.min()), []
    for transfer in (t for t in TRANSFERS_KEV if t > 1.1 * lowest):
        momentum = np.geomspace(transfer, HIGHEST_KEV, MOMENTA)
        whole = table.on_momenta(np.array([transfer]), momentum[None])[0, 0]
        weak, magnetic = field_spread(state, transfer, whole, momentum)
        found.append(f"{table.Z},{transfer:g},{weak:.3e},{magnetic:.3e}")
        print(symbol, found[-1], flush=True)
    return found


def main() -> None:
    """All elements."""
    names = [name.split("/")[1] for name in shipped_tables() if name.endswith("-ipm.npz")]
    symbols = sorted((name.split("-")[0] for name in names), key=lambda s: find_table(s, "ipm").Z)
    lines = [line for symbol in symbols for line in rows(symbol)]
    path = Path(__file__).parents[1] / "src" / "nuatom" / "data" / DATA
    path.write_text("\n".join(["Z,transfer_kev,of_q_dq,of_dq_over_q", *lines]) + "\n")


if __name__ == "__main__":
    main()
