/** Bytes as the MP4 and GDP formats want them: big endian, without Node's Buffer, so that a browser can run it too. */

export const u8 = (...values: number[]): Uint8Array => Uint8Array.from(values)

export const u16 = (...values: number[]): Uint8Array => {
  const bytes = new Uint8Array(values.length * 2)
  const view = new DataView(bytes.buffer)
  values.forEach((value, i) => {
    view.setUint16(i * 2, value)
  })
  return bytes
}

/** Also takes negative numbers (two's complement). */
export const u32 = (...values: number[]): Uint8Array => {
  const bytes = new Uint8Array(values.length * 4)
  const view = new DataView(bytes.buffer)
  values.forEach((value, i) => {
    view.setUint32(i * 4, value)
  })
  return bytes
}

export const u64 = (value: number | bigint): Uint8Array => {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value))
  return bytes
}

const encoder = new TextEncoder()
export const utf8 = (text: string): Uint8Array => encoder.encode(text)

export const join = (parts: readonly Uint8Array[]): Uint8Array => {
  let length = 0
  for (const part of parts) length += part.length
  const all = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Bytes from hex digits; throws a RangeError for anything else. */
export const fromHex = (hex: string): Uint8Array => {
  if (hex.length % 2 || /[^0-9a-f]/i.test(hex)) throw new RangeError('not hex')
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16))
}
