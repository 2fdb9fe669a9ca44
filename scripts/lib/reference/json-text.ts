/** JSON as the formatter wants it: short lists of words and numbers on one line. */
const LINE_CHARACTERS = 120

export const jsonText = (value: unknown): string =>
  JSON.stringify(value, null, 2).replaceAll(/^(.*)\[\n([^[\]{}]+)\n *\](,?)$/gm, (lines, before, inner, after) => {
    const line = `${before}[${inner.trim().replaceAll(/,\n */g, ', ')}]${after}`
    return line.length <= LINE_CHARACTERS ? line : lines
  })
