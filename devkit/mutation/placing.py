"""Which code object a fault is in: that of a function, or that which an import runs."""

import gc
import inspect
import warnings
from dataclasses import dataclass
from types import CodeType, FunctionType


@dataclass(frozen=True)
class Place:
    """A function that an import defines: not one that another function defines."""

    name: str
    line: int

    @classmethod
    def of(cls, code):
        """Return the place of a function's code."""
        return cls(code.co_qualname, code.co_firstlineno)


def compile_module(source, file):
    """Return the code of a module."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(source, file, "exec", dont_inherit=True)


def essence(code):
    """Return what code does, without where it stands: equal for what runs the same."""
    constants = [
        essence(constant) if isinstance(constant, CodeType) else repr(constant)
        for constant in code.co_consts
    ]
    return (
        *(code.co_name, code.co_code, code.co_exceptiontable, code.co_flags),
        *(code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars),
        *(code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount),
        tuple(constants),
    )


def changed_functions(original, mutated):
    """Return the functions that two codes of a module do not share.

    :return: [(place, the mutated code)], or None when what an import runs itself is different
    """
    if own_essence(original) != own_essence(mutated):
        return None
    found = []
    for old, new in zip(inner(original), inner(mutated), strict=True):
        if essence(old) == essence(new):
            continue
        if is_function(old):
            found.append((Place.of(old), new))
        elif (deeper := changed_functions(old, new)) is None:
            return None
        else:
            found += deeper
    return found


def own_essence(code):
    """Return what code itself does, whatever the functions and classes do that it makes."""
    *rest, constants = essence(code)
    plain = tuple(constant for constant in constants if isinstance(constant, str))
    return (*rest, plain, len(constants))


def inner(code):
    """Return the codes of the functions and classes in a code."""
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def is_function(code):
    """Tell whether code is that of a function, and not of the body of a class."""
    return bool(code.co_flags & inspect.CO_OPTIMIZED)


def body_lines(code):
    """Return the lines of a function that run when it is called, not when it is defined."""
    lines = {line for _start, _end, line in code.co_lines() if line}
    for deeper in inner(code):
        lines |= {line for _start, _end, line in deeper.co_lines() if line}
    return lines - {code.co_firstlineno}


def living_functions(files):
    """Return all functions of some files that there are: {(file, place): functions}.

    Whatever decorators and caches are around them, the garbage collector knows them.
    """
    files = set(map(str, files))
    found = {}
    for thing in gc.get_objects():
        if type(thing) is FunctionType and thing.__code__.co_filename in files:
            place = (thing.__code__.co_filename, Place.of(thing.__code__))
            found.setdefault(place, []).append(thing)
    return found
