/** onoff's Gpio, made fit for a recorder. Loaded when it is needed: a machine without lines needs no native code for them. */
import { closeSync } from 'node:fs'
import { messageOf, VerbatimError } from '../../base/error.ts'

/** What onoff keeps beside its interface. */
interface Inside {
  _valueFd: number
}

export const loadGuardedGpio = async () => {
  const { Gpio } = await import('onoff').catch((cause: unknown) => {
    throw new VerbatimError('BOARD_LOST', `the GPIO library cannot be loaded: ${messageOf(cause)}`, { cause })
  })

  return class GuardedGpio extends Gpio {
    onFault: ((fault: unknown) => void) | null = null
    #last: 0 | 1 = 0

    /**
     * onoff reads in the callback of an edge, where nobody could catch what is thrown: an expander that is pulled out
     * would end the recorder.
     */
    override readSync(): 0 | 1 {
      try {
        const level = super.readSync()
        // While onoff's constructor runs, there are no fields of ours yet.
        if (#last in this) this.#last = level
        return level
      } catch (fault) {
        if (!(#last in this) || !this.onFault) throw fault
        this.onFault(fault)
        return this.#last
      }
    }

    /** Closed, but not taken from the kernel. */
    letGo(): void {
      this.unwatchAll()
      closeSync((this as unknown as Inside)._valueFd)
    }
  }
}
