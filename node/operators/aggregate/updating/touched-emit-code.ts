/**
 * The loop that writes the changes of the groups that a batch touched, column by column: of each
 * group its new row, before it the old one where the edge needs it, or nothing where both are equal.
 * Keys are not written: `sources` says of which row of the batch a result has its key.
 *
 * The old row is computed from the words that were saved (updating-mode.ts). A row is written when
 * both are known, so that nothing is ever written twice.
 */
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE } from '../../../../shared/model/batch.ts'
import { functionCode } from '../../../state/keyed-table-code.ts'
import { type AggregateShape, callCodeOf } from '../aggregate-shape.ts'
import { type CallSite, indent, type ResultValue } from '../calls/call-code.ts'
import { deltaOf, distinctCallCount } from './touched-distinct-code.ts'
import { changesAlways } from './updating-mode.ts'

export function touchedEmitFunctions(shape: AggregateShape): string[] {
  const body = shape.mode === 'values' ? valuesLines(shape) : keptLines(shape)
  return functionCode('emitTouched(G, T, ws, place)', [
    `const f64 = T.arena.f64, i32 = T.arena.i32`,
    `const refs = G.refs, was = G.was, rows = G.rows, saved = G.saved, deltas = G.deltas`,
    `const kinds = place.kinds, sources = place.sources, last = place.limit - 2`,
    ...shape.calls.map(
      ({ site: { index } }) => `const w${index} = ws[${index}], x${index} = w${index}.values`,
    ),
    ...keptTexts(shape).map(({ index }) => `let stamp${index} = NaN, code${index} = 0`),
    `let r = place.row, t = G.next, changed = false`,
    `for (; t < G.count && r <= last; t++) {`,
    ...indent([`const e = refs[t]`, ...deltaLines(shape), ...body]),
    `}`,
    `G.next = t`,
    `place.row = r`,
    `if (changed) place.hasKinds = true`,
  ])
}

/** What the batch adds to distinct counts. */
function deltaLines(shape: AggregateShape): string[] {
  if (shape.distinct.length === 0) return []
  return [
    `const q = t * ${distinctCallCount(shape)}`,
    ...shape.distinct.flatMap((group, d) =>
      group.calls.map((call, k) => `f64[e + ${call.word}] += deltas[q + ${deltaOf(shape, d) + k}]`),
    ),
  ]
}

/** Keeps the row at `r`, of touched group `t`. */
function keep(kind: number): string[] {
  const mark = kind === INSERT ? [] : [`changed = true`]
  return [`kinds[r] = ${kind}`, `sources[r] = rows[t]`, ...mark, `r += 1`]
}

/** Every group has a new row that differs from the old one, and nobody asks for that. */
function keptLines(shape: AggregateShape): string[] {
  return [
    ...shape.calls.flatMap(({ site, chosen }) => {
      const lines = callCodeOf(chosen)?.result(site) ?? [
        `${site.writer}.values[r] = ${site.word(0)}`,
      ]
      const put = lines.map((line) => named(line, site))
      return [`{`, ...indent(keptTexts(shape).includes(site) ? textLines(site, put) : put), `}`]
    }),
    `if (was[t] === 1) { kinds[r] = ${UPDATE_AFTER}; changed = true }`,
    `else kinds[r] = ${INSERT}`,
    `sources[r] = rows[t]`,
    `r += 1`,
  ]
}

/** Calls whose result is a text that the entry knows by its stamp. */
function keptTexts({ mode, calls }: AggregateShape): CallSite[] {
  return calls.flatMap(({ site, chosen }) => {
    const isStamped = mode === 'kept' && callCodeOf(chosen)?.isStamped === true
    return isStamped && site.call.result.layout === 'dict' ? [site] : []
  })
}

/** Rows in a row mostly have the same text: its code is looked up once. */
function textLines(site: CallSite, put: readonly string[]): string[] {
  const { index } = site
  return [
    `const stamp = ${site.word(0)}`,
    `if (stamp === stamp${index}) w${index}.codes[r] = code${index}`,
    `else {`,
    ...indent([
      ...put,
      // 0 is a null, which has no code.
      `stamp${index} = stamp === 0 ? NaN : stamp`,
      `code${index} = w${index}.codes[r]`,
    ]),
    `}`,
  ]
}

function named(line: string, { index, writer }: CallSite): string {
  return line.replaceAll(`${writer}.values[`, `x${index}[`).replaceAll(writer, `w${index}`)
}

interface CallValue extends ResultValue {
  readonly index: number
}

function valuesOf(shape: AggregateShape, isOld: boolean): CallValue[] {
  return shape.calls.map(({ site, chosen }) => {
    const own: CallSite = isOld
      ? { ...site, word: (k) => `saved[o + ${site.at(k) - shape.savedAt}]` }
      : site
    const value = callCodeOf(chosen)?.value?.(own) ?? null
    const plain = { isNull: null, text: own.word(0), mayFail: false }
    return { index: site.index, ...(value ?? plain) }
  })
}

