/** Gives the places of a TypeScript pipeline the text of their lines, so that messages show it. */
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Place, Places } from '../../shared/base/diagnostics.ts'

export function withExcerpts(places: Places): Places {
  return {
    locate(path, options) {
      const place = places.locate(path, options)
      return { ...place, file: shortPath(place.file), text: place.text ?? lineOf(place) }
    },
  }
}

function lineOf(place: Place): string | null {
  try {
    return readFileSync(place.file, 'utf8').split(/\r?\n/)[place.line - 1] ?? null
  } catch {
    return null // a place without a file (a pipeline built in a console) has no excerpt
  }
}

function shortPath(file: string): string {
  const fromHere = relative(process.cwd(), file)
  return fromHere.startsWith('..') ? file : fromHere
}
