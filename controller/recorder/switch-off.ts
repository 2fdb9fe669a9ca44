/** Switches the machine off, by the program that the configuration names: what does it differs from machine to machine. */
import { execFile } from 'node:child_process'

/** It only has to ask for the end of the machine, not to wait for it. */
const LIMIT_MS = 10_000
const SHOWN = 300

/** Null when the program ended well; what went wrong otherwise. Never throws. */
export const switchOff = ([program = '', ...args]: readonly string[]): Promise<string | null> =>
  new Promise((resolve) => {
    execFile(program, args, { timeout: LIMIT_MS, encoding: 'utf8' }, (fault, _out, complaint) => {
      resolve(fault ? `${fault.message} ${complaint}`.trim().slice(0, SHOWN) : null)
    })
  })
