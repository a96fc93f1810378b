"""Note which functions of the addon run in a process of Odoo.

Each function of the addon's modules is compiled with one more statement at its beginning. What is
compiled so is never cached.
"""

import ast
import atexit
import builtins
import json
from importlib.machinery import SourceFileLoader
from pathlib import Path

from .functions import outermost_functions

NOTE = "_lead_communications_note"


def note_functions(folder, output):
    """Have the names of the functions that ran written to a file at the end of the process.

    :param Path folder: the modules that are imported from there, from now on, note it
    """
    ran = set()
    setattr(builtins, NOTE, ran.add)
    atexit.register(lambda: Path(output).write_text(json.dumps(sorted(ran))))
    get_code = SourceFileLoader.get_code

    def get_noting_code(loader, fullname):
        path = Path(loader.get_filename(fullname))
        if not path.is_relative_to(folder):
            return get_code(loader, fullname)
        tree = noting(path.read_bytes(), path.relative_to(folder).as_posix())
        return compile(tree, str(path), "exec", dont_inherit=True)

    SourceFileLoader.get_code = get_noting_code


def noting(source, path):
    """Return the tree of a module whose functions note that they run.

    :param str path: that of the module, with which the functions' names begin
    """
    tree = ast.parse(source)
    for name, function in outermost_functions(tree, path):
        (note,) = ast.parse(f"{NOTE}({name!r})").body
        for node in ast.walk(note):
            ast.copy_location(node, function)
        position = 0 if ast.get_docstring(function, clean=False) is None else 1
        function.body.insert(position, note)
    return tree
