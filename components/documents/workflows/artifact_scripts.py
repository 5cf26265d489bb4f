"""The step that downloads an artifact of another run of the repository.

An Enterprise Server has artifacts of the third version only (README of actions/upload-artifact and
of actions/download-artifact), and that version of the action cannot download from another run.
There a script asks the REST API.
"""

from typing import Final

from components.documents.workflows.actions import action
from components.documents.workflows.commit_scripts import ASK_GITHUB
from components.documents.workflows.steps import RenderedStep
from components.model.pipeline import Pipeline

_TOKEN: Final = "${{ github.token }}"  # noqa: S105 - an expression
# GitHub redirects to the store of artifacts; curl sends the token to the first host only.
_DOWNLOAD: Final = f"""{ASK_GITHUB}\
found=$(api "actions/runs/$RUN/artifacts?per_page=100")
id=$(jq -r --arg name "$ARTIFACT" '[.artifacts[] | select(.name == $name and (.expired | not)).id][0] // ""' <<< "$found")
if [ -z "$id" ]; then
  echo "::error title=No artifact::run $RUN has no artifact $ARTIFACT, or no longer: run it again"
  exit 1
fi
zip="$RUNNER_TEMP/artifact-$id.zip"
curl -fsSL --retry 3 -o "$zip" -H @- "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/actions/artifacts/$id/zip" <<< "Authorization: Bearer $GH_TOKEN"
unzip -oq "$zip" -d "$FOLDER"
"""


def download(title: str, artifact: str, run: str, folder: str, pipeline: Pipeline) -> RenderedStep:
    """Download an artifact of another run into a folder.

    Args:
        title: name of the step.
        artifact: name of the artifact.
        run: id of the run, as an expression.
        folder: path from the root of the checkout.
        pipeline: the resolved declaration.
    """
    if pipeline.on_server:
        env = {"RUN": run, "ARTIFACT": artifact, "FOLDER": folder, "GH_TOKEN": _TOKEN}
        return RenderedStep(name=title, env=env, run=_DOWNLOAD)
    return RenderedStep(
        name=title,
        uses=action("actions/download-artifact", pipeline),
        inputs={"name": artifact, "path": folder, "run-id": run, "github-token": _TOKEN},
    )
