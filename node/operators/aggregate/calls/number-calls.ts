/** Aggregates that live in a few words: count, sum, avg, min and max of numbers, stddev, any, all. */
import type { ColumnSpec } from '../../../../shared/model/layout.ts'
import type { AggregateCall } from '../../../../shared/planning/plan.ts'
import {
  type CallCode,
  type CallSite,
  nullOr,
  type ResultValue,
  valueLines,
  whenPresent,
} from './call-code.ts'
import { addExact } from './exact-sum.ts'

const NONE: readonly ColumnSpec[] = []

export const COUNT: CallCode = {
  words: 1,
  slots: NONE,
  names: (call, args) => [countName(call, args)],
  init: () => [],
  add: (site) => countLines(site, 0, 1),
  subtract: (site) => countLines(site, 0, -1),
  merge: (site) => addFrom(site, [0], '+='),
  unmerge: (site) => addFrom(site, [0], '-='),
  result: (site) => valueLines(site, countValue(site)),
  value: countValue,
}

function countValue(site: CallSite): ResultValue {
  return { isNull: null, text: site.word(0), mayFail: false }
}

/** An argument that is never null counts as no argument. */
function countName(call: AggregateCall, args: readonly ColumnSpec[]): string {
  return args[0]?.nullable === true ? `count ${call.args[0]}` : 'count'
}

/** Counts the row in word k. */
function countLines(site: CallSite, k: number, by: 1 | -1): string[] {
  if (!site.owns(k)) return []
  const line = [`${site.word(k)} += ${by}`]
  return site.args.length === 0 ? line : whenPresent(site, line)
}

/** Adds words of entry `f`, or takes them out. */
function addFrom(site: CallSite, words: readonly number[], assign: '+=' | '-='): string[] {
  return words.flatMap((k) =>
    site.owns(k) ? [`${site.word(k)} ${assign} ${site.fromWord(k)}`] : [],
  )
}

/** Whole numbers (integer, decimal, duration): low, high, count. */
function exactLines(site: CallSite, sign: 1 | -1): string[] {
  const x = sign === 1 ? value(site) : `-${value(site)}`
  const sum = site.owns(0) ? addExact(site.word(0), site.word(1), x) : []
  return [...(sum.length > 0 ? whenPresent(site, sum) : []), ...countLines(site, 2, sign)]
}

function exactMerge(site: CallSite, sign: 1 | -1): string[] {
  const x = sign === 1 ? site.fromWord(0) : `-${site.fromWord(0)}`
  const assign = sign === 1 ? '+=' : '-='
  return [
    ...addFrom(site, [1], assign),
    ...(site.owns(0) ? addExact(site.word(0), site.word(1), x) : []),
    ...addFrom(site, [2], assign),
  ]
}

interface SumResult {
  /** The result where there are rows, as a number; null where it is a bigint. */
  readonly number: (site: CallSite) => { readonly text: string; readonly mayFail: boolean } | null
  readonly bigint: (site: CallSite) => string
}

function exactCall(result: SumResult): CallCode {
  const valueOf = (site: CallSite): ResultValue | null => {
    const number = result.number(site)
    return number === null ? null : { isNull: `${site.word(2)} === 0`, ...number }
  }
  return {
    words: 3,
    slots: NONE,
    names: (call, args) => [`low ${call.args[0]}`, `high ${call.args[0]}`, countName(call, args)],
    init: () => [],
    add: (site) => exactLines(site, 1),
    subtract: (site) => exactLines(site, -1),
    merge: (site) => exactMerge(site, 1),
    unmerge: (site) => exactMerge(site, -1),
    result: (site) => {
      const value = valueOf(site)
      if (value !== null) return valueLines(site, value)
      return nullOr(site, `${site.word(2)} === 0`, [
        `${site.writer}.put(r, ${result.bigint(site)})`,
      ])
    },
    value: valueOf,
  }
}

function bigintText(site: CallSite): string {
  return `h.exactBigint(${site.word(0)}, ${site.word(1)})`
}

export const EXACT_SUM = exactCall({
  number: (site) => {
    if (site.call.result.layout === 'any') return null
    const [low, high] = [site.word(0), site.word(1)]
    return { text: `(${high} === 0 ? ${low} : h.exactNumber(${low}, ${high}))`, mayFail: true }
  },
  bigint: bigintText,
})

