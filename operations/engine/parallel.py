"""How many resources Pulumi handles at a time in the runs that slipway starts.

Most of a first run's seconds are waits, as the GitHub provider sleeps a second after each variable
and secret, and Pulumi's default is four for each core. GitHub refuses more than 100 requests at
once (docs.github.com: rate limits for the REST API), so four such runs of one token stay below it.
A provider without `parallelRequests` sends one request at a time, however many resources wait.
"""

from typing import Final

#: Pulumi's default, which its option `--parallel` and `PULUMI_OPTION_PARALLEL` override.
VARIABLE: Final = "PULUMI_PARALLEL"
#: The value where the user has none.
AT_A_TIME: Final = "24"
