# Debian packages: asked for by name, installed only when missing.

RECORDER_PACKAGES=(
  ca-certificates util-linux
  # asks the disks for their health
  smartmontools
  # the native binding is compiled here
  g++ make python3 pkg-config libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev
  # capture; -x holds the text overlays of the cameras' pictures
  gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad
  gstreamer1.0-plugins-ugly gstreamer1.0-libav gstreamer1.0-alsa gstreamer1.0-x libasound2-plugins
  # the virtual courtroom
  gir1.2-gst-rtsp-server-1.0 python3-gi espeak-ng fonts-dejavu-core ffmpeg
)
TEST_PACKAGES=(
  e2fsprogs mount procps git
  # a PKCS#11 token in software
  opensc softhsm2
  # sets the recorder's clock without touching the machine's
  libfaketime
  # opens what is sealed, as a court would
  age
  # a browser runs the verifier too
  chromium
  # other brokers than the hub's own, and their clients
  mosquitto mosquitto-clients nats-server
  # a UPS: upsd, and a driver that pretends
  nut-server
  # the panel's names are given by udev itself
  udev
  # the panel's firmware is built again and compared, and run under a second simulator
  gcc make gcc-avr avr-libc libsimavr-dev libelf-dev
)
# For scripts/lab alone: a virtual machine, its disks, and what its kernel and its Debian are made with.
LAB_PACKAGES=(
  qemu-system-x86 qemu-utils nbdkit
  mmdebstrap busybox-static cpio kmod e2fsprogs dosfstools
  # for the GPIO lines, a module that Debian's kernel lacks
  linux-headers-amd64 linux-source-6.1 xz-utils
)

ensure_debian_packages() {
  local step=$1 name installed missing=()
  shift
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
    give_up 'it needs Debian 12 or newer (or an Ubuntu of 2022 or newer), with apt-get.'
  # One question for all of them keeps the second start short.
  installed=$'\n'$(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)$'\n'
  for name in "$@"; do [[ $installed == *$'\n'"installed $name"$'\n'* ]] || missing+=("$name"); done
  ((${#missing[@]})) || return 0
  require_known_release
  require_root
  say "setting up: $step, ${#missing[@]} to install: ${missing[*]}"
  quietly as_root apt-get -q update
  quietly as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "${missing[@]}"
}

require_known_release() {
  local ID='' ID_LIKE='' VERSION_ID='' PRETTY_NAME='this system'
  [[ -r /etc/os-release ]] && source /etc/os-release
  case "$ID" in
    debian) [[ ${VERSION_ID:-99} -ge 12 ]] && return ;;
    ubuntu) [[ ${VERSION_ID%%.*} -ge 22 ]] && return ;;
    *) [[ $ID_LIKE == *debian* || $ID_LIKE == *ubuntu* ]] && return ;;
  esac
  give_up "it needs Debian 12 or newer (or an Ubuntu of 2022 or newer), and this is $PRETTY_NAME."
}

require_root() {
  [[ $EUID -eq 0 ]] && return
  command -v sudo >/dev/null || give_up 'Debian packages are missing; installing them needs root or sudo.'
  # Without a terminal sudo could not ask for a password, and would wait for ever.
  [[ -t 0 ]] || sudo -n true 2>/dev/null || give_up 'Debian packages are missing, and sudo asks for a password: run it in a terminal, or as root.'
  sudo -v || give_up 'Debian packages are missing, and sudo was refused.'
}

as_root() { if [[ $EUID -eq 0 ]]; then "$@"; else sudo "$@"; fi; }
