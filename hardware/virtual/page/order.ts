/** What the page, or any program, may order: a switch turned, a button held or let go. */
import { z } from 'zod'
import { messageOf } from '../../../controller/base/error.ts'
import { PANEL_BUTTONS } from '../../../controller/wire/panel.ts'
import type { Room } from '../room/room.ts'
import type { Fingers } from './fingers.ts'
import { PageError } from './page-error.ts'

const Turn = z.strictObject({ switch: z.string().max(80), to: z.string().max(40) })
const Hold = z.strictObject({ panel: z.string().max(40), button: z.enum(PANEL_BUTTONS), down: z.boolean() })

const parse = <T>(type: z.ZodType<T>, body: string): T => {
  try {
    return type.parse(JSON.parse(body))
  } catch (fault) {
    const why = fault instanceof z.ZodError ? z.prettifyError(fault).replaceAll(/\s+/g, ' ') : messageOf(fault)
    throw new PageError('BODY_INVALID', why)
  }
}

/** Fulfilled once it is really so. Throws BODY_INVALID, SWITCH_UNKNOWN, POSITION_UNKNOWN, TURN_FAILED. */
export const turn = async (room: Room, body: string): Promise<void> => {
  const { switch: id, to } = parse(Turn, body)
  const found = room.switches.find((one) => one.id === id)
  if (!found) throw new PageError('SWITCH_UNKNOWN', `there is no switch ${id}; /state lists them`)
  if (!found.positions.includes(to))
    throw new PageError('POSITION_UNKNOWN', `${id} is ${found.positions.join(' or ')}, never ${to}`)
  try {
    await found.turn(to)
  } catch (fault) {
    throw new PageError('TURN_FAILED', messageOf(fault))
  }
}

/** Throws BODY_INVALID, PANEL_UNKNOWN, TURN_FAILED. */
export const hold = async (room: Room, fingers: Fingers, body: string): Promise<void> => {
  const { panel: role, button, down } = parse(Hold, body)
  const panel = room.panels.find((one) => one.role === role)
  if (!panel) throw new PageError('PANEL_UNKNOWN', `there is no panel ${role}`)
  try {
    await (down ? fingers.press(panel, button) : fingers.lift(panel, button))
  } catch (fault) {
    throw new PageError('TURN_FAILED', messageOf(fault))
  }
}
