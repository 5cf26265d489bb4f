from pathlib import Path

from tests.e2e.backends.elsewhere import assert_stands_a_kill, elsewhere
from tests.e2e.backends.postgres import running_postgres
from tests.e2e.conftest import new_project, running_world


def test_a_state_in_postgresql(tmp_path: Path) -> None:
    """`slipway init`, `up`, a refused second run, a kill and its repair: as with local files."""
    with running_postgres() as server, running_world(tmp_path, checkpoints=True) as world:
        world.environment |= server.environment
        small = elsewhere(new_project(world, tmp_path), server.files)
        assert_stands_a_kill(small)
        assert f"states/.pulumi/stacks/slipway/{small.name}.json" in server.files()
        assert world.control("GET", "requests")["unserved"] == []
