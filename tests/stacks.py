"""Stacks in temporary folders."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SETTINGS = """\
owner: acme
accounts:
  dev: {account_id: "111111111111", region: eu-west-1}
  test: {account_id: "222222222222", region: eu-west-1}
  prod: {account_id: "333333333333", region: eu-west-1}
"""

#: Declarations that leave out some of the standard's environments.
FEWER: tuple[dict[str, Any], ...] = (
    {"deploy": "none"},
    {"deploy": "none", "environments": {"dev": "none"}},
    {"environments": {"dev": "none", "prod": {"secrets": ["KEY"]}}},
    {"environments": {"test": "none", "prod": "none"}},
)

WriteStack = Callable[..., Path]


@pytest.fixture
def write_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WriteStack:
    """Write a stack `s` of these files alone below the working directory; returns its folder."""
    (tmp_path / "Pulumi.yaml").touch()
    monkeypatch.chdir(tmp_path)

    def write(settings: str = SETTINGS, **files: str) -> Path:
        folder = Path("stacks/s")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "_stack.yaml").write_text(settings, encoding="utf-8")
        for name, text in files.items():
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        return folder

    return write
