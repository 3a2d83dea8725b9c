"""The one way nuatom compiles a numerical kernel: Numba, at the first call, kept on disk.

Numba's own cache asks whether the file of the kernel that is called has changed, and nothing else: what that
kernel takes from another file, a constant or a kernel, stays as it was compiled. Here machine code is kept
under the fingerprint of all that it was made from, and is made anew in every process where no directory can
be written.
"""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final, TypeVar, cast

import numba
from numba.core.caching import IndexDataCacheFile
from numba.core.compiler import CompileResult
from numba.core.dispatcher import Dispatcher

Function = TypeVar("Function", bound=Callable[..., object])

__all__ = ["compiled", "kernel_directories", "writable_directory"]

OPTIONS: Final = {"nogil": True, "error_model": "numpy", "fastmath": {"contract": True, "reassoc": True}}

_LOGGER: Final = logging.getLogger(__name__)


def compiled(function: Function) -> Function:
    """Compile ``function`` at its first call and keep the machine code for the next process.

    Floating-point contraction and reassociation are allowed, so sums may differ in the last digit
    between machines; not-a-number and infinity keep their meaning.

    A kernel may name modules, numbers, strings, tuples of these, and other kernels.

    Raises
    ------
    TypeError
        At the first call, if the kernel names anything else: whether that has changed nobody could tell.
    """
    kernel: Any = numba.njit(**OPTIONS)(function)
    # With NUMBA_DISABLE_JIT it is the function itself.
    if kernel is not function:
        kernel._cache = _KernelCache(function)
    # The dispatcher has the call signature of what it compiles.
    return cast("Function", kernel)


def kernel_directories() -> tuple[Path, ...]:
    """Where kernels may be kept, first choice first: Numba's setting, the installation, the user's cache."""
    if numba.config.CACHE_DIR:
        return (Path(numba.config.CACHE_DIR) / "nuatom",)
    from platformdirs import user_cache_path

    package = Path(__file__).resolve().parent.parent
    # Installations may share a user's cache; one must not throw out what another keeps.
    own = hashlib.sha256(str(package).encode()).hexdigest()[:16]
    return package / "__pycache__", user_cache_path("nuatom", appauthor=False) / f"kernels-{own}"


def writable_directory() -> Path | None:
    """First of `kernel_directories` that can be written, ``None`` if none can."""
    for directory in kernel_directories():
        try:
            directory.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=directory):
                return directory
        except OSError:
            continue
    return None


class _KernelCache:
    """Machine code of one kernel: a file for each signature, processor and fingerprint.

    What Numba's dispatchers ask of a cache; its own base class would be no help.
    """

    cache_path: Final = None

    def __init__(self, function: Callable[..., object]) -> None:
        self._function = function

    @cached_property
    def _fingerprint(self) -> str:
        # At the first call, since what a kernel names may be defined below it.
        return _digest(str(part) for part in (sys.version, OPTIONS, *_made_from(self._function, set())))

    def _names(self, signature: object, codegen: Any) -> tuple[str, str]:
        """Name of the files of a signature, without and with the fingerprint."""
        function = self._function
        variant = _digest(iter((str(signature), str(codegen.magic_tuple()))))
        name = f"{function.__module__}.{function.__qualname__}-{variant[:16]}"
        return name, f"{name}-{self._fingerprint[:32]}"

    def load_overload(self, sig: object, target_context: Any) -> Any:
        """Return what was kept, or ``None``."""
        target_context.refresh()
        _, name = self._names(sig, target_context.codegen())
        for directory in kernel_directories():
            try:
                kept = IndexDataCacheFile(str(directory), name, self._fingerprint).load(name)
            except OSError:
                continue
            if kept is not None:
                return CompileResult._rebuild(target_context, *kept)
        if multiprocessing.parent_process() is None:
            _announce()
        return None

    def save_overload(self, sig: object, data: Any) -> None:
        """Keep a kernel just compiled in the place of older ones of the same name, if it can be kept."""
        directory = writable_directory()
        if directory is None or data.library.has_dynamic_globals:
            return
        stem, name = self._names(sig, data.codegen)
        try:
            IndexDataCacheFile(str(directory), name, self._fingerprint).save(name, data._reduce())
            for path in directory.glob(f"{stem}-*"):
                if not path.name.startswith(name):
                    path.unlink(missing_ok=True)
        except OSError:
            return


@cache
def _announce() -> None:
    """Say, once in a process, why it takes seconds."""
    if writable_directory() is None:
        places = " nor ".join(str(path) for path in kernel_directories())
        _LOGGER.warning("nuatom: compiling kernels, in every process: neither %s can be written", places)
    else:
        _LOGGER.warning("nuatom: compiling kernels; this takes seconds, once")


def _digest(parts: Iterator[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _made_from(function: Callable[..., Any], seen: set[int]) -> Iterator[object]:
    """Everything that the machine code of ``function`` depends on, as text."""
    seen.add(id(function))
    code = function.__code__
    yield from (function.__qualname__, function.__defaults__, *_instructions(code))
    for name in sorted(_global_names(code) & function.__globals__.keys()):
        value = function.__globals__[name]
        yield name
        if isinstance(value, Dispatcher):
            if id(value.py_func) not in seen:
                yield from _made_from(value.py_func, seen)
        else:
            yield _constant(f"{function.__qualname__}: {name}", value)


def _instructions(code: CodeType) -> Iterator[object]:
    yield from (code.co_code, code.co_names, code.co_varnames, code.co_freevars)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _instructions(constant)
        else:
            yield repr(constant)


def _global_names(code: CodeType) -> set[str]:
    inner = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return set(code.co_names).union(*map(_global_names, inner))


def _constant(name: str, value: object) -> str:
    if isinstance(value, ModuleType):
        return f"{value.__name__} {getattr(value, '__version__', '')}"
    if isinstance(value, tuple):
        return f"({', '.join(_constant(name, item) for item in value)})"
    if value is None or isinstance(value, bool | int | float | complex | str):
        return repr(value)
    raise TypeError(f"{name} is neither a kernel, a module, a number nor a text: {type(value).__name__}")
