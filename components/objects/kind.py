"""The shape of a row of the table of kinds, and the key that names one object of a kind.

The rows are in `kinds`.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal


@dataclass(frozen=True)
class Field:
    """One property of a kind."""

    name: str
    """The name in declarations and findings."""
    property: str = ""
    """The provider's input; empty if the provider has none."""
    rules: tuple[str, ...] = ()
    """Rules of findings that are about it; see `rules`."""
    protects: bool = False
    """True if `up` needs consent to set a weaker value."""
    safer: Literal["more", "less"] | None = None
    """For numbers and switches, the safer direction; of a switch, True is more."""
    refreshed: bool = True
    """True if the provider's refresh sees a change (pulumi-github 6.15, pulumi-aws 7.51)."""
    imported: bool = True
    """True if an import reads it; otherwise the first `up` after an import writes it again."""
    unread: Any = None
    """The value that an import leaves in the state if it does not read the field."""
    both_ways: bool = False
    """True if another value may be weaker in one respect and stronger in another."""
    live: bool = True
    """True if the live object has it; otherwise it only configures the provider."""
    computed: tuple[str, ...] = ()
    """Further outputs that the provider computes from it."""


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of object."""

    words: str
    """The name of an object within its parent, for people; parts of the key are in braces."""
    key: tuple[tuple[str, str], ...] = ()
    """Parts of the key after the parent's: their names, and the provider's inputs for them."""
    type: str = ""
    """Pulumi's type token; empty for objects that slipway observes and never provisions."""
    parent: "Kind | None" = None
    """The kind of the object that contains it."""
    prefixed: bool = True
    """True if the parent's words come before its own."""
    fields: tuple[Field, ...] = ()
    folded: frozenset[str] = frozenset()
    """Parts of the key that GitHub compares without case and keeps in upper case."""
    protects: bool = False
    """True if `up` needs consent to create or delete one where that is weaker."""
    missing: str = ""
    """The rule for a declared object that does not exist."""
    extra: str = ""
    """The rule for an object that is not declared."""
    rules: tuple[str, ...] = ()
    """Further rules about the whole object."""
    lists: "Kind | None" = None
    """The kind of the listed objects, if the object is a list of all of them."""
    after: "tuple[Kind, ...]" = ()
    """Kinds whose objects in the repository are all created before it, and deleted after it. An
    object that is imported waits for none."""
    deleted_with: bool = False
    """True if deleting the parent deletes it, so that Pulumi does not."""

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
        """The key of the object with these values of the parts."""
        parts = zip(self.parts, values, strict=True)
        return Key(self, tuple(v.upper() if part in self.folded else v for part, v in parts))

    def field(self, name: str) -> Field:
        """The field of that name."""
        return next(field for field in self.fields if field.name == name)


@dataclass(frozen=True, repr=False)
class Key:
    """The key of one object in its repository or account; as a text it is for people."""

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


Place = tuple[str, Key]
"""Declared name of the repository, empty for an object of an account; and the object's key."""
