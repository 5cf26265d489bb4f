"""The AWS CLI for jobs, loaded once (see `forks`): a start takes most of a command's time.

It imports botocore and reads the descriptions of the services. A fork runs the CLI as the installed
program does, with its own session, so that variables and configuration files are those of the job.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, Final

from awscli.clidriver import create_clidriver  # type: ignore[import-untyped]  # it ships no types

from tests.forks import CLIENT, running, serve

#: One command of each service that the workflows use, so that its description is read before.
_KNOWN: Final = ("lambda get-function --function-name x", "s3 ls", "sts get-caller-identity")


@contextmanager
def running_cli(program: Path) -> Iterator[None]:
    """Write the program `aws`, which works as long as this context lasts."""
    with running(Path(sys.executable), __name__, AWS_MAX_ATTEMPTS="1") as address:
        python = Path(sys.executable).resolve()
        program.write_text(f"#!{python} -IS\n" + CLIENT.format(address=repr(address)))
        program.chmod(0o755)
        yield


def _loader() -> Any:
    """Return botocore's reader of descriptions, after it has read those that are needed."""
    driver = create_clidriver()
    with Path(os.devnull).open("w") as out, redirect_stdout(out), redirect_stderr(out):
        for command in _KNOWN:  # each fails for lack of credentials, after it has been parsed
            driver.main([*command.split(), "--region", "eu-west-1"])
    return driver.session.get_component("data_loader")


def main() -> None:
    """Serve at the address of the command line."""
    loader = _loader()

    def aws() -> int:
        driver = create_clidriver()
        driver.session.register_component("data_loader", loader)
        return int(driver.main(sys.argv[1:]))

    serve(sys.argv[1], aws)


if __name__ == "__main__":
    main()
