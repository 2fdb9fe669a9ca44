/**
 * Configuration from the hub: checked as part of the whole, put in force, and taken back when the recorder is worse for
 * it. What is harmless is taken at once; the rest comes with a new start between two hearings. The local file is never
 * touched.
 */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { makeFolders } from '../../base/durable.ts'
import { DurableJson } from '../../base/durable-json.ts'
import { messageOf, VerbatimError } from '../../base/error.ts'
import type { Logger } from '../../base/log.ts'
import { utcText } from '../../base/units.ts'
import type { Stamp } from '../../core/event.ts'
import { healthOf } from '../../core/health.ts'
import type { State } from '../../core/state.ts'
import { isHearingOpen } from '../../core/telemetry/alarms.ts'
import type { Config } from '../../wire/config.ts'
import { ConfigPatch } from '../../wire/config-patch.ts'
import { DesiredConfig, ReportedConfig } from '../../wire/fleet/desired.ts'
import { desiredPayload } from '../../wire/fleet/signing.ts'
import { livePartOf } from './live-part.ts'
import { patchedConfig } from './patched-config.ts'
import { requireOperator } from './signed-by.ts'

const Revision = z.object({ rev: z.int().min(0), cfg: ConfigPatch })

const Content = z.object({
  force: Revision.nullable(),
  /** In its place when `force` proves bad. */
  previous: Revision.nullable(),
  /** `force` is being tried: how often it was started, what was wrong before, and whether all that is new came live. */
  trial: z
    .object({ starts: z.int(), before: z.array(z.string()).max(200), isLive: z.boolean().default(false) })
    .nullable(),
  /** Waits for the end of the hearing. */
  waiting: Revision.nullable(),
  /** `force` is `previous` with the harmless part of `waiting`. */
  isPart: z.boolean().default(false),
  /** Harmless fields of the last revision that were taken at once. */
  live: z.array(z.string()).max(50).default([]),
  /** The last revision that was heard, and what became of it. */
  last: z.object({ rev: z.int().min(0), applied: ReportedConfig.shape.applied, why: z.string().max(1_000) }),
})
type Content = z.output<typeof Content>
type Revision = z.output<typeof Revision>

/** The file of this machine. */
interface LocalConfig {
  json: unknown
  config: Config
  sha256: string
}

const NOTHING: Content = {
  ...{ force: null, previous: null, trial: null, waiting: null, isPart: false, live: [] },
  last: { rev: 0, applied: 'local', why: '' },
}
/** So long it is looked at after a new one was put in force. */
const JUDGED_AFTER_MS = 60_000
/** More starts than this within that time: it cannot start with it. */
const MAX_STARTS = 3
/** A disk that does not keep it is not asked at each tick. */
const AGAIN_AFTER_MS = 10_000

export interface RemoteConfigOptions {
  /** Null before the device is enrolled. */
  device: () => string | null
  operatorKey: () => string | null
  report: (reported: ReportedConfig) => void
  raise: (kind: 'config-applied' | 'config-refused', data: { rev: number; why: string }) => void
  /** Ends everything and starts again: no hearing is open. */
  restart: (why: string) => void
  /** Only harmless fields differ from what was in force. Returns at once. */
  takeLive: (config: Config, sha256: string, why: string) => void
  log: Logger
}

export interface OpenedConfig {
  /** In force. */
  config: Config
  remote: RemoteConfig
}

export class RemoteConfig {
  #options: RemoteConfigOptions | null = null
  /** When the trial began, or the program. */
  #begunMs: number | null = null
  /** Something is being kept, or the program is about to end. */
  #isBusy = false
  #againMs = Number.NEGATIVE_INFINITY
  #isHearingOpen = false

  private constructor(
    private readonly file: DurableJson<Content>,
    private readonly local: LocalConfig,
    private shaInForce: string,
    private content: Content,
  ) {}

  /** Of the whole configuration in force. */
  get sha256(): string {
    return this.shaInForce
  }

