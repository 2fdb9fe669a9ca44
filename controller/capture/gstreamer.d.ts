/** The part of gstreamer-superficial that Verbatim uses; the package brings no types. */
declare module 'gstreamer-superficial' {
  /** A message of the bus: `type`, then the fields of its structure, which may overwrite even `type`. */
  export interface BusMessage {
    type: string
    name?: string
    _src_element_name?: string
    message?: string
    debug?: string
    [field: string]: unknown
  }
  export class Pipeline {
    constructor(launch: string)
    play(): void
    stop(): void
    pollBus(callback: (message: BusMessage) => void): void
    /** Whole seconds; flags of GstSeekFlags. */
    seek(seconds: number, flags: number): boolean
    forceKeyUnit(element: string, count: number): boolean
    findChild(name: string): Record<string, unknown> | undefined
  }
}
