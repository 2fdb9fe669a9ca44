/** QEMU's monitor: what is done to the machine from outside. */
import { JsonLink } from './json-link.ts'

const ANSWER_WITHIN_MS = 20_000

export type Monitor = (command: string, args?: Record<string, unknown>) => Promise<unknown>

export const openMonitor = async (path: string): Promise<{ ask: Monitor; close: () => void }> => {
  const link = await JsonLink.open(path)
  const ask: Monitor = (command, args) => link.ask(command, args, { withinMs: ANSWER_WITHIN_MS })
  await ask('qmp_capabilities')
  return { ask, close: () => link.close() }
}
