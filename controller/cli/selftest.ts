import { setTimeout as delay } from 'node:timers/promises'
import type { SelfTestItem, Status } from '../wire/clerk.ts'
import { askFor } from './clerk-link.ts'
import { type Command, EXIT, type Surroundings } from './command.ts'
import { RUNTIME_OPTION, readWords, runtimeDirOf } from './options.ts'
import { plain, table } from './table.ts'

const LOOK_MS = 500
const PRESS_MS = 30_000
/** A disk that hangs is given a minute by each worker. */
const LIMIT_MS = 180_000

const wordFor = ({ ok, warning }: SelfTestItem): string => (!ok ? 'FAIL' : warning ? 'look' : 'pass')

const linesOf = (results: readonly SelfTestItem[]): string[] => {
  const rows = table(results.map((one) => [wordFor(one), one.what, one.detail]))
  return rows.flatMap((row, i) => {
    const { toDo } = results[i]!
    return toDo ? [row, plain(`        ${toDo}`)] : [row]
  })
}

const closing = (results: readonly SelfTestItem[]): string => {
  const failed = results.filter(({ ok }) => !ok).length
  const looks = results.filter(({ ok, warning }) => ok && warning).length
  const passed = results.length - failed
  return `${passed} passed${looks ? `, ${looks} of them to look at` : ''}, ${failed} failed`
}

/** Waits for a test that ended after the one before. Null when a hearing put it off, or it takes too long. */
const untilTested = async (runtimeDir: string, before: string | null): Promise<Status | null> => {
  for (const endMs = performance.now() + LIMIT_MS; performance.now() < endMs; await delay(LOOK_MS)) {
    const { status } = await askFor('status', runtimeDir, { do: 'status' })
    if (status.selfTesting) continue
    return status.selfTestedUtc !== before ? status : null
  }
  return null
}

/** MARK alone does nothing while no hearing is open. */
const askForPresses = async (runtimeDir: string, tell: (text: string) => void): Promise<SelfTestItem[]> => {
  const { status } = await askFor('status', runtimeDir, { do: 'status' })
  const results: SelfTestItem[] = []
  for (const { name, lastPress } of status.panels.filter(({ role, state }) => role !== 'judge' && state === 'found')) {
    tell(`Press MARK on the panel "${plain(name)}" within ${PRESS_MS / 1_000} seconds.\n`)
    const ok = await isPressed(runtimeDir, name, lastPress)
    const toDo = 'Press again. If nothing comes, check the cable of the panel, or have it replaced.'
    results.push({
      what: `button on ${name}`,
      ok,
      detail: ok ? 'a press arrived' : 'no press arrived',
      ...(ok ? {} : { toDo }),
    })
  }
  return results
}

const isPressed = async (runtimeDir: string, panel: string, before: string | null): Promise<boolean> => {
  for (const endMs = performance.now() + PRESS_MS; performance.now() < endMs; await delay(LOOK_MS)) {
    const { status } = await askFor('status', runtimeDir, { do: 'status' })
    if (status.panels.find(({ name }) => name === panel)?.lastPress !== before) return true
  }
  return false
}

const test = async (words: string[], { env, print, tell }: Surroundings): Promise<number> => {
  const { values } = readWords(words, {
    json: { type: 'boolean' },
    interactive: { type: 'boolean' },
    ...RUNTIME_OPTION,
  })
  const runtimeDir = runtimeDirOf(values, env)
  const { status: before } = await askFor('status', runtimeDir, { do: 'status' })
  await askFor('accepted', runtimeDir, { do: 'self-test' })
  if (!values.json) tell('Every camera and microphone is recorded for some seconds, and read back. Please wait.\n')
  const status = await untilTested(runtimeDir, before.selfTestedUtc)
  if (!status) {
    tell('verbatim: The self-test was put off: somebody pressed REC, or a disk did not answer. Test again later.\n')
    return EXIT.failed
  }
  const pressed = values.interactive ? await askForPresses(runtimeDir, tell) : []
  const { selfTestedUtc } = status
  const results = [...status.selfTest, ...pressed]
  if (values.json) print(JSON.stringify({ testedUtc: selfTestedUtc, results }))
  else for (const line of [...linesOf(results), '', closing(results)]) print(line)
  return results.every(({ ok }) => ok) ? EXIT.well : EXIT.failed
}

/** `verbatim selftest` */
export const selfTestCommand: Command = {
  name: 'selftest',
  does: 'test everything: a trial recording of every source, read back; disks, key, clock',
  help: `verbatim selftest [--interactive] [--json] [--runtime DIR]

Asks the running recorder to test itself: it records every camera and microphone for some seconds on every disk, reads that
back, looks whether there is a picture and listens whether there is sound, and deletes it. It also tries key, certificate,
disks and their health, GStreamer, clock and software, and lights each lamp of every panel in turn: look at them. It runs by itself after the start and once a day. While a hearing is
open it is refused; REC pressed meanwhile ends it at once and records.

  --interactive  also ask for a press of MARK on every panel with buttons, and wait half a minute for each
  --json         print the result as one JSON object
  --runtime DIR  the recorder's runtimeDir; VERBATIM_RUNTIME when left out

  pass  in order
  look  in order as far as can be told; somebody should look, such as at a microphone into which nobody spoke
  FAIL  not in order; the line below says what to do

When no recorder runs, start it first: scripts/verbatim recorder, or scripts/start for the virtual courtroom.

Exit codes: 0 nothing failed, 1 something failed or the test was put off, 64 wrong command line, 69 no recorder answers.`,
  run: test,
}
