/** Whose keys the vectors are signed with. Every key comes out of a word, so that anybody makes the same vectors. */
import { makeIdentity } from '../identity.ts'

export const hub = await makeIdentity('Court hub', { authority: true, seed: 'vector hub' })
export const device = await makeIdentity('room-3', { by: hub, seed: 'vector device' })
export const witness = await makeIdentity('Hub witness', { by: hub, seed: 'vector witness' })
/** Put in the place of `device` after a failure. */
export const spare = await makeIdentity('room-3 spare', { by: hub, seed: 'vector spare' })
export const expired = await makeIdentity('room-3', { by: hub, seed: 'vector expired', toUtc: '2026-11-01T00:00:00Z' })
/** Certifies itself; nobody's certificate leads to it. */
export const stranger = await makeIdentity('room-9', { seed: 'vector stranger' })
