import { test } from 'uvu'
import { noDisks } from './disk.ts'
import { type Setting, Stage } from './stage.ts'

/** Tells one story on a stage of its own. A failure shows what the recorder said last. */
export const story = (name: string, setting: Setting, tell: (stage: Stage) => Promise<void>): void => {
  test(name, async () => {
    const why = setting.disks?.some((size) => size !== null) ? noDisks() : null
    if (why) return console.log(`SKIPPED  ${name}: ${why}`)
    const stage = new Stage(setting)
    try {
      await tell(stage)
    } catch (fault) {
      console.log(stage.recorder?.said.split('\n').slice(-60).join('\n'))
      throw fault
    } finally {
      await stage.end()
    }
  })
}
