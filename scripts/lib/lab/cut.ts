/** A hard power cut in a hearing: what it took, and whether the hearing verifies after the machine is back. */
import type { TrackLoss } from '../../../hardware/lab/loss.ts'
import { lossOf } from '../../../hardware/lab/loss.ts'
import { verifyBoth } from './hearing-checks.ts'
import { type Lab, must } from './lab.ts'

export interface CutResult {
  hearing: string
  /** Of the hearing when the power went. */
  seconds: number
  losses: TrackLoss[]
  verdict: string
  bootSeconds: number
}

const SHORTEST_S = 3
const LONGEST_S = 10

/**
 * REC, a random while, the power cut, boot, and the recovered hearing. The recorder is ready before and after it.
 * @param number of the cut, for the case
 */
export const cutOnce = async (lab: Lab, number: number): Promise<CutResult> => {
  const { machine, recorder } = lab
  await recorder.until('all sources live', 90, ({ sources }) => sources.every(({ state }) => state === 'live'))
  const hearing = await recorder.press('rec', `CUT-${number}`)
  lab.hearings.push(hearing)
  await recorder.until('every track on disk', 30, ({ tracks }) => tracks.every(({ fragments }) => fragments > 0))
  await machine.pass(SHORTEST_S + Math.random() * (LONGEST_S - SHORTEST_S))
  // Asked just before: what passes until the cut is not counted as lost.
  const cutUtcMs = await machine.utcMs()
  await machine.cutPower()
  const bootSeconds = await machine.powerOn()
  await recorder.until('the hearing is recovered', 120, ({ state }) => state === 'closed' || state === 'idle')
  const entries = await recorder.journal(hearing)
  must(entries.at(-1) !== undefined && entries.some(({ kind }) => kind === 'hearing-closed'), 'it was not closed')
  const tracks = (await recorder.status()).tracks.map(({ name }) => name)
  const losses = lossOf(entries, tracks, cutUtcMs)
  const opened = entries.find(({ kind }) => kind === 'hearing-opened')!
  return {
    ...{ hearing, losses, bootSeconds, seconds: (cutUtcMs - Date.parse(opened.utc)) / 1_000 },
    verdict: await verifyBoth(lab, hearing),
  }
}

export const worstOf = (losses: readonly TrackLoss[]): TrackLoss =>
  losses.reduce((worst, loss) => (loss.lostMs > worst.lostMs ? loss : worst))

/** R11. */
export const MOST_LOST_MS = 1_000

export const lossText = ({ track, lostMs }: TrackLoss): string => `${(lostMs / 1_000).toFixed(2)} s (${track})`
