"""Commit messages that skip runs (docs.github.com: skipping workflow runs).

They count for `push` (the pushed commit) and `pull_request` (the head of the pull request).
"""

import re
from typing import Final

#: These count anywhere in the message.
WORDS: Final = ("[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]")
#: The trailer counts at the end only: after two empty lines, as the last one of the trailers.
_TRAILER: Final = re.compile(r"\n\n\n(?:[\w-]+:[^\n]*\n)*skip-checks: ?true\s*\Z")


def skips(message: str) -> bool:
    """Whether the message of the commit skips runs."""
    return any(word in message for word in WORDS) or bool(_TRAILER.search(message))
