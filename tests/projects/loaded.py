"""Flake8 and Bandit for jobs, loaded once (see `forks`): four fifths of a start are imports.

A job's program asks the server if the job added nothing to the template's packages and sets no
variable of Python's; otherwise it starts as usual. Deliberately absent: pytest, which rewrites what
it imports, and depends on the packages of the project.
"""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from textwrap import indent
from typing import Any, Final

from tests.forks import CLIENT, running, serve

#: The module whose `main` a program runs.
TOOLS: Final = {"flake8": "flake8.main.cli", "bandit": "bandit.cli.main"}
#: The variable with the server's address.
ADDRESS: Final = "LOADED_TOOLS"
_PACKAGES: Final = (
    *("bandit.blacklists", "bandit.core", "bandit.formatters", "bandit.plugins"),
    *("flake8.formatting", "flake8.plugins"),
)
#: The beginning of a program in Python. The shell starts it without site packages (`-IS`) to ask
#: the server, and with them to do the work itself.
HEAD: Final = f"""\
import os, sys
if sys.flags.no_site:
    place = os.path.dirname(os.path.abspath(sys.argv[0]))
    version = ".".join(map(str, sys.version_info[:2]))
    packages = f"{{place}}/../lib/python{{version}}/site-packages"
    if os.listdir(packages) != ["template.pth"] or any(n.startswith("PYTHON") for n in os.environ):
        os.execv(sys.executable, [sys.executable, *sys.argv])
{indent(CLIENT.format(address=f'os.environ["{ADDRESS}"]'), "    ")}"""
#: The option with which the shell starts Python, if there is a server.
OPTION: Final = f"${{{ADDRESS}:+-IS}}"


@contextmanager
def running_tools(template: Path) -> Iterator[dict[str, str]]:
    """Serve the tools of a template; the variables of jobs whose programs may ask the server."""
    with running(template / "home/bin/python", __name__) as address:
        yield {ADDRESS: address}


def _start() -> Any:
    """Run the program of `sys.argv` as its job's Python would."""
    program = Path(sys.argv[0])
    sys.path[0] = str(program.parent)
    sys.executable = str(program.parent / "python")
    sys.prefix = sys.exec_prefix = str(program.parents[1])
    return importlib.import_module(TOOLS[program.name]).main()


def main() -> None:
    """Serve at the address of the command line."""
    for name in TOOLS.values():
        importlib.import_module(name)
    for name in (*_PACKAGES, "multiprocessing.pool", "pycodestyle", "pyflakes.api", "mccabe"):
        module = importlib.import_module(name)
        for found in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{name}."):
            with suppress(ImportError):  # a format that needs another package
                importlib.import_module(found.name)
    serve(sys.argv[1], _start)


if __name__ == "__main__":
    main()
