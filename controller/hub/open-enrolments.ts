/** Who belongs to the fleet, as the authority's books have it. */
import type { EnrolmentDesk } from '../ports/authority/enrolment-desk.ts'
import type { ExpectedCodes } from '../ports/authority/expected-codes.ts'
import type { AuthorityRegister } from '../ports/authority/register.ts'
import type { Enrolments } from './fleet-line.ts'

/** @param revoked told when a device may no longer connect: whoever has it connected ends that */
export const enrolmentsOf = (
  desk: EnrolmentDesk,
  register: AuthorityRegister,
  expected: ExpectedCodes,
  revoked: (device: string) => void,
): Enrolments => ({
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
    revoked(device)
  },
})
