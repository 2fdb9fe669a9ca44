// The arrows of controller/README.md, checked: imports point down the list, ports never import each other,
// and the pure layers touch neither Node, packages, the clock nor chance.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'

/**
 * Lowest first. `capture` and `ports` stand side by side: both DO, neither may import the other. So do `hub` and
 * `recorder`, which BIND, each for its own program. Nobody imports `pages`: they run in browsers. `cli` ASKS.
 */
const LAYERS = [
  ...['base', 'journal', 'media', 'wire', 'pages', 'core', 'ports', 'capture', 'loop'],
  ...['hub', 'recorder', 'simulator', 'cli', 'programs'],
]
const PURE = new Set(['journal', 'core', 'media'])
const IMPURE =
  /\b(Date\.now|new Date\(\)|Math\.random|setTimeout|setInterval|setImmediate|process\.|console\.(?!ts)|performance\.)/
const root = resolve('controller')

const layerOf = (file) => {
  const [top, ...rest] = relative(root, file).split('/')
  if (rest.length) return top
  return top === 'loop.ts' ? 'loop' : 'programs'
}
const portOf = (file) => relative(join(root, 'ports'), file).split('/')[0].replace(/\.ts$/, '')
const complaints = []
let files = 0

for (const name of readdirSync(root, { recursive: true })) {
  if (!/\.tsx?$/.test(name)) continue
  files++
  const file = join(root, name)
  const text = readFileSync(file, 'utf8')
  const layer = layerOf(file)
  if (!LAYERS.includes(layer)) complaints.push(`${name}: no layer is called ${layer}`)
  if (PURE.has(layer))
    text.split('\n').forEach((line, i) => {
      if (IMPURE.test(line)) complaints.push(`${name}:${i + 1} ${layer} must stay pure: ${line.trim()}`)
    })
  for (const { fileName: wanted } of ts.preProcessFile(text).importedFiles) {
    if (!wanted.startsWith('.')) {
      if (PURE.has(layer)) complaints.push(`${name}: ${layer} imports ${wanted}`)
      continue
    }
    const target = resolve(dirname(file), wanted)
    const below = layerOf(target)
    if (LAYERS.indexOf(below) > LAYERS.indexOf(layer))
      complaints.push(`${name} points up: ${layer} -> ${below} (${wanted})`)
    if (layer !== 'pages' && below === 'pages') complaints.push(`${name}: imports a page (${wanted})`)
    if (layer === 'recorder' && below === 'hub') complaints.push(`${name}: the recorder imports the hub (${wanted})`)
    if (layer === 'capture' && below === 'ports') complaints.push(`${name}: capture imports a port (${wanted})`)
    if (layer === 'ports' && below === 'ports' && portOf(file) !== portOf(target))
      complaints.push(`${name}: a port imports another port (${wanted})`)
  }
}
if (complaints.length) {
  console.error(complaints.join('\n'))
  process.exit(1)
}
console.log(`arrows hold in ${files} files`)
