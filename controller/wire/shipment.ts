/** Rooms of a shipment as a file: `CODE;COURT;NAME OF THE COURT` a line. A person prints it, the console reads it. */
import type { z } from 'zod'
import type { Enrol } from './console.ts'

export type ShippedRoom = z.output<typeof Enrol>

/** So many go to the hub at once: a body may not be longer than it takes. */
export const SHIPPED_AT_ONCE = 500

/** Nothing is checked: the hub says what is wrong. */
export const shipmentIn = (text: string): ShippedRoom[] =>
  text
    .split(/\r?\n/)
    .filter((line) => line.trim())
    .map((line) => line.split(';').map((part) => part.trim()))
    .map(([code = '', court = '', courtName = '']) => ({ code, court, courtName }))

export const shipmentText = (rooms: readonly ShippedRoom[]): string =>
  rooms.map(({ code, court, courtName }) => `${code};${court};${courtName}\n`).join('')

/** In order, as the hub takes them. Rejects with what `send` throws; what was sent before counts. */
export const sendShipment = async (
  rooms: readonly ShippedRoom[],
  send: (rooms: readonly ShippedRoom[]) => Promise<unknown>,
): Promise<void> => {
  for (let i = 0; i < rooms.length; i += SHIPPED_AT_ONCE) await send(rooms.slice(i, i + SHIPPED_AT_ONCE))
}
