"""Make a stack as `pulumi stack init` does, by copying the files that it wrote for an earlier one.

The command takes 0.3 s of CPU. Each test worker runs it once; later stacks get what it has written:
the state with its passphrase's salt, the salt in the stack's settings, and the layout's version.
The stack is not selected, so a command must name it.
"""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

#: The state, the line of the settings and the version of the layout, as Pulumi wrote them.
_made: list[tuple[str, str, str]] = []


def make_stack(name: str, settings: Path, backend: str, init: Callable[[], object]) -> None:
    """Make a stack.

    Args:
        name: the stack.
        settings: its file `Pulumi.NAME.yaml`, which exists.
        backend: URL of a state in local files.
        init: runs `pulumi stack init`.
    """
    layout = Path(urlsplit(backend).path) / ".pulumi"
    state, version = layout / f"stacks/slipway/{name}.json", layout / "meta.yaml"
    if not _made:
        before = settings.read_text("utf-8")
        init()
        salt = settings.read_text("utf-8").removeprefix(before)
        assert salt.startswith("encryptionsalt:"), salt
        _made.append((state.read_text("utf-8"), salt, version.read_text("utf-8")))
        return
    made, salt, layout_version = _made[0]
    content = json.loads(made)
    content["checkpoint"]["stack"] = f"organization/slipway/{name}"
    state.parent.mkdir(parents=True, exist_ok=True)
    version.write_text(layout_version, "utf-8")
    state.write_text(json.dumps(content), "utf-8")
    with settings.open("a", encoding="utf-8") as file:
        file.write(salt)
