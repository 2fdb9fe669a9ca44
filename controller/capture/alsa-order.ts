/**
 * Keeps the microphones in the interface's own order. `alsasrc` rearranges three and more channels from ALSA's surround
 * order into GStreamer's, which would put a witness's words on the judge's track. A `route` device that declares its
 * channels to be in GStreamer's order already leaves it nothing to rearrange, whatever the driver says of itself.
 */
import { writeFileSync } from 'node:fs'

/** Speaker names in GStreamer's order for each count that it opens on ALSA. */
const GSTREAMER_ORDER: Record<number, string> = {
  1: 'MONO',
  2: 'FL,FR',
  3: 'FL,FR,LFE',
  4: 'FL,FR,RL,RR',
  6: 'FL,FR,FC,LFE,RL,RR',
  8: 'FL,FR,FC,LFE,RL,RR,SL,SR',
}

/** Name of the device that the configuration below defines. */
export const ORDERED_DEVICE = 'verbatim'

/** ALSA configuration text that opens `device` in order. */
export const orderedDevice = (device: string, channels: number): string => {
  const through = Array.from({ length: channels }, (_, i) => `${i}.${i} 1`).join(' ')
  return `</usr/share/alsa/alsa.conf>
pcm.verbatim_device { type plug slave.pcm "${device}" }
pcm.verbatim_order {
  type route
  slave { pcm verbatim_device channels ${channels} }
  ttable { ${through} }
  chmap [ "${GSTREAMER_ORDER[channels]}" ]
}
pcm.${ORDERED_DEVICE} { type plug slave.pcm verbatim_order }
`
}

/**
 * Writes the configuration and points alsa-lib of this process at it; call before GStreamer opens anything.
 * A configuration that is set already (ALSA_CONFIG_PATH) is read first, so that devices it defines can be named.
 */
export const useOrderedDevice = (path: string, device: string, channels: number): void => {
  const base = process.env.ALSA_CONFIG_PATH
  const text = orderedDevice(device, channels)
  writeFileSync(path, base ? text.replace('</usr/share/alsa/alsa.conf>', `<${base}>`) : text, { mode: 0o600 })
  process.env.ALSA_CONFIG_PATH = path
}
