/** A device as it asks to be enrolled: real keys, a real request. */
import 'reflect-metadata'
import { generateKeyPairSync, sign, webcrypto } from 'node:crypto'
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509'
import { hintOfCode, keyOfCode, proofBy } from '../../controller/base/code-proof.ts'
import { rawPublicKeyOf } from '../../controller/base/ed25519.ts'
import type { Authority, TlsFiles } from '../../controller/ports/authority/authority.ts'
import { keysIn } from '../../controller/ports/authority/certificate-request.ts'
import type { AuthorityRegister } from '../../controller/ports/authority/register.ts'
import {
  type EnrolmentRequest,
  HINT_OF_CODE,
  PROOF_OF_REQUEST,
  type Proven,
} from '../../controller/wire/fleet/enrolment.ts'

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

export interface AskingDevice {
  device: string
  /** PKCS#8, PEM. */
  key: string
  request: EnrolmentRequest
  proven: Proven
}

export const csrOf = async (device: string): Promise<{ csr: string; key: string }> => {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: `CN=${device}`,
    keys,
    signingAlgorithm: ALGORITHM,
  })
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  return {
    csr: Buffer.from(request.rawData).toString('base64'),
    key: `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`,
  }
}

export const askingDevice = async (device: string, code: string): Promise<AskingDevice> => {
  const evidence = generateKeyPairSync('ed25519')
  const { csr, key } = await csrOf(device)
  const request: EnrolmentRequest = {
    ...{ hint: hintOfCode(code, HINT_OF_CODE), device, court: 'Almaty District Court', room: 'Courtroom 1', csr },
    evidenceKey: rawPublicKeyOf(evidence.publicKey),
    evidenceProof: sign(null, Buffer.from(csr, 'base64'), evidence.privateKey).toString('base64'),
  }
  const body = JSON.stringify(request)
  const proof = proofBy(await keyOfCode(code, Buffer.from(csr, 'base64')), PROOF_OF_REQUEST + body)
  return { device, key, request, proven: { body, proof } }
}

/**
 * Enrolled, as if somebody had typed its code: what it connects with, in PEM.
 * @param evidenceKey that signs its journals: Ed25519, raw, base64
 */
export const enrolledDevice = async (
  authority: Authority,
  register: AuthorityRegister,
  device: string,
  court: string,
  evidenceKey: string | null = null,
): Promise<TlsFiles> => {
  const { csr, key } = await csrOf(device)
  const keys = await keysIn({ csr, evidenceKey: null, evidenceProof: null })
  const { certificates, serial, expires } = await authority.issueDevice(court, device, device, keys)
  const at = new Date().toISOString()
  await register.add({
    ...{ is: 'enrolled', at, device, court, room: 'Room', serial, expires: expires.toISOString(), evidenceKey },
  })
  return { ca: authority.pem, cert: pemOf(certificates.tls[0]!), key }
}

/** DER, base64, as PEM. */
export const pemOf = (der: string): string => `-----BEGIN CERTIFICATE-----\n${der}\n-----END CERTIFICATE-----\n`
