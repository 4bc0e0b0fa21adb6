/**
 * A block is written in the order in which it runs (LANGUAGE §3). Which key may follow which is a
 * table; what is out of order is said with the key that must come first.
 */
import type { DiagnosticDetails, SpecPath } from '../../../base/diagnostics.ts'
import type { MapNode } from '../../yaml/yaml-tree.ts'
import type { ReadContext } from '../read-context.ts'
import { LATER_CORES } from './later-features.ts'

/** Keys with the same rank exclude each other or stand in any order. */
const RANKS: ReadonlyMap<string, number> = new Map(
  [
    ['from', 'union'],
    ['unnest'],
    ['flat_map'],
    ['lookup'],
    ['join'],
    ['where'],
    ['set'],
    ['steps'],
    ['validate'],
    ['key_by'],
    ['window'],
    ['aggregate', 'top', 'dedupe', 'history', 'process', 'detect_anomalies', 'pattern', 'sql'],
    ['having'],
    ['select', 'drop', 'rename'],
  ].flatMap((keys, rank) => keys.map((key) => [key, rank] as const)),
)

export const CORES = ['join', 'aggregate', 'top', 'dedupe', 'process', ...Object.keys(LATER_CORES)]
const STEP_KEYS = ['unnest', 'flat_map', 'lookup', 'where', 'set']

export function checkKeyOrder(node: MapNode, path: SpecPath, context: ReadContext): void {
  const keys = [...node.entries.keys()]
  const error = (key: string, code: 'KEY_ORDER' | 'KEY_MISPLACED', ...said: [string, string]) => {
    const details: DiagnosticDetails = { onKey: true, fix: said[1] }
    context.diagnostics.error(code, [...path, key], said[0], details)
  }
  let last = { key: '', rank: -1 }
  for (const key of keys) {
    const rank = RANKS.get(key)
    if (rank === undefined) continue
    if (rank >= last.rank) {
      last = { key, rank }
      continue
    }
    const message = `\`${key}\` runs before \`${last.key}\`, but stands behind it`
    error(key, 'KEY_ORDER', message, orderFix(key, last.key, keys))
    context.breakBlock(path)
  }
  checkTogether(keys, error)
}

/** `where` behind a core is most often meant as `having`. */
function orderFix(key: string, last: string, keys: readonly string[]): string {
  const first = keys.find((one) => (RANKS.get(one) ?? -1) > (RANKS.get(key) ?? 0)) ?? last
  const move = `move \`${key}\` above \`${first}\``
  const hasCore = keys.some((one) => CORES.includes(one) && one !== 'join')
  const isLate = hasCore && (RANKS.get(last) ?? 0) >= (RANKS.get('aggregate') ?? 0)
  if (key === 'where' && (isLate || last === 'set')) {
    const made = isLate ? 'what the block made' : 'the new fields'
    return `${move}; to judge ${made}, write \`having\``
  }
  const isStep = STEP_KEYS.includes(key) && STEP_KEYS.includes(last)
  return isStep ? `${move}, or write them in your order below \`steps:\`` : move
}

function checkTogether(
  keys: readonly string[],
  error: (key: string, code: 'KEY_ORDER' | 'KEY_MISPLACED', message: string, fix: string) => void,
): void {
  const has = (key: string) => keys.includes(key)
  if (has('from') && has('union')) {
    error('union', 'KEY_MISPLACED', '`union` is another word for `from`', 'keep one of them')
  }
  if (has('steps')) {
    for (const key of STEP_KEYS.filter(has)) {
      const fix = `make \`${key}\` an entry of \`steps\``
      error(key, 'KEY_MISPLACED', `\`${key}\` stands beside \`steps\``, fix)
    }
  }
  if (has('select')) {
    for (const key of ['drop', 'rename'].filter(has)) {
      const fix = key === 'drop' ? 'leave it out' : 'write `new: old` as an entry of `select`'
      error(key, 'KEY_MISPLACED', `\`${key}\` has no effect beside \`select\``, fix)
    }
  }
}

/** The cores of a block, in the order of the file; more than one is an error. */
export function checkCores(node: MapNode, path: SpecPath, context: ReadContext): void {
  const cores = [...node.entries.keys()].filter((key) => CORES.includes(key))
  const [first, ...others] = cores
  for (const other of others) {
    context.diagnostics.error('CORE_TWICE', [...path, other], `\`${other}\` is a second core`, {
      onKey: true,
      cause: `the block has \`${first}\` already, and a block has one core at most`,
      fix: `put \`${other}\` into a block of its own, with \`from: ${String(path.at(-1))}\``,
    })
  }
}
