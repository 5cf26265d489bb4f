"""Report what an adoption proposes, changes and keeps: at a terminal, or as JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from components.config.sanitize import visible
from operations.adoption.change import Act, Change, LeftInPlace
from operations.diff.finding import Direction
from operations.diff.iam.trust_analysis import subjects_alone
from operations.terminal.lists import counted
from operations.terminal.output import has_lines
from operations.terminal.shorten import short

VERSION: Final = 1
_STYLES: Final = {
    Direction.WEAKER: "bold red",
    Direction.STRONGER: "green",
    Direction.NEUTRAL: "",
}
#: The longest value that is shown in full, which most policies are; JSON has all values in full.
_WIDTH: Final = 600


@dataclass(frozen=True)
class Adoption:
    """The result of one adoption's survey."""

    stack: str
    """Name of the stack."""
    owner: str
    """The owner of the repositories."""
    repositories: Sequence[str]
    """Names, sorted."""
    proposed: Mapping[str, str]
    """Texts of new declarations by file name; repositories with a declaration are not in it."""
    changes: Sequence[Change]
    """The changes that the first `up` makes."""
    left: Sequence[LeftInPlace]
    """The objects that it leaves alone."""

    def as_json(self) -> str:
        """The adoption as indented JSON; `version` grows when a member changes its meaning."""
        document: dict[str, Any] = {
            "version": VERSION,
            "stack": self.stack,
            "owner": self.owner,
            "repositories": list(self.repositories),
            "proposed": dict(self.proposed),
            "changes": [_texts(change) for change in self.changes],
            "kept": [_texts(left) for left in self.left],
        }
        return json.dumps(document, indent=2)

    def summary(self) -> str:
        """The result in one line."""
        changed = [change for change in self.changes if change.act is not Act.CREATE]
        counts = [
            f"{sum(change.direction is direction for change in changed)} {direction}"
            for direction in Direction
        ]
        opening = sum(
            change.direction is Direction.WEAKER and change.act is Act.CREATE
            for change in self.changes
        )
        return (
            f"{self.stack}, {counted(len(self.repositories), 'repository', 'repositories')}: "
            f"the next up changes "
            f"{len(changed)} ({', '.join(counts)}) and adds {len(self.changes) - len(changed)}"
            f"{f' ({opening} weaker)' if opening else ''}"
        )


def _texts(entry: Change | LeftInPlace) -> dict[str, str]:
    return {field.name: str(getattr(entry, field.name)) for field in fields(entry)}


def print_adoption(adoption: Adoption, console: Console, *, files: bool) -> None:
    """Print the changes; with `files`, print the proposed declarations as well."""
    if files:
        for name, text in adoption.proposed.items():
            console.print(Text(name, "bold"))
            console.print(Text(text))
    for part in _parts(adoption, folded=has_lines(console)):
        console.print(part)
    console.print(Text(adoption.summary(), "bold"))


def _parts(adoption: Adoption, *, folded: bool) -> Iterator[RenderableType]:
    for repository in ("", *adoption.repositories):
        changes = [change for change in adoption.changes if change.repository == repository]
        left = [one for one in adoption.left if one.repository == repository]
        if repository or changes or left:
            title = f"{adoption.owner}/{repository}" if repository else "accounts"
            yield Text(title, "bold")
        if rows := [change for change in changes if change.act is not Act.CREATE]:
            yield from [_table(rows)] if folded else map(_line, rows)
        if added := [change for change in changes if change.act is Act.CREATE]:
            yield Text("  adds:")
            yield from (Text(visible(f"    {_widening(change)}")) for change in added)
        yield from (Text(visible(f"  keeps: {one.object}: {one.why}")) for one in left)


def _widening(change: Change) -> str:
    """An addition's object, with a note if it lets more happen."""
    weaker = change.direction is Direction.WEAKER
    return f"{change.object} (weaker)" if weaker else str(change.object)


def _table(changes: Iterable[Change]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 2), show_header=False)
    for _ in range(3):
        table.add_column(overflow="fold")
    for change in changes:
        style = _STYLES[change.direction]
        table.add_row(Text(change.direction, style), *map(Text, _words(change)))
    return table


def _line(change: Change) -> Text:
    """The same for a pipe, without line breaks in values, so that `grep` finds them."""
    return Text(f"  {change.direction:<8}  {'    '.join(_words(change))}")


def _words(change: Change) -> tuple[str, str]:
    """The place; the old and the new value."""
    what = f"{change.object}: {change.field}" if change.field else str(change.object)
    before, after = subjects_alone(change.before, change.after)
    return visible(what), f"{short(before, _WIDTH)} -> {short(after, _WIDTH)}"
