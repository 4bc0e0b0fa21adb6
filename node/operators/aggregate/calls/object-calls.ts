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
    add: (site) => numberLines(accumulator, site, 'add') ?? rowLines(site, 'add'),
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
