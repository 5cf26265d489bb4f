"""A proposed declaration as a file: what it says, on which facts, and never over another one."""

import os
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from components.config.sanitize import visible
from operations.live.observed import ObservedRepository

_SCHEMA: Final = "# yaml-language-server: $schema=../schema/repository.json\n"
#: No line is broken: ruamel.yaml loses a space where it breaks one behind an escaped character.
_WIDTH: Final = 1 << 30
_NULL: Final = "tag:yaml.org,2002:null"


def declaration_text(declaration: Mapping[str, Any], live: ObservedRepository) -> str:
    """The file's text: the schema line, where it comes from, the declaration."""
    environments = ", ".join(sorted(live.environments)) or "no environment of dev, test and prod"
    files = sorted({file for files in live.workflows.values() for file in files})
    told = [
        "Proposed by `slipway adopt` from what was there: it deviates from the standard and the",
        "stack's defaults where the repository did, so that nothing changes. Edit it as you like.",
        f"Seen: repository {live.id}, default branch {live.default_branch}; {environments};",
        f"workflows {', '.join(files) or 'none'}.",
    ]
    if live.environments:
        told += [
            "Adopted, it is slipway's: without this file, roles, variables and the standard's",
            "workflow files go, also those that were there before; environments stay.",
        ]
    written = StringIO()
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = _WIDTH
    # Who reviews the file sees each character: what is not ASCII is escaped, in quotes.
    yaml.allow_unicode = False
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.ignore_aliases = lambda _: True  # its switch
    yaml.representer.add_representer(type(None), lambda to, _: to.represent_scalar(_NULL, "null"))
    yaml.dump(dict(declaration), written)
    # Names of branches and files are others' text: none of it may end the comment.
    return _SCHEMA + "".join(f"# {visible(line)}\n" for line in told) + written.getvalue()


def write_new(path: Path, text: str) -> bool:
    """Write a file as a whole or not at all, unless it is there: whether it was written."""
    whole = path.with_name(f".{path.name}.{os.getpid()}.new")
    whole.write_text(text, encoding="utf-8")
    try:
        # A link refuses where a rename would replace.
        path.hardlink_to(whole)
    except FileExistsError:
        return False
    finally:
        whole.unlink()
    return True
