import type { IncomingEvent } from '../../../controller/ports/event-store/job.ts'

export const textOf = (device: string, seq: number, more = ''): string =>
  JSON.stringify({ id: `${device}/${seq}`, seq, more })

export const eventOf = (
  device: string,
  seq: number,
  more: Partial<IncomingEvent> & { text?: string } = {},
): IncomingEvent => {
  const { text = textOf(device, seq), ...rest } = more
  const bytes = Buffer.from(text)
  return { device, seq, kind: 'self-tested', prev: null, receivedMs: 1_000 + seq, bytes, lost: null, ...rest }
}
