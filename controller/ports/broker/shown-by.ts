/**
 * What a client's certificate says of it. `getPeerCertificate()` says the same, and leaves a second copy of the client's
 * public key with the connection for as long as it lives: 1.4 KB, ten thousand times.
 */
import type { X509Certificate } from 'node:crypto'

export interface ShownNames {
  /** `CN`; empty when there is none, or more than one. */
  name: string
  /** `O`; likewise. */
  court: string
  /** Lower-case hex. */
  serial: string
}

export const shownBy = ({ subject, serialNumber }: Pick<X509Certificate, 'subject' | 'serialNumber'>): ShownNames => {
  // A line for each part, such as `CN=vb-...`. What would end a line, or join parts, is escaped in a value.
  const lines = (subject ?? '').split('\n')
  const only = (part: string): string => {
    const [value, ...others] = lines.filter((line) => line.startsWith(`${part}=`))
    return value === undefined || others.length ? '' : value.slice(part.length + 1)
  }
  return { name: only('CN'), court: only('O'), serial: serialNumber.toLowerCase() }
}
