"""The base of every model class: its values are frozen, and it refuses unknown keys."""

from typing import Any, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidatorFunctionWrapHandler
from pydantic_core import PydanticCustomError


class Frozen(BaseModel):
    """A value that is checked once, when it is read, and never changes afterwards.

    `slipway schema` takes the descriptions of fields from the docstrings below them. Pydantic could
    (`use_attribute_docstrings`), but it would parse every module's source in every start.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        """Itself: pydantic copies the default of a field whenever it takes it."""
        return self


def mistake(message: str, *at: str) -> PydanticCustomError:
    """An error whose text says what was found, what is allowed and what to do.

    `at` is the path below the value under validation that the message is about. The text goes
    through the context because pydantic would read braces in a template as placeholders.
    """
    return PydanticCustomError("mistake", "{text}", {"text": message, "at": at})


def none_is_empty(value: Any, empty: Any) -> Any:
    """`null` in YAML means "explicitly none": the empty value of the field's type.

    A field without this, and without None in its type, has no "none": `null` is refused there.
    """
    return empty if value is None else value


#: The word for a part of the standard that a repository does not have. It is not `null`, which is
#: also what YAML reads for a key without a value.
_NONE: Final = "none"

#: The meaning of an explicit `null` for a list, a mapping and a switch.
null_is_no_item = BeforeValidator(lambda value: none_is_empty(value, ()))
null_is_no_key = BeforeValidator(lambda value: none_is_empty(value, {}))
null_is_false = BeforeValidator(lambda value: none_is_empty(value, False))  # noqa: FBT003


def not_null(value: Any) -> Any:
    """Refuse `null` in a field whose None only means that the key is absent."""
    if value is None:
        raise mistake("found null, which this key does not allow: leave the key out to inherit")
    return value


def or_none(value: Any, handler: ValidatorFunctionWrapHandler, absent: Any) -> Any:
    """Read the word `none` as `absent`, and anything else as usual."""
    return absent if value == _NONE else handler(value)


def present(value: Any) -> Any:
    """A mapping by name without the names that an upper layer sets to `null`, explicitly none."""
    if isinstance(value, dict):
        return {name: inner for name, inner in value.items() if inner is not None}
    return none_is_empty(value, {})
