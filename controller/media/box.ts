/** The boxes of ISO/IEC 14496-12 (ISO base media file format): 32-bit length, four-letter type, content. */
import { join, u32, utf8 } from './bytes.ts'

export const box = (type: string, ...content: Uint8Array[]): Uint8Array => {
  const body = join(content)
  return join([u32(body.length + 8), utf8(type), body])
}

/** A box with version and flags, as most are. */
export const fullBox = (type: string, version: number, flags: number, ...content: Uint8Array[]): Uint8Array =>
  box(type, u32(version * 2 ** 24 + flags), ...content)
