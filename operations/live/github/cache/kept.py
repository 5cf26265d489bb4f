"""GitHub's answers on disk: one SQLite file in the user's cache folder, with entity tags.

An answer is kept for its address, its media type and its token, of which the file has a digest
only. The file has no lifetime of answers: a caller asks GitHub about each of them again. It can be
lost at any time, so a file that cannot be read or written is as good as none.
"""

import sqlite3
import threading
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

#: Seconds after which the answers of a token that is not used are deleted. The token of an App
#: lives for an hour.
_KEPT: Final = 30 * 24 * 3600
#: Seconds to wait for another process that writes.
_PATIENCE: Final = 5
_SCHEMA: Final = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, used REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS answers (
  token TEXT, url TEXT, accept TEXT, tag TEXT NOT NULL, link TEXT NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (token, url, accept)
) WITHOUT ROWID;
"""


class Kept(NamedTuple):
    """An earlier answer."""

    tag: str
    """Its entity tag, as GitHub wrote it."""
    link: str
    """The header that names the next page; empty if there was none."""
    body: bytes
    """The body, decompressed."""


class Answers:
    """The answers to one token; threads may share it."""

    def __init__(self, file: Path, token: str) -> None:
        """Open the file, make it if there is none, and delete what long unused tokens got.

        Args:
            file: in a folder that exists; only the user may read it.
            token: long and random, so its digest does not reveal it.
        """
        self._token = sha256(token.encode()).hexdigest()
        self._one_at_a_time = threading.Lock()
        try:
            self._file: sqlite3.Connection | None = self._opened(file)
        except sqlite3.OperationalError:
            self._file = None
        except sqlite3.DatabaseError:
            # The file is damaged.
            for part in file.parent.glob(f"{file.name}*"):
                part.unlink(missing_ok=True)
            self._file = self._opened(file)

    def _opened(self, file: Path) -> sqlite3.Connection:
        # SQLite gives the files beside it the same mode.
        file.touch(mode=0o600)
        opened = sqlite3.connect(
            file, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
        )
        now = time.time()
        try:
            opened.executescript(_SCHEMA)
            opened.execute("REPLACE INTO tokens VALUES (?, ?)", (self._token, now))
            unused = "SELECT token FROM tokens WHERE used < ?"
            opened.execute(f"DELETE FROM answers WHERE token IN ({unused})", (now - _KEPT,))  # noqa: S608 - a constant
            opened.execute("DELETE FROM tokens WHERE used < ?", (now - _KEPT,))
        except sqlite3.Error:
            opened.close()
            raise
        return opened

    def find(self, url: str, accept: str) -> Kept | None:
        """The earlier answer from an address in a media type, if there is one."""
        query = "SELECT tag, link, body FROM answers WHERE token = ? AND url = ? AND accept = ?"
        with self._one_at_a_time, suppress(sqlite3.Error):
            if self._file is not None:
                found = self._file.execute(query, (self._token, url, accept)).fetchone()
                return Kept(*found) if found else None
        return None

    def keep(self, url: str, accept: str, answer: Kept) -> None:
        """Keep an answer in the place of an earlier one."""
        with self._one_at_a_time, suppress(sqlite3.Error):
            if self._file is not None:
                self._file.execute(
                    "REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)",
                    (self._token, url, accept, *answer),
                )
