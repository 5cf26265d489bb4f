import re

import pytest

from operations.terminal.output import PROJECT


@pytest.mark.parametrize("lock", ["requirements.lock", "tests/mutants/requirements.lock"])
def test_every_package_is_pinned_by_hash(lock: str) -> None:
    """A lock names one version of each package and its hashes, and the address of no index."""
    text = (PROJECT / lock).read_text(encoding="utf-8")
    packages = re.split(r"\n(?=[a-z])", text.strip())
    assert len(packages) > 10
    for package in packages:
        assert re.match(r"[\w.-]+(\[\w+\])?==\S+ ", package), package
        assert "--hash=sha256:" in package, package
    assert "://" not in text
