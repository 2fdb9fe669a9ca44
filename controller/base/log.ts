/** Structured logs (pino, JSON lines on standard output): one line an event, its message readable by a person. */
import { type Logger, pino } from 'pino'

export type { Logger }

/** @param fields stand in every line */
export const logger = (program: string, fields: Record<string, unknown> = {}): Logger =>
  pino(
    {
      level: process.env.VERBATIM_LOG ?? 'info',
      base: { program, ...fields },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ sync: true }),
  )
