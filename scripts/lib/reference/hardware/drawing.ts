/** Drawings as SVG text: black on white, so that they can be printed and hung into the cupboard. */

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

export const text = (x: number, y: number, words: string, style = '', anchor = 'start'): string =>
  `<text x="${x}" y="${y}"${style ? ` class="${style}"` : ''}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}>${escaped(words)}</text>`

export const path = (d: string, style = 'wire'): string => `<path d="${d}" class="${style}"/>`

export const box = (x: number, y: number, width: number, height: number, style = 'box'): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="5" class="${style}"/>`

export const dot = (x: number, y: number): string => `<circle cx="${x}" cy="${y}" r="3" class="dot"/>`

/** A line to the common ground, downwards. */
export const ground = (x: number, y: number): string =>
  path(`M${x} ${y}v8M${x - 9} ${y + 8}h18M${x - 6} ${y + 12}h12M${x - 3} ${y + 16}h6`)

/** Upwards to the supply. */
export const pullUp = (x: number, y: number, ohms: string, volts: string): string =>
  [
    dot(x, y),
    path(`M${x} ${y}v-6`),
    `<rect x="${x - 5}" y="${y - 24}" width="10" height="18" class="part"/>`,
    path(`M${x} ${y - 24}v-5M${x - 7} ${y - 29}h14`),
    text(x + 9, y - 22, volts, 'small'),
    text(x + 9, y - 10, ohms, 'small'),
  ].join('')

export const resistor = (x: number, y: number, ohms: string): string =>
  `<rect x="${x}" y="${y - 5}" width="30" height="10" class="part"/>${text(x + 15, y - 9, ohms, 'small', 'middle')}`

const STYLE = `
text { font: 13px "DejaVu Sans", Verdana, sans-serif; fill: #1a1d21 }
.title { font-size: 17px; font-weight: bold }
.strong { font-weight: bold }
.small { font-size: 10.5px; fill: #4a5057 }
.box { fill: #f4f1ea; stroke: #1a1d21; stroke-width: 1.4 }
.part { fill: #fff; stroke: #1a1d21; stroke-width: 1.4 }
.wire { fill: none; stroke: #1a1d21; stroke-width: 1.6 }
.other { fill: none; stroke: #1a1d21; stroke-width: 1.4; stroke-dasharray: 5 4 }
.dot { fill: #1a1d21 }
`

/** @param title also read out by a screen reader */
export const drawing = (width: number, height: number, title: string, parts: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">${escaped(title)}</title>
<style>${STYLE}</style>
<rect width="${width}" height="${height}" fill="#fff"/>
${[text(20, 28, title, 'title'), ...parts].join('\n')}
</svg>
`
