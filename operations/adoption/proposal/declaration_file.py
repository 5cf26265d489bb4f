"""Write a proposed declaration as a file with comments, and never overwrite a file."""

import os
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from components.config.sanitize import visible
from operations.live.observed import ObservedRepository

_SCHEMA: Final = "# yaml-language-server: $schema=../schema/repository.json\n"
#: Wide enough that no line is broken: ruamel.yaml loses a space if it breaks a line after an
#: escaped character.
_WIDTH: Final = 1 << 30
_NULL: Final = "tag:yaml.org,2002:null"


def declaration_text(declaration: Mapping[str, Any], live: ObservedRepository) -> str:
    """The file's text: the schema line, comments about its origin, the declaration."""
    environments = ", ".join(sorted(live.environments)) or "no environment of dev, test and prod"
    files = sorted({file for files in live.workflows.values() for file in files})
    told = [
        "Proposed by `slipway adopt` from the live repository: it deviates from the standard and",
        "the stack's defaults where the repository did, so that nothing changes. Edit it freely.",
        f"Seen: repository {live.id}, default branch {live.default_branch}; {environments};",
        f"workflows {', '.join(files) or 'none'}.",
    ]
    if live.environments:
        told += [
            "If you remove this file after the adoption, slipway deletes the roles, variables and",
            "workflow files of the standard, even those that existed before; environments stay.",
        ]
    written = StringIO()
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = _WIDTH
    # Escape other characters than ASCII, so that a reviewer of the file sees each of them.
    yaml.allow_unicode = False
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.representer.ignore_aliases = lambda _: True
    yaml.representer.add_representer(type(None), lambda to, _: to.represent_scalar(_NULL, "null"))
    yaml.dump(dict(declaration), written)
    # Names of branches and files are text from outside, which must not end the comment.
    return _SCHEMA + "".join(f"# {visible(line)}\n" for line in told) + written.getvalue()


def write_new(path: Path, text: str) -> bool:
    """Write a whole file, or nothing if the file exists; return True if it was written."""
    whole = path.with_name(f".{path.name}.{os.getpid()}.new")
    whole.write_text(text, encoding="utf-8")
    try:
        # Creating a link fails if the name exists; a rename would replace the file.
        path.hardlink_to(whole)
    except FileExistsError:
        return False
    finally:
        whole.unlink()
    return True
