/**
 * The peers: one process each that records the same cameras as delivered and the same sound as Opus 64 kbit/s, a
 * fragmented MP4 a track, fragments of 480 ms. They neither hash nor synchronise nor look at what they record.
 */
import { join } from 'node:path'

export interface PeerTask {
  urls: readonly string[]
  sound: string
  channels: number
  /** One or two; every track goes to each. */
  folders: readonly string[]
}

export interface Command {
  program: string
  args: string[]
}

/** Tracks of a peer, by file name. */
export const peerFiles = ({ urls, channels }: Pick<PeerTask, 'urls' | 'channels'>): string[] => [
  ...urls.map((_, i) => `camera-${i + 1}.mp4`),
  ...Array.from({ length: channels }, (_, i) => `microphone-${i + 1}.mp4`),
]

export const gstLaunch = (task: PeerTask): Command => {
  const files = peerFiles(task)
  const store = (i: number): string => {
    const sinks = task.folders.map((folder) => `filesink location=${join(folder, files[i]!)} async=false`)
    const muxer = 'mp4mux fragment-duration=480 streamable=true'
    if (sinks.length === 1) return `${muxer} ! ${sinks[0]}`
    return `${muxer} ! tee name=t${i} ${sinks.map((sink) => `t${i}. ! queue ! ${sink}`).join(' ')}`
  }
  const cameras = task.urls.map(
    (url, i) => `rtspsrc location=${url} protocols=tcp latency=100 ! rtph264depay ! h264parse ! ${store(i)}`,
  )
  const microphones = Array.from(
    { length: task.channels },
    (_, i) => `d.src_${i} ! opusenc bitrate=64000 frame-size=20 ! ${store(task.urls.length + i)}`,
  )
  const source = `filesrc location=${task.sound} ! wavparse ! identity sync=true ! deinterleave name=d`
  return { program: 'gst-launch-1.0', args: ['-q', '-e', ...[...cameras, source, ...microphones].join(' ').split(' ')] }
}

const FRAGMENTED = ['-movflags', 'empty_moov+default_base_moof', '-frag_duration', '480000']

export const ffmpeg = (task: PeerTask): Command => {
  const files = peerFiles(task)
  const outputs = (i: number): string[] => {
    const paths = task.folders.map((folder) => join(folder, files[i]!))
    if (paths.length === 1) return ['-f', 'mp4', ...FRAGMENTED, paths[0]!]
    const options = 'f=mp4:movflags=empty_moov+default_base_moof:frag_duration=480000'
    return ['-flags', '+global_header', '-f', 'tee', paths.map((path) => `[${options}]${path}`).join('|')]
  }
  const sound = task.urls.length
  const channels = Array.from({ length: task.channels }, (_, i) => i)
  const split = channels.map((i) => `[s${i}]pan=mono|c0=c${i}[m${i}]`)
  const filter = `[${sound}:a]asplit=${task.channels}${channels.map((i) => `[s${i}]`).join('')};${split.join(';')}`
  return {
    program: 'ffmpeg',
    args: [
      ...['-nostdin', '-v', 'error'],
      ...task.urls.flatMap((url) => ['-rtsp_transport', 'tcp', '-i', url]),
      ...['-re', '-i', task.sound, '-filter_complex', filter],
      ...task.urls.flatMap((_, i) => ['-map', `${i}:v`, '-c', 'copy', ...outputs(i)]),
      ...channels.flatMap((i) => ['-map', `[m${i}]`, '-c:a', 'libopus', '-b:a', '64k', ...outputs(sound + i)]),
    ],
  }
}