  /**
   * What is in force. What was tried and keeps the recorder from starting is taken back here.
   * @param sha256 of the local file
   */
  static async open(local: unknown, localConfig: Config, sha256: string, log: Logger): Promise<OpenedConfig> {
    const folder = join(localConfig.stateDir, 'fleet')
    await makeFolders(folder).catch(() => {})
    const file = new DurableJson(join(folder, 'config.json'), (data) => Content.parse(data))
    let content = await file.read().catch((fault: unknown) => {
      log.error({ fault: messageOf(fault) }, 'the configuration from the hub cannot be read; the local one is in force')
      return null
    })
    content ??= NOTHING
    if (content.trial) content = counted(content)
    const localOne: LocalConfig = { json: local, config: localConfig, sha256 }
    let inForce = { config: localConfig, sha256 }
    try {
      inForce = wholeOf(localOne, content.force)
    } catch (fault) {
      log.error(
        { fault: messageOf(fault) },
        'the configuration from the hub does not fit the local one; it is taken back',
      )
      content = takenBack(content, `it does not fit the local one: ${messageOf(fault)}`)
      inForce = wholeOf(localOne, content.force)
    }
    await file.write(content).catch(() => {})
    return { config: inForce.config, remote: new RemoteConfig(file, localOne, inForce.sha256, content) }
  }

  get rev(): number {
    return this.content.force?.rev ?? 0
  }

  /** One line for the status. */
  get text(): string {
    const { force, last } = this.content
    const inForce = force ? `revision ${force.rev}` : 'the local one'
    return last.rev === (force?.rev ?? 0) ? inForce : `${inForce}; revision ${last.rev} ${last.applied}: ${last.why}`
  }

  /** Call when there is somebody to report to. */
  bind(options: RemoteConfigOptions): void {
    this.#options = options
    this.#report()
  }

  /** Throws MESSAGE_INVALID and SIGNATURE_INVALID; all else is reported. */
  async heard(payload: Uint8Array): Promise<void> {
    const options = this.#options!
    const parsed = DesiredConfig.safeParse(JSON.parse(Buffer.from(payload).toString('utf8')))
    if (!parsed.success) throw new VerbatimError('MESSAGE_INVALID', 'a configuration that breaks its schema')
    const desired = parsed.data
    if (desired.device !== options.device()) throw new VerbatimError('SIGNATURE_INVALID', `it is for ${desired.device}`)
    requireOperator(desiredPayload(desired), desired.sig, options.operatorKey())
    const { rev, cfg } = desired
    if (rev <= this.content.last.rev) return this.#report()
    try {
      patchedConfig(this.local.json, cfg)
    } catch (fault) {
      return this.#refuse(rev, messageOf(fault).replaceAll(/\s+/g, ' '))
    }
    const why = this.#isHearingOpen ? 'a hearing is open' : 'it is put in force'
    await this.#keep({ ...this.content, waiting: { rev, cfg }, live: [], last: { rev, applied: 'waiting', why } })
  }

  /** After each tick that was judged. */
  look(state: State, at: Stamp): void {
    this.#begunMs ??= at.atMs
    this.#isHearingOpen = isHearingOpen(state)
    if (!this.#options || this.#isBusy || at.atMs < this.#againMs) return
    const step = this.#next(at.atMs)
    if (!step) return
    const troubles = healthOf(state).reasons.flatMap(({ severity, code, about }) =>
      severity === 'watch' ? [] : `${code} ${about}`.trim(),
    )
    this.#isBusy = true
    void step(troubles).catch((fault: unknown) => {
      this.#isBusy = false
      this.#againMs = at.atMs + AGAIN_AFTER_MS
      this.#options?.log.error({ fault: messageOf(fault) }, 'the configuration from the hub cannot be kept')
    })
  }

  /** What is to be done now, given what is wrong now; null when there is nothing, or a hearing is in its way. */
  #next(atMs: number): ((troubles: string[]) => Promise<void>) | null {
    const { trial, waiting, force } = this.content
    const isCalm = !this.#isHearingOpen
    if (trial && atMs - this.#begunMs! >= JUDGED_AFTER_MS && (trial.isLive || isCalm))
      return (troubles) => this.#judge(troubles)
    if (!waiting) return null
    const { cfg, live, rest } = livePartOf(force?.cfg ?? {}, waiting.cfg)
    if (!rest.length) return (troubles) => this.#takeLive({ ...waiting, cfg }, live, [], troubles, atMs)
    if (isCalm) return (troubles) => this.#startWith(troubles)
    const part = { rev: force?.rev ?? 0, cfg }
    return live.length ? (troubles) => this.#takeLive(part, live, rest, troubles, atMs) : null
  }

  /** What is known to be good. */
  get #settled(): Content['force'] {
    const { trial, isPart, previous, force } = this.content
    return trial || isPart ? previous : force
  }

