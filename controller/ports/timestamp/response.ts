import { ContentInfo, id_signedData, SignedData } from '@peculiar/asn1-cms'
import { AsnConvert } from '@peculiar/asn1-schema'
import { id_ct_tstInfo, PKIStatus, type PKIStatusInfo, TimeStampResp, TSTInfo } from '@peculiar/asn1-tsp'
import { messageOf, VerbatimError } from '../../base/error.ts'
import { SHA256, type StampRequest } from './request.ts'

/**
 * The token in a TimeStampResp (RFC 3161, 2.4.2), in the authority's very bytes, base64. Looks whether it answers this
 * request; whose signature it bears is for the verifier to judge, who trusts nobody's looking but its own.
 * Throws ANSWER_INVALID, STAMP_REFUSED and STAMP_INVALID.
 */
export const tokenIn = (answer: Uint8Array, request: StampRequest): string => {
  const response = parse('a TimeStampResp', () => AsnConvert.parse(answer, TimeStampResp))
  const { status, timeStampToken } = response
  if (status.status !== PKIStatus.granted && status.status !== PKIStatus.grantedWithMods)
    throw new VerbatimError('STAMP_REFUSED', refusalOf(status))
  if (!timeStampToken) throw new VerbatimError('ANSWER_INVALID', 'granted, and no token')
  const token = Buffer.from(AsnConvert.serialize(timeStampToken))
  if (Buffer.from(answer).indexOf(token) < 0) throw new VerbatimError('ANSWER_INVALID', 'the token is not in DER')
  requireAnswer(
    parse('a time stamp', () => infoIn(token)),
    request,
  )
  return token.toString('base64')
}

const parse = <T>(what: string, read: () => T): T => {
  try {
    return read()
  } catch (cause) {
    throw new VerbatimError('ANSWER_INVALID', `not ${what}: ${messageOf(cause).slice(0, 200)}`, { cause })
  }
}

/** What the token signs: TSTInfo within SignedData within ContentInfo. */
const infoIn = (token: Uint8Array): TSTInfo => {
  const content = AsnConvert.parse(token, ContentInfo)
  if (content.contentType !== id_signedData) throw new TypeError(`content of type ${content.contentType}`)
  const { eContentType, eContent } = AsnConvert.parse(content.content, SignedData).encapContentInfo
  if (eContentType !== id_ct_tstInfo || !eContent?.single) throw new TypeError(`signed is ${eContentType}`)
  return AsnConvert.parse(eContent.single.buffer, TSTInfo)
}

const requireAnswer = ({ messageImprint, nonce }: TSTInfo, request: StampRequest): void => {
  const { hashAlgorithm, hashedMessage } = messageImprint
  const stamped = Buffer.from(hashedMessage.buffer).toString('hex')
  if (hashAlgorithm.algorithm !== SHA256 || stamped !== request.head)
    throw new VerbatimError('STAMP_INVALID', `stamped is ${stamped.slice(0, 128)}, asked for was ${request.head}`)
  if (!nonce || !Buffer.from(nonce).equals(request.nonce))
    throw new VerbatimError('STAMP_INVALID', 'the nonce is that of another request')
}

const refusalOf = ({ status, statusString, failInfo }: PKIStatusInfo): string => {
  const words = statusString ? [...statusString].join('; ').slice(0, 300) : ''
  const info = failInfo ? `, ${failInfo.toJSON().join(' ')}` : ''
  return `${PKIStatus[status] ?? status}${info}${words && `: ${words}`}`
}
