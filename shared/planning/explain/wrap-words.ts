/** Lines of at most 100 columns: a label, and a text that goes on below itself. */

const COLUMNS_MAX = 100
const INDENT = 2

export function wrapWords(label: string, text: string, labelColumns: number): string[] {
  const start = ' '.repeat(INDENT + labelColumns)
  const room = COLUMNS_MAX - start.length
  const lines: string[] = []
  let line = ''
  for (const word of text.replaceAll(/\s+/g, ' ').split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (longer.length <= room || line === '') line = longer
    else {
      lines.push(line)
      line = word
    }
  }
  lines.push(line)
  return lines.map((one, index) => {
    const head = index === 0 ? `${' '.repeat(INDENT)}${label.padEnd(labelColumns)}` : start
    return `${head}${one}`.trimEnd()
  })
}
