/** The whole room: boxes and cables. */
import { box, drawing, path, text } from './drawing.ts'
import type { Box, Cable, Wiring } from './wiring.ts'

const WIDTH = 240
const HEIGHT = 56

const middle = ({ at: [x, y] }: Box): [number, number] => [x + WIDTH / 2, y + HEIGHT / 2]

/** Boxes of one column are joined from below to above, all others from side to side. */
const cable = (
  boxes: Readonly<Record<string, Box>>,
  { from, to, label, side, leave, arrive, bend: part }: Cable,
): string => {
  const [a, b] = [boxes[from]!, boxes[to]!]
  const [ax, ay] = middle(a)
  const [bx, by] = middle(b)
  if (ax === bx && !side) {
    const [upper, lower] = ay < by ? [ay, by] : [by, ay]
    return `${path(`M${ax} ${upper + HEIGHT / 2}V${lower - HEIGHT / 2}`)}${text(ax + 8, (upper + lower) / 2 + 4, label, 'small')}`
  }
  if (ax === bx) {
    const x = ax - WIDTH / 2
    return `${path(`M${x} ${ay}h-12V${by}h12`)}${text(x - 6, by - HEIGHT / 2 - 6, label, 'small')}`
  }
  const [left, right] = ax < bx ? [a, b] : [b, a]
  const x1 = left.at[0] + WIDTH
  const x2 = right.at[0]
  const bend = x1 + (x2 - x1) * part
  const [y1, y2] = [middle(left)[1] + leave, middle(right)[1] + arrive]
  const said =
    y1 === y2 ? text((x1 + x2) / 2, y1 - 7, label, 'small', 'middle') : text(bend + 5, y2 - 5, label, 'small')
  return `${path(`M${x1} ${y1}H${bend}V${y2}H${x2}`)}${said}`
}

export const roomDrawing = ({ room }: Wiring): string => {
  const boxes = Object.values(room.boxes)
  const height = Math.max(...boxes.map(({ at }) => at[1])) + HEIGHT + 60
  return drawing(1070, height, 'The room: boxes and cables', [
    '<g transform="translate(10 36)">',
    ...room.cables.map((one) => cable(room.boxes, one)),
    ...boxes.map(({ label, more, at: [x, y] }) =>
      [box(x, y, WIDTH, HEIGHT), text(x + 12, y + 24, label, 'strong'), text(x + 12, y + 43, more, 'small')].join('\n'),
    ),
    '</g>',
  ])
}
