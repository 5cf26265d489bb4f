"""Workflow files for those that ask for the same ones again, from another thread or not.

Rendering takes 50 ms a repository; what is rendered is the same for the same declaration.
"""

from collections.abc import Mapping
from threading import Lock
from types import MappingProxyType
from typing import Final

from components.documents.workflows.workflow import render_workflows
from components.model.pipeline import Pipeline

#: Repositories; a stack has about 25, and `slipway drift` looks at many stacks.
_MOST: Final = 128
_LOCK: Final = Lock()
_KEPT: Final[dict[tuple[str, str], Mapping[str, str]]] = {}


def kept_workflows(repository: str, pipeline: Pipeline) -> Mapping[str, str]:
    """As `render_workflows`; who asks while another thread renders them, waits for these."""
    key = repository, pipeline.model_dump_json()
    with _LOCK:
        if key not in _KEPT:
            if len(_KEPT) >= _MOST:
                del _KEPT[next(iter(_KEPT))]
            _KEPT[key] = MappingProxyType(render_workflows(repository, pipeline))
        return _KEPT[key]
