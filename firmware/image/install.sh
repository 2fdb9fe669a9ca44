#!/usr/bin/env bash
# Installs the built recorder as a service: programs, npm packages, user, folders, units, rule. Does again only what
# changed, so it updates too; a configuration that is there is left alone. Needs root, node and npm.
#   firmware/image/install.sh                into this machine; then: systemctl enable --now verbatim-recorder
#   firmware/image/install.sh --root DIR     into a tree that will become a machine
set -euo pipefail
case "${1:-}" in
  '') root='' ;;
  --root) root=${2:?--root wants the folder of a tree} ;;
  *) sed -n '4,5s/^# //p' "${BASH_SOURCE[0]}" >&2 && exit 64 ;;
esac
from=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
to=$root/opt/verbatim
[[ -e $from/dist/recorder.js ]] || { echo 'build first: npm run build' >&2 && exit 1; }
[[ $EUID -eq 0 ]] || { echo 'installing needs root' >&2 && exit 1; }

install -d "$to" "$root/etc/verbatim"
rm -rf "$to/dist"
cp -r "$from/dist" "$from/package.json" "$from/README.md" "$to"
if [[ ! -e $to/node_modules/.installed ]] || ! cmp -s "$from/package-lock.json" "$to/package-lock.json"; then
  cp "$from/package-lock.json" "$to"
  npm --prefix "$to" ci --omit=dev --no-audit --no-fund
  touch "$to/node_modules/.installed"
fi

grep -q '^verbatim:' "$root/etc/passwd" ||
  useradd ${root:+--root "$root"} --system --user-group --home-dir /var/lib/verbatim --shell /usr/sbin/nologin \
    --groups video,audio,dialout verbatim
# By number: this machine and the tree need not agree on the user's.
IFS=: read -r _ _ uid gid _ < <(grep '^verbatim:' "$root/etc/passwd")
[[ -e $root/etc/verbatim/recorder.json ]] ||
  install -m 640 -g "$gid" "$from/controller/wire/config.example.json" "$root/etc/verbatim/recorder.json"
# GStreamer looks through all its plug-ins at its first start, for each user anew. Five workers at once on a small
# computer would not be done before the recorder gave them up and started them again, for ever.
install -d -o "$uid" -g "$gid" "$root/var/lib/verbatim"
as_verbatim=(${root:+chroot "$root"} setpriv --reuid "$uid" --regid "$gid" --clear-groups)
"${as_verbatim[@]}" env HOME=/var/lib/verbatim gst-inspect-1.0 >/dev/null
for store in /srv/verbatim-1 /srv/verbatim-2; do
  # What is mounted there has an owner already.
  [[ -d $root$store ]] || install -d -o "$uid" -g "$gid" "$root$store"
done
install -m 644 -t "$root/etc/systemd/system" "$from"/firmware/image/*.{service,socket}
install -D -m 644 -t "$root/etc/polkit-1/rules.d" "$from/firmware/image/50-verbatim.rules"
# Says something only where a board with GPIO lines, or a panel, is.
install -D -m 644 -t "$root/etc/udev/rules.d" "$from"/firmware/image/{60-verbatim-gpio,70-verbatim-panel}.rules
if [[ -z $root ]]; then
  systemctl daemon-reload
  udevadm control --reload && udevadm trigger --subsystem-match=tty
fi
