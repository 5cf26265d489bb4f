"""The folder with the sandbox's own `pulumi-resource-aws`."""

import os
import shlex
from importlib.metadata import version
from pathlib import Path
from typing import Final

from sandbox.home import PROJECT, sandbox_home
from sandbox.preloaded import start_lines

_SCRIPT: Final = """\
#!/bin/sh
# Pulumi's AWS provider for the sandbox; the real one is Pulumi's own plugin.
PYTHONPATH={project}
export PYTHONPATH
{start}"""


def plugin_folder() -> Path:
    """The folder, which contains only the plugin; it is rewritten if it is another checkout's."""
    folder = sandbox_home() / "aws"
    plugin = folder / "pulumi-resource-aws"
    script = _SCRIPT.format(
        project=shlex.quote(str(PROJECT)),
        # Look the version up once, here: in a plugin it would take longer than loading its modules.
        start=start_lines(sandbox_home(), "sandbox.aws.plugin.__main__", version("pulumi-aws")),
    )
    if not plugin.exists() or plugin.read_text(encoding="utf-8") != script:
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f".{plugin.name}.{os.getpid()}"
        draft.write_text(script, encoding="utf-8")
        draft.chmod(0o755)
        draft.replace(plugin)
    return folder