function valuesLines(shape: AggregateShape): string[] {
  const { options, core } = shape
  const olds = valuesOf(shape, true)
  const news = valuesOf(shape, false)
  const retracts = options.edge !== 'upsert'
  const compares = retracts || !changesAlways(core, options)
  const fails = news.filter((one) => one.mayFail)
  return [
    `const o = t * ${shape.savedWords}`,
    `let there = was[t] === 1`,
    ...openOld(olds, compares),
    ...(shape.rowsAt < 0 ? [] : emptyLines(shape, olds, compares)),
    ...news.flatMap((one) => defineLines(one, 'n')),
    ...(fails.length === 0 ? [] : failLines(fails, olds, compares)),
    ...(compares
      ? changeLines(olds, retracts)
      : [`const kind = there ? ${UPDATE_AFTER} : ${INSERT}`]),
    ...putLines(news, 'n'),
    `kinds[r] = kind`,
    `sources[r] = rows[t]`,
    `if (kind !== ${INSERT}) changed = true`,
    `r += 1`,
  ]
}

/** `n3` and, where it may be null, `n3z`. */
function defineLines({ index, isNull, text }: CallValue, prefix: string): string[] {
  const name = `${prefix}${index}`
  if (isNull === null) return [`const ${name} = ${text}`]
  return [`const ${name}z = ${isNull}, ${name} = ${name}z ? 0 : ${text}`]
}

/** The old row, where it is compared; else only whether it could be told. */
function openOld(olds: readonly CallValue[], compares: boolean): string[] {
  const needed = compares ? olds : olds.filter((one) => one.mayFail)
  const names = needed.flatMap(({ index, isNull }) =>
    isNull === null ? [`o${index} = 0`] : [`o${index} = 0`, `o${index}z = false`],
  )
  if (names.length === 0) return []
  return [
    `let ${names.join(', ')}`,
    `if (there) {`,
    ...indent(
      needed.flatMap(({ index, isNull, text, mayFail }) => [
        ...(isNull === null
          ? [`o${index} = ${text}`]
          : [`o${index}z = ${isNull}`, `o${index} = o${index}z ? 0 : ${text}`]),
        ...(mayFail ? [`if (!(o${index} - o${index} === 0)) there = false`] : []),
      ]),
    ),
    `}`,
  ]
}

function putLines(values: readonly CallValue[], prefix: string): string[] {
  return values.map(({ index, isNull }) => {
    const put = `x${index}[r] = ${prefix}${index}`
    return isNull === null ? put : `if (${prefix}${index}z) w${index}.putNull(r); else ${put}`
  })
}

/** Writes the old row as one that is taken back. */
function takeBackLines(olds: readonly CallValue[], kind: number, compares: boolean): string[] {
  const open = compares ? [] : olds.flatMap((one) => defineLines(one, 'p'))
  return [...open, ...putLines(olds, compares ? 'o' : 'p'), ...keep(kind)]
}

/** A group without records goes. */
function emptyLines(
  shape: AggregateShape,
  olds: readonly CallValue[],
  compares: boolean,
): string[] {
  return [
    `if (f64[e + ${shape.rowsAt}] <= 0) {`,
    ...indent([
      `place.emptied.push(rows[t])`,
      `if (there) {`,
      ...indent(takeBackLines(olds, DELETE, compares)),
      `}`,
      `continue`,
    ]),
    `}`,
  ]
}

/** A new row that cannot be told: the old one goes, and the operator tells of it. */
function failLines(
  fails: readonly CallValue[],
  olds: readonly CallValue[],
  compares: boolean,
): string[] {
  const finite = fails.map(({ index }) => `n${index} - n${index} === 0`).join(' && ')
  const cause = fails.reduceRight(
    (rest, { index }) => `n${index} - n${index} === 0 ? ${rest} : ${index}`,
    '-1',
  )
  return [
    `if (!(${finite})) {`,
    ...indent([
      `place.cause = ${cause}`,
      `place.entry = e`,
      `if (there) {`,
      ...indent(takeBackLines(olds, DELETE, compares)),
      `}`,
      `t++`,
      `break`,
    ]),
    `}`,
  ]
}

/** Nothing where the rows are equal; else what kind of row the new one is. */
function changeLines(olds: readonly CallValue[], retracts: boolean): string[] {
  const equal = olds
    .flatMap(({ index, isNull }) => [
      ...(isNull === null ? [] : [`o${index}z === n${index}z`]),
      `o${index} === n${index}`,
    ])
    .join(' && ')
  return [
    `let kind = ${INSERT}`,
    `if (there) {`,
    ...indent([
      ...(equal === '' ? [`continue`] : [`if (${equal}) continue`]),
      ...(retracts ? [...putLines(olds, 'o'), ...keep(UPDATE_BEFORE)] : []),
      `kind = ${UPDATE_AFTER}`,
    ]),
    `}`,
  ]
}
