"""Import what a sandbox and its programs need. The process that forks sandboxes imports this.

It makes no thread and no server: a fork copies only the thread that forks.
"""

import gc

import moto.moto_server.werkzeug_app  # noqa: F401
from moto.backends import get_backend

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
# The collector of a fork would otherwise copy the memory of all these objects.
gc.freeze()
