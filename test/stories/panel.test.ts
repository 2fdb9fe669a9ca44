// deadline: 300 s
/** R20, R21: the real firmware presses the buttons; its lamps tell what is on disk; no press is lost, and none counts twice. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type RoomPanel, startRoomPanels } from '../../hardware/virtual/panel/room-panel.ts'
import type { VirtualButton, VirtualLamp } from '../../hardware/virtual/panel/virtual-panel.ts'
import { assertClosed, assertWhole } from './stage/proof.ts'
import type { Stage } from './stage/stage.ts'
import { story } from './stage/story.ts'
import { sleep, until } from './stage/until.ts'

const LONG_MS = 1_200
/** Longer than any rhythm pauses. */
const RHYTHM_MS = 1_900

/** A finger, for so long. */
const push = async (panel: RoomPanel, button: VirtualButton, heldMs = 100): Promise<void> => {
  await panel.press(button)
  await sleep(heldMs)
  await panel.release(button)
}

/** Whatever FAULT and DISK say of the machine that the story is told on. */
const record = (panel: RoomPanel): string => panel.lit.filter((lamp) => ['rec', 'off', 'link'].includes(lamp)).join()

/** Waits until of REC and OFF RECORD these lamps, and no others, have been lit for a whole rhythm without a pause. */
const untilSteady = async (what: string, panel: RoomPanel, lamps: VirtualLamp[]): Promise<void> => {
  let [last, sinceMs] = [record(panel), performance.now()]
  const end = panel.onChange(() => {
    if (record(panel) !== last) [last, sinceMs] = [record(panel), performance.now()]
  })
  const isSo = () => last === [...lamps, 'link'].join() && performance.now() - sinceMs > RHYTHM_MS
  await until(what, 60, isSo).finally(end)
}

/** Waits until the panel says by itself that nobody is heard: REC and FAULT in turn. */
const untilUnknown = async (what: string, panel: RoomPanel): Promise<void> => {
  const seen = new Set<string>()
  const end = panel.onChange(() => seen.add(panel.lit.join()))
  await until(what, 30, () => seen.has('rec') && seen.has('fault') && !panel.lit.includes('link')).finally(end)
}

const panelsOf = (status: NonNullable<Awaited<ReturnType<Stage['status']>>>): string[] =>
  status.health.reasons.filter(({ area }) => area === 'panel').map(({ code, about }) => `${code} ${about}`)

story('a hearing by the panel, through a kill, a hang and a pulled cable', {}, async (stage) => {
  const { panels, stop } = await startRoomPanels(stage.dir)
  const { clerk, judge } = panels
  try {
    await stage.ready({ panels: Object.values(panels).map(({ role, path }) => ({ role, path })) })
    await untilSteady('nothing lit', clerk, [])

    await push(clerk, 'rec')
    const { hearing } = await stage.until('recording', 20, ({ state }) => state === 'recording')
    await untilSteady('REC steady', clerk, ['rec'])
    await untilSteady('REC steady for the judge', judge, ['rec'])

    await push(clerk, 'stop')
    const isRefused = () =>
      stage
        .journal(hearing!)
        .of('press')
        .some(({ accepted }) => !accepted)
    await until('the refusal', 10, () => isRefused() && clerk.lit.includes('fault'))
    assert.is((await stage.status())?.state, 'recording', 'a brush against STOP ends nothing')

    await push(clerk, 'mark')
    await until('the mark', 10, () => stage.journal(hearing!).of('mark').length === 1)
    await stage.recorder.end('SIGKILL')
    await push(clerk, 'off')
    await untilUnknown('nobody is heard after the kill', clerk)
    await stage.ready()
    await stage.until('off the record by the press that waited', 20, ({ state }) => state === 'off-record')
    await untilSteady('OFF RECORD', clerk, ['off'])
    await push(clerk, 'rec')
    await stage.until('on the record again', 20, ({ state }) => state === 'recording')
    await untilSteady('REC steady again', judge, ['rec'])

    process.kill(stage.recorder.pid, 'SIGSTOP')
    await untilUnknown('nobody is heard while it hangs', judge)
    await push(clerk, 'mark')
    process.kill(stage.recorder.pid, 'SIGCONT')
    await until('the mark that waited', 20, () => stage.journal(hearing!).of('mark').length === 2)

    await clerk.unplug()
    await stage.until('the panel is missed', 20, (status) => panelsOf(status).join() === 'PANEL_AWAY clerk')
    assert.is((await stage.status())?.state, 'recording')
    await clerk.plug()
    await stage.until('the panel is back', 20, (status) => panelsOf(status).length === 0)
    await untilSteady('REC steady after all', clerk, ['rec'])

    await push(clerk, 'stop', LONG_MS)
    await stage.closed()
    await untilSteady('nothing lit in the end', clerk, [])
    await assertWhole(stage, hearing!)
    const journal = assertClosed(stage, hearing!)
    const presses = journal.of('press').map(({ button, accepted }) => `${button}${accepted ? '' : ' refused'}`)
    assert.equal(presses, ['rec', 'stop refused', 'mark', 'off', 'rec', 'mark', 'stop'])
    assert.ok(journal.of('press').every(({ panel, by }) => panel?.name === 'clerk' && by === 'The front panel'))
    assert.equal(
      journal.of('panel').flatMap(({ panel, to }) => (panel === 'clerk' ? [to] : [])),
      ['found', 'lost', 'found'],
      'by the second recorder, and then by the cable',
    )
  } finally {
    await stop()
  }
})

test.run()
