/** What carries out the core's commands: one executor each, over the ports. It holds what is open, and no rules. */

import { join } from 'node:path'
import { onEachStore } from '../base/each-store.ts'
import { messageOf, VerbatimError } from '../base/error.ts'
import type { Logger } from '../base/log.ts'
import { now } from '../base/monotonic.ts'
import { type Reason, reason } from '../base/reason.ts'
import { replaceFile } from '../base/replace-file.ts'
import type { Software } from '../base/software.ts'
import { utcText } from '../base/units.ts'
import { sleep } from '../base/within.ts'
import type { Command } from '../core/command.ts'
import type { Event } from '../core/event.ts'
import type { EntryBody, EntryKind, FragmentEntry } from '../journal/entry.ts'
import type { Executors } from '../loop.ts'
import type { CaptureLink } from '../ports/capture-link/capture-link.ts'
import { writeSummary } from '../ports/evidence/write-summary.ts'
import type { Identity } from '../ports/identity/identity.ts'
import { type ClosedJournal, readClosedJournal } from '../ports/journal/closed-journal.ts'
import { HearingJournal, type HearingJournalOptions } from '../ports/journal/hearing-journal.ts'
import { salvage } from '../ports/recovery/salvage.ts'
import type { Register } from '../ports/settings/register.ts'
import { DiskHealth } from '../ports/smart/disk-health.ts'
import { rebuildStore } from '../ports/store/rebuild.ts'
import { repairRanges } from '../ports/store/repair.ts'
import type { FromRecorder } from '../wire/clerk.ts'
import { type Config, tracksOf } from '../wire/config.ts'
import type { Attest } from './attest.ts'
import { JournalSigner, type JournalSignerOptions } from './journal-signer.ts'
import { keySigns } from './key-signs.ts'
import { LateSignatures } from './late-signatures.ts'
import { Scrubber } from './scrubber.ts'
import type { SelfTester } from './self-tester.ts'
import { switchOff } from './switch-off.ts'

export interface ApplianceOptions {
  config: Config
  link: CaptureLink
  register: Register
  log: Logger
  software: Software
  configSha256: string
  /** Version, as `gst-inspect-1.0` tells it. */
  gstreamer: string
  /** Null when the key cannot be had: then journals are not signed. */
  identity: Identity | null
  attest: Attest | null
  tester: SelfTester
  report: (event: Event) => void
  answer: (request: number, said: FromRecorder) => void
  end: () => void
}

type Of<Name extends Command['do']> = Extract<Command, { do: Name }>

/** A disk that hangs must not keep a closed hearing from being told of. */
const SETTLE_MS = 10_000
/** Nor a key that does not sign. */
const LAST_SIGNATURE_MS = 3_000
/** Nor an authority that does not stamp. */
const LAST_STAMP_MS = 3_000
/** After these it is said who and what writes from here on. */
const INTRODUCED: ReadonlySet<EntryKind> = new Set(['hearing-opened', 'interrupted'])
/** These are signed. Every change of state has a checkpoint. */
const SIGNED: ReadonlySet<EntryKind> = new Set(['checkpoint', 'hearing-closed'])

export class Appliance {
  #journal: HearingJournal | null = null
  #signer: JournalSigner | null = null
  #adding: Promise<void> = Promise.resolve()
  readonly #scrubber: Scrubber
  readonly #health = new DiskHealth()
  readonly #lateSignatures: LateSignatures
  /** There is never more than one: a rebuild needs the other store to be good. */
  #rebuilding: { stop: AbortController; ended: Promise<void> } | null = null

