import { test } from 'uvu'
import { noDisks } from './disk.ts'
import { type Setting, Stage } from './stage.ts'

type Tell = (stage: Stage) => Promise<void>

const tellOnStage = async (name: string, setting: Setting, tell: Tell): Promise<void> => {
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
}

/** Tells one story on a stage of its own. A failure shows what the recorder said last. */
export const story = (name: string, setting: Setting, tell: Tell): void => {
  test(name, () => tellOnStage(name, setting, tell))
}

/** Tells it while the others of the file are told: most stories wait most of the time. */
export const meanwhile = (name: string, setting: Setting, tell: Tell): void => {
  const telling = tellOnStage(name, setting, tell)
  telling.catch(() => {})
  test(name, () => telling)
}
