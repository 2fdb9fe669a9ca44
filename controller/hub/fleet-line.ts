/** What the hub needs of the others: who they are is decided by the program. */
import type { CertificateRequest, IssuedCertificates } from '../wire/fleet/certificate.ts'
import type { EnrolmentReply, Proven } from '../wire/fleet/enrolment.ts'
import type { StandingAnswer, StandingRequest } from '../wire/fleet/standing.ts'

/** The hub's own connection to the broker, embedded or outside. It keeps what is said while it is away. */
export interface FleetLine {
  publish(topic: string, payload: string, options: { qos: 0 | 1; retain: boolean }): void
}

export interface EnrolledRoom {
  device: string
  court: string
  room: string
  enrolledAt: string
  expires: string
  /** Ed25519, raw, base64. */
  evidenceKey: string | null
  revokedAt: string | null
}

/** Who belongs to the fleet. */
export interface Enrolments {
  devices(): Iterable<EnrolledRoom>
  find(device: string): EnrolledRoom | undefined
  waiting(): { device: string; court: string; room: string; askedAt: string }[]
  expected(): number
  /** Rejects with ENROLMENT_REFUSED. */
  ask(request: Proven): Promise<EnrolmentReply>
  standing(request: StandingRequest): Promise<StandingAnswer>
  enter(code: string, court: string): Promise<string>
  expect(codes: readonly { code: string; court: string }[]): Promise<void>
  renew(device: string, asked: CertificateRequest): Promise<IssuedCertificates>
  revoke(device: string, by: string): Promise<void>
}
