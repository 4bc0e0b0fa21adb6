/** Gives the places of a TypeScript pipeline the text of their lines, so that messages show it. */
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { AuthoredPlace } from '../../shared/api/call-site.ts'
import { placeInSource } from '../../shared/api/written-text.ts'
import type { Places } from '../../shared/base/diagnostics.ts'

export function withExcerpts(places: Places): Places {
  return {
    locate(path, options) {
      const place: AuthoredPlace = places.locate(path, options)
      const exact = placeInSource(place, linesOf(place.file))
      return { ...exact, file: shortPath(place.file), text: exact.text ?? place.text }
    },
  }
}

/** A place without a file (a pipeline built in a console) has no lines. */
function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/)
  } catch {
    return []
  }
}

function shortPath(file: string): string {
  const fromHere = relative(process.cwd(), file)
  return fromHere.startsWith('..') ? file : fromHere
}
