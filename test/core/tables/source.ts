/** A camera on the record: what each event makes of each state of its source. */
export const SOURCE_TABLE = `
off
  button-pressed rec -> off: journal:press answer:ALREADY_RECORDING
  button-pressed off -> off: journal:press close-gate journal:state journal:checkpoint answer:PAUSED
  button-pressed stop -> off: journal:press close-gate journal:state journal:checkpoint answer:STOPPED
  button-pressed mark -> off: journal:press journal:mark answer:MARKED
  panel-changed -> off: journal:panel
  seal-asked past -> off: journal:seal answer:SEALED
  seal-asked future -> off: answer:SEAL_INVALID
  closed-sealed -> off: answer:SEALED
  scrub-ended bad -> off: .
  scrub-ended stopped -> off: .
  scrub-remembered -> off: .
  ends-unsigned -> off: .
  shutdown-asked -> off: close-gate journal:state journal:checkpoint
  worker-adopted same -> live: journal:source catch-up
  worker-adopted younger -> live: journal:source catch-up
  store-left -> off: journal:store leave-store leave-journal
  store-late -> off: journal:store
  store-probed bad -> off: journal:store leave-store leave-journal
  journal-failed -> off: journal:store leave-store leave-journal
  signing-failed -> off: journal:signer
  self-tested -> off: journal:self-test
  disk-examined -> off: journal:disk
  board-lost -> off: journal:watch
  ups-lost -> off: journal:watch
  self-test-asked -> off: answer:HEARING_OPEN
  settings-changed -> off: journal:configuration
  quiet: tick, recorder-started, worker-connected same, worker-connected shut, worker-connected outside, worker-armed, worker-heard, worker-exited same
  quiet: worker-exited older, track-started, fragment-stored, fragment-mirrored, level-measured, signal-changed
  quiet: worker-closed final, worker-closed recess, store-joined, fragments-found, salvage-ended, store-probed ok
  quiet: journal-stored, rebuild-ended ok, rebuild-ended bad, hearing-finished, clock-read, witness-heard, hub-heard, journal-signed
  quiet: board-found, line-changed, ups-heard

starting
  button-pressed rec -> starting: journal:press answer:ALREADY_RECORDING
  button-pressed off -> starting: journal:press close-gate journal:state journal:checkpoint answer:PAUSED
  button-pressed stop -> starting: journal:press close-gate journal:state journal:checkpoint answer:STOPPED
  button-pressed mark -> starting: journal:press journal:mark answer:MARKED
  panel-changed -> starting: journal:panel
  seal-asked past -> starting: journal:seal answer:SEALED
  seal-asked future -> starting: answer:SEAL_INVALID
  closed-sealed -> starting: answer:SEALED
  scrub-ended bad -> starting: .
  scrub-ended stopped -> starting: .
  scrub-remembered -> starting: .
  ends-unsigned -> starting: .
  shutdown-asked -> starting: close-gate journal:state journal:checkpoint
  worker-adopted same -> live: journal:source open-gate
  worker-adopted younger -> starting: kill-worker
  worker-armed -> live: journal:source open-gate
  worker-exited same -> waiting: journal:source
  signal-changed -> starting: journal:signal
  store-left -> starting: journal:store leave-store leave-journal
  store-late -> starting: journal:store
  store-probed bad -> starting: journal:store leave-store leave-journal
  journal-failed -> starting: journal:store leave-store leave-journal
  signing-failed -> starting: journal:signer
  self-tested -> starting: journal:self-test
  disk-examined -> starting: journal:disk
  board-lost -> starting: journal:watch
  ups-lost -> starting: journal:watch
  self-test-asked -> starting: answer:HEARING_OPEN
  settings-changed -> starting: journal:configuration
  quiet: tick, recorder-started, worker-connected same, worker-connected shut, worker-connected outside, worker-heard, worker-exited older, track-started, fragment-stored
  quiet: fragment-mirrored, level-measured, worker-closed final, worker-closed recess, store-joined, fragments-found
  quiet: salvage-ended, store-probed ok, journal-stored, rebuild-ended ok, rebuild-ended bad, hearing-finished
  quiet: clock-read, witness-heard, hub-heard, journal-signed
  quiet: board-found, line-changed, ups-heard

live
  button-pressed rec -> live: journal:press answer:ALREADY_RECORDING
  button-pressed off -> live: journal:press close-gate*2 journal:state journal:checkpoint answer:PAUSED
  button-pressed stop -> live: journal:press close-gate*2 journal:state journal:checkpoint answer:STOPPED
  button-pressed mark -> live: journal:press journal:mark answer:MARKED
  panel-changed -> live: journal:panel
  seal-asked past -> live: journal:seal answer:SEALED
  seal-asked future -> live: answer:SEAL_INVALID
  closed-sealed -> live: answer:SEALED
  scrub-ended bad -> live: .
  scrub-ended stopped -> live: .
  scrub-remembered -> live: .
  ends-unsigned -> live: .
  shutdown-asked -> live: close-gate*2 journal:state journal:checkpoint
  worker-adopted younger -> live: kill-worker
  worker-connected same -> live: catch-up
  worker-connected shut -> live: catch-up open-gate
  worker-connected outside -> live: catch-up open-gate
  worker-exited same -> waiting: journal:source salvage
  track-started -> live: journal:started
  signal-changed -> live: journal:signal
  worker-closed final -> live: open-gate
  store-left -> live: journal:store leave-store leave-journal
  store-late -> live: journal:store
  store-probed bad -> live: journal:store leave-store*2 leave-journal
  journal-failed -> live: journal:store leave-store*2 leave-journal
  signing-failed -> live: journal:signer
  self-tested -> live: journal:self-test
  disk-examined -> live: journal:disk
  board-lost -> live: journal:watch
  ups-lost -> live: journal:watch
  self-test-asked -> live: answer:HEARING_OPEN
  settings-changed -> live: journal:configuration
  quiet: tick, recorder-started, worker-adopted same, worker-armed, worker-heard, worker-exited older
  quiet: fragment-stored, fragment-mirrored, level-measured, worker-closed recess, store-joined, fragments-found
  quiet: salvage-ended, store-probed ok, journal-stored, rebuild-ended ok, rebuild-ended bad, hearing-finished
  quiet: clock-read, witness-heard, hub-heard, journal-signed
  quiet: board-found, line-changed, ups-heard

waiting
  button-pressed rec -> waiting: journal:press answer:ALREADY_RECORDING
  button-pressed off -> waiting: journal:press close-gate journal:state journal:checkpoint answer:PAUSED
  button-pressed stop -> waiting: journal:press close-gate journal:state journal:checkpoint answer:STOPPED
  button-pressed mark -> waiting: journal:press journal:mark answer:MARKED
  panel-changed -> waiting: journal:panel
  seal-asked past -> waiting: journal:seal answer:SEALED
  seal-asked future -> waiting: answer:SEAL_INVALID
  closed-sealed -> waiting: answer:SEALED
  scrub-ended bad -> waiting: .
  scrub-ended stopped -> waiting: .
  scrub-remembered -> waiting: .
  ends-unsigned -> waiting: .
  shutdown-asked -> waiting: close-gate journal:state journal:checkpoint
  worker-adopted same -> live: journal:source catch-up
  worker-adopted younger -> live: journal:source catch-up
  store-left -> waiting: journal:store leave-store leave-journal
  store-late -> waiting: journal:store
  store-probed bad -> waiting: journal:store leave-store leave-journal
  journal-failed -> waiting: journal:store leave-store leave-journal
  signing-failed -> waiting: journal:signer
  self-tested -> waiting: journal:self-test
  disk-examined -> waiting: journal:disk
  board-lost -> waiting: journal:watch
  ups-lost -> waiting: journal:watch
  self-test-asked -> waiting: answer:HEARING_OPEN
  settings-changed -> waiting: journal:configuration
  quiet: tick, recorder-started, worker-connected same, worker-connected shut, worker-connected outside, worker-armed, worker-heard, worker-exited same
  quiet: worker-exited older, track-started, fragment-stored, fragment-mirrored, level-measured, signal-changed
  quiet: worker-closed final, worker-closed recess, store-joined, fragments-found, salvage-ended, store-probed ok
  quiet: journal-stored, rebuild-ended ok, rebuild-ended bad, hearing-finished, clock-read, witness-heard, hub-heard, journal-signed
  quiet: board-found, line-changed, ups-heard

ending
  button-pressed rec -> ending: journal:press answer:ALREADY_RECORDING
  button-pressed off -> ending: journal:press close-gate journal:state journal:checkpoint answer:PAUSED
  button-pressed stop -> ending: journal:press close-gate journal:state journal:checkpoint answer:STOPPED
  button-pressed mark -> ending: journal:press journal:mark answer:MARKED
  panel-changed -> ending: journal:panel
  seal-asked past -> ending: journal:seal answer:SEALED
  seal-asked future -> ending: answer:SEAL_INVALID
  closed-sealed -> ending: answer:SEALED
  scrub-ended bad -> ending: .
  scrub-ended stopped -> ending: .
  scrub-remembered -> ending: .
  ends-unsigned -> ending: .
  shutdown-asked -> ending: close-gate journal:state journal:checkpoint
  worker-adopted younger -> ending: kill-worker
  worker-exited same -> off: journal:source
  store-left -> ending: journal:store leave-store leave-journal
  store-late -> ending: journal:store
  store-probed bad -> ending: journal:store leave-store leave-journal
  journal-failed -> ending: journal:store leave-store leave-journal
  signing-failed -> ending: journal:signer
  self-tested -> ending: journal:self-test
  disk-examined -> ending: journal:disk
  board-lost -> ending: journal:watch
  ups-lost -> ending: journal:watch
  self-test-asked -> ending: answer:HEARING_OPEN
  settings-changed -> ending: journal:configuration
  quiet: tick, recorder-started, worker-adopted same, worker-connected same, worker-connected shut, worker-connected outside, worker-armed, worker-heard
  quiet: worker-exited older, track-started, fragment-stored, fragment-mirrored, level-measured, signal-changed
  quiet: worker-closed final, worker-closed recess, store-joined, fragments-found, salvage-ended, store-probed ok
  quiet: journal-stored, rebuild-ended ok, rebuild-ended bad, hearing-finished, clock-read, witness-heard, hub-heard, journal-signed
  quiet: board-found, line-changed, ups-heard
`
