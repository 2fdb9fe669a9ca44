/** Every file that is made from the schemas and lists in the code, with its text. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { ERROR_CODES } from '../../../controller/base/error.ts'
import { FRESH_PRESS_MS, OLD_PRESSES, type OldPress } from '../../../controller/core/old-press.ts'
import {
  BUTTON_LABELS,
  BUTTON_MEANINGS,
  LAMP_LABELS,
  LAMP_MEANINGS,
  type LampMeaning,
  PATTERN_WORDS,
} from '../../../controller/core/panel-lamp-table.ts'
import { FromBoard, ToBoard } from '../../../controller/wire/board.ts'
import { InputPlace } from '../../../controller/wire/board-profile.ts'
import { Fragment, FromWorker, ToWorker } from '../../../controller/wire/capture.ts'
import { FromRecorder, RegisteredHearing, Status, ToRecorder } from '../../../controller/wire/clerk.ts'
import { Config } from '../../../controller/wire/config.ts'
import { Health, HealthReason } from '../../../controller/wire/health.ts'
import { PANEL_PATTERNS } from '../../../controller/wire/panel.ts'
import { SMART_SOCKET, SmartAnswer } from '../../../controller/wire/smart.ts'
import { Device, FromWitness, Receipt, ShownPlace } from '../../../controller/wire/witness.ts'
import { PAGE_ERRORS } from '../../../hardware/virtual/page/page-error.ts'
import { CASES } from '../../../test/conformance/mqtt/cases.ts'
import { KINDS } from '../../../test/conformance/mqtt/region.ts'
import { configReference } from './config-reference.ts'
import { fleetFiles } from './fleet/fleet-files.ts'
import { hardwareDocuments } from './hardware/documents.ts'
import type { JsonSchema } from './json-schema.ts'
import { jsonText } from './json-text.ts'
import { messageReference, objectReference } from './message-reference.ts'
import { lineTable, profileTables } from './profile-tables.ts'
import { between, table } from './table.ts'

export interface GeneratedFile {
  path: string
  text: string
}

/** As it is written, before defaults are filled in. */
const schemaOf = (type: z.ZodType): JsonSchema => z.toJSONSchema(type, { io: 'input' }) as JsonSchema

const NOT_IN_SCHEMA =
  'Beyond what a JSON Schema can say: no two tracks and no two sources share a name, a channel exists on its interface, ' +
  'and two stores have two names and two folders. Unknown keys are refused.'

const configSchema = (): GeneratedFile => ({
  path: 'controller/wire/config.schema.json',
  text: `${jsonText({ title: 'Configuration of a Verbatim recorder', ...schemaOf(Config) })}\n`,
})

const wireReference = (): GeneratedFile => ({
  path: 'controller/wire/REFERENCE.md',
  text: `# Reference: configuration and messages

Made from the schemas in this folder by \`npm run reference\`; do not edit.

## Configuration

One JSON file. [config.example.json](config.example.json) is a whole room,
[config.schema.json](config.schema.json) the same as JSON Schema. ${NOT_IN_SCHEMA}

${configReference(schemaOf(Config), { source: 'sources', identity: 'identity' })}

## The clerk's socket

\`recorder.sock\` in \`runtimeDir\`: one JSON object a line, one answer a line, in the order of completion. A line has at
most 64 KiB.

### To the recorder

${messageReference(schemaOf(ToRecorder), 'do')}

### From the recorder

${messageReference(schemaOf(FromRecorder), 'is')}

\`status\` holds:

${objectReference(schemaOf(Status))}

\`health\` holds:

${objectReference(schemaOf(Health))}

A reason of \`health\`:

${objectReference(schemaOf(HealthReason))}

A hearing of \`hearings\`:

${objectReference(schemaOf(RegisteredHearing))}

## A capture worker's socket

\`SOURCE.sock\` in \`runtimeDir\`: one JSON object a line, both ways, without answers. A line has at most 1 MiB. Names ending
in \`Ms\` are milliseconds; \`atMs\`, \`zeroMs\` and \`baseMs\` are CLOCK_MONOTONIC.

### From the worker

${messageReference(schemaOf(FromWorker), 'is')}

\`fragment\` holds:

${objectReference(schemaOf(Fragment))}

### To the worker

${messageReference(schemaOf(ToWorker), 'do')}

## The virtual board's socket

The recorder connects to the Unix socket that the board's profile names: one JSON object a line, both ways, without
answers. A line has at most 4 KiB.

### From the board

${messageReference(schemaOf(FromBoard), 'is')}

### To the board

${messageReference(schemaOf(ToBoard), 'do')}

## The disks' health

The recorder may not ask a disk: a root program on \`${SMART_SOCKET}\` does. One line names a device, one JSON object
answers.

${messageReference(schemaOf(SmartAnswer), 'is')}

## The witness

A POST of one JSON object to the configured address, answered by one JSON object; neither has more than 64 KiB. What is
signed, and what a receipt proves, is in [the evidence format](../journal/README.md).

### To the witness

${objectReference(schemaOf(ShownPlace))}

\`device\` holds:

${objectReference(schemaOf(Device))}

### From the witness

${messageReference(schemaOf(FromWitness), 'is')}

\`known\` is a receipt:

${objectReference(schemaOf(Receipt))}
`,
})

