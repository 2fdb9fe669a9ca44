/**
 * Between the recorder, which may not open a disk, and the root program that may: one line names a disk, one line of JSON
 * answers. Nothing else can be asked.
 */
import { z } from 'zod'

/** As `firmware/image/verbatim-smart.socket` listens. */
export const SMART_SOCKET = '/run/verbatim-smart.sock'

/** A name in /dev is far shorter; whoever sends more is not the recorder. */
export const LONGEST_QUESTION = 100

/** What smartctl said, or why it said nothing. */
export const SmartAnswer = z.discriminatedUnion('is', [
  z.object({ is: z.literal('said'), text: z.string() }).describe("smartctl's own words, JSON"),
  z.object({ is: z.literal('missing') }).describe('smartctl is not installed'),
  z.object({ is: z.literal('silent') }).describe('The disk did not answer in time'),
  z.object({ is: z.literal('refused'), why: z.string() }).describe('It is no disk of the configuration'),
])
export type SmartAnswer = z.output<typeof SmartAnswer>
