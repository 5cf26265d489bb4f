"""Find slipway's own engine, which `make setup` leaves in a folder, where PATH has no pulumi.

Deliberately absent: finding, downloading and building its parts (`sandbox.engine`).
"""

import os
import shutil

from sandbox.engine.folder import engine_folder


def pulumi_executable() -> str | None:
    """The `pulumi` of PATH, else slipway's own, else None.

    The folder of slipway's own is appended to this process's PATH: pulumi looks there for the
    language host and the GitHub plugin, which are beside it.
    """
    if found := shutil.which("pulumi"):
        return found
    folder = str(engine_folder())
    own = shutil.which("pulumi", path=folder)
    if own is not None:
        os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), folder])
    return own
