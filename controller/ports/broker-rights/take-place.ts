/**
 * Ends somebody's connection to Mosquitto, which has no order for that: whoever connects under the same name takes the
 * place of the one before (MQTT 3.1.1, 3.1.4-2), and leaves it.
 */
import { connect as connectTls } from 'node:tls'
import { MqttClient } from 'mqtt'
import { brokerAddressOf } from '../../base/broker-address.ts'
import { messageOf, VerbatimError } from '../../base/error.ts'

export interface PlaceOptions {
  /** `mqtts://host:port` */
  url: string
  /** Whom the broker is believed by; PEM. */
  ca: string
  /** Of a certificate with that name, which is not revoked; PEM. */
  cert: string
  key: string
}

const WITHIN_MS = 10_000

/** Resolves when the broker has let it in, so that nobody else is there. Throws NO_ANSWER. */
export const takePlace = (name: string, { url, ...tls }: PlaceOptions): Promise<void> => {
  const open = () => connectTls({ ...brokerAddressOf(url, true), ...tls, minVersion: 'TLSv1.2' })
  const client = new MqttClient(open, {
    ...{ clientId: name, protocolId: 'MQTT', protocolVersion: 4, clean: true },
    ...{ reconnectPeriod: 0, connectTimeout: WITHIN_MS, manualConnect: true },
  })
  return new Promise((resolve, reject) => {
    let why = 'the broker closed the connection'
    client.on('error', (fault) => {
      why = messageOf(fault)
      client.end(true)
    })
    client.on('connect', () => {
      client.end(false)
      resolve()
    })
    client.on('close', () => reject(new VerbatimError('NO_ANSWER', `${name} may still be connected: ${why}`)))
    client.connect()
  })
}
