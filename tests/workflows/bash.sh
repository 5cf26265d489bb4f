#!/bin/bash
# The program `bash` of a job. act 0.2.89 reads a step's output from a terminal, and does not read
# to its end if the step fails (pkg/container/host_environment.go, exec): the error that the step
# printed last could be missing. A failed step ends later, so that act has read everything.
# This is bash too: any other shell would drop the functions that a step exports.
BASH "$@"
code=$?
[[ $code = 0 || ! -t 1 ]] || sleep 0.5
exit $code
