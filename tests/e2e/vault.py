"""The key service that encrypts the secrets of tests' stacks: Vault's transit engine, in a thread.

By default Pulumi derives a stack's key from a passphrase, with a million rounds of SHA-256: a third
of the CLI's CPU time, in each command. With a key service it decrypts the key by one request. The
stacks of README and docs, and those that are measured, have passphrases, as users' have.

The two routes are those of developer.hashicorp.com/vault/api-docs/secret/transit, "Encrypt data"
and "Decrypt data". Deliberately absent: tokens, and all else that Vault does.
"""

import base64
import json
from collections.abc import Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final

from nacl.secret import SecretBox
from nacl.utils import random

#: The secrets provider, as `pulumi stack init --secrets-provider` takes it.
PROVIDER: Final = "hashivault://tests"
_PREFIX: Final = "vault:v1:"


@cache
def key_service() -> dict[str, str]:
    """Variables of runs that use this process's key service, which is started at the first call."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    return {"VAULT_ADDR": f"http://127.0.0.1:{server.server_port}"}


class _Handler(BaseHTTPRequestHandler):
    """Encrypts with a key that only this process has."""

    protocol_version = "HTTP/1.1"
    _box = SecretBox(random(SecretBox.KEY_SIZE))

    def do_PUT(self) -> None:
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        route = self.path.removeprefix("/v1/transit/").removesuffix("/tests")
        data = {"encrypt": self._encrypted, "decrypt": self._decrypted}[route](given)
        content = json.dumps({"data": data}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _encrypted(self, given: Mapping[str, str]) -> dict[str, str]:
        sealed = self._box.encrypt(base64.b64decode(given["plaintext"]))
        return {"ciphertext": _PREFIX + base64.b64encode(sealed).decode()}

    def _decrypted(self, given: Mapping[str, str]) -> dict[str, str]:
        sealed = base64.b64decode(given["ciphertext"].removeprefix(_PREFIX))
        return {"plaintext": base64.b64encode(self._box.decrypt(sealed)).decode()}

    def log_message(self, *_: object) -> None:
        """Print nothing."""
