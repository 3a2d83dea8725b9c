"""``python -m nuatom``: the command line without its script."""

from nuatom.cli import main

main()
