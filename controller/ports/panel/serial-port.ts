/**
 * A serial port that ends when its line does. serialport 13 departs from that twice: `destroy` leaves the port open and
 * locked, so that nobody can open it again; and a line that hangs up says 0 bytes and no error, which its own read takes
 * for "not yet" and asks again for ever, with all the time there is.
 */
import { read } from 'node:fs'
import { promisify } from 'node:util'
import { SerialPort } from 'serialport'
import { codeOf } from '../../base/error.ts'
import type { OpenPort } from './serial-line.ts'

const readBytes = promisify(read)

/** What of a binding on Linux is used here. */
interface LinuxPort {
  fd: number | null
  read: (buffer: Buffer, offset: number, length: number) => Promise<{ buffer: Buffer; bytesRead: number }>
  poller: { once: (event: 'readable', heard: (fault: Error | null) => void) => unknown }
}

const isLinuxPort = (port: object): port is LinuxPort => 'fd' in port && 'poller' in port && 'read' in port

const readable = ({ poller }: LinuxPort): Promise<void> =>
  new Promise((resolve, reject) => {
    poller.once('readable', (fault) => (fault ? reject(fault) : resolve()))
  })

const canceled = (): Error => Object.assign(new Error('the port is closed'), { canceled: true })

/** Bytes as soon as there are some; throws when there will be none. */
const readSome = async (port: LinuxPort, buffer: Buffer, offset: number, length: number): Promise<number> => {
  for (;;) {
    if (port.fd === null) throw canceled()
    try {
      const { bytesRead } = await readBytes(port.fd, buffer, offset, length, null)
      if (bytesRead > 0) return bytesRead
    } catch (fault) {
      if (port.fd === null) throw canceled()
      if (codeOf(fault) !== 'EAGAIN' && codeOf(fault) !== 'EINTR') throw fault
      await readable(port)
      continue
    }
    throw new Error('the line has hung up')
  }
}

/** To be called before anything is read. */
const mend = (port: object | undefined): void => {
  if (!port || !isLinuxPort(port)) return
  port.read = async (buffer, offset, length) => ({ buffer, bytesRead: await readSome(port, buffer, offset, length) })
}

class EndingPort extends SerialPort {
  override _destroy(fault: Error | null, done: (fault?: Error | null) => void): void {
    if (this.isOpen) this.close(() => done(fault))
    else done(fault)
  }
}

/** @param path best a link that udev makes, for the kernel's names change */
export const serialPort =
  (path: string, baudRate: number): OpenPort =>
  () =>
    new Promise((resolve, reject) => {
      // `hupcl` would reset the board at each closing.
      const port = new EndingPort({ path, baudRate, hupcl: false, autoOpen: false })
      port.open((fault) => {
        if (fault) return reject(fault)
        mend(port.port)
        resolve(port)
      })
    })
