/** Aggregates that live in a few words: count, sum, avg, min and max of numbers, stddev, any, all. */
import type { ColumnSpec } from '../../../../shared/model/layout.ts'
import { type CallCode, type CallSite, nullOr, whenPresent } from './call-code.ts'
import { addExact } from './exact-sum.ts'

const NONE: readonly ColumnSpec[] = []

export const COUNT: CallCode = {
  words: 1,
  slots: NONE,
  init: () => [],
  add: (site) => countLines(site, 1),
  subtract: (site) => countLines(site, -1),
  merge: (site) => [`${site.word(0)} += ${site.fromWord(0)}`],
  unmerge: (site) => [`${site.word(0)} -= ${site.fromWord(0)}`],
  result: (site) => [`${site.writer}.values[r] = ${site.word(0)}`],
}

function countLines(site: CallSite, by: number): string[] {
  const line = [`${site.word(0)} += ${by}`]
  return site.args.length === 0 ? line : whenPresent(site, line)
}

/** Whole numbers (integer, decimal, duration): low, high, count. */
function exactLines(site: CallSite, sign: 1 | -1): string[] {
  const x = sign === 1 ? value(site) : `-${value(site)}`
  return whenPresent(site, [
    ...addExact(site.word(0), site.word(1), x),
    `${site.word(2)} += ${sign}`,
  ])
}

function exactMerge(site: CallSite, sign: 1 | -1): string[] {
  const x = sign === 1 ? site.fromWord(0) : `-${site.fromWord(0)}`
  const assign = sign === 1 ? '+=' : '-='
  return [
    `${site.word(1)} ${assign} ${site.fromWord(1)}`,
    ...addExact(site.word(0), site.word(1), x),
    `${site.word(2)} ${assign} ${site.fromWord(2)}`,
  ]
}

function exactCall(result: (site: CallSite) => string[]): CallCode {
  return {
    words: 3,
    slots: NONE,
    init: () => [],
    add: (site) => exactLines(site, 1),
    subtract: (site) => exactLines(site, -1),
    merge: (site) => exactMerge(site, 1),
    unmerge: (site) => exactMerge(site, -1),
    result: (site) => nullOr(site, `${site.word(2)} === 0`, result(site)),
  }
}

/** A result that is NaN cannot be told: the row fails. */
function checked(site: CallSite, text: string): string[] {
  return [`const x = ${text}`, `if (x !== x) return ${site.index}`, `${site.writer}.values[r] = x`]
}

export const EXACT_SUM = exactCall((site) =>
  site.call.result.layout === 'any'
    ? [`${site.writer}.put(r, h.exactBigint(${site.word(0)}, ${site.word(1)}))`]
    : checked(site, `h.exactNumber(${site.word(0)}, ${site.word(1)})`),
)

/** Integers: a number. Decimals and durations stay whole, rounded half away from zero. */
export const EXACT_AVERAGE = exactCall((site) => {
  const { type, layout } = site.call.result
  const lanes = `${site.word(0)}, ${site.word(1)}`
  const argType = site.args[0]?.spec.type
  if (type.kind === 'number') {
    return [
      `${site.writer}.values[r] = (${site.word(1)} * ${2 ** 53} + ${site.word(0)}) / ${site.word(2)}`,
    ]
  }
  const digits =
    type.kind === 'decimal' && argType?.kind === 'decimal' ? type.scale - argType.scale : 0
  if (layout === 'any') {
    return [
      `${site.writer}.put(r, h.bigintAverage(h.exactBigint(${lanes}), ${site.word(2)}, ${digits}))`,
    ]
  }
  return checked(site, `h.exactAverage(${lanes}, ${site.word(2)}, ${digits})`)
})

/** Numbers: the sum and what rounding took from it (two-sum), so that subtracting restores. */
function addFloat(site: CallSite, x: string): string[] {
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
  const x = sign === 1 ? value(site) : `-${value(site)}`
  return whenPresent(site, [...addFloat(site, x), `${site.word(2)} += ${sign}`])
}

function floatMerge(site: CallSite, sign: 1 | -1): string[] {
  const x = sign === 1 ? site.fromWord(0) : `-${site.fromWord(0)}`
  const assign = sign === 1 ? '+=' : '-='
  return [
    ...addFloat(site, x),
    `${site.word(1)} ${assign} ${site.fromWord(1)}`,
    `${site.word(2)} ${assign} ${site.fromWord(2)}`,
  ]
}

function floatCall(result: (site: CallSite) => string[]): CallCode {
  return {
    words: 3,
    slots: NONE,
    init: () => [],
    add: (site) => floatLines(site, 1),
    subtract: (site) => floatLines(site, -1),
    merge: (site) => floatMerge(site, 1),
    unmerge: (site) => floatMerge(site, -1),
    result: (site) => nullOr(site, `${site.word(2)} === 0`, result(site)),
  }
}

/** Beyond the largest double a sum is ±∞ or NaN: the row fails. */
function finite(site: CallSite, text: string): string[] {
  return [
    `const x = ${text}`,
    `if (!(x - x === 0)) return ${site.index}`,
    `${site.writer}.values[r] = x`,
  ]
}

export const FLOAT_SUM = floatCall((site) => finite(site, `${site.word(0)} + ${site.word(1)}`))

export const FLOAT_AVERAGE = floatCall((site) =>
  finite(site, `(${site.word(0)} + ${site.word(1)}) / ${site.word(2)}`),
)

/** Numbers are finite, so that ±∞ means "none yet" and one word is enough. */
function extreme(none: 'Infinity' | '-Infinity', before: '<' | '>'): CallCode {
  return {
    words: 1,
    slots: NONE,
    init: (site) => [`${site.word(0)} = ${none}`],
    add: (site) =>
      whenPresent(site, [
        `if (${value(site)} ${before} ${site.word(0)}) ${site.word(0)} = ${value(site)}`,
      ]),
    subtract: null,
    merge: (site) => [
      `if (${site.fromWord(0)} ${before} ${site.word(0)}) ${site.word(0)} = ${site.fromWord(0)}`,
    ],
    unmerge: null,
    result: (site) =>
      nullOr(site, `${site.word(0)} === ${none}`, [`${site.writer}.values[r] = ${site.word(0)}`]),
  }
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
  result: (site) =>
    nullOr(
      site,
      `${site.word(0)} < 2`,
      finite(site, `Math.sqrt(${site.word(2)} / (${site.word(0)} - 1))`),
    ),
}

/** Values seen, and those that are true (any) or false (all). */
function logical(counted: 0 | 1): CallCode {
  const lines = (site: CallSite, assign: '+=' | '-=') =>
    whenPresent(site, [
      `${site.word(0)} ${assign} 1`,
      `if (${value(site)} === ${counted}) ${site.word(1)} ${assign} 1`,
    ])
  return {
    words: 2,
    slots: NONE,
    init: () => [],
    add: (site) => lines(site, '+='),
    subtract: (site) => lines(site, '-='),
    merge: (site) => addBoth(site, '+='),
    unmerge: (site) => addBoth(site, '-='),
    result: (site) =>
      nullOr(site, `${site.word(0)} === 0`, [
        `${site.writer}.values[r] = ${site.word(1)} > 0 ? ${counted} : ${1 - counted}`,
      ]),
  }
}

function addBoth(site: CallSite, assign: '+=' | '-='): string[] {
  return [
    `${site.word(0)} ${assign} ${site.fromWord(0)}`,
    `${site.word(1)} ${assign} ${site.fromWord(1)}`,
  ]
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
