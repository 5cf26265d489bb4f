"""The values of GitHub's expressions: one pass over the tokens, which evaluates as it reads.

docs.github.com, "Evaluate expressions in workflows and actions". Both sides of `&&` and `||` are
read, since neither has a side effect; so an unknown name is an error on both sides.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>\d+)|(?P<name>[A-Za-z_][\w-]*)"
    r"|(?P<sign>&&|\|\||==|!=|[!().,\[\]]))"
)
_WORDS: Final[dict[str, Any]] = {"true": True, "false": False, "null": None}

Functions = Mapping[str, Callable[..., Any]]


class UnknownExpressionError(ValueError):
    """An expression that is not understood, or contains an unknown name."""


def is_true(value: Any) -> bool:
    """GitHub's truth: all values except false, 0, the empty text and null."""
    return value not in (False, 0, "", None)


class Reader:
    """One expression without its `${{ }}`."""

    def __init__(self, text: str, contexts: Mapping[str, Any], functions: Functions) -> None:
        self._text, self._contexts, self._functions = text, contexts, functions
        self._tokens, end = list[tuple[str, str]](), 0
        while end < len(text.rstrip()):
            match = _TOKEN.match(text, end)
            if match is None or match.lastgroup is None:
                raise UnknownExpressionError(f"not understood: {text[end:]!r} in {text!r}")
            self._tokens.append((match.lastgroup, match[match.lastgroup]))
            end = match.end()

    def whole(self) -> Any:
        """Return the value of the whole expression.

        Raises:
            UnknownExpressionError: the expression is not understood.
        """
        value = self._any()
        if self._tokens:
            raise UnknownExpressionError(
                f"not understood: {self._tokens[0][1]!r} in {self._text!r}"
            )
        return value

    def _is(self, *signs: str) -> str | None:
        """Take the next token if it is one of these, and return it."""
        if self._tokens and self._tokens[0][0] == "sign" and self._tokens[0][1] in signs:
            return self._tokens.pop(0)[1]
        return None

    def _want(self, sign: str) -> None:
        if not self._is(sign):
            raise UnknownExpressionError(f"{sign!r} is missing in {self._text!r}")

    def _any(self) -> Any:
        value = self._all()
        while self._is("||"):
            other = self._all()
            value = value if is_true(value) else other
        return value

    def _all(self) -> Any:
        value = self._compared()
        while self._is("&&"):
            other = self._compared()
            value = other if is_true(value) else value
        return value

    def _compared(self) -> Any:
        value = self._negated()
        if sign := self._is("==", "!="):
            other = self._negated()
            if not (isinstance(value, str | None) and isinstance(other, str | None)):
                raise UnknownExpressionError(f"only texts are compared here: {self._text!r}")
            same = (value or "").lower() == (other or "").lower()
            return same == (sign == "==")
        return value

    def _negated(self) -> Any:
        if self._is("!"):
            return not is_true(self._negated())
        if self._is("("):
            value = self._any()
            self._want(")")
            return value
        return self._value()

    def _value(self) -> Any:
        kind, text = self._tokens.pop(0) if self._tokens else ("end", "the end")
        if kind == "text":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return int(text)
        if kind != "name":
            raise UnknownExpressionError(f"not understood: {text!r} in {self._text!r}")
        if self._is("("):
            return self._called(text)
        if text in _WORDS:
            return _WORDS[text]
        if text not in self._contexts:
            raise UnknownExpressionError(f"no context {text!r} in {self._text!r}")
        return self._property(self._contexts[text], text)

    def _called(self, name: str) -> Any:
        arguments = list[Any]()
        while not self._is(")"):
            arguments.append(self._any())
            if not self._is(","):
                self._want(")")
                break
        if name not in self._functions:
            raise UnknownExpressionError(f"no function {name!r} in {self._text!r}")
        return self._functions[name](*arguments)

    def _property(self, value: Any, path: str) -> Any:
        while sign := self._is(".", "["):
            if sign == "[":
                key = self._any()
                self._want("]")
            else:
                key = self._tokens.pop(0)[1]
            path = f"{path}.{key}"
            if not isinstance(value, Mapping) or key not in value:
                raise UnknownExpressionError(f"{path} does not exist, in {self._text!r}")
            value = value[key]
        return value
