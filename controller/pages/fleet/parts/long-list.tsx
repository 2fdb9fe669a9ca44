/** A list of any length: only the rows that can be seen are in the page. Arrow keys walk it. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

export interface LongListProps<T> {
  items: readonly T[]
  /** Pixels. */
  rowHeight: number
  keyOf: (item: T) => string
  label: string
  row: (item: T) => ComponentChildren
  open: (item: T) => void
}

const BEYOND = 6

export const LongList = <T,>({ items, rowHeight, keyOf, label, row, open }: LongListProps<T>) => {
  const place = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 600 })
  const [at, setAt] = useState(0)
  useEffect(() => {
    const holder = place.current!
    const look = () => setView({ top: holder.scrollTop, height: holder.clientHeight })
    const follow = new ResizeObserver(look)
    follow.observe(holder)
    holder.addEventListener('scroll', look, { passive: true })
    return () => {
      follow.disconnect()
      holder.removeEventListener('scroll', look)
    }
  }, [])
  const chosen = Math.min(at, items.length - 1)
  const first = Math.max(0, Math.floor(view.top / rowHeight) - BEYOND)
  const last = Math.min(items.length, Math.ceil((view.top + view.height) / rowHeight) + BEYOND)
  const walk = (to: number) => {
    const next = Math.max(0, Math.min(items.length - 1, to))
    setAt(next)
    const holder = place.current!
    const [top, bottom] = [next * rowHeight, (next + 1) * rowHeight]
    if (top < holder.scrollTop) holder.scrollTop = top
    else if (bottom > holder.scrollTop + holder.clientHeight) holder.scrollTop = bottom - holder.clientHeight
  }
  const page = Math.max(1, Math.floor(view.height / rowHeight) - 1)
  const moves: Record<string, () => void> = {
    ArrowDown: () => walk(chosen + 1),
    ArrowUp: () => walk(chosen - 1),
    PageDown: () => walk(chosen + page),
    PageUp: () => walk(chosen - page),
    Home: () => walk(0),
    End: () => walk(items.length - 1),
    Enter: () => items[chosen] && open(items[chosen]),
  }
  return (
    <div
      ref={place}
      class="long-list"
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={items[chosen] ? `row-${keyOf(items[chosen])}` : undefined}
      onKeyDown={(event) => {
        const move = moves[event.key]
        if (!move) return
        event.preventDefault()
        move()
      }}
    >
      <div class="long-list-all" style={{ height: `${items.length * rowHeight}px` }}>
        {items.slice(first, last).map((item, i) => (
          // The list has the keys: arrows choose a row, Enter opens it.
          // biome-ignore lint/a11y/useKeyWithClickEvents: see above
          <div
            key={keyOf(item)}
            id={`row-${keyOf(item)}`}
            class="row"
            role="option"
            tabIndex={-1}
            aria-selected={first + i === chosen}
            aria-setsize={items.length}
            aria-posinset={first + i + 1}
            style={{ top: `${(first + i) * rowHeight}px`, height: `${rowHeight}px` }}
            onClick={() => {
              setAt(first + i)
              open(item)
            }}
          >
            {row(item)}
          </div>
        ))}
      </div>
    </div>
  )
}
