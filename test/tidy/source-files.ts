/** The project's own code as the tidy tests see it: files, texts and imports. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

export interface SourceFile {
  readonly path: string
  readonly text: string
  readonly lines: readonly string[]
}

/** Tracked and new files that are not ignored, with one of these endings. */
export function projectFiles(...endings: string[]): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard']
  const listed = execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\n')
  return [...new Set(listed)]
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .filter((path) => existsSync(join(ROOT, path)))
    .toSorted()
}

export function readSource(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8')
  return { path, text, lines: text.split('\n') }
}

export function codeFiles(): SourceFile[] {
  return projectFiles('.ts', '.js').map(readSource)
}

/** Paths, from the root, of what a file imports from the project. */
export function ownImports(file: SourceFile): string[] {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\b[^'"\n;]*?(?:\{[^}]*\})?[^'"\n;]*?['"](\.[^'"]+)['"]/g
  const lazy = /\bimport\(\s*['"](\.[^'"]+)['"]/g
  const found = [...file.text.matchAll(pattern), ...file.text.matchAll(lazy)]
  return found.map((match) => normalize(join(dirname(file.path), match[1] ?? '')))
}
