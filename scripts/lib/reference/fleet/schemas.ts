/** The fleet's messages as JSON Schemas (draft 7, which most tools know). */
import { z } from 'zod'
import { Docket } from '../../../../controller/wire/fleet/docket.ts'
import {
  EnrolmentAnswer,
  EnrolmentReply,
  EnrolmentRequest,
  Proven,
} from '../../../../controller/wire/fleet/enrolment.ts'
import {
  StandingAnswer,
  StandingQuestion,
  StandingRequest,
  StandingTold,
} from '../../../../controller/wire/fleet/standing.ts'
import { TOPIC_NAMES, TOPICS } from '../../../../controller/wire/fleet/topics.ts'
import type { JsonSchema } from '../json-schema.ts'

/** As it is sent: what has a default may be left out, what a newer version adds is no mistake. */
export const schemaOf = (type: z.ZodType): JsonSchema => {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { io: 'input', target: 'draft-7' }) as JsonSchema
  return schema
}

const message = (schema: z.ZodType, what: string) => ({ schema, what })

/** What goes over HTTP, and what is inside a sealed docket. */
export const BESIDE_TOPICS = {
  'docket-inside': message(Docket, 'what is inside a docket, once it is decrypted'),
  'enrolment-request': message(EnrolmentRequest, 'a device asks to become one of the fleet'),
  'enrolment-answer': message(EnrolmentAnswer, 'what the hub gives it'),
  'enrolment-proven': message(Proven, 'either of them, as text, with the proof that its sender knows the code'),
  'enrolment-reply': message(EnrolmentReply, 'what comes back from POST /enrol'),
  'standing-question': message(StandingQuestion, 'a device that is not let in any more asks why'),
  'standing-request': message(StandingRequest, 'the same as text, signed by the key of its certificate'),
  'standing-told': message(StandingTold, 'how it stands'),
  'standing-answer': message(
    StandingAnswer,
    'the same as text, signed by the operator, as it comes back from POST /standing',
  ),
}

/** File name without its ending, to title and schema. */
export const namedSchemas = (): { name: string; title: string; schema: JsonSchema }[] => [
  ...TOPIC_NAMES.map((name) => ({
    name,
    title: `${TOPICS[name].path}: ${TOPICS[name].what}`,
    schema: schemaOf(TOPICS[name].schema),
  })),
  ...Object.entries(BESIDE_TOPICS).map(([name, { schema, what }]) => ({ name, title: what, schema: schemaOf(schema) })),
]
