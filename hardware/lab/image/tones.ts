/** Ten seconds of six channels, each with a tone of its own, raw, to standard output. Joined end to end it does not click. */
import { toneHz } from '../../../controller/capture/launch.ts'
import { RATE } from '../../virtual/wave.ts'

const CHANNELS = 6
const SECONDS = 10
const AMPLITUDE = 9_000

const sound = new Int16Array(RATE * SECONDS * CHANNELS)
for (let i = 0; i < RATE * SECONDS; i++)
  for (let channel = 0; channel < CHANNELS; channel++)
    sound[i * CHANNELS + channel] = Math.round(AMPLITUDE * Math.sin((2 * Math.PI * toneHz(channel + 1) * i) / RATE))
process.stdout.write(Buffer.from(sound.buffer))
