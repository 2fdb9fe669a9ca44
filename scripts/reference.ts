/** Writes what is made from the schemas: config.schema.json, REFERENCE.md, the table of error codes. `npm run reference` */
import { writeFileSync } from 'node:fs'
import { generatedFiles } from './lib/reference/files.ts'

for (const { path, text } of generatedFiles()) {
  writeFileSync(path, text)
  console.log(`wrote ${path}`)
}
