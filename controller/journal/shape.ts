import type { EntryKind } from './entry.ts'

type Check = (value: unknown) => boolean
type Shape = Record<string, Check>

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const text: Check = (value) => typeof value === 'string'
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value)
const yesOrNo: Check = (value) => typeof value === 'boolean'
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const positive: Check = (value) => count(value) && value !== 0
const duration: Check = (value) => number(value) && (value as number) >= 0
const oneOf =
  (...allowed: string[]): Check =>
  (value) =>
    allowed.includes(value as string)

const utc: Check = (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)

/** Standard base64 with padding (RFC 4648, section 4), in the one form that bytes have, of exactly so many when given. */
const base64 =
  (bytes?: number): Check =>
  (value) =>
    typeof value === 'string' &&
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/.test(value) &&
    (bytes === undefined || (value.length / 4) * 3 - (value.match(/=/g)?.length ?? 0) === bytes)

const hash: Check = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)

/** A path below the hearing folder: a journal from a stranger must not make a reader open `/etc/passwd` or `../x`. */
const inside: Check = (value) =>
  typeof value === 'string' &&
  value.length <= 400 &&
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is being refused
  /^[^./\\\u0000-\u001f][^/\\\u0000-\u001f]*(\/[^./\\\u0000-\u001f][^/\\\u0000-\u001f]*)*$/.test(value)

const fits =
  (shape: Shape): Check =>
  (value) =>
    misfit(shape, value) === null

const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check)

const reason = fits({ clerk: text, engineer: text })

const fragments = listOf(
  fits({
    track: text,
    run: count,
    seq: count,
    file: inside,
    offset: count,
    bytes: positive,
    sha256: hash,
    mediaMs: number,
    durationMs: duration,
    codec: text,
    stores: listOf(text),
  }),
)

const tracks = listOf(fits({ name: text, label: text, media: oneOf('video', 'audio'), source: text }))

const place: Shape = { upto: count, head: hash }

/** The fields that a reader uses. Kinds and fields that are not here pass: version 1 only grows. */
const SHAPES: Partial<Record<EntryKind, Shape>> = {
  'hearing-opened': { id: text, court: text, room: text, case: text, tracks },
  clock: { utcMs: number, stepMs: number },
  fragments: { fragments },
  found: { fragments },
  stored: { store: text, track: text, run: count, upto: count },
  tail: { store: text, file: inside, offset: count, bytes: count },
  gap: { track: text, fromMs: number, toMs: number, reason },
  state: { from: text, to: text, mediaMs: number, reason },
  store: { store: text, to: text, reason },
  disk: { store: text, what: text, state: oneOf('begun', 'ended'), verdict: text, reason },
  mark: { mediaMs: number, note: text, by: text },
  interrupted: { lastUtc: text, reason },
  device: { device: text, key: hash, publicKey: base64(32), certificates: listOf(base64()) },
  signature: { ...place, key: hash, signature: base64(64) },
  receipt: {
    ...place,
    receivedUtc: utc,
    witness: hash,
    publicKey: base64(32),
    certificates: listOf(base64()),
    signature: base64(64),
  },
  timestamp: { ...place, token: base64() },
  seal: { seal: text, tracks: listOf(text), fromMs: number, toMs: number, by: text, reason },
  locked: { seal: text, file: inside, bytes: positive, sha256: hash, recipient: text },
  repaired: { store: text, from: text, file: inside, offset: count, bytes: positive, reason },
  signer: { to: text, reason },
  'self-test': { results: listOf(fits({ what: text, ok: yesOrNo, detail: text })) },
  power: { to: text, reason },
  line: { line: text, active: yesOrNo, reason },
  watch: { what: text, to: text, reason },
  'hearing-closed': { mediaMs: number, reason },
}

/** Name of the first field that does not fit, or null when all do. */
const misfit = (shape: Shape, value: unknown): string | null =>
  isObject(value) ? (Object.keys(shape).find((field) => !shape[field]!(value[field])) ?? null) : '(not an object)'

const ENVELOPE: Shape = {
  n: count,
  utc,
  monoMs: number,
  kind: (value) => typeof value === 'string' && value !== '',
  prev: hash,
}

/** Name of the first field of a parsed line that is missing or of the wrong type, or null when the line is in order. */
export const wrongField = (line: Record<string, unknown>): string | null => {
  const shape = Object.hasOwn(SHAPES, line.kind as string) ? SHAPES[line.kind as EntryKind] : undefined
  return misfit(ENVELOPE, line) ?? (shape ? misfit(shape, line) : null)
}
