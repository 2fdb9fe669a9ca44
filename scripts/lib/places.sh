# Where the demonstration keeps things. One function for scripts/start and scripts/verbatim, so that they always agree.

# VERBATIM_HOME: stores, settings, logs. VERBATIM_RUNTIME: sockets.
find_places() {
  # Absolute, as the configuration asks for.
  VERBATIM_HOME=$(realpath -ms -- "${VERBATIM_HOME:-$VERBATIM_ROOT/.verbatim}")
  export VERBATIM_HOME
  if [[ -n ${VERBATIM_RUNTIME:-} ]]; then
    VERBATIM_RUNTIME=$(realpath -ms -- "$VERBATIM_RUNTIME")
    export VERBATIM_RUNTIME
    return
  fi
  VERBATIM_RUNTIME=$VERBATIM_HOME/run
  # A Unix socket's path holds at most 107 bytes, and a worker's socket has a long name of its own.
  if ((${#VERBATIM_RUNTIME} > 50)); then
    local id
    id=$(printf '%s' "$VERBATIM_HOME" | sha256sum | cut -c1-10)
    VERBATIM_RUNTIME=${XDG_RUNTIME_DIR:-/tmp}/verbatim-$id
  fi
  export VERBATIM_RUNTIME
}
