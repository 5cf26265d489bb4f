"""What is known of a kind of objects, and the key that names one object of a kind.

The rows themselves are in `kinds`.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal


@dataclass(frozen=True)
class Field:
    """One property of a kind."""

    name: str
    """The declaration's word, which findings use."""
    property: str = ""
    """The provider's input; empty where the provider has none."""
    rules: tuple[str, ...] = ()
    """Rules of findings that are about it; see `rules`."""
    protects: bool = False
    """Whether a weaker value lets more happen, so that `up` needs consent to set it."""
    safer: Literal["more", "less"] | None = None
    """Which value lets less happen, of numbers and switches (True is more)."""
    refreshed: bool = True
    """Whether the provider's refresh sees a change (pulumi-github 6.15, pulumi-aws 7.51)."""
    imported: bool = True
    """Whether an import reads it; otherwise the first `up` after an import writes it again."""
    unread: Any = None
    """The value that an import leaves in the state where it does not read it."""
    both_ways: bool = False
    """Whether another value may let more happen in one respect and less in another."""
    live: bool = True
    """Whether it is a property of the object; otherwise it tells the provider how to work."""
    computed: tuple[str, ...] = ()
    """Further outputs that the provider computes from it."""


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of object."""

    words: str
    """How people name one within its parent, with parts of its key in braces."""
    key: tuple[tuple[str, str], ...] = ()
    """The key's parts after the parent's: our word, and the provider's input that holds it."""
    type: str = ""
    """Pulumi's type token; empty for what slipway observes and never provisions."""
    parent: "Kind | None" = None
    """The kind that it is in, and is deleted with."""
    prefixed: bool = True
    """Whether the parent's words come before its own."""
    fields: tuple[Field, ...] = ()
    folded: frozenset[str] = frozenset()
    """Parts of the key that GitHub compares without case and keeps in upper case."""
    protects: bool = False
    """Whether one more, or one fewer, may let more happen, so that `up` needs consent."""
    missing: str = ""
    """The rule of a finding that a declared one is not there."""
    extra: str = ""
    """The rule of a finding that an undeclared one is there."""
    rules: tuple[str, ...] = ()
    """Further rules that are about one as a whole."""
    lists: "Kind | None" = None
    """For a list of all that an object has of another kind: that kind."""
    after: "tuple[Kind, ...]" = ()
    """Kinds of which a repository's objects are all made before it, and deleted after it."""
    deleted_with: bool = False
    """Whether deleting the parent deletes it, so that Pulumi need not."""

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Names of the key's parts, the parent's first."""
        above = self.parent.parts if self.parent else ()
        own = tuple(part for part, _ in self.key)
        return own if set(above) <= set(own) else (*above, *own)

    @cached_property
    def inputs(self) -> dict[str, str]:
        """The provider's input for each part of the key."""
        above = self.parent.inputs if self.parent else {}
        return above | dict(self.key)

    def at(self, *values: str) -> "Key":
        """The key with these parts."""
        parts = zip(self.parts, values, strict=True)
        return Key(self, tuple(v.upper() if part in self.folded else v for part, v in parts))

    def field(self, name: str) -> Field:
        """The field of that name."""
        return next(field for field in self.fields if field.name == name)


@dataclass(frozen=True, repr=False)
class Key:
    """Which object of a repository, or of an account, is meant; its text is for people."""

    kind: Kind
    values: tuple[str, ...]

    def __getitem__(self, part: str) -> str:
        """The value of a part."""
        return self.values[self.kind.parts.index(part)]

    def __lt__(self, other: "Key") -> bool:
        """Reports sort objects by their words."""
        return str(self) < str(other)

    def __str__(self) -> str:
        """Such as `environment prod, variable LOG_LEVEL`."""
        prefix = f"{self.parent}, " if self.parent and self.kind.prefixed else ""
        return f"{prefix}{self.own}"

    def __repr__(self) -> str:
        """The kind's table row would hide the words."""
        return f"<{self}>"

    @property
    def own(self) -> str:
        """The words without the parent's, such as `variable LOG_LEVEL`."""
        return self.kind.words.format(**dict(zip(self.kind.parts, self.values, strict=True)))

    @property
    def parent(self) -> "Key | None":
        """The object that this one is in."""
        parent = self.kind.parent
        return None if parent is None else Key(parent, tuple(self[part] for part in parent.parts))
