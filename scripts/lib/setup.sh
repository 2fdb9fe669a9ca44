# All the set-up a bare Debian 12 needs, sourced by the scripts beside it: packages, Node, npm packages, build.
# Every step looks first and does only what is missing, so a second start takes a second.

VERBATIM_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export VERBATIM_ROOT
source "$VERBATIM_ROOT/scripts/lib/say.sh"
source "$VERBATIM_ROOT/scripts/lib/debian.sh"
source "$VERBATIM_ROOT/scripts/lib/node.sh"
source "$VERBATIM_ROOT/scripts/lib/built.sh"
source "$VERBATIM_ROOT/scripts/lib/places.sh"

# set_up [--for-tests]
set_up() {
  local own="$VERBATIM_ROOT/.verbatim"
  mkdir -p "$own" 2>/dev/null && [[ -w $own && (! -e $own/setup.lock || -w $own/setup.lock) ]] ||
    give_up "$own cannot be written by $(id -un 2>/dev/null || id -u); was it set up by another user?"
  # Two starts at once must not install over each other; children must not inherit the lock and keep it.
  exec 9>"$own/setup.lock"
  flock -n 9 || { say 'setting up: another start is at it, waiting'; flock 9; }
  ensure_debian_packages 'Debian packages (1/4)' "${RECORDER_PACKAGES[@]}"
  if [[ ${1:-} == --for-tests ]]; then ensure_debian_packages 'Debian packages for tests (1/4)' "${TEST_PACKAGES[@]}"; fi
  ensure_node
  ensure_npm_packages
  ensure_built
  exec 9>&-
}
