/** Starts the virtual courtroom and the recorder; `scripts/start` has set everything up before. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '../controller/base/error.ts'
import type { RunningWitness } from '../controller/ports/witness-book/witness-server.ts'
import { VirtualBoard } from '../hardware/virtual/board/virtual-board.ts'
import { type Courtroom, startCourtroom } from '../hardware/virtual/courtroom.ts'
import { type RunningPage, startPage } from '../hardware/virtual/page/page-server.ts'
import { VirtualBay } from '../hardware/virtual/room/bay.ts'
import { makeRoom } from '../hardware/virtual/room/make-room.ts'
import { VirtualMicrophones } from '../hardware/virtual/room/microphones.ts'
import { startVirtualWitness } from '../hardware/virtual/witness.ts'
import { isTaken, recorderSocket } from './lib/clerk-link.ts'
import { DemoFleet } from './lib/fleet/demo-fleet.ts'
import { howToEnd, startRecorder } from './lib/recorder-child.ts'
import { RecorderSwitch } from './lib/recorder-switch.ts'
import { readyScreen } from './lib/screen.ts'
import { readStartOptions, type StartOptions } from './lib/start-options.ts'
import { checkHearing, folderOf, holdHearing } from './lib/unattended-hearing.ts'

const EXIT = { well: 0, failed: 1, usage: 2, taken: 4, interrupted: 130 }

const root = process.env.VERBATIM_ROOT!
const home = process.env.VERBATIM_HOME!
const runtimeDir = process.env.VERBATIM_RUNTIME!
const logFile = join(home, 'recorder.log')

/** Progress goes to standard error: standard output ends with the result. */
const say = (line: string): void => {
  console.error(line)
}

let recorder: RecorderSwitch | undefined
let page: RunningPage | undefined
let courtroom: Courtroom | undefined
let witness: RunningWitness | undefined
let fleet: DemoFleet | undefined
let bays: VirtualBay[] = []
let board: VirtualBoard | undefined
let interrupted = false

/** The recorder first, so that it closes the hearing while the cameras still speak; the witness sees it to its end. Disks that were pulled by hand are put back. */
const endInOrder = async (): Promise<void> => {
  await page?.stop()
  await recorder?.stop()
  for (const bay of bays) await bay.pushIn()
  await courtroom?.stop()
  await witness?.stop()
  await fleet?.stop()
  await board?.close()
}

interface Opened {
  courtroom: Courtroom
  recorder: RecorderSwitch
  microphones: VirtualMicrophones
  board: VirtualBoard
}

/** The hub is the witness; without one a witness stands for it. */
const openWitnessing = async ({ rooms, consolePort, speed }: StartOptions) => {
  if (rooms === null) {
    witness = await startVirtualWitness(join(home, 'witness'))
    return { witness: { url: witness.url, trust: witness.key } }
  }
  say('starting the hub of the fleet')
  fleet = await DemoFleet.start({ root, dir: join(home, 'fleet'), rooms, consolePort, speed })
  return { fleet: { hub: fleet.web } }
}

const openCourtroom = async (options: StartOptions): Promise<Opened> => {
  bays = await Promise.all([options.store, options.mirror].map(VirtualBay.open))
  for (const dir of [home, options.store, options.mirror, join(home, 'state')]) mkdirSync(dir, { recursive: true })
  mkdirSync(runtimeDir, { recursive: true, mode: 0o700 })
  courtroom = await startCourtroom({
    ...{ cacheDir: join(root, '.verbatim/prepared'), size: options.size, progress: say },
    panelsDir: runtimeDir,
  })
  const dirs = { runtimeDir, stateDir: join(home, 'state') }
  const told = await openWitnessing(options)
  const { speech } = courtroom
  const microphones = await VirtualMicrophones.open(courtroom.microphones, speech, join(home, 'microphones.wav'))
  board = new VirtualBoard(join(runtimeDir, 'board.sock'))
  await board.ready
  const config = {
    ...courtroom.config([options.store, options.mirror], dirs, microphones.path),
    ...told,
    board: { profile: join(root, 'hardware/profiles/virtual-courtroom.json') },
    // The room's battery may end; the machine that it is rehearsed on goes on.
    power: { batteryMinutes: 20, powerOff: ['true'] },
  }
  const configFile = join(home, 'recorder.json')
  writeFileSync(configFile, `${JSON.stringify(config, null, 2)}\n`)
  recorder = new RecorderSwitch(() => startRecorder(configFile, runtimeDir, logFile, recorder === undefined))
  await recorder.child.waitUntil('starting the recorder', 30, () => true)
  await fleet?.takeIn(recorder.child)
  fleet?.simulate()
  return { courtroom, recorder, microphones, board }
}

const attend = async (options: StartOptions): Promise<number> => {
  const { recorder, ...parts } = await openCourtroom(options)
  page = await startPage({ room: makeRoom({ ...parts, bays, recorder }), runtimeDir, port: options.pagePort })
  console.log(readyScreen(parts.courtroom, options, logFile, page.url, fleet))
  while (!recorder.hasFailed() && !interrupted) {
    await delay(500)
    if (parts.board.lines['mains-good']) await recorder.comesAgain()
  }
  if (interrupted) return EXIT.well
  await recorder.child.waitUntil('recording', 1, () => false)
  return EXIT.failed
}

const recordUnattended = async (options: StartOptions, seconds: number): Promise<number> => {
  const { recorder } = await openCourtroom(options)
  const id = await holdHearing(recorder.child, runtimeDir, seconds, say)
  await endInOrder()
  const hearing = folderOf(options.store, id)
  const mirror = folderOf(options.mirror, id)
  say('checking both copies')
  const tracks = await checkHearing(hearing)
  await checkHearing(mirror)
  console.log(JSON.stringify({ hearing, mirror, tracks }))
  return EXIT.well
}

const main = async (): Promise<number> => {
  let options: StartOptions
  try {
    options = readStartOptions(process.argv.slice(2), home)
  } catch (thrown) {
    say(`${messageOf(thrown)}\nscripts/start --help says more.`)
    return EXIT.usage
  }
  if (await isTaken(runtimeDir)) {
    say(`Another recorder already runs here (${recorderSocket(runtimeDir)}). To end it: ${howToEnd(runtimeDir)}`)
    return EXIT.taken
  }
  try {
    const { hearingSeconds } = options
    return await (hearingSeconds === null ? attend(options) : recordUnattended(options, hearingSeconds))
  } catch (thrown) {
    if (!interrupted) say(`Failed: ${messageOf(thrown)}`)
    return interrupted ? EXIT.interrupted : EXIT.failed
  } finally {
    await endInOrder()
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (interrupted) return
    interrupted = true
    say('\nending in order ...')
    // Whatever is being waited for ends with the recorder; before there is one, nothing is worth waiting for.
    if (recorder) void endInOrder()
    else process.exit(EXIT.interrupted)
  })

process.chdir(root)
process.exit(await main())
