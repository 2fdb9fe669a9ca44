/** How loud each microphone is, as the recorder measures it, drawn upon its button. */
import type { RecorderView } from '../view.ts'
import { h } from './dom.ts'
import type { SwitchButton } from './switch-button.ts'

/** The quietest level that is drawn. */
const FLOOR_DBFS = -60

export const drawLevels = (buttons: ReadonlyMap<string, SwitchButton>, view: RecorderView): void => {
  const tracks = view.is === 'answering' ? view.status.tracks : []
  for (const [id, { extra }] of buttons) {
    if (!id.startsWith('microphone.')) continue
    const meter = extra.querySelector('meter') ?? h('meter', { min: `${FLOOR_DBFS}`, max: '0', 'aria-hidden': 'true' })
    if (!meter.isConnected) extra.append(meter)
    const level = tracks.find(({ name }) => id === `microphone.${name}`)?.levelDbfs ?? null
    meter.value = Math.max(FLOOR_DBFS, level ?? FLOOR_DBFS)
  }
}
