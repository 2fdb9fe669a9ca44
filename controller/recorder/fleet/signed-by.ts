import { isSigned } from '../../base/ed25519.ts'
import { VerbatimError } from '../../base/error.ts'

/** Throws SIGNATURE_INVALID: nobody else gives orders to this device, whoever has the broker. */
export const requireOperator = (payload: string, signature: string, operatorKey: string | null): void => {
  if (operatorKey === null) throw new VerbatimError('SIGNATURE_INVALID', 'no operator of a fleet is known here')
  if (!isSigned(payload, signature, operatorKey))
    throw new VerbatimError('SIGNATURE_INVALID', 'it is not signed by the operator of the fleet')
}
