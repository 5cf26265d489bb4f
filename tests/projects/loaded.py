"""Flake8, Bandit and pytest for jobs, loaded once (see `forks`): most of a start are imports.

A job's program asks the server of its tool if nothing in the job could change what is loaded:
packages, modules of the folders in PYTHONPATH, other variables of Python's. Otherwise it starts as
usual. pytest's plugins are imported by each start, because pytest rewrites what it imports itself.
"""

import importlib
import os
import pkgutil
import site
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from textwrap import indent
from typing import Any, Final

from tests.forks import CLIENT, running, serve

#: The function that a program runs.
TOOLS: Final = {
    "flake8": "flake8.main.cli:main",
    "bandit": "bandit.cli.main:main",
    "pytest": "_pytest.config:_console_main",
}
#: The variables with the servers' addresses, and the programs that each server has loaded.
ADDRESSES: Final = {"LOADED_CHECKS": ("flake8", "bandit"), "LOADED_PYTEST": ("pytest",)}
#: Packages that a server loads with their modules, and modules.
_PACKAGES: Final = {
    "LOADED_CHECKS": (
        *("bandit.blacklists", "bandit.core", "bandit.formatters", "bandit.plugins"),
        *("flake8.formatting", "flake8.plugins"),
        *("multiprocessing.pool", "pycodestyle", "pyflakes.api", "mccabe"),
    ),
    "LOADED_PYTEST": ("coverage.cmdline", "coverage.html", "coverage.xmlreport"),
}
#: The packages of the template that pytest consists of.
_PYTEST: Final = ("_pytest", "coverage", "iniconfig", "packaging", "pluggy", "pygments", "pytest")
_HEAD: Final = """\
import os, sys
if sys.flags.no_site:
    place = os.path.dirname(os.path.abspath(sys.argv[0]))
    version = ".".join(map(str, sys.version_info[:2]))
    packages = f"{{place}}/../lib/python{{version}}/site-packages"
    variables = {{name for name in os.environ if name.startswith("PYTHON")}}
{changed}
    if changed:
        os.execv(sys.executable, [sys.executable, *sys.argv])
{client}"""
#: Anything that the job has added may be a plugin, which these find at their start.
_CHECKS_CHANGED: Final = """\
    changed = variables or os.listdir(packages) != ["template.pth"]"""
#: Modules of the job that would be imported in the place of loaded ones.
_PYTEST_CHANGED: Final = f"""\
    own = {{*{_PYTEST}}}
    def has(folder, names):
        listed = os.listdir(folder) if os.path.isdir(folder) else ()
        modules = [name for name in listed if name.endswith((".py", ".so")) or "." not in name]
        return any(name.partition(".")[0] in names for name in modules)
    changed = variables - {{"PYTHONPATH"}} or has(packages, own) or any(
        has(folder or ".", own | sys.stdlib_module_names)
        for folder in (os.environ["PYTHONPATH"].split(":") if "PYTHONPATH" in variables else ())
    )"""


def head(program: str) -> str:
    """The beginning of a program in Python.

    The shell starts it without site packages (`option`) to ask the server, and with them to do the
    work itself.
    """
    changed = _PYTEST_CHANGED if program == "pytest" else _CHECKS_CHANGED
    client = CLIENT.format(address=f'os.environ["{_address(program)}"]')
    return _HEAD.format(changed=changed, client=indent(client, "    "))


def option(program: str) -> str:
    """The option with which the shell starts Python, if there is a server."""
    return f"${{{_address(program)}:+-IS}}"


def _address(program: str) -> str:
    """The variable with the address of the program's server."""
    return next(name for name, served in ADDRESSES.items() if program in served)


@contextmanager
def running_tools(checks: Path, tests: Path) -> Iterator[dict[str, str]]:
    """Serve the tools; the variables of jobs whose programs may ask the servers.

    Args:
        checks: the template whose Flake8 and Bandit are loaded.
        tests: the template whose pytest is loaded.
    """
    with (
        running(checks / "home/bin/python", __name__, SERVES="LOADED_CHECKS") as first,
        running(tests / "home/bin/python", __name__, SERVES="LOADED_PYTEST") as second,
    ):
        yield {"LOADED_CHECKS": first, "LOADED_PYTEST": second}


def _start() -> Any:
    """Run the program of `sys.argv` as its job's Python would."""
    program = Path(sys.argv[0])
    sys.executable = str(program.parent / "python")
    sys.prefix = sys.exec_prefix = str(program.parents[1])
    home = site.getsitepackages()
    given = os.environ["PYTHONPATH"].split(":") if "PYTHONPATH" in os.environ else ()
    paths = [*map(os.path.abspath, given), *(path for path in sys.path[1:] if path not in home)]
    sys.path[:] = [str(program.parent), *dict.fromkeys(paths)]
    site.PREFIXES[:] = [sys.prefix]
    importlib.reload(sysconfig)  # it has computed its paths
    for packages in site.getsitepackages():
        site.addsitedir(packages)
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]  # the job has its own
    module, _, function = TOOLS[program.name].partition(":")
    return getattr(importlib.import_module(module), function)()


def main() -> None:
    """Serve at the address of the command line."""
    serves = os.environ.pop("SERVES")
    for tool in ADDRESSES[serves]:
        importlib.import_module(TOOLS[tool].partition(":")[0])
    if "pytest" in ADDRESSES[serves]:
        for plugin in importlib.import_module("_pytest.config").default_plugins:
            importlib.import_module(f"_pytest.{plugin}")
    for name in _PACKAGES[serves]:
        module = importlib.import_module(name)
        for found in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{name}."):
            with suppress(ImportError):  # a format that needs another package
                importlib.import_module(found.name)
    serve(sys.argv[1], _start)


if __name__ == "__main__":
    main()
