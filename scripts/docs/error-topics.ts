/** Error codes with the sections of docs/errors.md, which is shipped with the package. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ERROR_KINDS, type ErrorKind } from '../../shared/base/errors.ts'
import type { Topic } from './topic.ts'

const PAGE = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'errors.md')

export function errorTopics(): Topic[] {
  const sections = sectionsOf(existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '')
  return Object.entries<ErrorKind>(ERROR_KINDS).map(([name, { title }]): Topic => {
    const summary = `${title.charAt(0).toUpperCase()}${title.slice(1).replace(/\.$/, '')}.`
    return { name, kind: 'error', group: 'error codes', summary, body: sections.get(name) ?? '' }
  })
}

function sectionsOf(page: string): Map<string, string> {
  const parts = page.split(/^## `?([A-Z0-9_]+)`?$/m).slice(1)
  const sections = new Map<string, string>()
  for (let at = 0; at + 1 < parts.length; at += 2) {
    sections.set(parts[at] ?? '', (parts[at + 1] ?? '').trim())
  }
  return sections
}
