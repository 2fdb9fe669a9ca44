/**
 * One running GStreamer pipeline. There is one a process and it is never used twice (see the binding's traps):
 * when it fails, the process ends and a new one takes over.
 */
import { createRequire } from 'node:module'
import type { BusMessage, Pipeline as GstPipelineInstance } from 'gstreamer-superficial'
import { VerbatimError } from '../base/error.ts'
import { monotonicMs } from '../base/monotonic.ts'
import { type BusWord, wordOf } from './bus.ts'

// The package's entry is the native file itself, which `import` cannot load.
const { Pipeline: GstPipeline } = createRequire(import.meta.url)(
  'gstreamer-superficial',
) as typeof import('gstreamer-superficial')

/**
 * GstSeekFlags: SEGMENT lets running time go on over the loop. Never FLUSH: an Opus encoder that has begun already
 * would forget to allow for its own delay, and its track would be 6.5 ms off those whose encoders had not.
 */
const SEEK_SEGMENT = 8

export class Pipeline {
  readonly #gst: GstPipelineInstance
  readonly #valves: Record<string, unknown>[]
  readonly #glances: Record<string, unknown>[]
  #openSinceMs: number | null = null

  /** Throws PIPELINE_FAILED when GStreamer cannot build it. */
  constructor(
    launch: string,
    private readonly tracks: string[],
    private readonly looped: boolean,
  ) {
    try {
      this.#gst = new GstPipeline(launch)
    } catch (cause) {
      throw new VerbatimError('PIPELINE_FAILED', `GStreamer cannot build the pipeline: ${String(cause)}`, { cause })
    }
    // findChild costs memory at each call: once is enough.
    this.#valves = this.#find(tracks.map((track) => `valve-${track}`))
    this.#glances = this.#find(['glance-h264', 'glance-h265'])
  }

  #find(names: string[]): Record<string, unknown>[] {
    return names.map((name) => this.#gst.findChild(name)).filter((element) => element !== undefined)
  }

  play(hear: (word: BusWord) => void): void {
    let begun = false
    this.#gst.pollBus((message: BusMessage) => {
      // A looping file must be told before its first end that more follows.
      if (this.looped && !begun && message.type === 'async-done') {
        begun = true
        this.#gst.seek(0, SEEK_SEGMENT)
      }
      const word = wordOf(message)
      if (!word) return
      if (word.is === 'looped') this.#gst.seek(0, SEEK_SEGMENT)
      else hear(word)
    })
    this.#gst.play()
  }

  /**
   * They open one after the other while sound flows through them.
   * @returns CLOCK_MONOTONIC since which all of them stand open
   */
  openValves(): number {
    if (this.#openSinceMs !== null) return this.#openSinceMs
    for (const valve of this.#valves) valve.drop = false
    this.#openSinceMs = monotonicMs()
    return this.#openSinceMs
  }

  closeValves(): void {
    for (const valve of this.#valves) valve.drop = true
    this.#openSinceMs = null
  }

  /** Looks at no picture of delivered video for so long, and then at the next key frame. */
  rest(ms: number): void {
    for (const glance of this.#glances) glance.drop = true
    setTimeout(() => {
      for (const glance of this.#glances) glance.drop = false
    }, ms)
  }

  /** Asks our own encoder for a key frame; a camera that delivers finished video is not asked. */
  askForKeyFrame(): void {
    for (const track of this.tracks) if (this.#gst.findChild(`key-${track}`)) this.#gst.forceKeyUnit(`key-${track}`, 0)
  }
}
