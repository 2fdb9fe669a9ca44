# npm packages and the bundled programs: only when something changed.

ensure_npm_packages() {
  local stamp="$VERBATIM_ROOT/.verbatim/npm.stamp" want headers
  # The native binding belongs to one Node ABI; another Node needs it built again.
  want="$(sha256sum <"$VERBATIM_ROOT/package-lock.json" | cut -c1-64) $(node -p 'process.versions.modules + process.arch')"
  [[ -d $VERBATIM_ROOT/node_modules && $(cat "$stamp" 2>/dev/null) == "$want" ]] && return 0
  say 'setting up: npm packages, with the native binding compiled (3/4)'
  rm -f "$stamp"
  headers=${npm_config_nodedir:-$(node_headers)}
  quietly env ${headers:+"npm_config_nodedir=$headers"} \
    npm --prefix "$VERBATIM_ROOT" ci --include=dev --no-audit --no-fund
  printf '%s\n' "$want" >"$stamp"
}

ensure_built() {
  local stamp="$VERBATIM_ROOT/dist/.built" changed
  if [[ -e $stamp ]]; then
    # Folders too: their time changes when a file in them is removed.
    changed=$(cd "$VERBATIM_ROOT" &&
      find controller scripts/build.mjs package-lock.json .verbatim/npm.stamp -newer "$stamp" -print -quit)
    [[ -z $changed ]] && return 0
  fi
  say 'setting up: building the programs (4/4)'
  mkdir -p "$VERBATIM_ROOT/dist"
  # Stamped with the time before the build: a file saved meanwhile is built next time.
  touch "$stamp.new"
  quietly npm --prefix "$VERBATIM_ROOT" run build
  mv "$stamp.new" "$stamp"
}
