import { useEffect, useState } from 'preact/hooks'
import type { History } from '../../../../wire/console.ts'
import { ask } from '../../ask.ts'
import { Plot } from '../../parts/plot.tsx'
import { words } from '../../state.ts'

/** The metrics that are drawn, as `words.metrics` calls them. */
export const HistoryPart = ({ court, device }: { court: string; device: string }) => {
  const [histories, setHistories] = useState<History[]>([])
  const names = Object.keys(words.value.metrics) as (keyof typeof words.value.metrics)[]
  useEffect(() => {
    void Promise.all(names.map((metric) => ask('history', { court, device, metric }).catch(() => null))).then((all) =>
      setHistories(all.flatMap((one) => (one?.points.length ? [one as History] : []))),
    )
  }, [court, device])
  if (!histories.length) return <p class="faint">{words.value.room.noHistory}</p>
  return (
    <div class="plots">
      {histories.map(({ metric, points }) => (
        <Plot key={metric} title={words.value.metrics[metric as (typeof names)[number]]} points={points} />
      ))}
    </div>
  )
}
