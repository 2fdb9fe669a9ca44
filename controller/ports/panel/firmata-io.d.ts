/** The few members of firmata-io that are used; the package has no types. */
declare module 'firmata-io' {
  import type { EventEmitter } from 'node:events'
  import type { Duplex } from 'node:stream'

  export interface FirmataPin {
    supportedModes: number[]
    analogChannel: number
    mode?: number
    value?: number
  }

  export interface FirmataOptions {
    skipCapabilities?: boolean
    pins?: FirmataPin[]
    analogPins?: number[]
  }

  const module: { Firmata: new (transport: Duplex, options: FirmataOptions) => EventEmitter }
  export = module
}
