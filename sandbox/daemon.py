"""The sandbox's one process: GitHub and AWS on loopback until it is told to stop.

Run by `sandbox.process`, detached. It binds the ports it had before where they are still free, so
that a stack's provider settings stay the same, fills the world with the sample organisation and
then publishes its record.
"""

import logging
import os
import secrets
import signal
import socket
import sys
import threading
from types import FrameType

from sandbox.aws import start_aws
from sandbox.github import Store, serve
from sandbox.home import Record, read_record, write_record
from sandbox.seed import seed_world


def main() -> int:
    """Serve until SIGTERM or SIGINT."""
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(name)s %(message)s", stream=sys.stderr
    )
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    before = read_record()
    store = Store()
    github = serve(store, port=_free(before.github_port if before else 0))
    aws = start_aws(port=_free(before.aws_port if before else 0))
    record = Record(os.getpid(), secrets.token_hex(8), github.port, aws.port)
    seed_world(record.github_url, record.aws_url)
    write_record(record)
    logging.getLogger(__name__).info("ready: %s", record)
    stopped.wait()
    github.stop()
    aws.stop()
    return 0


def _free(port: int) -> int:
    """The port when nobody has it, else 0: any free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


if __name__ == "__main__":
    sys.exit(main())
