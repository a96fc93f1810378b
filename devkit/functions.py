"""What a database depends on in the addon's Python code: all but functions that never ran.

The content of a database with the addon is made by the data files and by the functions that run
while the addon is installed. A change within another function leaves it as it is.
"""

import ast
import hashlib

from . import addon

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def outermost_functions(tree, path):
    """Yield each function of a module or of its classes, but none within another one.

    :return: (a name that no other function has, its node)
    """
    seen = {}
    stack = [(path, tree)]
    while stack:
        prefix, parent = stack.pop()
        for node in ast.iter_child_nodes(parent):
            name = f"{prefix}:{getattr(node, 'name', '')}"
            if isinstance(node, FUNCTIONS):
                # A property and its setter have the same name.
                seen[name] = seen.get(name, 0) + 1
                yield f"{name}#{seen[name]}", node
            elif not isinstance(node, ast.Lambda):
                stack.append((name if isinstance(node, ast.ClassDef) else prefix, node))


def read_state(base, folder=addon.ADDON):
    """Return what a database depends on: a hash of the body of each function, and of the rest.

    :param str base: names what the addon is installed in
    :return: {"functions": {name: hash}, "rest": hash}
    """
    functions, rest = {}, hashlib.sha256(base.encode())
    for relative in addon.database_files(folder):
        content = (folder / relative).read_bytes()
        if relative.suffix == ".py":
            content, found = split_module(content, relative.as_posix())
            functions |= found
        rest.update(f"{relative}\0{len(content)}\0".encode() + content)
    return {"functions": functions, "rest": rest.hexdigest()}


def split_module(source, path):
    """Return the code of a module without the bodies of its functions, and a hash of each body.

    Comments and format are in neither.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source, {}  # whose installation will tell where
    bodies = {}
    for name, function in list(outermost_functions(tree, path)):
        body = "".join(map(ast.dump, function.body))
        bodies[name] = hashlib.sha256(body.encode()).hexdigest()
        function.body = []
    return ast.dump(tree).encode(), bodies


def is_same_for(before, ran, now):
    """Tell whether a database that was made in an earlier state is the one of the present state.

    :param dict before: the :func:`read_state` in which it was made
    :param ran: the names of the functions that ran then
    :param dict now: the present :func:`read_state`
    """
    return before["rest"] == now["rest"] and all(
        before["functions"][name] == now["functions"][name] for name in ran
    )
