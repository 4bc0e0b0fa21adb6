/** What can be told of a path by its text alone. */

const PATTERN = /[*?[\]{}]/

/** It may name several files. */
export function isPattern(path: string): boolean {
  return PATTERN.test(path)
}

export function absolutePath(baseDirectory: string, path: string): string {
  if (path.startsWith('/')) return path
  return `${baseDirectory === '' ? '.' : baseDirectory.replace(/\/$/, '')}/${path}`
}
