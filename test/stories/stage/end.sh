#!/usr/bin/env bash
# Ends a stage: thaws its disks, kills every process whose command line names its folder, unmounts, and removes it.
# With `--when-orphaned` it first waits until the story behind its standard input is gone, however that ended.
#   STAGE=/tmp/verbatim-story-XXXXXX end.sh [--when-orphaned]
set -u
[[ $STAGE == */verbatim-story-* ]] || exit 64
if [[ ${1:-} == --when-orphaned ]]; then cat >/dev/null; fi
[[ -d $STAGE ]] || exit 0

mounts() { awk -v dir="$STAGE/" 'index($5, dir) == 1 { print $5 }' /proc/self/mountinfo; }

for point in $(mounts); do fsfreeze --unfreeze "$point" 2>/dev/null; done
# Twice: a recorder may have started a worker between the look and the kill.
for _ in 1 2; do
  for process in /proc/[0-9]*; do
    if tr '\0' ' ' <"$process/cmdline" | grep -qF " $STAGE/"; then kill -KILL "${process#/proc/}"; fi
  done 2>/dev/null
  sleep 0.2
done
for point in $(mounts); do umount "$point" 2>/dev/null || umount --lazy "$point"; done
for image in "$STAGE"/*.img; do
  [[ -e $image ]] || continue
  for device in $(losetup --associated "$image" --noheadings --output NAME); do losetup --detach "$device"; done
done
rm -rf "$STAGE"
