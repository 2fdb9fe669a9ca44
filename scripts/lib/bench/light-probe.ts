/**
 * How late a camera's light leaves: a bare RTSP client that notes when the first packet of each key frame arrives. Key
 * frames are due at full seconds of CLOCK_MONOTONIC.
 */
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { monotonicMs } from '../../../controller/base/monotonic.ts'

const KEY_EVERY_MS = 1_000
/** Sequence parameter set, which stands before each key frame; and the packet that may carry it with others. */
const KEY_TYPES = new Set([7, 24])

/** Milliseconds by which each key frame's first packet came after its full second, for so many key frames. */
export const probeLight = async (url: string, keyFrames: number): Promise<number[]> => {
  const { hostname, port } = new URL(url)
  const socket = createConnection(Number(port), hostname)
  await once(socket, 'connect')
  socket.setNoDelay(true)
  let asked = 0
  const ask = async (line: string, ...headers: string[]): Promise<string> => {
    socket.write(`${[`${line} RTSP/1.0`, `CSeq: ${++asked}`, ...headers].join('\r\n')}\r\n\r\n`)
    const [answer] = await once(socket, 'data')
    return String(answer)
  }
  const described = await ask(`DESCRIBE ${url}`, 'Accept: application/sdp')
  const base = /^Content-Base: (\S+)/m.exec(described)?.[1] ?? `${url}/`
  const control = /m=video[\s\S]*?a=control:(\S+)/.exec(described)?.[1] ?? ''
  const setUp = await ask(
    `SETUP ${control.includes('://') ? control : `${base}${control}`}`,
    'Transport: RTP/AVP/TCP;unicast;interleaved=0-1',
  )
  const session = /^Session: ([^;\s]+)/m.exec(setUp)?.[1] ?? ''
  socket.write(`PLAY ${url} RTSP/1.0\r\nCSeq: ${++asked}\r\nSession: ${session}\r\n\r\n`)
  try {
    return await listen(socket, keyFrames)
  } finally {
    socket.destroy()
  }
}

const listen = async (socket: AsyncIterable<Buffer>, keyFrames: number): Promise<number[]> => {
  const lateMs: number[] = []
  let rest: Buffer = Buffer.alloc(0)
  let begunMs: number | null = null
  for await (const bytes of socket) {
    const nowMs = monotonicMs()
    rest = Buffer.concat([rest, bytes])
    // What is no packet is the answer to PLAY.
    while (rest.length >= 4) {
      if (rest[0] !== 0x24) {
        const next = rest.indexOf(0x24)
        rest = next < 0 ? Buffer.alloc(0) : rest.subarray(next)
        continue
      }
      const end = 4 + rest.readUInt16BE(2)
      if (rest.length < end) break
      const packet = rest.subarray(4, end)
      const channel = rest[1]
      rest = rest.subarray(end)
      if (channel !== 0) continue
      begunMs ??= nowMs
      if (KEY_TYPES.has(packet[12]! & 31)) lateMs.push(begunMs % KEY_EVERY_MS)
      // The marker bit ends a picture.
      if (packet[1]! & 0x80) begunMs = null
      // The first key frame may have waited for this client to come.
      if (lateMs.length > keyFrames) return lateMs.slice(1)
    }
  }
  throw new Error('the camera hung up on the probe')
}
