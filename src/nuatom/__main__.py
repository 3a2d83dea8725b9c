"""``python -m nuatom``: the command line without its script."""

from nuatom.cli import main

if __name__ == "__main__":
    main()
