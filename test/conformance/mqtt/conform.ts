/** Runs every case against one broker, as it stands in this repository. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { TlsFiles } from '../../../controller/ports/authority/authority.ts'
import { CASES } from './cases.ts'
import { type Kind, Region } from './region.ts'
import { DEVICE, OTHER, Scene, THIRD } from './scene.ts'

export const conform = (kind: Kind): void => {
  const test = suite(`mqtt 3.1.1: ${kind}`)
  let region: Region
  let scene: Scene
  test.before(async () => {
    region = await Region.start(kind)
    const files = new Map<string, TlsFiles>()
    for (const device of [DEVICE, OTHER, THIRD]) files.set(device, await region.enrol(device))
    scene = new Scene(region, files)
    await scene.ready()
  })
  test.after.each(() => scene.end())
  test.after(() => region.stop())
  for (const { what, wanted, otherwise, see } of CASES)
    test(what, async () => {
      const seen = await see(scene)
      assert.is(seen, otherwise?.[kind] ?? wanted)
    })
  test.run()
}
