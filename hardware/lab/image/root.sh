#!/usr/bin/env bash
# root.sh FOLDER: the tree with the recorder installed, as the disk FOLDER/root.img.
set -euo pipefail
folder=$1
tree=$folder/tree
lab=$(cd "$(dirname "$0")/.." && pwd)
verbatim=$(cd "$lab/../.." && pwd)

rm -rf "$tree/usr/lib/modules"
cp -a "$folder/modules/." "$tree/"
# Debian 12 has Node 18 only: the machine gets the one that runs this.
install -m 755 "$(readlink -f "$(command -v node)")" "$tree/usr/bin/node"
"$verbatim/firmware/image/install.sh" --root "$tree"

cp -r "$lab/guest/." "$tree/"
chown -R root:root "$tree"/etc/{modules-load.d,modprobe.d,systemd,fstab} "$tree/usr/local"
chown "root:$(sed -n 's/^verbatim:x:\([0-9]*\):.*/\1/p' "$tree/etc/group")" "$tree/etc/verbatim/recorder.json"
chmod 640 "$tree/etc/verbatim/recorder.json"
chmod 755 "$tree"/usr/local/sbin/*
node --import "$verbatim/node_modules/tsx/dist/esm/index.mjs" "$lab/image/tones.ts" >"$tree/usr/local/share/tones.raw"
echo courtroom >"$tree/etc/hostname"
# Empty, not missing: the machine makes one at each first boot, and does not enable units of its own accord.
: >"$tree/etc/machine-id"
systemctl --root "$tree" enable --quiet verbatim-recorder.service lab-hardware.service lab-microphones.service
# None of these has a place in a machine that lives for minutes.
systemctl --root "$tree" mask --quiet apt-daily.timer apt-daily-upgrade.timer fstrim.timer e2scrub_all.timer \
  e2scrub_reap.service dpkg-db-backup.timer smartmontools.service getty@tty1.service serial-getty@ttyS0.service \
  systemd-pstore.service systemd-networkd.service

rm -f "$folder/root.img"
truncate -s 2500M "$folder/root.img"
mke2fs -q -t ext4 -L lab-root -E lazy_itable_init=0 -d "$tree" "$folder/root.img"
