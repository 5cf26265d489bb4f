"""The pip of `python -m venv` in a job: a copy of what ensurepip installed once.

ensurepip takes four seconds to install the interpreter's own pip, with the same result each time.
A template has this file beside an environment that the real `python -m venv` made (`seeded`). The
template's `.pth` file runs it in `python -m venv`, where it replaces that one step. Deliberately
absent: everything else of an environment, which venv does itself.
"""

import os
import shutil
from pathlib import Path
from types import SimpleNamespace
from venv import EnvBuilder


def _copy_pip(_: EnvBuilder, context: SimpleNamespace) -> None:
    """Link the packages, and write the programs with the new interpreter's path."""
    seeded, made = Path(__file__).with_name("seeded"), Path(context.env_dir)
    (packages,) = seeded.glob("lib/python*/site-packages")
    shutil.copytree(
        packages, made / packages.relative_to(seeded), copy_function=_link, dirs_exist_ok=True
    )
    for program in seeded.glob("bin/pip*"):
        text = program.read_text(encoding="utf-8").replace(str(seeded), str(made))
        copy = Path(context.bin_path, program.name)
        copy.write_text(text, encoding="utf-8")
        copy.chmod(0o755)


def _link(source: str, place: str) -> None:
    try:
        os.link(source, place)
    except OSError:  # the folders are on two disks
        shutil.copy2(source, place)


EnvBuilder._setup_pip = _copy_pip  # type: ignore[assignment, method-assign]  # what the file is for
