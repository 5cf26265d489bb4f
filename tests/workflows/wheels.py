"""Wheels of installed packages, so that pip really installs without any index.

A wheel is its package's files in a zip, with their hashes (packaging.python.org, "Binary
distribution format"). Deliberately absent: files that a package puts outside of the library folder,
which are only scripts that pip creates again.
"""

import base64
import hashlib
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from packaging.requirements import Requirement

#: Created by pip during the installation, or with paths of this machine.
_NOT_PACKED: Final = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}


def pack_installed(names: Iterable[str], folder: Path) -> None:
    """Write a wheel of each named package, and of all its dependencies, to the folder."""
    waiting, packed = set(names), set[str]()
    while waiting:
        name = waiting.pop()
        packed.add(name)
        found = distribution(name)
        _pack(found, folder)
        requirements = [Requirement(text) for text in found.requires or []]
        waiting |= {
            needed.name.lower()
            for needed in requirements
            if needed.marker is None or needed.marker.evaluate({"extra": ""})
        } - packed


def _pack(found: Distribution, folder: Path) -> None:
    files = {
        str(file): Path(str(file.locate())).read_bytes()
        for file in found.files or []
        if file.parts[0] != ".." and file.suffix != ".pyc" and file.name not in _NOT_PACKED
    }
    tags = [
        line.removeprefix("Tag: ").split("-")
        for line in (found.read_text("WHEEL") or "").splitlines()
        if line.startswith("Tag: ")
    ]
    # Several tags are combined: py2-none-any and py3-none-any are py2.py3-none-any.
    tag = "-".join(".".join(dict.fromkeys(parts)) for parts in zip(*tags, strict=True))
    name = found.metadata["Name"].replace("-", "_").replace(".", "_")
    write_wheel(folder / f"{name}-{found.version}-{tag}.whl", files)


def write_wheel(path: Path, files: dict[str, bytes]) -> None:
    """Write a wheel of these files, which include one METADATA and one WHEEL."""
    (information,) = {Path(name).parent for name in files if name.endswith(".dist-info/METADATA")}
    record = f"{information}/RECORD"
    lines = [f"{name},sha256={_digest(content)},{len(content)}" for name, content in files.items()]
    with ZipFile(path, "w") as wheel:
        for name, content in files.items():
            wheel.writestr(name, content)
        wheel.writestr(record, "\n".join([*lines, f"{record},,", ""]))


def write_module_wheel(folder: Path, module: str, version: str, code: str) -> None:
    """Write the wheel of a package that is one module without dependencies."""
    information = f"{module}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {module}\nVersion: {version}\n"
    kind = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files = {
        f"{module}.py": code.encode(),
        f"{information}/METADATA": metadata.encode(),
        f"{information}/WHEEL": kind.encode(),
    }
    write_wheel(folder / f"{module}-{version}-py3-none-any.whl", files)


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
