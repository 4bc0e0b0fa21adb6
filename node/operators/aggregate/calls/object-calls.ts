/** The code of calls whose accumulator is an object: see object-accumulator.ts. */
import type { ColumnSpec } from '../../../../shared/model/layout.ts'
import { type CallCode, type CallSite, indent, whenPresent } from './call-code.ts'
import type { ObjectAccumulator } from '../objects/object-accumulator.ts'

const OBJECT: ColumnSpec = {
  path: '$object',
  type: { kind: 'json' },
  nullable: false,
  layout: 'any',
}

/** `h.objects[index]` is the accumulator of call `index`. */
export function objectCall(accumulator: ObjectAccumulator): CallCode {
  return {
    words: 0,
    slots: [OBJECT],
    init: (site) => [`i32[${handle(site)}] = T.putObject(h.objects[${site.index}].create())`],
    add: (site) =>
      hashLines(accumulator, site) ??
      numberLines(accumulator, site, 'add') ??
      rowLines(site, 'add'),
    subtract:
      accumulator.retract === undefined
        ? null
        : (site) => numberLines(accumulator, site, 'retract') ?? rowLines(site, 'retract'),
    merge: (site) => [mergeLine(site, 'merge')],
    unmerge: accumulator.unmerge === undefined ? null : (site) => [mergeLine(site, 'unmerge')],
    result: (site) => [
      `h.putResult(${site.writer}, r, h.objects[${site.index}].result(T.objects[i32[${handle(site)}]]))`,
    ],
  }
}

function hashLines(accumulator: ObjectAccumulator, site: CallSite): string[] | null {
  const [arg] = site.args
  if (accumulator.addHash === undefined || arg === undefined) return null
  const lanes = `hashA${arg.column}[i], hashB${arg.column}[i]`
  return whenPresent(site, [
    `h.objects[${site.index}].addHash(T.objects[i32[${handle(site)}]], ${lanes})`,
  ])
}

/**
 * Lines that add a row to the accumulators that may refuse it, before anything else of the row is
 * added: the first failure undoes those before it and is left in `failure`.
 */
export function tryLines(sites: readonly CallSite[]): string[] {
  return [
    `let failure = null`,
    ...sites.flatMap((site, at) => [
      `if (failure === null) {`,
      ...indent([
        `const args = h.args[${site.index}]`,
        ...site.args.map(({ column }, k) => `args[${k}] = h.valueAt(c${column}, i)`),
        filtered(site, `failure = h.objects[${site.index}].tryAdd(${state(site)}, args, time)`),
        ...undoLines(sites.slice(0, at)),
      ]),
      `}`,
    ]),
  ]
}

function undoLines(sites: readonly CallSite[]): string[] {
  if (sites.length === 0) return []
  return [`if (failure !== null) {`, ...indent(sites.map(undoLine)), `}`]
}

function undoLine(site: CallSite): string {
  return filtered(site, `h.objects[${site.index}].undoAdd(${state(site)})`)
}

function filtered(site: CallSite, line: string): string {
  return site.call.where === null ? line : `if (v${site.call.where}[i] === 1) ${line}`
}

function state(site: CallSite): string {
  return `T.objects[i32[${handle(site)}]]`
}

/** For accumulators of one number: null where the argument lies otherwise. */
function numberLines(
  accumulator: ObjectAccumulator,
  site: CallSite,
  method: 'add' | 'retract',
): string[] | null {
  const [arg, more] = site.args
  if (accumulator.addNumber === undefined || arg === undefined || more !== undefined) return null
  if (arg.spec.layout !== 'f64' && arg.spec.layout !== 'i32') return null
  const call = `h.objects[${site.index}].${method}Number`
  return whenPresent(site, [`${call}(T.objects[i32[${handle(site)}]], v${arg.column}[i])`])
}

function rowLines(site: CallSite, method: 'add' | 'retract'): string[] {
  return [
    `{`,
    ...indent([
      `const args = h.args[${site.index}]`,
      ...site.args.map(({ column }, at) => `args[${at}] = h.valueAt(c${column}, i)`),
      `h.objects[${site.index}].${method}(T.objects[i32[${handle(site)}]], args, time)`,
    ]),
    `}`,
  ]
}

function mergeLine(site: CallSite, method: 'merge' | 'unmerge'): string {
  const word = site.slots[0]?.word ?? 0
  return `h.objects[${site.index}].${method}(T.objects[i32[${handle(site)}]], S.objects[j32[(f + ${word}) * 2]])`
}

function handle(site: CallSite): string {
  return `(e + ${site.slots[0]?.word ?? 0}) * 2`
}