const errorTable = (): GeneratedFile => {
  const path = 'controller/base/README.md'
  const rows = Object.entries(ERROR_CODES).map(([code, what]) => [`\`${code}\``, what])
  return { path, text: between(readFileSync(path, 'utf8'), 'error codes', table([['code', 'what'], ...rows])) }
}

const capital = (words: string): string => words[0]!.toUpperCase() + words.slice(1)

const lampRow = ({ lamps, show, means, toDo }: LampMeaning): string[] => [
  lamps.map((lamp) => LAMP_LABELS[lamp]).join(' and '),
  show === 'in-turn' ? 'flash in turn' : show,
  means,
  toDo,
]

const WHEN = { before: 'before the last change', 'long-ago': 'long ago' } as const

const oldPressRow = ({ button, hearing, pressed, says }: OldPress): string[] => [
  BUTTON_LABELS[button],
  hearing.join(', '),
  pressed ? WHEN[pressed] : 'otherwise',
  says,
]

const panelReference = (): GeneratedFile => ({
  path: 'controller/core/PANEL.md',
  text: `# The front panel: what its lamps say, and what a late press means

Made from \`panel-lamp-table.ts\` and \`old-press.ts\` by \`npm run reference\`; do not edit.

## Lamps

The clerk's panel and the judge's lamp say the same. Patterns are told apart by rhythm alone, so nobody needs to tell
colours apart: ${PANEL_PATTERNS.map((pattern) => `${pattern} ${PATTERN_WORDS[pattern]}`).join('; ')}.

${table([['lamp', 'pattern', 'meaning', 'what to do'], ...LAMP_MEANINGS.map(lampRow)])}

## Buttons

${table([['button', 'what it does'], ...Object.entries(BUTTON_MEANINGS).map(([button, does]) => [BUTTON_LABELS[button as keyof typeof BUTTON_LABELS], capital(does)])])}

## Presses from while the recorder was away

The panel keeps them and tells them when the recorder is back. A press is late when it is older than
${FRESH_PRESS_MS / 1_000} s. The first row that fits counts; what has no row is judged as a press of now. "Before the last
change" means that the hearing went on or off the record since; for MARK, that it had not begun. "Long ago" is longer
than \`hearing.resumeWithinMinutes\`, and at least a minute. Every press that is judged while a journal is open stands in
it, acted on or not, with how long ago it was.

${table([['button', 'the hearing is', 'pressed', 'what happens, and why'], ...OLD_PRESSES.map(oldPressRow)])}
`,
})

const pageErrorTable = (): GeneratedFile => {
  const path = 'hardware/virtual/page/README.md'
  const rows = Object.entries(PAGE_ERRORS).map(([code, [status, what]]) => [`\`${code}\``, `${status}`, what])
  return {
    path,
    text: between(readFileSync(path, 'utf8'), 'page errors', table([['code', 'status', 'what'], ...rows])),
  }
}

/** What the conformance tests hold the three brokers to. */
const brokerTable = (): GeneratedFile => {
  const path = 'test/conformance/mqtt/README.md'
  const rows = CASES.map(({ what, clause, wanted, otherwise }) => [
    ...[what, clause, wanted],
    ...KINDS.map((kind) => otherwise?.[kind] ?? '='),
  ])
  const head = ['what', 'MQTT 3.1.1', 'wanted', ...KINDS]
  return { path, text: between(readFileSync(path, 'utf8'), 'seen', table([head, ...rows])) }
}

/** Pins are never typed twice. */
const profileReadme = (): GeneratedFile => {
  const path = 'hardware/profiles/README.md'
  const parts = { lines: lineTable(), keys: objectReference(schemaOf(InputPlace)), profiles: profileTables() }
  const text = Object.entries(parts).reduce(
    (text, [mark, part]) => between(text, mark, part),
    readFileSync(path, 'utf8'),
  )
  return { path, text }
}

export const generatedFiles = (): GeneratedFile[] => [
  configSchema(),
  wireReference(),
  errorTable(),
  pageErrorTable(),
  profileReadme(),
  brokerTable(),
  panelReference(),
  ...fleetFiles(),
  ...hardwareDocuments(),
]
