"""Indent the statements of a policy, which a finding has on one line."""

import json
from contextlib import suppress
from typing import Any


def laid_out(text: str) -> list[str]:
    """Indented lines if the text consists of statements; else the text as its only line.

    Args:
        text: a finding's value, such as the statements that `policies.differences` joins.
    """
    with suppress(ValueError):
        return [
            line
            for statement in _statements(text)
            for line in json.dumps(statement, indent=2, ensure_ascii=False).splitlines()
        ]
    return [text]


def _statements(text: str) -> list[Any]:
    """Every statement; ValueError if the text is anything else."""
    found, position = [], 0
    while text.startswith("{", position):
        statement, position = json.JSONDecoder().raw_decode(text, position)
        found.append(statement)
        if position == len(text):
            return found
        position += len("; ") if text.startswith("; ", position) else 0
    raise ValueError(text)
