/** The disk under the second store, on the record: what each event makes of the verdict on it. */
export const DISK_TABLE = `
good
  button-pressed rec -> good: journal:press answer:ALREADY_RECORDING
  button-pressed off -> good: journal:press close-gate*2 journal:state journal:checkpoint answer:PAUSED
  button-pressed stop -> good: journal:press close-gate*2 journal:state journal:checkpoint answer:STOPPED
  button-pressed mark -> good: journal:press journal:mark answer:MARKED
  seal-asked past -> good: journal:seal answer:SEALED
  seal-asked future -> good: answer:SEAL_INVALID
  closed-sealed -> good: answer:SEALED
  shutdown-asked -> good: close-gate*2 journal:state journal:checkpoint
  worker-adopted younger -> good: kill-worker
  worker-connected same -> good: catch-up
  worker-connected shut -> good: catch-up open-gate
  worker-connected outside -> good: catch-up open-gate
  worker-exited same -> good: journal:source salvage
  track-started -> good: journal:started
  signal-changed -> good: journal:signal
  worker-closed final -> good: open-gate
  store-left -> failed: journal:store leave-store leave-journal
  store-late -> watch: journal:store
  store-probed bad -> failed: journal:store leave-store*2 leave-journal
  disk-examined -> replace-soon: journal:disk
  journal-failed -> failed: journal:store leave-store*2 leave-journal
  signing-failed -> good: journal:signer
  self-tested -> good: journal:self-test
  quiet: tick, scrub-ended, recorder-started, worker-adopted same, worker-armed, worker-heard
  quiet: worker-exited older, fragment-stored, fragment-mirrored, level-measured, worker-closed recess
  quiet: store-joined, fragments-found, salvage-ended, store-probed ok, journal-stored, rebuild-ended ok
  quiet: rebuild-ended bad, hearing-finished, journal-signed, clock-read

watch
  button-pressed rec -> watch: journal:press answer:ALREADY_RECORDING
  button-pressed off -> watch: journal:press close-gate*2 journal:state journal:checkpoint answer:PAUSED
  button-pressed stop -> watch: journal:press close-gate*2 journal:state journal:checkpoint answer:STOPPED
  button-pressed mark -> watch: journal:press journal:mark answer:MARKED
  seal-asked past -> watch: journal:seal answer:SEALED
  seal-asked future -> watch: answer:SEAL_INVALID
  closed-sealed -> watch: answer:SEALED
  shutdown-asked -> watch: close-gate*2 journal:state journal:checkpoint
  worker-adopted younger -> watch: kill-worker
  worker-connected same -> watch: catch-up
  worker-connected shut -> watch: catch-up open-gate
  worker-connected outside -> watch: catch-up open-gate
  worker-exited same -> watch: journal:source salvage
  track-started -> watch: journal:started
  signal-changed -> watch: journal:signal
  worker-closed final -> watch: open-gate
  store-left -> failed: journal:store leave-store leave-journal
  store-late -> watch: journal:store
  store-probed bad -> failed: journal:store leave-store*2 leave-journal
  disk-examined -> replace-soon: journal:disk*2
  journal-failed -> failed: journal:store leave-store*2 leave-journal
  signing-failed -> watch: journal:signer
  self-tested -> watch: journal:self-test
  quiet: tick, scrub-ended, recorder-started, worker-adopted same, worker-armed, worker-heard
  quiet: worker-exited older, fragment-stored, fragment-mirrored, level-measured, worker-closed recess
  quiet: store-joined, fragments-found, salvage-ended, store-probed ok, journal-stored, rebuild-ended ok
  quiet: rebuild-ended bad, hearing-finished, journal-signed, clock-read

replace-soon
  button-pressed rec -> replace-soon: journal:press answer:ALREADY_RECORDING
  button-pressed off -> replace-soon: journal:press close-gate*2 journal:state journal:checkpoint answer:PAUSED
  button-pressed stop -> replace-soon: journal:press close-gate*2 journal:state journal:checkpoint answer:STOPPED
  button-pressed mark -> replace-soon: journal:press journal:mark answer:MARKED
  seal-asked past -> replace-soon: journal:seal answer:SEALED
  seal-asked future -> replace-soon: answer:SEAL_INVALID
  closed-sealed -> replace-soon: answer:SEALED
  shutdown-asked -> replace-soon: close-gate*2 journal:state journal:checkpoint
  worker-adopted younger -> replace-soon: kill-worker
  worker-connected same -> replace-soon: catch-up
  worker-connected shut -> replace-soon: catch-up open-gate
  worker-connected outside -> replace-soon: catch-up open-gate
  worker-exited same -> replace-soon: journal:source salvage
  track-started -> replace-soon: journal:started
  signal-changed -> replace-soon: journal:signal
  worker-closed final -> replace-soon: open-gate
  store-left -> failed: journal:store leave-store leave-journal
  store-late -> replace-soon: journal:store
  store-probed bad -> failed: journal:store leave-store*2 leave-journal
  disk-examined -> replace-soon: journal:disk*2
  journal-failed -> failed: journal:store leave-store*2 leave-journal
  signing-failed -> replace-soon: journal:signer
  self-tested -> replace-soon: journal:self-test
  quiet: tick, scrub-ended, recorder-started, worker-adopted same, worker-armed, worker-heard
  quiet: worker-exited older, fragment-stored, fragment-mirrored, level-measured, worker-closed recess
  quiet: store-joined, fragments-found, salvage-ended, store-probed ok, journal-stored, rebuild-ended ok
  quiet: rebuild-ended bad, hearing-finished, journal-signed, clock-read

failing
  button-pressed rec -> failing: journal:press answer:ALREADY_RECORDING
  button-pressed off -> failing: journal:press close-gate*2 journal:state journal:checkpoint answer:PAUSED
  button-pressed stop -> failing: journal:press close-gate*2 journal:state journal:checkpoint answer:STOPPED
  button-pressed mark -> failing: journal:press journal:mark answer:MARKED
  seal-asked past -> failing: journal:seal answer:SEALED
  seal-asked future -> failing: answer:SEAL_INVALID
  closed-sealed -> failing: answer:SEALED
  shutdown-asked -> failing: close-gate*2 journal:state journal:checkpoint
  worker-adopted younger -> failing: kill-worker
  worker-connected same -> failing: catch-up
  worker-connected shut -> failing: catch-up open-gate
  worker-connected outside -> failing: catch-up open-gate
  worker-exited same -> failing: journal:source salvage
  track-started -> failing: journal:started
  signal-changed -> failing: journal:signal
  worker-closed final -> failing: open-gate
  store-left -> failed: journal:store leave-store leave-journal
  store-late -> failing: journal:store
  store-probed bad -> failed: journal:store leave-store*2 leave-journal
  disk-examined -> replace-soon: journal:disk*2
  journal-failed -> failed: journal:store leave-store*2 leave-journal
  signing-failed -> failing: journal:signer
  self-tested -> failing: journal:self-test
  quiet: tick, scrub-ended, recorder-started, worker-adopted same, worker-armed, worker-heard
  quiet: worker-exited older, fragment-stored, fragment-mirrored, level-measured, worker-closed recess
  quiet: store-joined, fragments-found, salvage-ended, store-probed ok, journal-stored, rebuild-ended ok
  quiet: rebuild-ended bad, hearing-finished, journal-signed, clock-read

failed
  button-pressed rec -> failed: journal:press answer:ALREADY_RECORDING
  button-pressed off -> failed: journal:press close-gate*2 journal:state journal:checkpoint answer:PAUSED
  button-pressed stop -> failed: journal:press close-gate*2 journal:state journal:checkpoint answer:STOPPED
  button-pressed mark -> failed: journal:press journal:mark answer:MARKED
  seal-asked past -> failed: journal:seal answer:SEALED
  seal-asked future -> failed: answer:SEAL_INVALID
  closed-sealed -> failed: answer:SEALED
  shutdown-asked -> failed: close-gate*2 journal:state journal:checkpoint
  worker-adopted younger -> failed: kill-worker
  worker-connected same -> failed: catch-up
  worker-connected shut -> failed: catch-up open-gate
  worker-connected outside -> failed: catch-up open-gate
  worker-exited same -> failed: journal:source salvage
  track-started -> failed: journal:started
  signal-changed -> failed: journal:signal
  worker-closed final -> failed: open-gate
  disk-examined -> failed: journal:disk
  signing-failed -> failed: journal:signer
  self-tested -> failed: journal:self-test
  quiet: tick, scrub-ended, recorder-started, worker-adopted same, worker-armed, worker-heard
  quiet: worker-exited older, fragment-stored, fragment-mirrored, level-measured, worker-closed recess
  quiet: store-left, store-late, store-joined, fragments-found, salvage-ended, store-probed ok, store-probed bad
  quiet: journal-stored, journal-failed, rebuild-ended ok, rebuild-ended bad, hearing-finished, journal-signed
  quiet: clock-read
`