/** Integers: a number. Decimals and durations stay whole, rounded half away from zero. */
export const EXACT_AVERAGE = exactCall({
  number: (site) => {
    const { type, layout } = site.call.result
    const [low, high, count] = [site.word(0), site.word(1), site.word(2)]
    if (type.kind === 'number')
      return { text: `(${high} * ${2 ** 53} + ${low}) / ${count}`, mayFail: false }
    if (layout === 'any') return null
    return { text: `h.exactAverage(${low}, ${high}, ${count}, ${moreDigits(site)})`, mayFail: true }
  },
  bigint: (site) => `h.bigintAverage(${bigintText(site)}, ${site.word(2)}, ${moreDigits(site)})`,
})

function moreDigits(site: CallSite): number {
  const { type } = site.call.result
  const argType = site.args[0]?.spec.type
  return type.kind === 'decimal' && argType?.kind === 'decimal' ? type.scale - argType.scale : 0
}

/** Numbers: the sum and what rounding took from it (two-sum), so that subtracting restores. */
function addFloat(site: CallSite, x: string): string[] {
  if (!site.owns(0)) return []
  const sum = site.word(0)
  return [
    `{`,
    `  const x = ${x}, s = ${sum}, t = s + x, y = t - s`,
    `  ${sum} = t`,
    `  ${site.word(1)} += (s - (t - y)) + (x - y)`,
    `}`,
  ]
}

function floatLines(site: CallSite, sign: 1 | -1): string[] {
  const sum = addFloat(site, sign === 1 ? value(site) : `-${value(site)}`)
  return [...(sum.length > 0 ? whenPresent(site, sum) : []), ...countLines(site, 2, sign)]
}

function floatMerge(site: CallSite, sign: 1 | -1): string[] {
  const x = sign === 1 ? site.fromWord(0) : `-${site.fromWord(0)}`
  return [...addFloat(site, x), ...addFrom(site, [1, 2], sign === 1 ? '+=' : '-=')]
}

/** Beyond the largest double a sum is ±∞ or NaN: the row fails. */
function floatCall(text: (site: CallSite) => string): CallCode {
  const valueOf = (site: CallSite): ResultValue => ({
    isNull: `${site.word(2)} === 0`,
    text: text(site),
    mayFail: true,
  })
  return {
    words: 3,
    slots: NONE,
    names: (call, args) => [`sum ${call.args[0]}`, `rest ${call.args[0]}`, countName(call, args)],
    init: () => [],
    add: (site) => floatLines(site, 1),
    subtract: (site) => floatLines(site, -1),
    merge: (site) => floatMerge(site, 1),
    unmerge: (site) => floatMerge(site, -1),
    result: (site) => valueLines(site, valueOf(site)),
    value: valueOf,
  }
}

export const FLOAT_SUM = floatCall((site) => `${site.word(0)} + ${site.word(1)}`)

export const FLOAT_AVERAGE = floatCall(
  (site) => `(${site.word(0)} + ${site.word(1)}) / ${site.word(2)}`,
)

/** Numbers are finite, so that ±∞ means "none yet" and one word is enough. */
function extreme(none: 'Infinity' | '-Infinity', before: '<' | '>'): CallCode {
  const valueOf = (site: CallSite): ResultValue => ({
    isNull: `${site.word(0)} === ${none}`,
    text: site.word(0),
    mayFail: false,
  })
  return {
    words: 1,
    slots: NONE,
    names: (call) => [`${before} ${call.args[0]}`],
    init: (site) => owned(site, [`${site.word(0)} = ${none}`]),
    add: (site) =>
      owned(
        site,
        whenPresent(site, [
          `if (${value(site)} ${before} ${site.word(0)}) ${site.word(0)} = ${value(site)}`,
        ]),
      ),
    subtract: null,
    merge: (site) =>
      owned(site, [
        `if (${site.fromWord(0)} ${before} ${site.word(0)}) ${site.word(0)} = ${site.fromWord(0)}`,
      ]),
    unmerge: null,
    result: (site) => valueLines(site, valueOf(site)),
    value: valueOf,
  }
}

function owned(site: CallSite, lines: readonly string[]): string[] {
  return site.owns(0) ? [...lines] : []
}

