/** WAV files of 16-bit samples, many channels interleaved. */

export const RATE = 48_000
/** Before the samples. */
export const HEADER_BYTES = 68

/**
 * A whole WAV file. The extensible header with an empty channel mask says "separate channels, no loudspeakers"; players
 * that want a layout nevertheless take 5.1 surround, which keeps this order.
 */
export const waveFile = (channels: readonly Int16Array[]): Buffer => {
  const frames = channels[0]?.length ?? 0
  const dataBytes = frames * channels.length * 2
  const file = Buffer.alloc(HEADER_BYTES + dataBytes)
  file.write('RIFF', 0)
  file.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4)
  file.write('WAVEfmt ', 8)
  file.writeUInt32LE(40, 16)
  file.writeUInt16LE(0xfffe, 20)
  file.writeUInt16LE(channels.length, 22)
  file.writeUInt32LE(RATE, 24)
  file.writeUInt32LE(RATE * channels.length * 2, 28)
  file.writeUInt16LE(channels.length * 2, 32)
  file.writeUInt16LE(16, 34)
  file.writeUInt16LE(22, 36)
  file.writeUInt16LE(16, 38)
  file.writeUInt32LE(0, 40)
  file.write('0100000000001000800000aa00389b71', 44, 'hex')
  file.write('data', 60)
  file.writeUInt32LE(dataBytes, 64)
  const samples = new Int16Array(file.buffer, file.byteOffset + HEADER_BYTES, frames * channels.length)
  channels.forEach((channel, c) => {
    for (let i = 0; i < frames; i++) samples[i * channels.length + c] = channel[i] ?? 0
  })
  return file
}

/** Root mean square between two places, in dB of full scale. */
export const levelDbfs = (samples: Int16Array, fromSeconds: number, toSeconds: number): number => {
  const part = samples.subarray(Math.round(fromSeconds * RATE), Math.round(toSeconds * RATE))
  let sum = 0
  for (const sample of part) sum += sample * sample
  return 10 * Math.log10(Math.max(sum / Math.max(part.length, 1) / 32_768 ** 2, 1e-12))
}
