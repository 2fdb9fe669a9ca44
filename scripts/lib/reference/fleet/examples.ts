/** One message of every topic. Keys, hashes, certificates and signatures are made up, and look it. */
import { METRIC_NAMES } from '../../../../controller/wire/fleet/metrics.ts'
import { type MessageOf, TOPIC_NAMES, type TopicName, topicOf } from '../../../../controller/wire/fleet/topics.ts'

export const COURT = 'almaty-district'
export const DEVICE = 'vb-mzxw6ytboi2dgmbq'

const base64 = (bytes: number, fill: number): string => Buffer.alloc(bytes, fill).toString('base64')
const sha256 = (digits: string): string => digits.repeat(32)

const BOOT = '5b1c0b52-3f0e-4b6e-9f0c-2f6a0f2f7c11'
const OPERATOR = base64(64, 0x11)
const ALARM = 'DISK_FAILED-mirror'
const ORDER = 'q3v8Zk1xT0mB'
const CAPABILITIES = ['identify', 'self-test', 'send-logs', 'reboot', 'configuration', 'docket', 'witness']

type Examples = { [Name in TopicName]: MessageOf<Name> }

export const EXAMPLES: Examples = {
  presence: { state: 'ready', boot: BOOT, bd: 412, heartbeatSeconds: 60, at: '2026-11-24T04:00:07.120Z' },
  birth: {
    ...{ at: '2026-11-24T04:00:07.131Z', court: 'Almaty District Court', room: 'Courtroom 1' },
    ...{ model: 'Verbatim 1U', serial: 'VB-000217', version: '0.1.0', softwareSha256: sha256('a1') },
    ...{ node: '20.19.5', gstreamer: '1.22.0', slot: 'A', schema: 1, evidenceKey: sha256('b2') },
    ...{ docketKey: 'age1exampleexampleexampleexampleexampleexampleexampleexample00' },
    ...{ certificateSha256: sha256('c3'), certificateExpires: '2027-11-24T00:00:00.000Z' },
    ...{ cameras: 4, microphones: 6, disks: 2, capabilities: CAPABILITIES, metrics: [...METRIC_NAMES] },
  },
  state: {
    ...{ at: '2026-11-24T04:31:00.004Z', hearing: 'recording', lamp: 'blinking' },
    ...{ recordedSince: '2026-11-24T04:02:11.870Z', verdict: 'degraded', alarms: [ALARM] },
    ...{ sources: { 'judge-camera': 'live', microphones: 'live' }, disks: { store: 'good', mirror: 'failed' } },
    ...{ supply: 'mains', clockSynchronized: true, hoursLeft: 61.5, audible: true },
    ...{ selfTest: 'passed', selfTestedAt: '2026-11-24T02:00:41.300Z', configRev: 3 },
  },
  metrics: {
    ...{ at: '2026-11-24T04:31:00.010Z', cpu_percent: 38.2, load_1m: 0.84, memory_used_percent: 41 },
    ...{ temperature_celsius: 52, uptime_seconds: 86_412, recorder_rss_bytes: 121_634_816, hours_left: 61.5 },
    ...{ store_free_bytes: 348_127_232_000, store_write_p95_ms: 12.8, tracks_recorded: 10, tracks_required: 10 },
    ...{ audio_level_max_dbfs: -23.4, confirmed_age_max_ms: 640, recorded_bytes_per_second: 1_561_200 },
    ...{ outbox_events: 0, connects_total: 412, clock_offset_ms: 0.4 },
  },
  alarm: {
    ...{ code: 'DISK_FAILED', about: 'mirror', severity: 'degraded', area: 'disk', recording: true },
    ...{ since: '2026-11-24T04:30:58.200Z', seq: 2_914, text: 'The second disk takes nothing any more' },
    ...{ detail: 'mirror: write failed: EIO', toDo: 'Replace the second disk; the hearing goes on meanwhile' },
  },
  event: {
    ...{ specversion: '1.0', id: `${DEVICE}/2914`, source: `/verbatim/${COURT}/${DEVICE}` },
    ...{ type: 'verbatim.alarm-raised.v1', time: '2026-11-24T04:30:58.200Z', datacontenttype: 'application/json' },
    ...{ seq: 2_914, prev: sha256('d4'), boot: BOOT, urgent: true },
    data: { id: ALARM, code: 'DISK_FAILED', about: 'mirror', severity: 'degraded', recording: true },
  },
  place: {
    device: { key: sha256('b2'), publicKey: base64(32, 0x22), certificates: [base64(300, 0x33)] },
    ...{ hearing: '2026-11-24_040211_Courtroom-1_2-1234', upto: 812, head: sha256('e5') },
    ...{ signature: base64(64, 0x44), utc: '2026-11-24T04:30:50.000Z', monoMs: 8_640_412.25 },
  },
  reported: {
    ...{ at: '2026-11-24T04:00:07.140Z', rev: 3, cfg: { limits: { silentDbfs: -55 } } },
    ...{ configSha256: sha256('f6'), applied: 'applied', wanted: 3, why: '', live: ['limits.silentDbfs'], waiting: [] },
  },
  result: {
    ...{ id: ORDER, op: 'self-test', at: '2026-11-24T04:31:02.000Z', ok: false, code: 'refused' },
    fault: 'HEARING_OPEN',
    text: 'A hearing is open: the self-test waits until it is closed and somebody orders it again',
  },
  renewal: {
    ...{ at: '2026-11-24T04:00:09.000Z', csr: base64(300, 0x55), evidenceKey: base64(32, 0x22) },
    evidenceProof: base64(64, 0x66),
  },
  ack: { upto: 2_913, ahead: [2_915] },
  receipt: {
    ...{ is: 'receipt', device: sha256('b2'), hearing: '2026-11-24_040211_Courtroom-1_2-1234', upto: 812 },
    ...{ head: sha256('e5'), receivedUtc: '2026-11-24T04:30:50.210Z', witness: sha256('a7') },
    ...{ publicKey: base64(32, 0x77), certificates: [base64(300, 0x88)], signature: base64(64, 0x99) },
  },
  desired: {
    ...{ device: DEVICE, rev: 3, at: '2026-11-23T15:12:00.000Z', cfg: { limits: { silentDbfs: -55 } } },
    sig: OPERATOR,
  },
  order: {
    ...{ device: DEVICE, id: ORDER, op: 'self-test', args: {} },
    ...{ issued: '2026-11-24T04:31:01.800Z', expires: '2026-11-24T04:41:01.800Z', sig: OPERATOR },
  },
  docket: { device: DEVICE, rev: 118, age: base64(900, 0xaa), sig: OPERATOR },
  certificate: { tls: [base64(300, 0xbb)], evidence: [base64(300, 0x33)], authority: [base64(300, 0xcc)] },
}

const LAST: Partial<Record<TopicName, string>> = { alarm: ALARM, result: ORDER }

/** Topic and message of every example. */
export const exampleMessages = () =>
  TOPIC_NAMES.map((name) => ({ name, topic: topicOf(COURT, DEVICE, name, LAST[name]), message: EXAMPLES[name] }))
