"""The mutants of a file: each is its source with one fault in it."""

import ast
import copy
import hashlib
import os
import warnings
from dataclasses import dataclass, field

from cosmic_ray.ast import ast_nodes, get_ast

from .operators import all_operators, is_sensible
from .placing import compile_module, essence


@dataclass
class Mutant:
    """A file's source with one fault, and how a person finds it."""

    file: str
    key: str  # the operator, and which of its places in the file
    line: int
    before: str
    after: str
    lines: list  # those of the statement, which tell who runs it
    source: str = field(repr=False)

    @property
    def operator(self):
        """Return the name of the kind of fault."""
        return self.key.partition(":")[0]

    def describe(self):
        """Return what the report needs."""
        names = ("file", "key", "line", "before", "after")
        return {name: getattr(self, name) for name in names}


def mutants_of(file, source):
    """Return the mutants of a source, by line.

    A mutant whose byte code is that of the original or of another mutant is none: nothing could
    tell them apart.
    """
    seen = {essence(compile_module(source, file))}
    statements = statement_lines(source)
    found = []
    for key, line, mutated in faults(source):
        code = essence_or_none(mutated, file)
        if code is None or code in seen:
            continue
        seen.add(code)
        before, after = changed_text(source, mutated)
        found.append(Mutant(file, key, line, before, after, statements.get(line, [line]), mutated))
    return sorted(found, key=lambda mutant: mutant.line)


def essence_or_none(source, file):
    """Return what a source does, or None when it is no Python any more."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "is" with a number, for one
            return essence(compile_module(source, file))
    except SyntaxError:
        return None


def faults(source):
    """Yield the key, line and text of each mutated source."""
    counts = {}
    offsets = line_offsets(source)
    operators = all_operators()
    for node in ast_nodes(get_ast(source)):
        for name, operator in operators.items():
            for index, (start, _end) in enumerate(operator.mutation_positions(node)):
                if not is_sensible(name, node):
                    continue
                counts[name] = counts.get(name, 0) + 1
                yield (
                    f"{name}:{counts[name]}",
                    start[0],
                    mutate(source, offsets, node, operator, index),
                )


def mutate(source, offsets, node, operator, index):
    """Return the source in which an operator has changed a node; the node stays as it is."""
    twin = copy.deepcopy(node, {id(node.parent): node.parent})
    text = operator.mutate(twin, index).get_code(include_prefix=False).lstrip(" ")
    return (
        source[: offset(offsets, node.start_pos)] + text + source[offset(offsets, node.end_pos) :]
    )


def line_offsets(source):
    """Return where each line begins in the text."""
    offsets = [0]
    for line in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    return offsets


def offset(offsets, position):
    """Return where a line and column is in the text."""
    line, column = position
    return offsets[line - 1] + column


def statement_lines(source):
    """Return {line: the lines of the innermost statement, of a compound one its head}.

    Not each line of a long statement is run: the values of a table are one constant.
    """
    found = {}
    kinds = (ast.stmt, ast.excepthandler)
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]
    # ast.walk goes from the outside to the inside, so the innermost is written last
    for node in nodes:
        lines = list(range(node.lineno, end_of_head(node) + 1))
        found.update((line, lines) for line in lines)
    return found


def end_of_head(node):
    """Return the last line of a statement, or of its head when others are in it."""
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if not body:
        return node.end_lineno
    first = getattr(body[0], "lineno", None) or body[0].pattern.lineno
    return max(node.lineno, first - 1)


def changed_text(source, mutated):
    """Return the lines that differ, before and after, each as one line of text."""
    old, new = source.splitlines(), mutated.splitlines()
    start = len(os.path.commonprefix([old, new]))
    old, new = old[start:], new[start:]
    end = len(os.path.commonprefix([old[::-1], new[::-1]]))
    return squeeze(old[: len(old) - end]), squeeze(new[: len(new) - end])


def squeeze(lines):
    """Return lines as one, with single spaces."""
    return " ".join(" ".join(lines).split())


def sample(mutants, size):
    """Return some of the mutants of a file: the same ones each time, from all over it."""
    if not size or size >= len(mutants):
        return mutants
    chosen = sorted(mutants, key=lambda mutant: digest(f"{mutant.file}/{mutant.key}"))[:size]
    return sorted(chosen, key=lambda mutant: mutant.line)


def digest(text):
    """Return a number-like text that looks random and is always the same."""
    return hashlib.sha256(text.encode()).hexdigest()
