/** Structured logs (pino, JSON lines on standard output): one line an event, its message readable by a person. */
import { type Logger, pino } from 'pino'

export type { Logger }

/**
 * @param fields stand in every line
 * @param overhear told of every line, too
 */
export const logger = (
  program: string,
  fields: Record<string, unknown> = {},
  overhear?: (line: string) => void,
): Logger => {
  const out = pino.destination({ sync: true })
  const both = {
    write: (line: string) => {
      overhear?.(line)
      out.write(line)
    },
  }
  return pino(
    {
      level: process.env.VERBATIM_LOG ?? 'info',
      base: { program, ...fields },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    overhear ? both : out,
  )
}
