import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { theme, words } from '../state.ts'

const HEIGHT = 150

/** As it is in this light: a canvas knows no `light-dark()`. */
const colourOf = (holder: HTMLElement, name: string): string => {
  holder.style.color = `var(${name})`
  const { color } = getComputedStyle(holder)
  holder.style.color = ''
  return color
}

/** As the reader writes times; midnight is told as the day that begins. */
const timeOnAxis = (unixSeconds: number): string => {
  const moment = new Date(unixSeconds * 1_000)
  const isMidnight = moment.getHours() === 0 && moment.getMinutes() === 0
  return isMidnight
    ? moment.toLocaleDateString(words.value.locale, { day: 'numeric', month: 'numeric' })
    : moment.toLocaleTimeString(words.value.locale, { hour: '2-digit', minute: '2-digit' })
}

/** One metric over time. A table for whoever sees no plot would be a thousand rows: its label says the latest instead. */
export const Plot = ({ title, points }: { title: string; points: readonly (readonly [number, number | null])[] }) => {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const holder = place.current
    if (!holder) return
    const ink = colourOf(holder, '--faint')
    const axis = {
      stroke: ink,
      grid: { stroke: colourOf(holder, '--line'), width: 1 },
      ticks: { stroke: colourOf(holder, '--line') },
    }
    const plot = new uPlot(
      {
        ...{ width: Math.max(200, holder.clientWidth), height: HEIGHT, legend: { show: false }, cursor: { y: false } },
        series: [
          {},
          { stroke: colourOf(holder, '--accent'), width: 2, spanGaps: false, points: { show: points.length < 3 } },
        ],
        axes: [
          { ...axis, space: 64, values: (_plot, splits) => splits.map(timeOnAxis) },
          { ...axis, size: 56 },
        ],
      },
      [points.map(([at]) => at), points.map(([, value]) => value)],
      holder,
    )
    const follow = new ResizeObserver(() => plot.setSize({ width: holder.clientWidth, height: HEIGHT }))
    follow.observe(holder)
    return () => {
      follow.disconnect()
      plot.destroy()
    }
  }, [points, theme.value, words.value])
  const last = points.findLast(([, value]) => value !== null)?.[1]
  return (
    <figure>
      <figcaption>
        {title} {last === undefined || last === null ? '' : <b>{last.toLocaleString(words.value.locale)}</b>}
      </figcaption>
      <div ref={place} role="img" aria-label={`${title}: ${last ?? ''}`} />
    </figure>
  )
}
