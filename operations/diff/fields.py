"""Compare numbers and switches of an object whose safer value is in the table of kinds."""

from collections.abc import Collection, Iterator

from components.objects.kind import Key
from operations.diff.finding import Direction, Finding, Repair


def field_findings(
    repository: str, key: Key, declared: object, live: object, unknown: Collection[str] = ()
) -> Iterator[Finding]:
    """A finding for each field with another value.

    Args:
        repository: declared name.
        key: the object.
        declared: has an attribute for each field.
        live: the same, as observed.
        unknown: names of fields that GitHub does not return for this object.
    """
    for field in key.kind.fields:
        if field.safer is None or field.name in unknown:
            continue
        wanted, there = getattr(declared, field.name), getattr(live, field.name)
        if wanted != there:
            weaker = (there < wanted) is (field.safer == "more")
            direction = Direction.WEAKER if weaker else Direction.STRONGER
            text = (field.name, str(wanted).lower(), str(there).lower())
            yield Finding(repository, key, *text, direction, Repair.UP, field.rules[0])
