/** Who belongs to the fleet, as the authority's books have it. */
import { EnrolmentDesk } from '../ports/authority/enrolment-desk.ts'
import type { Enrolments } from './fleet-line.ts'
import type { HubBroker } from './hub-broker.ts'
import type { HubHome } from './hub-home.ts'

type Books = Pick<HubHome, 'authority' | 'register' | 'expected' | 'operator' | 'witnessKey'>

/** @param broker devices are told to connect to it, and are out at once when they are revoked */
export const openEnrolments = (home: Books, broker: Pick<HubBroker, 'mqtt' | 'kick'>): Enrolments => {
  const { authority, register, expected, operator, witnessKey } = home
  const desk = new EnrolmentDesk({
    ...{ authority, register, expected },
    told: () => ({ operatorKey: operator.publicKey, witness: witnessKey.id, mqtt: broker.mqtt }),
    sign: (text) => operator.sign(text),
  })
  return {
    devices: () => register.devices(),
    find: (device) => register.find(device),
    waiting: () => desk.waiting(),
    expected: () => expected.count,
    ask: (request) => desk.ask(request),
    standing: (request) => desk.standing(request),
    enter: (code, court) => desk.enter(code, court),
    expect: (codes) => expected.add([...codes]),
    renew: (device, asked) => desk.renew(device, asked),
    revoke: async (device, by) => {
      await desk.revoke(device, by)
      broker.kick(device)
    },
  }
}
