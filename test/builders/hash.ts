import { createHash } from 'node:crypto'

/** Lower-case hex SHA-256, as journal writers and readers are handed it. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
