"""The sandbox's process: GitHub with its token issuer, and AWS, on 127.0.0.1 until it is stopped.

`sandbox.process` starts it detached. It binds the ports of its last run if they are still free, so
that the provider settings of a stack stay the same. Then it seeds the sample organisation and
publishes its record. Its only argument is the host of the GitHub that it is.
"""

import logging
import os
import secrets
import signal
import socket
import sys
from queue import SimpleQueue
from types import FrameType

from sandbox.aws.server import start_aws
from sandbox.github import Store, serve
from sandbox.github.site import Site
from sandbox.home import Record, read_record, sandbox_home, write_record
from sandbox.preloaded.server import start as start_preloaded
from sandbox.seed import seed_world
from sandbox.tokens import Issuer, PublishedKeys, runner_routes


def main() -> int:
    """Serve until SIGTERM or SIGINT."""
    stop_preloaded = start_preloaded(sandbox_home())
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(name)s %(message)s", stream=sys.stderr
    )
    # Its `put` is reentrant: see sandbox/engine/language_host.py.
    stopped: SimpleQueue[None] = SimpleQueue()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.put(None)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    before = read_record()
    issuer = Issuer()
    store = Store()
    store.site = Site(sys.argv[1] if sys.argv[1:] else "github.com")
    github = serve(
        store,
        port=_free(before.github_port if before else 0),
        blueprints=[runner_routes(issuer)],
    )
    aws = start_aws(_free(before.aws_port if before else 0), issuers=PublishedKeys(issuer, store))
    record = Record(os.getpid(), secrets.token_hex(8), github.port, aws.port, store.site.host)
    seed_world(record.github_url, record.aws_url, store.site.issuer)
    write_record(record)
    logging.getLogger(__name__).info("ready: %s", record)
    stopped.get()
    github.stop()
    aws.stop()
    stop_preloaded()
    return 0


def _free(port: int) -> int:
    """The port if it is free, else 0, which means any free port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


if __name__ == "__main__":
    sys.exit(main())
