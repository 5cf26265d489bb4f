"""The exit codes that a module of the product names."""

import ast
from functools import cache

from components.config.problems import ExitCode
from operations.terminal.output import PROJECT


@cache
def named_codes(module: str) -> frozenset[ExitCode]:
    """Every `ExitCode.X` in the source of a module."""
    path = PROJECT.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = file.read_text(encoding="utf-8")
    if "ExitCode" not in text:
        return frozenset()
    return frozenset(
        ExitCode[node.attr]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if node.value.id == "ExitCode"
    )
