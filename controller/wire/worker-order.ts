/** What a capture worker is told before it starts, as a JSON file that only the recorder's user can read. */
import { z } from 'zod'
import { Limits, SourceConfig } from './config.ts'

export const WorkerOrder = z.strictObject({
  source: SourceConfig,
  run: z.int().min(1),
  runtimeDir: z.string().min(1),
  segmentSeconds: z.number().positive(),
  stagger: z
    .number()
    .min(0)
    .max(1)
    .describe(
      'Share of the turn by which this source rotates its files earlier than the first, so that they take turns',
    ),
  limits: Limits,
})
export type WorkerOrder = z.output<typeof WorkerOrder>

/** Files of a source's worker in the runtime directory. */
export const workerFiles = (runtimeDir: string, source: string) => ({
  order: `${runtimeDir}/${source}.order.json`,
  socket: `${runtimeDir}/${source}.sock`,
  log: `${runtimeDir}/${source}.log`,
  /** Written by the worker: one that hangs can be found by it. */
  pid: `${runtimeDir}/${source}.pid`,
})
