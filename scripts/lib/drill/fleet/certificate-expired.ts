/**
 * The certificate of a real recorder ends in the middle of a hearing while the hub is away; then the hub comes. Nothing
 * of the recording may notice, somebody who stands before it is told, and it has to come back by itself.
 */
import { createPublicKey } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { DAY_MS, SECOND_MS, utcText } from '../../../../controller/base/units.ts'
import { AuthorityRegister } from '../../../../controller/ports/authority/register.ts'
import { MemberFile } from '../../../../controller/ports/enrolment/member-file.ts'
import type { FleetStatus } from '../../../../controller/wire/clerk.ts'
import type { RoomDetail } from '../../../../controller/wire/console.ts'
import { holesIn } from '../../../../test/stories/stage/journal.ts'
import { assertClosed, assertWhole } from '../../../../test/stories/stage/proof.ts'
import { CAMERAS, MICROPHONES } from '../../../../test/stories/stage/sources.ts'
import { Stage } from '../../../../test/stories/stage/stage.ts'
import { until } from '../../../../test/stories/stage/until.ts'
import type { DrillPlace, Finding, FleetDrill } from './drill.ts'
import { SmallRegion } from './small-region.ts'
import { finding } from './strange-region.ts'

const COURT = 'drill-court'
const TRACKS = [...CAMERAS, ...MICROPHONES]
/** From being issued to its end; the recorder is started meanwhile. */
const LASTS_MS = 40 * SECOND_MS
/** The recorder asks for another one when a third is left. */
const DUE = { lastsMs: 120 * SECOND_MS, leftMs: 35 * SECOND_MS }
const BACK_WITHIN_S = 180

/** Another certificate for the very same key, which ends soon; in the books of both sides. */
const shorten = async (region: SmallRegion, stateDir: string, lastsMs: number): Promise<number> => {
  const file = new MemberFile(join(stateDir, 'fleet'))
  const member = await file.read()
  if (member?.is !== 'enrolled') throw new Error('the recorder is not enrolled')
  const spki = new Uint8Array(createPublicKey(member.key).export({ type: 'spki', format: 'der' }))
  const authority = await region.authority(lastsMs / DAY_MS)
  const { device, court } = member
  const { certificates, serial, expires } = await authority.issueDevice(court, device, device, {
    spki,
    evidenceKey: null,
  })
  const register = await AuthorityRegister.open(join(region.home, 'authority'))
  await register.add({ is: 'renewed', at: utcText(Date.now()), device, serial, expires: utcText(expires.getTime()) })
  const { evidence } = member.certificates
  await file.write({ ...member, certificates: { ...certificates, evidence }, renewal: null })
  return expires.getTime()
}

const told = (fleet: FleetStatus | null | undefined): string =>
  fleet && Date.parse(fleet.certificateExpires ?? '') < Date.now() && /certificate is over/.test(fleet.why)
    ? 'its certificate is over'
    : `${fleet?.is}: ${fleet?.why}`

const run = async (place: DrillPlace): Promise<Finding[]> => {
  const { say, atEnd } = place
  const region = await SmallRegion.start(place, 1)
  const stage = new Stage({})
  atEnd(() => stage.end())
  await stage.ready({ fleet: { hub: region.hub.addresses.web, metricsSeconds: 1 } })
  const { fleet } = await stage.until('a code is asked with', 60, ({ fleet }) => Boolean(fleet?.code && fleet.reached))
  await region.console.ask('enrol', {}, { code: fleet!.code, court: COURT, courtName: 'Court' })
  const isIn = ({ fleet }: { fleet?: FleetStatus | undefined }) => fleet?.is === 'enrolled' && fleet.reached
  await stage.until('enrolled', 60, isIn)
  await stage.recorder.end('SIGTERM')
  await region.hub.stop()
  const endsMs = await shorten(region, stage.config.stateDir, LASTS_MS)
  await stage.ready()
  const hearing = await stage.rec()
  say('a hearing is open, and the certificate ends in it ...')
  await until('it is over', 60, () => Date.now() > endsMs)
  const seen = await stage.until('told', 90, ({ fleet }) => told(fleet) === 'its certificate is over').catch(() => null)
  await stage.press('off')
  await stage.press('rec')

  await region.hub.start()
  await region.look()
  const backMs = performance.now()
  say('the hub comes ...')
  const back = await stage.until('it is back', BACK_WITHIN_S, isIn).catch(() => null)
  const seconds = (performance.now() - backMs) / SECOND_MS
  await stage.recorded(2)
  await stage.stop()
  await stage.until('the hub has all', 60, ({ fleet }) => fleet?.waiting === 0)
  const { row, events } = await region.console.ask<RoomDetail>('room', { court: COURT, device: fleet!.device })
  const holes = events.filter(({ seq }, i) => seq !== events.length - i).length
  const kinds = new Set(events.map(({ kind }) => kind))
  const isWhole = await assertWhole(stage, hearing).then(
    () => 'whole, and proved',
    (fault: Error) => fault.message,
  )
  const journal = assertClosed(stage, hearing)
  const holed = TRACKS.filter((track) => {
    const fragments = journal.fragments(track)
    return !fragments.length || holesIn(fragments).length > 1
  })
  say('another that ends soon, and the hub is there ...')
  await stage.recorder.end('SIGTERM')
  await region.hub.stop()
  const nextEndsMs = await shorten(region, stage.config.stateDir, DUE.lastsMs)
  await region.hub.start()
  await region.look()
  await delay(nextEndsMs - DUE.leftMs - Date.now())
  await stage.ready()
  const renewed = await stage
    .until(
      'renewed',
      BACK_WITHIN_S,
      (status) => isIn(status) && Date.parse(status.fleet!.certificateExpires!) > nextEndsMs,
    )
    .catch(() => null)
  const leftMs = nextEndsMs - Date.now()
  return [
    finding('what is told at the recorder', 'its certificate is over', told(seen?.fleet)),
    {
      what: 'from the hub being there to being connected with a new certificate, by itself',
      wanted: `within ${BACK_WITHIN_S} s`,
      seen: back ? `${seconds.toFixed(1)} s` : 'not',
      isWell: back !== null,
    },
    finding('the hearing that was open all the time', 'whole, and proved', isWhole),
    finding('tracks in which more is missing than the recess', 'none', holed.join(', ') || 'none'),
    {
      what: 'events at the hub: without a hole; of the time without a certificate among them',
      wanted: '0 holes; yes',
      seen: `${holes} holes of ${events.length}; ${kinds.has('went-off-record') ? 'yes' : 'no'}`,
      isWell: holes === 0 && kinds.has('went-off-record'),
    },
    finding(
      'the console afterwards: the room, and that it was renewed',
      'online, told',
      `${row.presence}, ${kinds.has('certificate-renewed') ? 'told' : 'not told'}`,
    ),
    {
      what: 'one that ends soon while the hub is there: renewed',
      wanted: 'before it ends',
      seen: renewed ? `${(leftMs / SECOND_MS).toFixed(0)} s before its end` : 'not',
      isWell: renewed !== null && leftMs > 0,
    },
  ]
}

export const certificateExpired: FleetDrill = {
  name: 'certificate-expired',
  what: "a real recorder's certificate ends in an open hearing while the hub is away; then the hub comes",
  run,
}
