/** `${NAME}`, `${NAME:-default}`, `${param:NAME}`, `${secret:NAME}` in texts: found and checked. */

export type Reference =
  | { readonly kind: 'env'; readonly name: string; readonly fallback: string | null }
  | { readonly kind: 'param'; readonly name: string }
  | { readonly kind: 'secret'; readonly name: string }

export type TextPart =
  | { readonly text: string; readonly start: number; readonly end: number }
  | { readonly reference: Reference; readonly start: number; readonly end: number }
  | { readonly problem: string; readonly fix: string; readonly start: number; readonly end: number }

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/
const SECRET = /^[A-Za-z_][A-Za-z0-9_.-]*$/

export function hasReference(text: string): boolean {
  return text.includes('${')
}

/** The text in parts, in order; offsets are those of the text. */
export function splitReferences(text: string): TextPart[] {
  const parts: TextPart[] = []
  let at = 0
  while (at < text.length) {
    const start = text.indexOf('${', at)
    if (start < 0) break
    if (start > at) parts.push({ text: text.slice(at, start), start: at, end: start })
    const close = text.indexOf('}', start)
    if (close < 0) {
      const problem = '`${` is never closed'
      parts.push({ problem, fix: 'close it: `${NAME}`', start, end: text.length })
      return parts
    }
    parts.push(readReference(text.slice(start + 2, close), start, close + 1))
    at = close + 1
  }
  if (at < text.length) parts.push({ text: text.slice(at), start: at, end: text.length })
  return parts
}

/** The only reference of a text that is nothing else; null otherwise. */
export function wholeReference(text: string): Reference | null {
  const parts = splitReferences(text)
  const first = parts[0]
  return parts.length === 1 && first !== undefined && 'reference' in first ? first.reference : null
}

function readReference(inside: string, start: number, end: number): TextPart {
  const refuse = (problem: string, fix: string): TextPart => ({ problem, fix, start, end })
  const colon = inside.indexOf(':')
  if (colon >= 0 && !inside.startsWith(':-', colon)) {
    const kind = inside.slice(0, colon)
    const name = inside.slice(colon + 1)
    if (kind !== 'param' && kind !== 'secret') {
      const fix = 'write `${NAME}`, `${NAME:-default}`, `${param:NAME}` or `${secret:NAME}`'
      return refuse(`\`${kind}:\` is no kind of reference`, fix)
    }
    const isName = kind === 'param' ? NAME.test(name) : SECRET.test(name)
    if (isName) return { reference: { kind, name }, start, end }
    return refuse(`\`${name}\` is not a name`, `write \`\${${kind}:NAME}\``)
  }
  const name = colon < 0 ? inside : inside.slice(0, colon)
  const fallback = colon < 0 ? null : inside.slice(colon + 2)
  if (NAME.test(name)) return { reference: { kind: 'env', name, fallback }, start, end }
  return refuse(
    `\`\${${inside}}\` is not a reference: \`${name}\` is not a name`,
    'write `${NAME}`; an expression per record is `{expression}` without `$`',
  )
}
