"""Why something could not be looked at, on one line."""

from dataclasses import replace

from components.config.problems import ConfigurationError


def reason(error: ConfigurationError) -> str:
    """All that is said, on one line: Pulumi says many a thing once for each resource."""
    return "; ".join(str(replace(problem, text=_once(problem.text))) for problem in error.problems)


def _once(text: str) -> str:
    return "; ".join(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
