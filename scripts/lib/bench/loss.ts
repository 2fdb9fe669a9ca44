/** How much of each track is gone after the worst, beside recipes that do not synchronise. Needs root. */
import { startCourtroom } from '../../../hardware/virtual/courtroom.ts'
import { cutOnce, type TrackLoss } from './loss-cut.ts'
import { LossRecipes, type RecipeLoss } from './loss-recipes.ts'
import type { Bench, PartResult } from './part.ts'
import { RECIPES } from './recipes.ts'
import { median, worst } from './statistics.ts'

type Loss = Pick<TrackLoss, 'killed' | 'powerCut'>

const row = (who: string, losses: readonly Loss[]): string[] => {
  const s = (pick: (values: number[]) => number, what: keyof Loss): string =>
    losses.length ? pick(losses.map((loss) => loss[what])).toFixed(2) : '-'
  return [
    who,
    String(losses.length),
    s(median, 'killed'),
    s(worst, 'killed'),
    s(median, 'powerCut'),
    s(worst, 'powerCut'),
  ]
}

const recordedRange = (losses: readonly RecipeLoss[]): string => {
  const seconds = losses.map(({ recordedSeconds }) => recordedSeconds)
  return seconds.length ? `${Math.min(...seconds).toFixed(0)} to ${worst(seconds).toFixed(0)} s` : 'not long enough'
}

export const measureLoss = async (bench: Bench): Promise<PartResult> => {
  if (process.getuid?.() !== 0) throw new Error('loss needs root, for file systems on loop devices')
  const courtroom = await startCourtroom({ cacheDir: bench.cacheDir, progress: bench.say })
  bench.atEnd(() => courtroom.stop())
  const recipes = new LossRecipes(bench, Object.values(courtroom.urls)[0]!)
  const losses: TrackLoss[] = []
  const cuts = bench.options.cuts
  for (let cut = 1; cut <= cuts; cut++) {
    const found = await cutOnce(bench, courtroom, recipes)
    losses.push(...found)
    const most = (what: keyof Loss): string => worst(found.map((loss) => loss[what])).toFixed(2)
    bench.say(`cut ${cut}/${cuts}: kill -9 took ${most('killed')} s, the power cut ${most('powerCut')} s at most`)
  }
  const tracks = [...new Set(losses.map(({ track }) => track))]
  const rows = [
    ...tracks.map((track) =>
      row(
        track,
        losses.filter((loss) => loss.track === track),
      ),
    ),
    row('verbatim, all tracks', losses),
    ...Object.keys(RECIPES).map((name) =>
      row(
        name,
        recipes.losses.filter((loss) => loss.name === name),
      ),
    ),
  ]
  const notes = [
    `${cuts} cuts at random instants; the last of what had arrived counts as lost, on the store that lost more (aim: at most 1.0 s)`,
    'power cut: ext4 on a loop device with direct I/O, its backing file copied while everything stands still, then mounted',
    `recipes: one camera each, recorded for ${recordedRange(recipes.losses)} before their cuts`,
  ]
  const head = ['seconds lost', 'cuts', 'kill -9 median', 'worst', 'power cut median', 'worst']
  return {
    tables: [{ title: 'Seconds lost', head, rows, notes }],
    figures: { losses, recipes: recipes.losses },
  }
}
