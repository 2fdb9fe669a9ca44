/**
 * Looks names up, one question at a time for each name: where DNS is dead each question holds a thread of Node's pool for
 * many seconds, and disks need these threads.
 */
import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

type Answer = (fault: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void

const waiting = new Map<string, Answer[]>()

const ask = (host: string, answer: Answer): void => {
  const others = waiting.get(host)
  if (others) return void others.push(answer)
  waiting.set(host, [answer])
  systemLookup(host, { all: true }, (fault, addresses) => {
    const all = waiting.get(host) ?? []
    waiting.delete(host)
    for (const one of all) one(fault, addresses)
  })
}

export const patientLookup: LookupFunction = (host, options, callback) =>
  ask(host, (fault, addresses) => {
    if (fault || !addresses[0]) callback(fault ?? new Error(`${host} has no address`), '', 0)
    else if (options.all) callback(null, addresses)
    else callback(null, addresses[0].address, addresses[0].family)
  })
