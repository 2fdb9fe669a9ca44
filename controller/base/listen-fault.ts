/** Why a program could not begin to listen, in one sentence with a code, whichever program it is. */
import { codeOf, VerbatimError } from './error.ts'

/** Null for what is no fault of listening. */
export const listenFault = (fault: unknown): VerbatimError | null => {
  const { syscall, address, port } = fault as { syscall?: string; address?: string; port?: number }
  const code = codeOf(fault)
  const where = [address, port].filter((one) => one !== undefined).join(', port ')
  // As the system says it: the port that is wanted has an owner.
  if (code === 'EADDRINUSE')
    return new VerbatimError('ADDRESS_IN_USE', `another program listens already at ${where}`, { cause: fault })
  if (syscall === 'listen' || syscall === 'bind' || syscall === 'getaddrinfo')
    return new VerbatimError('ADDRESS_UNUSABLE', `nothing can listen here at ${where || 'that name'} (${code})`, {
      cause: fault,
    })
  return null
}
