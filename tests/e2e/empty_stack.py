"""Make a stack as `pulumi stack init` does, by copying the files that it wrote for an earlier one.

The command takes 0.3 s of CPU. Each test worker runs it once for each secrets provider; later
stacks get what it has written: the state with the key, the lines of the stack's settings with the
key, and the layout's version. The stack is not selected, so a command must name it.
"""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

#: By secrets provider: the state, the lines of the settings with the key and the version of the
#: layout, as Pulumi wrote them.
_made: dict[str, tuple[str, str, str]] = {}


def make_stack(
    name: str, settings: Path, backend: str, provider: str, init: Callable[[], object]
) -> None:
    """Make a stack.

    Args:
        name: the stack.
        settings: its file `Pulumi.NAME.yaml`, which exists.
        backend: URL of a state in local files.
        provider: the secrets provider; "default" is the passphrase.
        init: runs `pulumi stack init`.
    """
    layout = Path(urlsplit(backend).path) / ".pulumi"
    state, version = layout / f"stacks/slipway/{name}.json", layout / "meta.yaml"
    if provider not in _made:
        before = settings.read_text("utf-8").splitlines()
        init()
        added = [line for line in settings.read_text("utf-8").splitlines() if line not in before]
        names = {line.partition(":")[0] for line in added}
        assert names in ({"encryptionsalt"}, {"secretsprovider", "encryptedkey"}), added
        key = "\n".join([*added, ""])
        _made[provider] = (state.read_text("utf-8"), key, version.read_text("utf-8"))
        return
    made, key, layout_version = _made[provider]
    content = json.loads(made)
    content["checkpoint"]["stack"] = f"organization/slipway/{name}"
    state.parent.mkdir(parents=True, exist_ok=True)
    version.write_text(layout_version, "utf-8")
    state.write_text(json.dumps(content), "utf-8")
    with settings.open("a", encoding="utf-8") as file:
        file.write(key)
