/** The hearing: what each event makes of each state, the next state first, then what is commanded. */
export const HEARING_TABLE = `
idle
  button-pressed rec -> recording: open-hearing open-gate*2 journal:hearing-opened journal:clock journal:press journal:state journal:checkpoint answer:STARTED
  button-pressed off -> idle: answer:NO_HEARING
  button-pressed stop -> idle: answer:NO_HEARING
  button-pressed mark -> idle: answer:NO_HEARING
  panel-changed -> idle: .
  seal-asked past -> idle: answer:NO_HEARING
  seal-asked future -> idle: answer:NO_HEARING
  closed-sealed -> idle: answer:SEALED
  scrub-ended bad -> idle: .
  scrub-ended stopped -> idle: .
  scrub-remembered -> idle: .
  ends-unsigned -> idle: .
  shutdown-asked -> idle: end-worker*2
  worker-adopted younger -> idle: kill-worker
  self-test-asked -> idle: self-test answer:TESTING
  quiet: tick, recorder-started, worker-adopted same, worker-connected same, worker-connected shut, worker-connected outside, worker-armed, worker-heard, settings-changed
  quiet: worker-exited same, worker-exited older, track-started, fragment-stored, fragment-mirrored, level-measured
  quiet: signal-changed, worker-closed final, worker-closed recess, store-left, store-late, store-joined
  quiet: fragments-found, salvage-ended, store-probed ok, store-probed bad, journal-stored, journal-failed
  quiet: rebuild-ended ok, rebuild-ended bad, hearing-finished, clock-read, witness-heard, hub-heard, journal-signed, signing-failed, self-tested, disk-examined
  quiet: board-found, board-lost, line-changed, ups-heard, ups-lost

recording
  button-pressed rec -> recording: journal:press answer:ALREADY_RECORDING
  button-pressed off -> off-record: journal:press close-gate*2 journal:state journal:checkpoint answer:PAUSED
  button-pressed stop -> closing: journal:press close-gate*2 journal:state journal:checkpoint answer:STOPPED
  button-pressed mark -> recording: journal:press journal:mark answer:MARKED
  panel-changed -> recording: journal:panel
  seal-asked past -> recording: journal:seal answer:SEALED
  seal-asked future -> recording: answer:SEAL_INVALID
  closed-sealed -> recording: answer:SEALED
  scrub-ended bad -> recording: .
  scrub-ended stopped -> recording: .
  scrub-remembered -> recording: .
  ends-unsigned -> recording: .
  shutdown-asked -> closing: close-gate*2 journal:state journal:checkpoint
  worker-adopted younger -> recording: kill-worker
  worker-connected same -> recording: catch-up
  worker-connected shut -> recording: catch-up open-gate
  worker-connected outside -> recording: catch-up open-gate
  worker-exited same -> recording: journal:source salvage
  track-started -> recording: journal:started
  signal-changed -> recording: journal:signal
  worker-closed final -> recording: open-gate
  store-left -> recording: journal:store leave-store leave-journal
  store-late -> recording: journal:store
  store-probed bad -> recording: journal:store leave-store*2 leave-journal
  journal-failed -> recording: journal:store leave-store*2 leave-journal
  signing-failed -> recording: journal:signer
  self-tested -> recording: journal:self-test
  disk-examined -> recording: journal:disk
  board-lost -> recording: journal:watch
  ups-lost -> recording: journal:watch
  self-test-asked -> recording: answer:HEARING_OPEN
  settings-changed -> recording: journal:configuration
  quiet: tick, recorder-started, worker-adopted same, worker-armed, worker-heard, worker-exited older
  quiet: fragment-stored, fragment-mirrored, level-measured, worker-closed recess, store-joined, fragments-found
  quiet: salvage-ended, store-probed ok, journal-stored, rebuild-ended ok, rebuild-ended bad, hearing-finished
  quiet: clock-read, witness-heard, hub-heard, journal-signed
  quiet: board-found, line-changed, ups-heard

off-record
  button-pressed rec -> recording: journal:press open-gate*2 journal:state journal:checkpoint answer:RESUMED
  button-pressed off -> off-record: journal:press answer:ALREADY_OFF_RECORD
  button-pressed stop -> closing: journal:press close-gate*2 journal:state journal:checkpoint answer:STOPPED
  button-pressed mark -> off-record: journal:press journal:mark answer:MARKED
  panel-changed -> off-record: journal:panel
  seal-asked past -> off-record: journal:seal answer:SEALED
  seal-asked future -> off-record: answer:SEAL_INVALID
  closed-sealed -> off-record: answer:SEALED
  scrub-ended bad -> off-record: .
  scrub-ended stopped -> off-record: .
  scrub-remembered -> off-record: .
  ends-unsigned -> off-record: .
  shutdown-asked -> closing: close-gate*2 journal:state journal:checkpoint
  worker-adopted younger -> off-record: kill-worker
  worker-connected same -> off-record: catch-up close-gate
  worker-connected shut -> off-record: catch-up
  worker-connected outside -> off-record: catch-up
  worker-exited same -> off-record: journal:source salvage
  track-started -> off-record: journal:started
  signal-changed -> off-record: journal:signal
  store-left -> off-record: journal:store leave-store leave-journal
  store-late -> off-record: journal:store
  store-probed bad -> off-record: journal:store leave-store*2 leave-journal
  journal-failed -> off-record: journal:store leave-store*2 leave-journal
  signing-failed -> off-record: journal:signer
  self-tested -> off-record: journal:self-test
  disk-examined -> off-record: journal:disk
  board-lost -> off-record: journal:watch
  ups-lost -> off-record: journal:watch
  self-test-asked -> off-record: answer:HEARING_OPEN
  settings-changed -> off-record: journal:configuration
  quiet: tick, recorder-started, worker-adopted same, worker-armed, worker-heard, worker-exited older
  quiet: fragment-stored, fragment-mirrored, level-measured, worker-closed final, worker-closed recess, store-joined
  quiet: fragments-found, salvage-ended, store-probed ok, journal-stored, rebuild-ended ok, rebuild-ended bad
  quiet: hearing-finished, clock-read, witness-heard, hub-heard, journal-signed
  quiet: board-found, line-changed, ups-heard

closing
  button-pressed rec -> closing: journal:press answer:CLOSING
  button-pressed off -> closing: journal:press answer:CLOSING
  button-pressed stop -> closing: journal:press answer:ALREADY_CLOSING
  button-pressed mark -> closing: journal:press answer:CLOSING
  panel-changed -> closing: journal:panel
  seal-asked past -> closing: answer:CLOSING
  seal-asked future -> closing: answer:CLOSING
  closed-sealed -> closing: answer:SEALED
  scrub-ended bad -> closing: .
  scrub-ended stopped -> closing: .
  scrub-remembered -> closing: .
  ends-unsigned -> closing: .
  worker-adopted younger -> closing: kill-worker
  worker-connected same -> closing: catch-up close-gate
  worker-connected shut -> closing: catch-up close-gate
  worker-connected outside -> closing: catch-up salvage*2
  worker-exited same -> closing: journal:source salvage
  track-started -> closing: journal:started
  signal-changed -> closing: journal:signal
  worker-closed final -> closing: salvage*2
  store-left -> closing: journal:store leave-journal
  store-late -> closing: journal:store
  store-probed bad -> closing: journal:store leave-store leave-journal
  journal-failed -> closing: journal:store leave-store leave-journal
  signing-failed -> closing: journal:signer
  self-tested -> closing: journal:self-test
  disk-examined -> closing: journal:disk
  board-lost -> closing: journal:watch
  ups-lost -> closing: journal:watch
  self-test-asked -> closing: answer:HEARING_OPEN
  settings-changed -> closing: journal:configuration
  quiet: tick, shutdown-asked, recorder-started, worker-adopted same, worker-armed, worker-heard, worker-exited older
  quiet: fragment-stored, fragment-mirrored, level-measured, worker-closed recess, store-joined, fragments-found
  quiet: salvage-ended, store-probed ok, journal-stored, rebuild-ended ok, rebuild-ended bad, hearing-finished
  quiet: clock-read, witness-heard, hub-heard, journal-signed
  quiet: board-found, line-changed, ups-heard

closed
  button-pressed rec -> recording: open-hearing open-gate*2 journal:hearing-opened journal:clock journal:press journal:state journal:checkpoint answer:STARTED
  button-pressed off -> closed: answer:NO_HEARING
  button-pressed stop -> closed: answer:NO_HEARING
  button-pressed mark -> closed: answer:NO_HEARING
  panel-changed -> closed: .
  seal-asked past -> closed: seal-closed
  seal-asked future -> closed: seal-closed
  closed-sealed -> closed: answer:SEALED
  scrub-ended bad -> closed: .
  scrub-ended stopped -> closed: .
  scrub-remembered -> closed: .
  ends-unsigned -> closed: .
  shutdown-asked -> closed: end-worker*2
  worker-adopted younger -> closed: kill-worker
  self-test-asked -> closed: self-test answer:TESTING
  quiet: tick, recorder-started, worker-adopted same, worker-connected same, worker-connected shut, worker-connected outside, worker-armed, worker-heard, settings-changed
  quiet: worker-exited same, worker-exited older, track-started, fragment-stored, fragment-mirrored, level-measured
  quiet: signal-changed, worker-closed final, worker-closed recess, store-left, store-late, store-joined
  quiet: fragments-found, salvage-ended, store-probed ok, store-probed bad, journal-stored, journal-failed
  quiet: rebuild-ended ok, rebuild-ended bad, hearing-finished, clock-read, witness-heard, hub-heard, journal-signed, signing-failed, self-tested, disk-examined
  quiet: board-found, board-lost, line-changed, ups-heard, ups-lost
`
