"""The process that has imported what a sandbox, its programs and slipway's commands need.

`forked` starts it, and asks for forks. A fork copies only the thread that forks: threads of the
first calls have ended before.
"""

import importlib
import os
import pkgutil
import signal
import sys
import threading
from contextlib import closing, suppress
from pathlib import Path

import moto.moto_server.werkzeug_app  # noqa: F401
import pulumi_aws
import pulumi_github
from moto.backends import get_backend
from pulumi import _types

import operations.cli
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
from sandbox.github import Store
from sandbox.github.app import create_app
from sandbox.preloaded import server
from tests.forks import serve


def _preload() -> None:
    """Do what the first calls would do, once."""
    for service in ("iam", "moto_api", "secretsmanager", "sts"):
        get_backend(service)
    sandbox.engine.language_host.preload()
    sandbox.engine.program.preload()
    sandbox.aws.plugin.__main__.preload()
    # The first calls of a client and of a server read models and make tables.
    aws = start_aws()
    with closing(account_iam(aws.url, "111111111111")) as iam:
        iam.list_roles()
    aws.stop()
    # All emulators of GitHub share the routes of the first one.
    create_app(Store())
    # A look makes two clients of AWS's services, and reads lists in pages: a quarter of its time.
    for service, call in (("sts", "assume_role"), ("iam", "list_roles")):
        client = operations.live.aws._connector("eu-west-1")(service)
        client.can_paginate(call)
        client.close()
    # A session reads the environment with its first client: the forks get one that has none yet.
    operations.live.aws._session.cache_clear()
    operations.live.aws._session()
    # The SDK reads the type hints of a class at its first registration: a fifth of a program.
    registered = [
        (pulumi_aws.iam if kind.startswith("aws:") else pulumi_github, kind.rpartition(":")[2])
        for kind in BY_TYPE
    ]
    for classes, name in (*registered, (pulumi_aws, "Provider"), (pulumi_github, "Provider")):
        _types.resource_types(getattr(classes, name))
        _types.input_type_types(getattr(classes, f"{name}Args"))
    for thread in threading.enumerate():
        if thread is not threading.main_thread():
            thread.join(10)
    for module in pkgutil.walk_packages(operations.commands.__path__, "operations.commands."):
        importlib.import_module(module.name)


def _run() -> int:
    """Be what the first argument names."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    what = sys.argv[0]
    if what == "sandbox":
        os.setsid()
        sys.argv[0] = str(sandbox.daemon.__file__)
        os._exit(sandbox.daemon.main())
    if what == "server":
        server.start(Path(sys.argv[1]))
        signal.pause()
        return 0
    return operations.cli.main()


def main() -> None:
    """Serve at an address until the process of the tests ends; both are in the command line."""
    # An interrupt from the keyboard ends the tests, which then stop what they have started.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    address, number = sys.argv[1:3]
    try:
        with suppress(ProcessLookupError):  # the tests have ended meanwhile
            tests = os.pidfd_open(int(number))
            _preload()
            serve(address, _run, tests)
    finally:
        for file in (address, f"{address}.started"):
            with suppress(FileNotFoundError):
                Path(file).unlink()


if __name__ == "__main__":
    main()
