/**
 * Configuration from the hub: checked as part of the whole, put in force by a new start between two hearings, and taken
 * back when the recorder is worse for it. The local file is never touched.
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
import { patchedConfig } from './patched-config.ts'
import { requireOperator } from './signed-by.ts'

const Revision = z.object({ rev: z.int().min(1), cfg: ConfigPatch })

const Content = z.object({
  force: Revision.nullable(),
  /** In its place when `force` proves bad. */
  previous: Revision.nullable(),
  /** `force` is being tried: how often it was started, and what was wrong before. */
  trial: z.object({ starts: z.int(), before: z.array(z.string()).max(200) }).nullable(),
  /** Waits for the end of the hearing. */
  waiting: Revision.nullable(),
  /** The last revision that was heard, and what became of it. */
  last: z.object({ rev: z.int().min(0), applied: ReportedConfig.shape.applied, why: z.string().max(1_000) }),
})
type Content = z.output<typeof Content>

const NOTHING: Content = {
  ...{ force: null, previous: null, trial: null, waiting: null },
  last: { rev: 0, applied: 'local', why: '' },
}
/** So long it is looked at after a start with a new one. */
const JUDGED_AFTER_MS = 60_000
/** More starts than this within that time: it cannot start with it. */
const MAX_STARTS = 3

export interface RemoteConfigOptions {
  /** Null before the device is enrolled. */
  device: () => string | null
  operatorKey: () => string | null
  report: (reported: ReportedConfig) => void
  raise: (kind: 'config-applied' | 'config-refused', data: { rev: number; why: string }) => void
  /** Ends everything and starts again: no hearing is open. */
  restart: (why: string) => void
  log: Logger
}

export interface OpenedConfig {
  /** In force. */
  config: Config
  remote: RemoteConfig
}

export class RemoteConfig {
  #options: RemoteConfigOptions | null = null
  #begunMs: number | null = null
  #isRestarting = false
  #isHearingOpen = false
  #troubles: string[] = []

  private constructor(
    private readonly file: DurableJson<Content>,
    private readonly local: unknown,
    /** Of the whole configuration in force. */
    readonly sha256: string,
    private content: Content,
  ) {}

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
    let patched = null
    try {
      if (content.force) patched = patchedConfig(local, content.force.cfg)
    } catch (fault) {
      log.error(
        { fault: messageOf(fault) },
        'the configuration from the hub does not fit the local one; it is taken back',
      )
      content = takenBack(content, `it does not fit the local one: ${messageOf(fault)}`)
      patched = content.force ? patchedConfig(local, content.force.cfg) : null
    }
    await file.write(content).catch(() => {})
    const inForce = patched ? createHash('sha256').update(JSON.stringify(patched.json)).digest('hex') : sha256
    const remote = new RemoteConfig(file, local, inForce, content)
    return { config: patched?.config ?? localConfig, remote }
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
      patchedConfig(this.local, cfg)
    } catch (fault) {
      return this.#refuse(rev, messageOf(fault).replaceAll(/\s+/g, ' '))
    }
    const why = this.#isHearingOpen ? 'a hearing is open' : 'it is put in force'
    await this.#keep({ ...this.content, waiting: { rev, cfg }, last: { rev, applied: 'waiting', why } })
  }

  /** After each tick that was judged. */
  look(state: State, at: Stamp): void {
    this.#begunMs ??= at.atMs
    this.#isHearingOpen = isHearingOpen(state)
    if (!this.#options || this.#isRestarting) return
    const isJudged = this.content.trial !== null && at.atMs - this.#begunMs >= JUDGED_AFTER_MS
    if (!isJudged && (!this.content.waiting || this.#isHearingOpen)) return
    this.#troubles = healthOf(state).reasons.flatMap(({ severity, code, about }) =>
      severity === 'watch' ? [] : `${code} ${about}`.trim(),
    )
    if (this.#isHearingOpen) return
    this.#isRestarting = true
    void (isJudged ? this.#judge() : this.#apply()).catch((fault: unknown) => {
      this.#isRestarting = false
      this.#options?.log.error({ fault: messageOf(fault) }, 'the configuration from the hub cannot be kept')
    })
  }

  async #apply(): Promise<void> {
    const { waiting, force } = this.content
    await this.#keep({
      ...{ force: waiting, previous: force, waiting: null, trial: { starts: 0, before: this.#troubles } },
      last: { rev: waiting!.rev, applied: 'waiting', why: 'it is being tried' },
    })
    this.#options!.restart(`configuration ${waiting!.rev} of the hub`)
  }

  async #judge(): Promise<void> {
    const { force, trial } = this.content
    const worse = this.#troubles.filter((code) => !trial!.before.includes(code))
    if (worse.length) {
      const taken = takenBack(this.content, `worse for it: ${worse.join(', ')}`)
      await this.#keep(taken)
      this.#options!.raise('config-refused', { rev: taken.last.rev, why: taken.last.why })
      return this.#options!.restart('the configuration before comes back')
    }
    this.#isRestarting = false
    const rev = force?.rev ?? 0
    await this.#keep({ ...this.content, trial: null, last: { rev, applied: 'applied', why: '' } })
    this.#options!.raise('config-applied', { rev, why: '' })
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
    const { force, last } = this.content
    this.#options?.report({
      ...{ at: utcText(Date.now()), rev: force?.rev ?? 0, cfg: force?.cfg ?? {}, configSha256: this.sha256 },
      ...{ applied: last.applied, wanted: last.rev, why: last.why },
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
  ...{ force: content.previous, previous: null, trial: null, waiting: null },
  last: { rev: content.force?.rev ?? content.last.rev, applied: 'rolled-back', why: why.slice(0, 900) },
})
