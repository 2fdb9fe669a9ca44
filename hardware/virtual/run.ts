import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const exec = promisify(execFile)

/** Runs a program to its end; its standard output. A failure carries what the program said. */
export const run = async (program: string, args: readonly string[]): Promise<Buffer> => {
  try {
    const { stdout } = await exec(program, args, { encoding: 'buffer', maxBuffer: 1 << 28 })
    return stdout
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim().slice(-2_000) : ''
    throw new Error(`${program} failed${said ? `: ${said}` : ''}`, { cause })
  }
}
