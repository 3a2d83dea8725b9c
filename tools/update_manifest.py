"""Rewrite the SHA-256 of every file in the data manifest, after a change that is meant."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

DATA = Path(__file__).parents[1] / "src" / "nuatom" / "data"


def main() -> None:
    """Replace each entry's hash by that of the file as it stands."""
    path = DATA / "manifest.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    digest = ""
    for index, line in enumerate(lines):
        if header := re.match(r'\["(.+)"\]', line):
            digest = hashlib.sha256((DATA / header[1]).read_bytes()).hexdigest()
        elif line.startswith("sha256"):
            lines[index] = f'sha256 = "{digest}"\n'
    path.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
