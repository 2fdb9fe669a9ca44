# Words for the person who waits. Standard output is left to results, so all of this goes to standard error.

say() { printf '%s\n' "$*" >&2; }

# The machine cannot be served: one clear sentence, exit code 3.
give_up() {
  say "Verbatim cannot be set up here: $*"
  exit 3
}

# Runs a long command quietly; when it fails, shows the end of what it said.
quietly() {
  local log="$VERBATIM_ROOT/.verbatim/setup.log"
  if ! "$@" >"$log" 2>&1 </dev/null; then
    tail -n 25 "$log" >&2
    give_up "\"$1 ${2:-}\" failed; what it said is above and in $log."
  fi
}
