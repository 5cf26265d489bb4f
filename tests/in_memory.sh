#!/bin/sh
# Run a command whose temporary files are in memory, and remove them at its end.
#
# The tests write and remove some hundred thousand small files: in memory they take a sixth less time
# than on a disk. Without a file system in memory that has 6 GiB left and executes programs, the
# files are where TMPDIR says.
place=${TMPDIR:-/tmp}
memory=/dev/shm
if [ -w "$memory" ] && [ "$(df -Pk "$memory" | awk 'NR == 2 {print $4}')" -gt 6291456 ]; then
  probe=$(mktemp "$memory/slipway-probe.XXXXXX") && printf '#!/bin/sh\n' >"$probe" && chmod +x "$probe"
  if "$probe" 2>/dev/null; then
    place=$memory
  fi
  rm -f "$probe"
fi
folder=$(mktemp -d "$place/slipway-tests.XXXXXX") || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' HUP INT TERM
TMPDIR=$folder "$@"
