"""Messages to GitHub's runner: workflow commands in a step's output, and the files of a step.

docs.github.com, "Workflow commands for GitHub Actions". Deliberately absent: commands that GitHub
removed, and those that only format the log.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_COMMAND: Final = re.compile(r"^\s*::(?P<name>[a-z-]+)(?: (?P<properties>.*?))?::(?P<text>.*)$")
_ESCAPED: Final = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}
#: They only format the log.
_SHOWN: Final = ("debug", "echo", "endgroup", "group", "notice", "add-matcher", "remove-matcher")


@dataclass
class Annotations:
    """Annotations from the commands of an output."""

    warnings: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    masks: list[str] = field(default_factory=list)

    def read(self, output: str) -> None:
        """Execute the commands.

        Raises:
            NotImplementedError: the command is unknown here.
        """
        stopped: str | None = None
        for line in output.splitlines():
            if stopped is not None:
                if line.strip() == f"::{stopped}::":
                    stopped = None
                continue
            match = _COMMAND.match(line)
            if match is None:
                continue
            name, text = match["name"], _plain(match["text"])
            if name in ("warning", "error"):
                title = _title(match["properties"] or "")
                told = self.warnings if name == "warning" else self.errors
                told.append(f"{title}: {text}")
            elif name == "add-mask":
                self.masks.append(text)
            elif name == "stop-commands":
                stopped = text
            elif name not in _SHOWN:
                raise NotImplementedError(f"workflow command in {line!r}")


def _title(properties: str) -> str:
    pairs = (pair.partition("=") for pair in properties.split(","))
    return _plain(next((value for name, _, value in pairs if name.strip() == "title"), ""))


def _plain(text: str) -> str:
    for code, sign in _ESCAPED.items():
        text = text.replace(code, sign)
    return text


def assignments(file: Path) -> dict[str, str]:
    """Return the values that a step wrote to GITHUB_OUTPUT or GITHUB_ENV.

    Raises:
        ValueError: GitHub would fail the step as well.
    """
    found = dict[str, str]()
    lines = iter(file.read_text().splitlines())
    for line in lines:
        name, sign, value = _split(line)
        if sign == "<<":
            held = list[str]()
            for inner in lines:
                if inner == value:
                    break
                held.append(inner)
            else:
                raise ValueError(f"no end {value!r} in {file.name}")
            found[name] = "\n".join(held)
        elif sign == "=":
            found[name] = value
        elif line:
            raise ValueError(f"Invalid format {line!r} in {file.name}")
    return found


def _split(line: str) -> tuple[str, str, str]:
    match = re.match(r"^([^=<]*)(=|<<)(.*)$", line)
    return (match[1], match[2], match[3]) if match else ("", "", line)
