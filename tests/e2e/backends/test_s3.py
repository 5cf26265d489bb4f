from pathlib import Path

from tests.e2e.backends.bucket import new_bucket
from tests.e2e.backends.elsewhere import assert_stands_a_kill, elsewhere
from tests.e2e.conftest import new_project, running_world


def test_a_state_in_s3(tmp_path: Path) -> None:
    """`slipway init`, `up`, a refused second run, a kill and its repair: as with local files."""
    with running_world(tmp_path, checkpoints=True) as world:
        bucket = new_bucket(world.record.aws_url, "states")
        world.environment |= bucket.environment
        small = elsewhere(new_project(world, tmp_path), bucket.files)
        assert_stands_a_kill(small)
        assert f".pulumi/stacks/slipway/{small.name}.json" in bucket.files()
        assert world.control("GET", "requests")["unserved"] == []
