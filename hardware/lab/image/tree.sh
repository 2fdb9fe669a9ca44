#!/usr/bin/env bash
# tree.sh FOLDER: Debian 12 as a folder, FOLDER/tree, with what the recorder needs to run.
set -euo pipefail
tree=$1/tree
packages=$(grep -v '^#' "$(dirname "$0")/packages.txt" | paste -sd,)
mirror=http://deb.debian.org
rm -rf "$tree"
mmdebstrap --mode=root --variant=minbase --format=directory --include="$packages" \
  --aptopt='Apt::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt=force-unsafe-io \
  bookworm "$tree" "deb $mirror/debian bookworm main" "deb $mirror/debian bookworm-updates main" \
  "deb $mirror/debian-security bookworm-security main"
rm -rf "$tree"/var/cache/apt/* "$tree"/var/lib/apt/lists/*
# GStreamer looks through its plug-ins once for each user; in emulation that takes long.
chroot "$tree" env HOME=/root gst-inspect-1.0 >/dev/null
