/** Forged places at the witness, and forged receipts at the device. */
import { setTimeout as delay } from 'node:timers/promises'
import { codeOf } from '../../../../controller/base/error.ts'
import { receiptIn } from '../../../../controller/ports/witness/receipt.ts'
import type { AlarmRow } from '../../../../controller/wire/console.ts'
import { topicOf } from '../../../../controller/wire/fleet/topics.ts'
import { FromWitness, type ShownPlace } from '../../../../controller/wire/witness.ts'
import { headOf, makeKey, placeOf, receiptOf } from '../../../../test/builders/signed.ts'
import type { RawClient } from '../../../../test/conformance/mqtt/raw-client.ts'
import type { DrillPlace, Finding } from './drill.ts'
import { finding, STRANGE_COURT, type StrangeRegion, type Witnessed } from './strange-region.ts'

const HEARING = '2026-11-24_090000_room-3_2-17-26'
const CALM_MS = 1_500

/** What the hub says to a place, by the code of its refusal. */
const shown = async (client: RawClient, { device }: Witnessed, place: unknown): Promise<string> => {
  await client.publish(topicOf(STRANGE_COURT, device, 'place'), JSON.stringify(place), { retain: true })
  const packet = await Promise.race([client.next('publish'), delay(CALM_MS).then(() => null)])
  if (!packet) return 'no answer'
  const said = FromWitness.parse(JSON.parse(packet.payload.toString()))
  return said.is === 'receipt' ? 'receipt' : said.code
}

const enter = async (strange: StrangeRegion, who: Witnessed): Promise<RawClient> => {
  const client = await strange.enter(who.files, who.device)
  if (!client) throw new Error(`${who.device} is not let in`)
  await client.subscribe(1, topicOf(STRANGE_COURT, who.device, 'receipt'))
  return client
}

export const forgePlaces = async ({ say }: DrillPlace, strange: StrangeRegion): Promise<Finding[]> => {
  say('forged places and receipts ...')
  const { region, witnessed } = strange
  const [one, another] = witnessed
  const contradicted = async ({ device }: Witnessed): Promise<string> => {
    const rows = await region.console.ask<AlarmRow[]>('alarms')
    return rows.some((row) => row.device === device && row.alarm.code === 'WITNESS_CONTRADICTED') ? 'told' : 'not told'
  }
  const [client, thief] = [await enter(strange, one), await enter(strange, another)]
  const place = placeOf(one.key, HEARING, 10)
  const findings = [
    finding('a true place', 'receipt', await shown(client, one, place)),
    finding(
      'its signature broken',
      'signature',
      await shown(client, one, { ...place, upto: 11, head: headOf(11) } satisfies ShownPlace),
    ),
    finding(
      'signed by a key that is not its own',
      'signature',
      await shown(client, one, placeOf(makeKey(), HEARING, 12)),
    ),
    finding("another device's true place, shown as its own", 'signature', await shown(thief, another, place)),
    finding(
      'nothing of that in the console',
      'not told, not told',
      `${await contradicted(one)}, ${await contradicted(another)}`,
    ),
    finding(
      'another head for the same line',
      'conflict',
      await shown(client, one, placeOf(one.key, HEARING, 10, 'forged')),
    ),
    finding('that in the console', 'told', await contradicted(one)),
  ]
  await region.hub.kill()
  await region.hub.start()
  await region.look()
  const after = await enter(strange, one)
  findings.push(
    finding(
      'the same after kill -9 of the hub',
      'conflict',
      await shown(after, one, placeOf(one.key, HEARING, 10, 'else')),
    ),
    finding('an older line that was never shown', 'rollback', await shown(after, one, placeOf(one.key, HEARING, 7))),
    finding('the true one once more', 'receipt', await shown(after, one, place)),
    finding('the one that follows', 'receipt', await shown(after, one, placeOf(one.key, HEARING, 13))),
  )
  for (const each of [client, thief, after]) await each.drop()
  return [...findings, ...forgeReceipts(place)]
}

/** As whoever has the broker could say them to a device. */
const forgeReceipts = (place: ShownPlace): Finding[] => {
  const [witness, stranger] = [makeKey(), makeKey()]
  const taken = (answer: unknown): string => {
    try {
      receiptIn(Buffer.from(JSON.stringify(answer)), place, witness.id)
      return 'taken'
    } catch (fault) {
      return codeOf(fault)
    }
  }
  const receipt = receiptOf(witness, place)
  return [
    finding('a true receipt', 'taken', taken(receipt)),
    finding(
      'a receipt for another head',
      'RECEIPT_INVALID',
      taken(receiptOf(witness, place, { head: headOf(10, 'else') })),
    ),
    finding('a receipt for another line', 'RECEIPT_INVALID', taken(receiptOf(witness, place, { upto: 9 }))),
    finding(
      'a receipt of another time, not signed anew',
      'RECEIPT_INVALID',
      taken({ ...receipt, receivedUtc: '2026-11-20T00:00:00.000Z' }),
    ),
    finding('a receipt by a key that the device does not know', 'WITNESS_CHANGED', taken(receiptOf(stranger, place))),
  ]
}
