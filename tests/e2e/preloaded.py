"""Import what a sandbox, its programs and slipway's commands need; see `forked`.

It makes no thread and no server: a fork copies only the thread that forks.
"""

import gc
import importlib
import pkgutil

import moto.moto_server.werkzeug_app  # noqa: F401
from moto.backends import get_backend

import operations.commands
import sandbox.aws.front
import sandbox.aws.partitions
import sandbox.aws.plugin.__main__
import sandbox.daemon
import sandbox.engine.language_host
import sandbox.engine.program

for _service in ("iam", "moto_api", "secretsmanager", "sts"):
    get_backend(_service)
sandbox.engine.program.preload()
sandbox.aws.plugin.__main__.preload()
importlib.import_module("operations.cli")
for _module in pkgutil.iter_modules(operations.commands.__path__, "operations.commands."):
    importlib.import_module(_module.name)
# The collector of a fork would otherwise copy the memory of all these objects.
gc.freeze()
