#!/usr/bin/env bash
# kernel.sh FOLDER RELEASE: Debian's kernel as FOLDER/vmlinuz and FOLDER/initrd.img, its modules in FOLDER/modules.
set -euo pipefail
folder=$1 release=$2
source=$(cd "$(dirname "$0")" && pwd)
scratch=$folder/scratch
unpacked=$scratch/unpacked
from=$unpacked/lib/modules/$release
rm -rf "$scratch" "$folder/modules"
mkdir -p "$unpacked" "$folder/modules"

# Files of modules and of those they need, those first. None for what is built in.
files_of() {
  local module
  for module in "$@"; do
    modprobe -d "$unpacked" -S "$release" --show-depends "$module" |
      sed -n "s|^insmod .*/lib/modules/$release/\([^ ]*\).*|\1|p"
  done | awk '!seen[$0]++'
}

# Real GPIO lines: the kernel's own gpio-sim, which Debian leaves out of its kernel, built as a module for it.
build_gpio_sim() {
  local at=$scratch/gpio-sim
  mkdir "$at"
  tar -xf "/usr/src/linux-source-$(cut -d. -f1,2 <<<"$release").tar.xz" -C "$at" --strip-components=1 --wildcards \
    '*/drivers/gpio/gpio-sim.c' '*/drivers/gpio/gpiolib.h' '*/kernel/irq/irq_sim.c'
  mv "$at/drivers/gpio/gpio-sim.c" "$at/gpio-sim-main.c"
  mv "$at/drivers/gpio/gpiolib.h" "$at/kernel/irq/irq_sim.c" "$at"
  # Both in one module, so nothing needs to be exported; the one function that modules may not call has an equal that
  # they may.
  sed -i '/EXPORT_SYMBOL_GPL/d' "$at/irq_sim.c"
  sed -i "$at/irq_sim.c" \
    -e 's/irqnum = irq_find_mapping(work_ctx->domain, offset);/(void)irqnum;/' \
    -e 's/handle_simple_irq(irq_to_desc(irqnum));/generic_handle_domain_irq(work_ctx->domain, offset);/'
  printf '%s\n' 'obj-m := gpio-sim.o' 'gpio-sim-y := gpio-sim-main.o irq_sim.o' 'ccflags-y += -DCONFIG_IRQ_SIM=1' \
    >"$at/Kbuild"
  make -C "/usr/src/linux-headers-$release" "M=$at" modules
  strip --strip-debug "$at/gpio-sim.ko"
}

(cd "$scratch" && apt-get download "linux-image-$release" && dpkg-deb -x linux-image-*.deb "$unpacked")
cp "$unpacked/boot/vmlinuz-$release" "$folder/vmlinuz"
depmod -b "$unpacked" "$release"

to=$folder/modules/usr/lib/modules/$release
mkdir -p "$to/extra"
cp "$from"/modules.{builtin,builtin.modinfo,order} "$to"
# shellcheck disable=SC2046 # a list of words
files_of $(grep -v '^#' "$source/modules.txt") | (cd "$from" && cpio --quiet -pdm "$to")
build_gpio_sim
cp "$scratch/gpio-sim/gpio-sim.ko" "$to/extra"
ln -s usr/lib "$folder/modules/lib"
depmod -b "$folder/modules" "$release"
rm "$folder/modules/lib"

initrd=$scratch/initrd
mkdir -p "$initrd"/{bin,dev,proc,sys,root,modules}
cp /bin/busybox "$initrd/bin/busybox"
ln -s busybox "$initrd/bin/sh"
install -m 755 "$source/init" "$initrd/init"
files_of virtio_pci virtio_scsi sd_mod crc32c_generic ext4 | while read -r module; do
  cp "$from/$module" "$initrd/modules"
  echo "/modules/$(basename "$module")" >>"$initrd/modules/order"
done
(cd "$initrd" && find . | cpio --quiet -o -H newc) >"$folder/initrd.img"
rm -rf "$scratch"
