# The lab's machine as files: Debian's kernel, an initrd, and a root disk with the recorder installed on it.
# Each step looks first: a change of the recorder costs ten seconds, the first time takes two minutes.

# build_lab FOLDER: leaves FOLDER/vmlinuz, FOLDER/initrd.img and FOLDER/root.img.
build_lab() {
  local folder=$1 source=$VERBATIM_ROOT/hardware/lab release
  release=$(dpkg-query -W -f='${Depends}' linux-headers-amd64 | grep -o '[0-9][^ ,]*amd64' | head -n 1)
  lab_step 'Debian for the machine (1/3)' "$folder" tree "$source"/image/{tree.sh,packages.txt}
  lab_step "its kernel $release, with GPIO lines (2/3)" "$folder" kernel "$source"/image/{kernel.sh,modules.txt,init} "$release"
  lab_step 'the recorder on its disk (3/3)' "$folder" root "$source"/image/{root.sh,tones.ts} "$source/guest" \
    "$folder"/{tree,kernel}.done "$VERBATIM_ROOT"/{dist,firmware/image,package-lock.json}
}

# lab_step WHAT FOLDER STEP INPUT...: runs STEP.sh unless it was run with these very inputs: files, folders or words.
# A process of its own, so that the first command that fails ends it.
lab_step() {
  local what=$1 folder=$2 step=$3 want
  want=$(inputs_hash "${@:4}")
  [[ $(cat "$folder/$step.done" 2>/dev/null) == "$want" ]] && return
  say "lab: $what"
  rm -f "$folder/$step.done"
  quietly "$VERBATIM_ROOT/hardware/lab/image/$step.sh" "$folder" "${!#}"
  echo "$want" >"$folder/$step.done"
}

inputs_hash() {
  local input
  for input in "$@"; do
    if [[ -e $input ]]; then find "$input" -type f ! -name .built -print0 | sort -z | xargs -0 sha256sum; else echo "$input"; fi
  done | sha256sum
}
