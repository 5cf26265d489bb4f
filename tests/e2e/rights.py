"""The rights that the documentation asks for, as GitHub names them."""

import re

from sandbox.home import PROJECT

_LIST = re.compile(
    r"epository permissions: (?P<write>[^.;]*?) to write, (?P<read>[^.;]*?) to read; "
    r"organisation permission: (?P<members>\w+) to read"
)


def documented(file: str) -> dict[str, str]:
    """`read` or `write` by permission, from the one sentence of a file that lists them."""
    text = " ".join((PROJECT / file).read_text(encoding="utf-8").split())
    (found,) = _LIST.finditer(text)
    rights = dict.fromkeys(re.split(r", | and ", found["write"]), "write")
    return rights | dict.fromkeys([*re.split(r", | and ", found["read"]), found["members"]], "read")
