"""The scripts that check whether a commit may be deployed, and find the run that built it.

Scripts hold no `${{ }}`: values come by environment, so that no branch name or input can become
code. Errors say what to do, as annotations of the run.
"""

from typing import Final

COMPARE_WITH_TESTED: Final = """
[ "$COMMIT" = "$TESTED" ] || echo "::warning title=Not the tested commit::deploying $COMMIT, tested was $TESTED"
"""

# The token is not an argument: every user of a machine can read the arguments of a process.
ASK_GITHUB: Final = """
api() { curl -fsS --retry 3 -H @- "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/$1" <<< "Authorization: Bearer $GH_TOKEN"; }
"""

# A run names its branch, but a tag or a fork's branch can have the same name. `heads/` finds only
# the branch; `identical` and `behind` mean that the branch contains the commit.
CHECK_ON_BRANCH: Final = f"""{ASK_GITHUB}\
tip=$(api "git/ref/heads/$BRANCH" | jq -r .object.sha)
case $(api "compare/$tip...$COMMIT" | jq -r .status) in
  identical) ;;
  behind) echo "::warning title=Not the newest commit::$BRANCH is at $tip by now, this is $COMMIT" ;;
  *) echo "::error title=Not on the branch::$COMMIT is no commit of $BRANCH: nothing is deployed"; exit 1 ;;
esac
"""

# The runs of this workflow have the commit at the end of their names.
CHECK_ORDER: Final = f"""{ASK_GITHUB}\
runs=$(api "actions/workflows/$WORKFLOW/runs?status=success&per_page=1")
last=$(jq -r '.workflow_runs[].display_title' <<< "$runs" | grep -oE '[0-9a-f]{{40}}$' || true)
case ${{last:+$(api "compare/$last...$TESTED" | jq -r .status)}} in
  identical | ahead | diverged) ;;
  *)
    if [ -z "$last" ]; then exit 0; fi
    echo "::warning title=Older than what is deployed::$TESTED comes before $last"
    if [ "$GITHUB_RUN_ATTEMPT" = 1 ]; then
      echo "::error title=Not deployed::if the older commit is meant, run this run again by hand"
      exit 1
    fi
    ;;
esac
"""

FIND_PRODUCER: Final = f"""{ASK_GITHUB}\
tip=$(api "git/ref/heads/$BRANCH" | jq -r .object.sha)
runs=$(api "actions/workflows/$WORKFLOW/runs?branch=$BRANCH&event=push&status=success")
while read -r id commit; do
  case $(api "compare/$tip...$commit" | jq -r .status) in
    identical | behind) run=$id && break ;;
  esac
done < <(jq -r '.workflow_runs[] | select(.head_repository.id == .repository.id)
  | "\\(.id) \\(.head_sha)"' <<< "$runs")
if [ -z "${{run:-}}" ]; then
  echo "::error title=No artifact::no push to $BRANCH has run $WORKFLOW with success: push first"
  exit 1
fi
echo "run=$run" >> "$GITHUB_OUTPUT"
"""

# The first job of production has checked that the branch contains the commit.
FIND_TEST_RUN: Final = f"""{ASK_GITHUB}\
runs=$(api "actions/workflows/$WORKFLOW/runs?head_sha=$COMMIT&event=push&status=success")
run=$(jq -r '[.workflow_runs[] | select(.head_repository.id == .repository.id).id][0] // ""' <<< "$runs")
if [ -z "$run" ]; then
  echo "::error title=Not tested::no push of $COMMIT has run $WORKFLOW with success"
  exit 1
fi
echo "run=$run" >> "$GITHUB_OUTPUT"
"""