  constructor(private readonly options: ApplianceOptions) {
    const { config, register, log } = options
    this.#scrubber = new Scrubber({
      ...{ stateDir: config.stateDir, stores: config.stores, courtKey: config.seals.courtKey ?? null, log },
      hearings: () => register.list().flatMap(({ id, state }) => (state === 'closed' ? [id] : [])),
      addLines: (hearing, bodies) => this.#addToClosed(hearing, now(), () => bodies),
    })
    this.#lateSignatures = new LateSignatures({
      ...{ stateDir: config.stateDir, log },
      sign: (hearing) => this.#signClosed(hearing),
      // Without a key it need not be tried; the next start may have one.
      tell: (count, signed) =>
        options.report({ is: 'ends-unsigned', count: options.identity ? count : 0, signed, ...now() }),
    })
  }

  readonly executors: Executors = {
    'start-worker': ({ source, run }) => this.options.link.start(source, run),
    'kill-worker': ({ source, run }) => this.options.link.kill(source, run),
    'end-worker': ({ source, run }) => this.options.link.send(source, run, { do: 'end' }),
    'open-gate': (command) => this.#openGate(command),
    'close-gate': ({ source, run, atMs, final }) => this.options.link.send(source, run, { do: 'close', atMs, final }),
    'catch-up': ({ source, run, since }) => this.options.link.send(source, run, { do: 'catch-up', since }),
    salvage: (command) => void this.#salvage(command),
    'join-store': ({ source, run, store }) => this.options.link.send(source, run, { do: 'join-store', store }),
    'leave-store': ({ source, run, store, reason }) =>
      this.options.link.send(source, run, { do: 'leave-store', store, reason }),
    'open-hearing': (command) => this.#openHearing(command),
    journal: ({ body, atMs, utcMs }) => this.#write(body, { atMs, utcMs }),
    'finish-hearing': (command) => {
      const finishing = this.#finish(command)
      this.#adding = this.#adding.then(() => finishing)
    },
    'rebuild-store': (command) => this.#beginRebuild(command),
    'seal-closed': (command) => this.#sealClosed(command),
    'sign-closed': () => void this.#lateSignatures.signAll(),
    'self-test': (command) => this.options.tester.begin(command),
    'stop-self-test': () => this.options.tester.stop(),
    'examine-disk': ({ store }) => void this.#examineDisk(store),
    scrub: () => this.#scrub(),
    'stop-scrub': () => this.#scrubber.stop(),
    'join-journal': ({ store }) => this.#journal?.join(this.#placeOf(store)),
    'leave-journal': ({ store, reason }) => this.#journal?.leave(store, reason),
    answer: ({ request, accepted, code, hearing, reason }) =>
      this.options.answer(
        request,
        accepted
          ? { is: 'accepted', text: reason.clerk, hearing }
          : { is: 'refused', code, text: reason.clerk, engineer: reason.engineer },
      ),
    'power-off': () => void this.#powerOff(),
    exit: () => this.options.end(),
  }

  /** One line a person can read for every command but the stream of proof. */
  readonly observe = (command: Command): void => {
    if (command.do === 'journal' && ['fragments', 'levels', 'checkpoint', 'stored'].includes(command.body.kind)) return
    const about = command.do === 'journal' ? { entry: command.body.kind } : {}
    this.options.log.info({ do: command.do, ...about, engineer: command.reason.engineer }, command.reason.clerk)
  }

  /** The journal of the hearing that is open, new or carried on after an interruption. */
  takeUp(journal: HearingJournal): void {
    this.#journal = journal
    this.options.attest?.opened(journal.hearing)
    this.#signer = this.#signerOf(journal)
  }

  /** A journal whose events are this appliance's. */
  newJournal(hearing: string, earlier: Pick<HearingJournalOptions, 'at' | 'ends'> = {}): HearingJournal {
    return new HearingJournal({
      hearing,
      ...earlier,
      onStored: (store) => this.options.report({ is: 'journal-stored', store, ...now() }),
      onFailure: (store, why) => this.options.report({ is: 'journal-failed', store, reason: why, ...now() }),
    })
  }

  /** What others say of the open journal. */
  add(hearing: string, body: EntryBody): void {
    if (this.#journal?.hearing === hearing) this.#journal.append(now(), body)
  }

  /** What others say of a hearing that is closed by now. Resolves when it stands there; rejects when it cannot. */
  addLate(hearing: string, body: EntryBody): Promise<void> {
    return this.#addToClosed(hearing, now(), () => [body])
  }

  /** What is known of earlier hearings. */
  remember(): void {
    const { report, log } = this.options
    void this.#lateSignatures.remember()
    void this.#scrubber.remembered().then(
      (remembered) => report({ is: 'scrub-remembered', ...remembered, ...now() }),
      (fault: unknown) => log.warn({ fault: messageOf(fault) }, 'what earlier readings found is not known'),
    )
  }

  /** Resolves when every line of the open journal is durable on a store; at once when there is none. */
  async durable(): Promise<void> {
    await this.#journal?.durable()
  }

  watch(): void {
    this.#journal?.watch()
  }

  async settle(): Promise<void> {
    await Promise.race([this.#journal?.settle(), sleep(SETTLE_MS)])
  }

  /** Whatever comes of it, everything is closed: the program ends. */
  async #powerOff(): Promise<void> {
    const { config, log, end } = this.options
    // Else the last line, or its signature, may be on its way still when the disks are unmounted.
    await this.#signer?.rest(LAST_SIGNATURE_MS)
    await this.settle()
    const failed = await switchOff(config.power.powerOff)
    if (failed) log.error({ argv: config.power.powerOff, fault: failed }, 'the machine could not be switched off')
    end()
  }

  #placeOf(name: string): Config['stores'][number] {
    return this.options.config.stores.find((store) => store.name === name)!
  }

  #write(body: EntryBody, stamp: { atMs: number; utcMs: number }): void {
    const place = this.#journal?.append(stamp, body)
    if (INTRODUCED.has(body.kind)) this.#introduce()
    if (place && SIGNED.has(body.kind)) this.#signer?.add(place)
  }

  /** Software, configuration and who signs stand in every journal, again after every interruption (R18). */
  #introduce(): void {
    const { software, configSha256, gstreamer, identity } = this.options
    const { version, sha256, node } = software
    this.#journal?.append(now(), { kind: 'software', version, sha256, node, gstreamer })
    this.#journal?.append(now(), { kind: 'configuration', sha256: configSha256 })
    if (identity) this.#journal?.append(now(), { kind: 'device', ...identity.entry })
  }

  #signerOf(journal: HearingJournal): JournalSigner | null {
    const { identity, attest, report, log } = this.options
    if (!identity) return null
    const onSigned: JournalSignerOptions['onSigned'] = (signed) => {
      attest?.place({ hearing: journal.hearing, ...signed }, () => journal.durable())
      report({ is: 'journal-signed', ...now() })
    }
    const onFailure = (why: Reason) => {
      log.warn({ engineer: why.engineer }, why.clerk)
      report({ is: 'signing-failed', reason: why, ...now() })
    }
    return new JournalSigner({ journal, identity, onSigned, onFailure })
  }

  #openHearing({ hearing, case: caseNumber, openedUtcMs, stores }: Of<'open-hearing'>): void {
    const { config, register, log } = this.options
    const journal = this.newJournal(hearing)
    this.takeUp(journal)
    for (const store of stores) journal.join(this.#placeOf(store))
    const openedUtc = utcText(openedUtcMs)
    register
      .upsert({ id: hearing, case: caseNumber, room: config.room, openedUtc, closedUtc: null, state: 'open' })
      .catch((fault: unknown) => log.error({ fault: messageOf(fault) }, 'the register could not be written'))
  }

  #openGate({ source, run, hearing, zeroMs, atMs, utcMs, stores }: Of<'open-gate'>): void {
    const { link, config } = this.options
    link.send(source, run, { do: 'open', hearing, zeroMs, atMs, utcMs, stores: config.stores, writeTo: stores })
  }

  async #salvage({ source, hearing }: Of<'salvage'>): Promise<void> {
    const { config, report } = this.options
    const journal = this.#journal
    const tracks = config.sources.filter(({ name }) => name === source).flatMap(tracksOf)
    const found = await salvage({
      hearing,
      tracks: tracks.map(({ name }) => name),
      stores: config.stores,
      endOf: (file) => journal?.ends.of(file) ?? 0,
    })
    // Given up, and late: its hearing is over, and the next one may be searching the same source.
    if (journal !== this.#journal) return
    const why = reason(
      'Found on disk after an interruption.',
      `${found.fragments.length} whole fragments of ${source} were not in the journal`,
    )
    if (found.fragments.length)
      report({ is: 'fragments-found', source, fragments: found.fragments, reason: why, ...now() })
    for (const tail of found.tails) journal?.append(now(), { kind: 'tail', ...tail })
    await this.#mendTorn(journal, hearing, found.fragments)
    report({ is: 'salvage-ended', source, ...now() })
  }

  /** A cut that tore a write on one disk may have found it whole on the other: nobody else would ever put it right. */
  async #mendTorn(journal: HearingJournal | null, hearing: string, found: readonly FragmentEntry[]): Promise<void> {
    const { stores } = this.options.config
    const mended = await onEachStore(stores, async (to) => {
      const from = stores.find((store) => store !== to)
      const ranges = found.filter(({ stores: on }) => from && on.includes(from.name) && !on.includes(to.name))
      if (!from || !ranges.length) return []
      return repairRanges({ from: from.path, to: to.path, hearing, ranges, what: 'torn' })
    })
    const why = reason('A write that was cut off here was put right from the other disk.', 'torn by the interruption')
    for (const { store, value } of mended)
      for (const { file, offset, bytes } of value) {
        const from = stores.find((other) => other !== store)!.name
        journal?.append(now(), { kind: 'repaired', store: store.name, from, file, offset, bytes, reason: why })
      }
  }

  async #finish({ hearing, case: caseNumber, openedUtcMs, sealed }: Of<'finish-hearing'>): Promise<void> {
    const { config, register, report, log } = this.options
    const [journal, signer] = [this.#journal, this.#signer]
    this.#lateSignatures.note(hearing)
    try {
      const rests = await signer?.rest(LAST_SIGNATURE_MS)
      await this.options.attest?.closed(hearing, LAST_STAMP_MS)
      // What others answered to the last signature is signed too.
      if (rests && journal?.unsignedPlace) signer?.add(journal.unsignedPlace)
      await signer?.end(rests ? LAST_SIGNATURE_MS : 0)
      this.#lateSignatures.settle(hearing, journal?.unsignedPlace === null)
      await Promise.race([journal?.close(), sleep(SETTLE_MS)])
      if (this.#journal === journal) this.#journal = null
      const written = await writeSummary(
        config.stores.map(({ path }) => join(path, hearing)),
        replaceFile,
      )
      if (written < config.stores.length)
        log.warn({ written }, 'hearing.json is not on every disk; it can be made from the journal')
      if (sealed) await this.#preferSealed(hearing)
      const [openedUtc, closedUtc] = [utcText(openedUtcMs), utcText(now().utcMs)]
      // The room may be called something else by now.
      const room = register.list().find(({ id }) => id === hearing)?.room ?? config.room
      await register.upsert({ id: hearing, case: caseNumber, room, openedUtc, closedUtc, state: 'closed' })
    } catch (fault) {
      log.error({ fault: messageOf(fault) }, 'the register could not be written; it is rebuilt at the next start')
    }
    report({ is: 'hearing-finished', hearing, ...now() })
  }

  /** An older rebuild that still runs is stopped first: two must not write to one file. */
  #beginRebuild(command: Of<'rebuild-store'>): void {
    const older = this.#rebuilding
    older?.stop.abort()
    const stop = new AbortController()
    const ended = Promise.resolve(older?.ended).then(() => this.#rebuild(command, stop.signal))
    this.#rebuilding = { stop, ended }
  }

  #sealClosed({ hearing, portion, by, request, atMs, utcMs, reason: why }: Of<'seal-closed'>): void {
    const lines = ({ tracks, seals }: ClosedJournal): EntryBody[] => {
      const unknown = portion.tracks.find((name) => !tracks.includes(name))
      if (unknown !== undefined) throw new VerbatimError('REFUSED', `there is no track "${unknown}"`)
      return [{ kind: 'seal', seal: `seal-${seals + 1}`, ...portion, by, reason: why }]
    }
    void this.#addToClosed(hearing, { atMs, utcMs }, lines)
      .then(() => this.#preferSealed(hearing))
      .then(
        () => ({ ok: true, reason: why }),
        (fault: unknown) => ({ ok: false, reason: reason('The seal could not be put on', messageOf(fault)) }),
      )
      .then((told) => this.options.report({ is: 'closed-sealed', hearing, request, ...told, ...now() }))
  }

  /** What is sealed is locked away as soon as it is calm. */
  async #preferSealed(hearing: string): Promise<void> {
    if (!this.options.config.seals.courtKey) return
    await this.#scrubber
      .prefer(hearing)
      .catch((fault: unknown) =>
        this.options.log.error(
          { hearing, fault: messageOf(fault) },
          'what is sealed will be locked away in its turn only',
        ),
      )
  }

  /** Lines in the journal of a closed hearing, signed. One call after the other: two lines never take the same place. */
  #addToClosed(
    hearing: string,
    stamp: { atMs: number; utcMs: number },
    linesFor: (closed: ClosedJournal) => EntryBody[],
  ): Promise<void> {
    const adding = this.#adding.then(async () => {
      const closed = await readClosedJournal(hearing, this.options.config.stores)
      const journal = this.newJournal(hearing, { at: closed.at })
      const bodies = linesFor(closed)
      for (const store of closed.stores) journal.join(store)
      const { identity } = this.options
      this.#lateSignatures.note(hearing)
      // The hearing may have been another device's.
      let last = identity ? journal.append(now(), { kind: 'device', ...identity.entry }) : null
      const signer = this.#signerOf(journal)
      for (const body of bodies) last = journal.append(stamp, body) ?? last
      // It speaks for every line before it.
      if (last) signer?.add(last)
      await signer?.end(LAST_SIGNATURE_MS)
      await journal.close()
      this.#lateSignatures.settle(hearing, journal.unsignedPlace === null)
      if (!journal.isTaken) throw new VerbatimError('STORE_UNUSABLE', 'no store took the line')
    })
    this.#adding = adding.catch(() => {})
    return adding
  }

  /** A key that does not sign leaves no line: its owner would be named once a minute. */
  async #signClosed(hearing: string): Promise<boolean> {
    const { identity, log } = this.options
    const signs = async (): Promise<boolean> => identity !== null && keySigns(identity.signer)
    const isGood = await signs().catch((fault: unknown) => {
      log.warn({ hearing, fault: messageOf(fault) }, 'the end of a hearing is still not signed')
      return false
    })
    if (!isGood) return false
    await this.#addToClosed(hearing, now(), () => [])
    await this.#preferSealed(hearing)
    return !this.#lateSignatures.owes(hearing)
  }

  async #examineDisk(name: string): Promise<void> {
    const exam = await this.#health.examine(this.#placeOf(name))
    this.options.report({ is: 'disk-examined', store: name, exam, ...now() })
  }

  #scrub(): void {
    const { report, log } = this.options
    const nothing = { hearing: '', bad: 0, repaired: 0, due: false, reason: reason('Nothing was read again.') }
    void this.#scrubber
      .scrub()
      .catch((fault: unknown) => {
        log.warn({ fault: messageOf(fault) }, 'an earlier hearing could not be read again')
        return null
      })
      .then((scrubbed) => {
        if (scrubbed) log.info({ engineer: scrubbed.reason.engineer }, scrubbed.reason.clerk)
        report({ is: 'scrub-ended', ...(scrubbed ?? nothing), ...now() })
      })
  }

  async #rebuild({ store, from, begunMs }: Of<'rebuild-store'>, signal: AbortSignal): Promise<void> {
    const { report } = this.options
    const done = (ok: boolean, copiedBytes: number, why: Reason) =>
      report({ is: 'rebuild-ended', store, begunMs, ok, copiedBytes, reason: why, ...now() })
    try {
      const copied = await rebuildStore({
        from: this.#placeOf(from).path,
        to: this.#placeOf(store).path,
        openHearing: () => this.#journal?.hearing ?? null,
        progress: this.#copyingTeller(store),
        signal,
      })
      done(true, copied, reason('The disk is complete again.', `from ${from}`))
    } catch (fault) {
      // Stopped for a newer one, whose end will be told.
      if (!signal.aborted) done(false, 0, reason('The disk could not be completed.', messageOf(fault)))
    }
  }

  /** Tells of a rebuild once a second. */
  #copyingTeller(store: string): (copiedBytes: number, path: string) => void {
    let toldAtMs = 0
    return (copiedBytes, path) => {
      if (now().atMs - toldAtMs < 1_000) return
      toldAtMs = now().atMs
      const megabytes = (copiedBytes / 1e6).toFixed(0)
      this.options.log.info({ store, copiedBytes, path }, `completing disk "${store}": ${megabytes} MB copied`)
    }
  }
}