  async #takeLive(force: Revision, live: string[], rest: string[], before: string[], atMs: number): Promise<void> {
    const { waiting, last, trial } = this.content
    const why = rest.length ? `a hearing is open: ${rest.join(', ')}` : 'it is being tried'
    await this.#putInForce(
      {
        ...{ force, previous: this.#settled, trial: trial ?? { starts: 0, before, isLive: true } },
        ...{ waiting: rest.length ? waiting : null, isPart: rest.length > 0, live: [...this.content.live, ...live] },
        last: { ...last, applied: 'waiting', why },
      },
      `configuration ${last.rev} of the hub: ${live.join(', ')}`,
    )
    this.#begunMs = atMs
    this.#isBusy = false
  }

  async #startWith(before: string[]): Promise<void> {
    const { waiting, live, trial } = this.content
    await this.#keep({
      ...{
        force: waiting,
        previous: this.#settled,
        trial: { starts: 0, before: trial?.before ?? before, isLive: false },
      },
      ...{ waiting: null, isPart: false, live },
      last: { rev: waiting!.rev, applied: 'waiting', why: 'it is being tried' },
    })
    this.#options!.restart(`configuration ${waiting!.rev} of the hub`)
  }

  async #judge(troubles: string[]): Promise<void> {
    const { trial, waiting, last } = this.content
    const worse = troubles.filter((code) => !trial!.before.includes(code))
    if (worse.length) return this.#takeBack(`worse for it: ${worse.join(', ')}`)
    // The part that waits is tried when it is in force, too.
    const judged: Content['last'] = waiting ? last : { ...last, applied: 'applied', why: '' }
    await this.#keep({ ...this.content, trial: null, last: judged })
    this.#isBusy = false
    if (!waiting) this.#options!.raise('config-applied', { rev: last.rev, why: '' })
  }

  async #takeBack(why: string): Promise<void> {
    const isLive = this.content.trial!.isLive
    const taken = takenBack(this.content, why)
    const back = 'the configuration before comes back'
    await (isLive ? this.#putInForce(taken, back) : this.#keep(taken))
    this.#options!.raise('config-refused', { rev: taken.last.rev, why: taken.last.why })
    if (!isLive) return this.#options!.restart(back)
    this.#isBusy = false
  }

  /** Durable first: a recorder that starts again has the same one. */
  async #putInForce(content: Content, why: string): Promise<void> {
    const { config, sha256 } = wholeOf(this.local, content.force)
    await this.file.write(content)
    this.content = content
    this.shaInForce = sha256
    this.#options!.takeLive(config, sha256, why)
    this.#report()
  }

  async #refuse(rev: number, why: string): Promise<void> {
    await this.#keep({ ...this.content, last: { rev, applied: 'refused', why: why.slice(0, 900) } })
    this.#options!.raise('config-refused', { rev, why: why.slice(0, 900) })
  }

  async #keep(content: Content): Promise<void> {
    await this.file.write(content)
    this.content = content
    this.#report()
  }

  #report(): void {
    const { force, last, live, waiting } = this.content
    const rest = waiting ? livePartOf(force?.cfg ?? {}, waiting.cfg).rest : []
    this.#options?.report({
      ...{ at: utcText(Date.now()), rev: force?.rev ?? 0, cfg: force?.cfg ?? {}, configSha256: this.shaInForce },
      ...{ applied: last.applied, wanted: last.rev, why: last.why, live, waiting: rest },
    })
  }
}

/** One start more of what is being tried. */
const counted = (content: Content): Content => {
  const starts = content.trial!.starts + 1
  if (starts > MAX_STARTS)
    return takenBack(content, `the recorder was started ${MAX_STARTS} times with it, and ended each time`)
  return { ...content, trial: { ...content.trial!, starts } }
}

const takenBack = (content: Content, why: string): Content => ({
  ...{ force: content.previous, previous: null, trial: null, waiting: null, isPart: false, live: [] },
  last: {
    rev: content.isPart ? content.last.rev : (content.force?.rev ?? content.last.rev),
    ...{ applied: 'rolled-back', why: why.slice(0, 900) },
  },
})

/** The local one with a revision of the hub on top. Throws CONFIG_INVALID. */
const wholeOf = ({ json, config, sha256 }: LocalConfig, revision: Revision | null) => {
  if (!revision) return { config, sha256 }
  const patched = patchedConfig(json, revision.cfg)
  return {
    config: patched.config,
    sha256: createHash('sha256').update(JSON.stringify(patched.json)).digest('hex'),
  }
}
