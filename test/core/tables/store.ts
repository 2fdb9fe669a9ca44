/** The second store on the record: what each event makes of each state of it. */
export const STORE_TABLE = `
unknown
  button-pressed rec -> unknown: journal:press answer:ALREADY_RECORDING
  button-pressed off -> unknown: journal:press close-gate*2 journal:state journal:checkpoint answer:PAUSED
  button-pressed stop -> unknown: journal:press close-gate*2 journal:state journal:checkpoint answer:STOPPED
  button-pressed mark -> unknown: journal:press journal:mark answer:MARKED
  panel-changed -> unknown: journal:panel
  seal-asked past -> unknown: journal:seal answer:SEALED
  seal-asked future -> unknown: answer:SEAL_INVALID
  closed-sealed -> unknown: answer:SEALED
  scrub-ended bad -> unknown: .
  scrub-ended stopped -> unknown: .
  scrub-remembered -> unknown: .
  ends-unsigned -> unknown: .
  shutdown-asked -> unknown: close-gate*2 journal:state journal:checkpoint
  worker-adopted younger -> unknown: kill-worker
  worker-connected same -> unknown: catch-up
  worker-connected shut -> unknown: catch-up open-gate
  worker-connected outside -> unknown: catch-up open-gate
  worker-exited same -> unknown: journal:source salvage
  track-started -> unknown: journal:started
  signal-changed -> unknown: journal:signal
  worker-closed final -> unknown: open-gate
  store-left -> failed: journal:store leave-store leave-journal
  store-late -> late incomplete: journal:store
  store-probed ok -> rebuilding: journal:store*2 rebuild-store
  store-probed bad -> failed: journal:store leave-store*2 leave-journal
  journal-failed -> failed: journal:store leave-store*2 leave-journal
  signing-failed -> unknown: journal:signer
  self-tested -> unknown: journal:self-test
  disk-examined -> unknown: journal:disk
  board-lost -> unknown: journal:watch
  ups-lost -> unknown: journal:watch
  self-test-asked -> unknown: answer:HEARING_OPEN
  settings-changed -> unknown: journal:configuration
  quiet: tick, recorder-started, worker-adopted same, worker-armed, worker-heard, worker-exited older
  quiet: fragment-stored, fragment-mirrored, level-measured, worker-closed recess, store-joined, fragments-found
  quiet: salvage-ended, journal-stored, rebuild-ended ok, rebuild-ended bad, hearing-finished, clock-read, witness-heard, hub-heard, journal-signed
  quiet: board-found, line-changed, ups-heard

good
  button-pressed rec -> good: journal:press answer:ALREADY_RECORDING
  button-pressed off -> good: journal:press close-gate*2 journal:state journal:checkpoint answer:PAUSED
  button-pressed stop -> good: journal:press close-gate*2 journal:state journal:checkpoint answer:STOPPED
  button-pressed mark -> good: journal:press journal:mark answer:MARKED
  panel-changed -> good: journal:panel
  seal-asked past -> good: journal:seal answer:SEALED
  seal-asked future -> good: answer:SEAL_INVALID
  closed-sealed -> good: answer:SEALED
  scrub-ended bad -> good: .
  scrub-ended stopped -> good: .
  scrub-remembered -> good: .
  ends-unsigned -> good: .
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
  store-late -> late: journal:store
  store-probed bad -> failed: journal:store leave-store*2 leave-journal
  journal-failed -> failed: journal:store leave-store*2 leave-journal
  signing-failed -> good: journal:signer
  self-tested -> good: journal:self-test
  disk-examined -> good: journal:disk
  board-lost -> good: journal:watch
  ups-lost -> good: journal:watch
  self-test-asked -> good: answer:HEARING_OPEN
  settings-changed -> good: journal:configuration
  quiet: tick, recorder-started, worker-adopted same, worker-armed, worker-heard, worker-exited older
  quiet: fragment-stored, fragment-mirrored, level-measured, worker-closed recess, store-joined, fragments-found
  quiet: salvage-ended, store-probed ok, journal-stored, rebuild-ended ok, rebuild-ended bad, hearing-finished
  quiet: clock-read, witness-heard, hub-heard, journal-signed
  quiet: board-found, line-changed, ups-heard

good incomplete
  button-pressed rec -> good incomplete: journal:press answer:ALREADY_RECORDING
  button-pressed off -> good incomplete: journal:press close-gate*2 journal:state journal:checkpoint answer:PAUSED
  button-pressed stop -> good incomplete: journal:press close-gate*2 journal:state journal:checkpoint answer:STOPPED
  button-pressed mark -> good incomplete: journal:press journal:mark answer:MARKED
  panel-changed -> good incomplete: journal:panel
  seal-asked past -> good incomplete: journal:seal answer:SEALED
  seal-asked future -> good incomplete: answer:SEAL_INVALID
  closed-sealed -> good incomplete: answer:SEALED
  scrub-ended bad -> good incomplete: .
  scrub-ended stopped -> good incomplete: .
  scrub-remembered -> good incomplete: .
  ends-unsigned -> good incomplete: .
  shutdown-asked -> good incomplete: close-gate*2 journal:state journal:checkpoint
  worker-adopted younger -> good incomplete: kill-worker
  worker-connected same -> good incomplete: catch-up
  worker-connected shut -> good incomplete: catch-up open-gate
  worker-connected outside -> good incomplete: catch-up open-gate
  worker-exited same -> good incomplete: journal:source salvage
  track-started -> good incomplete: journal:started
  signal-changed -> good incomplete: journal:signal
  worker-closed final -> good incomplete: open-gate
  store-left -> failed: journal:store leave-store leave-journal
  store-late -> late incomplete: journal:store
  store-probed ok -> rebuilding: journal:store rebuild-store
  store-probed bad -> failed: journal:store leave-store*2 leave-journal
  rebuild-ended ok -> rebuilding: journal:store rebuild-store
  rebuild-ended bad -> rebuilding: journal:store rebuild-store
  journal-failed -> failed: journal:store leave-store*2 leave-journal
  signing-failed -> good incomplete: journal:signer
  self-tested -> good incomplete: journal:self-test
  disk-examined -> good incomplete: journal:disk
  board-lost -> good incomplete: journal:watch
  ups-lost -> good incomplete: journal:watch
  self-test-asked -> good incomplete: answer:HEARING_OPEN
  settings-changed -> good incomplete: journal:configuration
  quiet: tick, recorder-started, worker-adopted same, worker-armed, worker-heard, worker-exited older
  quiet: fragment-stored, fragment-mirrored, level-measured, worker-closed recess, store-joined, fragments-found
  quiet: salvage-ended, journal-stored, hearing-finished, clock-read, witness-heard, hub-heard, journal-signed
  quiet: board-found, line-changed, ups-heard

late
  button-pressed rec -> late: journal:press answer:ALREADY_RECORDING
  button-pressed off -> late: journal:press close-gate*2 journal:state journal:checkpoint answer:PAUSED
  button-pressed stop -> late: journal:press close-gate*2 journal:state journal:checkpoint answer:STOPPED
  button-pressed mark -> late: journal:press journal:mark answer:MARKED
  panel-changed -> late: journal:panel
  seal-asked past -> late: journal:seal answer:SEALED
  seal-asked future -> late: answer:SEAL_INVALID
  closed-sealed -> late: answer:SEALED
  scrub-ended bad -> late: .
  scrub-ended stopped -> late: .
  scrub-remembered -> late: .
  ends-unsigned -> late: .
  shutdown-asked -> late: close-gate*2 journal:state journal:checkpoint
  worker-adopted younger -> late: kill-worker
  worker-connected same -> late: catch-up
  worker-connected shut -> late: catch-up open-gate
  worker-connected outside -> late: catch-up open-gate
  worker-exited same -> late: journal:source salvage
  track-started -> late: journal:started
  signal-changed -> late: journal:signal
  worker-closed final -> late: open-gate
  store-left -> failed: journal:store leave-store leave-journal
  store-probed ok -> good: journal:store
  store-probed bad -> failed: journal:store leave-store*2 leave-journal
  journal-failed -> failed: journal:store leave-store*2 leave-journal
  signing-failed -> late: journal:signer
  self-tested -> late: journal:self-test
  disk-examined -> late: journal:disk
  board-lost -> late: journal:watch
  ups-lost -> late: journal:watch
  self-test-asked -> late: answer:HEARING_OPEN
  settings-changed -> late: journal:configuration
  quiet: tick, recorder-started, worker-adopted same, worker-armed, worker-heard, worker-exited older
  quiet: fragment-stored, fragment-mirrored, level-measured, worker-closed recess, store-late, store-joined
  quiet: fragments-found, salvage-ended, journal-stored, rebuild-ended ok, rebuild-ended bad, hearing-finished
  quiet: clock-read, witness-heard, hub-heard, journal-signed
  quiet: board-found, line-changed, ups-heard

late incomplete
  button-pressed rec -> late incomplete: journal:press answer:ALREADY_RECORDING
  button-pressed off -> late incomplete: journal:press close-gate*2 journal:state journal:checkpoint answer:PAUSED
  button-pressed stop -> late incomplete: journal:press close-gate*2 journal:state journal:checkpoint answer:STOPPED
  button-pressed mark -> late incomplete: journal:press journal:mark answer:MARKED
  panel-changed -> late incomplete: journal:panel
  seal-asked past -> late incomplete: journal:seal answer:SEALED
  seal-asked future -> late incomplete: answer:SEAL_INVALID
  closed-sealed -> late incomplete: answer:SEALED
  scrub-ended bad -> late incomplete: .
  scrub-ended stopped -> late incomplete: .
  scrub-remembered -> late incomplete: .
  ends-unsigned -> late incomplete: .
  shutdown-asked -> late incomplete: close-gate*2 journal:state journal:checkpoint
  worker-adopted younger -> late incomplete: kill-worker
  worker-connected same -> late incomplete: catch-up
  worker-connected shut -> late incomplete: catch-up open-gate
  worker-connected outside -> late incomplete: catch-up open-gate
  worker-exited same -> late incomplete: journal:source salvage
  track-started -> late incomplete: journal:started
  signal-changed -> late incomplete: journal:signal
  worker-closed final -> late incomplete: open-gate
  store-left -> failed: journal:store leave-store leave-journal
  store-probed ok -> rebuilding: journal:store*2 rebuild-store
  store-probed bad -> failed: journal:store leave-store*2 leave-journal
  journal-failed -> failed: journal:store leave-store*2 leave-journal
  signing-failed -> late incomplete: journal:signer
  self-tested -> late incomplete: journal:self-test
  disk-examined -> late incomplete: journal:disk
  board-lost -> late incomplete: journal:watch
  ups-lost -> late incomplete: journal:watch
  self-test-asked -> late incomplete: answer:HEARING_OPEN
  settings-changed -> late incomplete: journal:configuration
  quiet: tick, recorder-started, worker-adopted same, worker-armed, worker-heard, worker-exited older
  quiet: fragment-stored, fragment-mirrored, level-measured, worker-closed recess, store-late, store-joined
  quiet: fragments-found, salvage-ended, journal-stored, rebuild-ended ok, rebuild-ended bad, hearing-finished
  quiet: clock-read, witness-heard, hub-heard, journal-signed
  quiet: board-found, line-changed, ups-heard

failed
  button-pressed rec -> failed: journal:press answer:ALREADY_RECORDING
  button-pressed off -> failed: journal:press close-gate*2 journal:state journal:checkpoint answer:PAUSED
  button-pressed stop -> failed: journal:press close-gate*2 journal:state journal:checkpoint answer:STOPPED
  button-pressed mark -> failed: journal:press journal:mark answer:MARKED
  panel-changed -> failed: journal:panel
  seal-asked past -> failed: journal:seal answer:SEALED
  seal-asked future -> failed: answer:SEAL_INVALID
  closed-sealed -> failed: answer:SEALED
  scrub-ended bad -> failed: .
  scrub-ended stopped -> failed: .
  scrub-remembered -> failed: .
  ends-unsigned -> failed: .
  shutdown-asked -> failed: close-gate*2 journal:state journal:checkpoint
  worker-adopted younger -> failed: kill-worker
  worker-connected same -> failed: catch-up
  worker-connected shut -> failed: catch-up open-gate
  worker-connected outside -> failed: catch-up open-gate
  worker-exited same -> failed: journal:source salvage
  track-started -> failed: journal:started
  signal-changed -> failed: journal:signal
  worker-closed final -> failed: open-gate
  store-probed ok -> rebuilding: journal:store join-journal join-store*2 rebuild-store
  signing-failed -> failed: journal:signer
  self-tested -> failed: journal:self-test
  disk-examined -> failed: journal:disk
  board-lost -> failed: journal:watch
  ups-lost -> failed: journal:watch
  self-test-asked -> failed: answer:HEARING_OPEN
  settings-changed -> failed: journal:configuration
  quiet: tick, recorder-started, worker-adopted same, worker-armed, worker-heard, worker-exited older
  quiet: fragment-stored, fragment-mirrored, level-measured, worker-closed recess, store-left, store-late
  quiet: store-joined, fragments-found, salvage-ended, store-probed bad, journal-stored, journal-failed
  quiet: rebuild-ended ok, rebuild-ended bad, hearing-finished, clock-read, witness-heard, hub-heard, journal-signed
  quiet: board-found, line-changed, ups-heard

rebuilding
  button-pressed rec -> rebuilding: journal:press answer:ALREADY_RECORDING
  button-pressed off -> rebuilding: journal:press close-gate*2 journal:state journal:checkpoint answer:PAUSED
  button-pressed stop -> rebuilding: journal:press close-gate*2 journal:state journal:checkpoint answer:STOPPED
  button-pressed mark -> rebuilding: journal:press journal:mark answer:MARKED
  panel-changed -> rebuilding: journal:panel
  seal-asked past -> rebuilding: journal:seal answer:SEALED
  seal-asked future -> rebuilding: answer:SEAL_INVALID
  closed-sealed -> rebuilding: answer:SEALED
  scrub-ended bad -> rebuilding: .
  scrub-ended stopped -> rebuilding: .
  scrub-remembered -> rebuilding: .
  ends-unsigned -> rebuilding: .
  shutdown-asked -> rebuilding: close-gate*2 journal:state journal:checkpoint
  worker-adopted younger -> rebuilding: kill-worker
  worker-connected same -> rebuilding: catch-up
  worker-connected shut -> rebuilding: catch-up open-gate
  worker-connected outside -> rebuilding: catch-up open-gate
  worker-exited same -> rebuilding: journal:source salvage
  track-started -> rebuilding: journal:started
  signal-changed -> rebuilding: journal:signal
  worker-closed final -> rebuilding: open-gate
  store-left -> failed: journal:store leave-store leave-journal
  store-probed bad -> failed: journal:store leave-store*2 leave-journal
  journal-failed -> failed: journal:store leave-store*2 leave-journal
  rebuild-ended ok -> good: journal:store
  rebuild-ended bad -> good incomplete: journal:store
  signing-failed -> rebuilding: journal:signer
  self-tested -> rebuilding: journal:self-test
  disk-examined -> rebuilding: journal:disk
  board-lost -> rebuilding: journal:watch
  ups-lost -> rebuilding: journal:watch
  self-test-asked -> rebuilding: answer:HEARING_OPEN
  settings-changed -> rebuilding: journal:configuration
  quiet: tick, recorder-started, worker-adopted same, worker-armed, worker-heard, worker-exited older
  quiet: fragment-stored, fragment-mirrored, level-measured, worker-closed recess, store-late, store-joined
  quiet: fragments-found, salvage-ended, store-probed ok, journal-stored, rebuild-ended older, hearing-finished
  quiet: clock-read, witness-heard, hub-heard, journal-signed
  quiet: board-found, line-changed, ups-heard
`
