/** Writes the published test vectors of the evidence format; running it again changes nothing. */
import { readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { writeFolder } from '../test/builders/vectors/folder.ts'
import { publishVectors } from '../test/builders/vectors/published.ts'

const KEPT = 'README.md'
const dir = resolve('test/journal/vectors')

const files = await publishVectors()
for (const name of readdirSync(dir)) if (name !== KEPT) rmSync(join(dir, name), { recursive: true })
writeFolder(dir, files)
const bytes = [...files.values()].reduce((sum, { length }) => sum + length, 0)
console.log(`${files.size} files, ${Math.ceil(bytes / 1_000)} kB`)
