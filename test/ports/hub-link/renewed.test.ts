/** The hub's own certificate for an outside broker: renewed while the hub runs, and shown at the next connection. */
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type TLSSocket } from 'node:tls'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DAY_MS } from '../../../controller/base/units.ts'
import { Authority } from '../../../controller/ports/authority/authority.ts'
import { HubLink } from '../../../controller/ports/hub-link/hub-link.ts'
import { speakOldMqtt } from '../../builders/speak-old-mqtt.ts'
import { until } from '../../stories/stage/until.ts'

const HOUR_MS = DAY_MS / 24

test('a certificate about to end is another one at the next connection, and the same one otherwise', async () => {
  const home = mkdtempSync(join(tmpdir(), 'verbatim-renewed-'))
  let nowMs = Date.now() - 20 * HOUR_MS
  const authority = await Authority.open({ home, region: 'Almaty', days: 1, now: () => new Date(nowMs) })
  const { ca, cert, key } = await authority.serverFiles(['localhost'])
  const shown: string[] = []
  const sockets: TLSSocket[] = []
  const server = createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true }, (socket) => {
    speakOldMqtt(socket, () => {
      shown.push(socket.getPeerX509Certificate()!.serialNumber)
      sockets.push(socket)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const link = new HubLink({
    way: { is: 'outside', urls: [`mqtts://localhost:${port}`], tls: () => authority.hubFiles() },
    ...{ heard: () => {}, strange: () => {}, changed: () => {}, retry: { firstMs: 20, longestMs: 100 } },
  })
  const cutAndBack = async (times: number): Promise<void> => {
    sockets.at(-1)!.destroy()
    await until('back', 30, () => shown.length === times && link.isConnected)
  }
  try {
    link.start()
    await until('connected', 30, () => link.isConnected && shown.length === 1)
    await cutAndBack(2)
    nowMs += 20 * HOUR_MS
    await cutAndBack(3)
    const [first, second, third] = shown
    assert.is(first, second)
    assert.is.not(second, third)
    const renewed = new X509Certificate((await authority.hubFiles()).cert)
    assert.is(renewed.serialNumber, third)
    assert.ok(Date.parse(renewed.validTo) > Date.now() + 20 * HOUR_MS)
  } finally {
    await link.stop()
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
    rmSync(home, { recursive: true, force: true })
  }
})

test.run()
