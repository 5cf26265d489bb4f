"""One page in a headless Chromium, over the DevTools protocol's pipe.

Messages are JSON, each ended by a NUL, on the browser's descriptors 3 and 4
(chromedevtools.github.io/devtools-protocol). `--dump-dom` is not used, since it never ends with the
pinned build. The browser reaches no host: every name resolves to nothing.
"""

import json
import os
import subprocess
import sys
import tempfile
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from select import select
from typing import Any, Final

from tests.browser.install import browser

_FLAGS: Final = (
    "--headless=shell",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--remote-debugging-pipe",
)
#: Moves the two descriptors to the numbers that Chromium reads, and executes it.
_BECOME: Final = (
    "import fcntl, os, sys;"
    "low, high = (fcntl.fcntl(int(n), fcntl.F_DUPFD, 10) for n in sys.argv[1:3]);"
    "os.dup2(low, 3); os.dup2(high, 4); os.execvp(sys.argv[3], sys.argv[3:])"
)
#: Seconds without any message from the browser.
_PATIENCE: Final = 60


class Page:
    """A tab; it keeps the log and the requests."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        """Open an empty tab over the two descriptors."""
        self._in, self._out = to_browser, from_browser
        self._rest = b""
        self._last = 0
        self._session: dict[str, str] = {}
        self._events: list[Mapping[str, Any]] = []
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = {"sessionId": attached["sessionId"]}
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        self.send("Page.setLifecycleEventsEnabled", enabled=True)

    def open(self, address: str, width: int = 1200, scheme: str = "light") -> None:
        """Open an address, `width` CSS pixels wide, in a light or dark scheme; wait for load."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=False,
        )
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.send("Emulation.setEmulatedMedia", features=[feature])
        self.send("Page.navigate", url="about:blank")
        self._events.clear()
        loader = self.send("Page.navigate", url=address)["loaderId"]
        while not any(
            (said["loaderId"], said["name"]) == (loader, "load")
            for said in self._said("Page.lifecycleEvent")
        ):
            self._events.append(self._receive())

    def evaluate(self, expression: str) -> Any:
        """Return the JSON value of a JavaScript expression."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def screenshot(self) -> bytes:
        """Return a PNG of the visible part."""
        return b64decode(self.send("Page.captureScreenshot")["data"])

    def complaints(self) -> list[Mapping[str, Any]]:
        """Return the log since `open`: console calls, exceptions, policy violations."""
        kinds = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
        return [said for kind in kinds for said in self._said(kind)]

    def requests(self) -> list[str]:
        """Return the requested addresses since `open`, the page's own first."""
        return [said["request"]["url"] for said in self._said("Network.requestWillBeSent")]

    def send(self, method: str, **values: object) -> Mapping[str, Any]:
        """Send a command of the protocol, and return its result."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": values, **self._session}
        os.write(self._in, json.dumps(message).encode() + b"\0")
        while (answer := self._receive()).get("id") != self._last:
            self._events.append(answer)
        if "error" in answer:
            raise AssertionError(method, answer["error"])
        result: Mapping[str, Any] = answer["result"]
        return result

    def _said(self, event: str) -> list[Mapping[str, Any]]:
        return [each["params"] for each in self._events if each["method"] == event]

    def _receive(self) -> Mapping[str, Any]:
        while b"\0" not in self._rest:
            if not select([self._out], [], [], _PATIENCE)[0]:
                raise TimeoutError
            got = os.read(self._out, 1 << 16)
            if not got:
                raise EOFError("the browser ended")
            self._rest += got
        message, _, self._rest = self._rest.partition(b"\0")
        received: Mapping[str, Any] = json.loads(message)
        return received


@contextmanager
def running_page() -> Iterator[Page]:
    """Run a browser with a temporary profile."""
    program, needed = browser()
    (browser_in, ours_out), (ours_in, browser_out) = os.pipe(), os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", _BECOME, str(browser_in), str(browser_out), program),
                *(*_FLAGS, f"--user-data-dir={home}", "about:blank"),
            ],
            env={**os.environ, **needed, "HOME": home, "XDG_CONFIG_HOME": home},
            pass_fds=(browser_in, browser_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(browser_in)
        os.close(browser_out)
        try:
            yield Page(ours_out, ours_in)
        finally:
            process.kill()
            process.wait()
            os.close(ours_out)
            os.close(ours_in)
