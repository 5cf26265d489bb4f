"""Import what a sandbox, its programs and slipway's commands need; see `forked`.

Its threads have ended when it is imported: a fork copies only the thread that forks.
"""

import gc
import importlib
import pkgutil
import threading
from contextlib import closing

import moto.moto_server.werkzeug_app  # noqa: F401
import pulumi_aws
import pulumi_github
from moto.backends import get_backend
from pulumi import _types

import operations.commands
import operations.live.aws
import sandbox.aws.front
import sandbox.aws.partitions
import sandbox.aws.plugin.__main__
import sandbox.daemon
import sandbox.engine.language_host
import sandbox.engine.program
from components.objects.kinds import BY_TYPE
from sandbox.aws.seed import account_iam
from sandbox.aws.server import start_aws

for _service in ("iam", "moto_api", "secretsmanager", "sts"):
    get_backend(_service)
sandbox.engine.language_host.preload()
sandbox.engine.program.preload()
sandbox.aws.plugin.__main__.preload()
# The first calls of a client and of a server read models and make tables, which all later ones use.
_aws = start_aws()
with closing(account_iam(_aws.url, "111111111111")) as _iam:
    _iam.list_roles()
_aws.stop()
# A look makes two clients of AWS's services, and reads lists in pages: a quarter of its time.
for _service, _call in (("sts", "assume_role"), ("iam", "list_roles")):
    _client = operations.live.aws._connector("eu-west-1")(_service)
    _client.can_paginate(_call)
    _client.close()
# A session reads the environment with its first client: the forks get one that has none yet.
operations.live.aws._session.cache_clear()
operations.live.aws._session()
# The SDK reads the type hints of a class at its first registration, a fifth of a program's time.
_registered = [
    (pulumi_aws.iam if _type.startswith("aws:") else pulumi_github, _type.rpartition(":")[2])
    for _type in BY_TYPE
]
for _classes, _name in (*_registered, (pulumi_aws, "Provider"), (pulumi_github, "Provider")):
    _types.resource_types(getattr(_classes, _name))
    _types.input_type_types(getattr(_classes, f"{_name}Args"))
for _thread in threading.enumerate():
    if _thread is not threading.main_thread():
        _thread.join(10)
importlib.import_module("operations.cli")
for _module in pkgutil.walk_packages(operations.commands.__path__, "operations.commands."):
    importlib.import_module(_module.name)
# The collector of a fork would otherwise copy the memory of all these objects.
gc.freeze()
