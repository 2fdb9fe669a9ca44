/** Intel HEX, the form in which firmware is kept. */
import { readFileSync } from 'node:fs'

const FLASH_BYTES = 0x8000
const DATA = 0
const END = 1
const SEGMENT = 2

/** The program memory of a chip after flashing this file: words, FFFF where nothing is written. */
export const flashOf = (file: string): Uint16Array => {
  const flash = new Uint8Array(FLASH_BYTES).fill(0xff)
  let base = 0
  for (const [number, line] of readFileSync(file, 'ascii').split(/\r?\n/).entries()) {
    if (!line) continue
    const record = Buffer.from(line.slice(1), 'hex')
    if (line[0] !== ':' || record.reduce((sum, byte) => sum + byte, 0) & 0xff)
      throw new Error(`${file}:${number + 1} is not Intel HEX`)
    const bytes = record[0]!
    if (record[3] === DATA) flash.set(record.subarray(4, 4 + bytes), base + record.readUInt16BE(1))
    if (record[3] === SEGMENT) base = record.readUInt16BE(4) << 4
    if (record[3] === END) break
  }
  return new Uint16Array(flash.buffer)
}
