"""One exception tree: everything nuatom raises on purpose derives from :class:`NuatomError`."""

from __future__ import annotations


class NuatomError(Exception):
    """Anything nuatom raises on purpose; the command line prints it as one line."""


class InputError(NuatomError, ValueError):
    """An argument that cannot be accepted.

    Parameters
    ----------
    argument : str
        Name of the argument, as the user wrote it.
    value : object
        What was given.
    accepted : str
        What would have been accepted.
    """

    def __init__(self, argument: str, value: object, accepted: str) -> None:
        self.argument = argument
        self.value = value
        self.accepted = accepted
        super().__init__(f"{argument} = {value!r}: expected {accepted}")

    def __reduce__(self) -> tuple[type[InputError], tuple[str, object, str]]:
        """Cross to another process, where a table is built, with all three parts."""
        return type(self), (self.argument, self.value, self.accepted)


class DataError(NuatomError):
    """A data file that is missing, damaged, or of another format than this version reads."""


class ConvergenceError(NuatomError):
    """A numerical procedure that did not reach the accuracy asked for."""
