/** Fenced blocks and links of Markdown pages, with the place each stands at. */
import { projectFiles, readSource } from './source-files.ts'

export interface DocBlock {
  /** `docs/time.md:41`: the line of the opening fence. */
  readonly place: string
  readonly language: string
  /** What stands behind the language: `wrong=CODE title=path run`. */
  readonly marks: ReadonlyMap<string, string>
  readonly text: string
}

/** Pages written by hand. Those that are generated are compared with their generator elsewhere. */
export function docPages(): string[] {
  return projectFiles('.md').filter((path) => !path.startsWith('docs/reference/'))
}

export function blocksOf(path: string): DocBlock[] {
  const blocks: DocBlock[] = []
  let open: { info: string; line: number; lines: string[] } | null = null
  readSource(path).lines.forEach((line, index) => {
    const fence = /^```(.*)$/.exec(line)
    if (fence === null) {
      open?.lines.push(line)
      return
    }
    if (open === null) {
      open = { info: fence[1] ?? '', line: index + 1, lines: [] }
      return
    }
    blocks.push(blockOf(`${path}:${open.line}`, open.info, open.lines))
    open = null
  })
  return blocks
}

function blockOf(place: string, info: string, lines: readonly string[]): DocBlock {
  const [language = '', ...words] = info.trim().split(/\s+/)
  const marks = words.map((word): [string, string] => {
    const at = word.indexOf('=')
    return at < 0 ? [word, ''] : [word.slice(0, at), word.slice(at + 1)]
  })
  return { place, language, marks: new Map(marks), text: `${lines.join('\n')}\n` }
}

export interface DocLink {
  readonly place: string
  readonly target: string
}

/** `[text](target)` outside of fences and code spans. */
export function linksOf(path: string): DocLink[] {
  let isCode = false
  return readSource(path).lines.flatMap((line, index) => {
    if (line.startsWith('```')) isCode = !isCode
    if (isCode) return []
    const prose = line.replaceAll(/`[^`]*`/g, (code) => 'x'.repeat(code.length))
    const found = prose.matchAll(/\]\(([^()\s]+)\)/g)
    return [...found].map((match) => ({ place: `${path}:${index + 1}`, target: match[1] ?? '' }))
  })
}

/** The anchors that headings of a page have. */
export function anchorsOf(path: string): Set<string> {
  const headings = readSource(path).lines.filter((line) => /^#{1,6} /.test(line))
  return new Set(headings.map((line) => anchor(line.replace(/^#+ /, ''))))
}

/** As GitHub makes them: lower case, spaces to dashes, no punctuation. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')
}