export const NUMBER_MIN = extreme('Infinity', '<')
export const NUMBER_MAX = extreme('-Infinity', '>')

/** Count, mean, sum of squared differences from the mean (Welford), and their inverse. */
export const STDDEV: CallCode = {
  words: 3,
  slots: NONE,
  init: () => [],
  add: (site) =>
    whenPresent(site, [
      `{`,
      `  const x = ${scaledValue(site)}, d = x - ${site.word(1)}`,
      `  ${site.word(0)} += 1`,
      `  ${site.word(1)} += d / ${site.word(0)}`,
      `  ${site.word(2)} += d * (x - ${site.word(1)})`,
      `}`,
    ]),
  subtract: (site) =>
    whenPresent(site, [
      `if (${site.word(0)} <= 1) { ${site.word(0)} = 0; ${site.word(1)} = 0; ${site.word(2)} = 0 }`,
      `else {`,
      `  const x = ${scaledValue(site)}, d = x - ${site.word(1)}`,
      `  ${site.word(0)} -= 1`,
      `  ${site.word(1)} -= d / ${site.word(0)}`,
      `  ${site.word(2)} = Math.max(0, ${site.word(2)} - d * (x - ${site.word(1)}))`,
      `}`,
    ]),
  merge: (site) => [
    `if (${site.fromWord(0)} > 0) {`,
    `  const n = ${site.word(0)} + ${site.fromWord(0)}, d = ${site.fromWord(1)} - ${site.word(1)}`,
    `  ${site.word(2)} += ${site.fromWord(2)} + d * d * ${site.word(0)} * ${site.fromWord(0)} / n`,
    `  ${site.word(1)} += d * ${site.fromWord(0)} / n`,
    `  ${site.word(0)} = n`,
    `}`,
  ],
  unmerge: (site) => [
    `if (${site.fromWord(0)} > 0) {`,
    `  const n = ${site.word(0)} - ${site.fromWord(0)}`,
    `  if (n <= 0) { ${site.word(0)} = 0; ${site.word(1)} = 0; ${site.word(2)} = 0 }`,
    `  else {`,
    `    const mean = (${site.word(1)} * ${site.word(0)} - ${site.fromWord(1)} * ${site.fromWord(0)}) / n`,
    `    const d = ${site.fromWord(1)} - mean`,
    `    ${site.word(2)} = Math.max(0, ${site.word(2)} - ${site.fromWord(2)} - d * d * n * ${site.fromWord(0)} / ${site.word(0)})`,
    `    ${site.word(1)} = mean`,
    `    ${site.word(0)} = n`,
    `  }`,
    `}`,
  ],
  result: (site) => valueLines(site, deviation(site)),
  value: deviation,
}

function deviation(site: CallSite): ResultValue {
  const text = `Math.sqrt(${site.word(2)} / (${site.word(0)} - 1))`
  return { isNull: `${site.word(0)} < 2`, text, mayFail: true }
}

/** Values seen, and those that are true (any) or false (all). */
function logical(counted: 0 | 1): CallCode {
  const lines = (site: CallSite, assign: '+=' | '-=') =>
    whenPresent(site, [
      `${site.word(0)} ${assign} 1`,
      `if (${value(site)} === ${counted}) ${site.word(1)} ${assign} 1`,
    ])
  const valueOf = (site: CallSite): ResultValue => ({
    isNull: `${site.word(0)} === 0`,
    text: `(${site.word(1)} > 0 ? ${counted} : ${1 - counted})`,
    mayFail: false,
  })
  return {
    words: 2,
    slots: NONE,
    init: () => [],
    add: (site) => lines(site, '+='),
    subtract: (site) => lines(site, '-='),
    merge: (site) => addFrom(site, [0, 1], '+='),
    unmerge: (site) => addFrom(site, [0, 1], '-='),
    result: (site) => valueLines(site, valueOf(site)),
    value: valueOf,
  }
}

export const ANY = logical(1)
export const ALL = logical(0)

function value(site: CallSite): string {
  return `v${site.args[0]?.column ?? 0}[i]`
}

/** A decimal lies scaled; its deviation is told as a number. */
function scaledValue(site: CallSite): string {
  const type = site.args[0]?.spec.type
  return type?.kind === 'decimal' ? `${value(site)} / ${10 ** type.scale}` : value(site)
}
