/**
 * Answers what authors bring from SQL, JavaScript and Python by name and with our spelling, from
 * the tokens and before the parser, whose message could only say that it did not expect them.
 */
import { exprError, type ExprProblem } from '../problem.ts'
import { SYMBOL_HABITS, type Habit } from './symbol-habits.ts'
import type { ExprToken } from './tokens.ts'

/** Looks at token `index`; `width` tokens belong to what it found. */
type Detector = (view: TokenView) => (Habit & { readonly width?: number }) | null

/** The tokens around the one that is looked at. */
class TokenView {
  readonly #tokens: readonly ExprToken[]
  readonly index: number

  constructor(tokens: readonly ExprToken[], index: number) {
    this.#tokens = tokens
    this.index = index
  }

  at(offset: number): ExprToken | undefined {
    return this.#tokens[this.index + offset]
  }

  text(offset = 0): string {
    return this.at(offset)?.text ?? ''
  }

  word(offset = 0): string {
    const token = this.at(offset)
    return token?.kind === 'name' ? token.text.toLowerCase() : ''
  }

  /** Whether a value ends right before this token, so that an operator may stand here. */
  get followsValue(): boolean {
    const before = this.at(-1)
    if (before === undefined) return false
    if (before.kind === 'symbol') return before.text === ')' || before.text === ']'
    return before.kind !== 'other'
  }

  get isMember(): boolean {
    return this.text(-1) === '.' || this.text(-1) === '?.'
  }

  get isCalled(): boolean {
    return this.text(1) === '('
  }

  /** Whether no blank stands in front of the token. */
  touches(offset: number): boolean {
    return this.at(offset - 1)?.end === this.at(offset)?.start
  }
}

const bySymbol: Detector = (view) => {
  const token = view.at(0)
  if (token === undefined || token.kind === 'string') return null
  if (token.text === '?.' && view.at(1)?.kind === 'number') return null
  return SYMBOL_HABITS.get(token.text) ?? null
}

/** `and`, `or`, `not`, `is null`, `like`, `between`, … between or before values. */
const byWord: Detector = (view) => {
  if (view.isMember || !view.followsValue) return null
  switch (view.word()) {
    case 'and':
      return { message: `\`${view.text()}\` is SQL`, fix: 'write `&&`' }
    case 'or':
      return { message: `\`${view.text()}\` is SQL`, fix: 'write `||`' }
    case 'xor':
      return { message: `\`${view.text()}\` is not an operator`, fix: 'write `a != b`' }
    case 'is':
      return isHabit(view)
    case 'not':
      return notHabit(view)
    case 'like':
    case 'ilike':
    case 'rlike':
    case 'regexp':
    case 'similar':
      return likeHabit(view.text())
    case 'between':
      return { message: `\`${view.text()}\` is SQL`, fix: 'write `a >= low && a <= high`' }
    case 'div':
    case 'mod':
      return { message: `\`${view.text()}\` is a function`, fix: `write \`${view.word()}(a, b)\`` }
    case 'collate':
      return { message: 'texts have one order, that of their code points', fix: 'leave it out' }
    case 'over':
      return { message: '`over` is SQL', fix: 'write a block with `window: { type: rolling }`' }
    default:
      return null
  }
}

function isHabit(view: TokenView): Habit & { readonly width: number } {
  const negated = view.word(1) === 'not'
  const word = view.word(negated ? 2 : 1)
  const width = (negated ? 2 : 1) + (word === '' ? 0 : 1)
  if (word === 'distinct') {
    return { message: '`is distinct from` is SQL', fix: 'write `a != b`', width }
  }
  const operator = negated ? '!=' : '=='
  const value = word === '' ? 'null' : word
  const said = negated ? `is not ${value}` : `is ${value}`
  return { message: `\`${said}\` is SQL`, fix: `write \`${operator} ${value}\``, width }
}

function notHabit(view: TokenView): (Habit & { readonly width: number }) | null {
  const word = view.word(1)
  if (word === 'in') return { message: '`not in` is SQL', fix: 'write `!(a in [b, c])`', width: 2 }
  if (word === 'like') {
    return { message: '`not like` is SQL', fix: 'write `!contains(a, "b")`', width: 2 }
  }
  if (word === 'between') {
    return { message: '`not between` is SQL', fix: 'write `a < low || a > high`', width: 2 }
  }
  return null
}

function likeHabit(said: string): Habit {
  return {
    message: `\`${said}\` is SQL`,
    fix: 'write `contains(a, "b")`, `starts_with`, `ends_with` or `regex_match(a, "b.*")`',
  }
}

/** Words that stand where a value is expected. */
const beforeValue: Detector = (view) => {
  if (view.isMember || view.followsValue) return null
  const startsValue = view.at(1) !== undefined && !isOperator(view.text(1)) && !view.isCalled
  switch (view.word()) {
    case 'not':
      return startsValue || view.isCalled
        ? { message: `\`${view.text()}\` is SQL`, fix: 'write `!a`' }
        : null
    case 'case':
      return startsValue
        ? {
            message: '`case` is SQL',
            fix: 'write `condition ? a : b` or `when(c1, a, c2, b, otherwise)`',
          }
        : null
    case 'select':
      return startsValue
        ? { message: 'an expression has no queries', fix: 'join or look up in a block of its own' }
        : null
    case 'distinct':
      return startsValue ? { message: '`distinct` is SQL', fix: 'write `count_distinct(x)`' } : null
    case 'interval':
      return view.at(1)?.kind === 'string' || view.at(1)?.kind === 'number'
        ? { message: '`interval` is SQL', fix: 'write `duration("5 minutes")`' }
        : null
    case 'date':
    case 'timestamp':
      return view.at(1)?.kind === 'string'
        ? {
            message: `\`${view.text()} "…"\` is SQL`,
            fix: `write \`${view.word()}("2026-01-01")\``,
          }
        : null
    case 'new':
    case 'typeof':
    case 'await':
      return startsValue
        ? {
            message: `\`${view.text()}\` is JavaScript`,
            fix: 'TypeScript per record goes into `functions`',
          }
        : null
    default:
      return null
  }
}

function isOperator(text: string): boolean {
  return /^(?:[-+*/%<>=!&|?:.,)\]}]|==|!=|<=|>=|&&|\|\|)$/.test(text)
}

const CONSTANTS: ReadonlyMap<string, string> = new Map([
  ['NULL', 'null'], ['Null', 'null'], ['None', 'null'], ['nil', 'null'], ['undefined', 'null'],
  ['TRUE', 'true'], ['True', 'true'], ['FALSE', 'false'], ['False', 'false'],
]) // prettier-ignore

const byConstant: Detector = (view) => {
  const token = view.at(0)
  if (token?.kind !== 'name' || view.isMember || view.isCalled) return null
  const ours = CONSTANTS.get(token.text)
  return ours === undefined
    ? null
    : { message: `\`${token.text}\` is spelled \`${ours}\``, fix: `write \`${ours}\`` }
}

/** How far a list in parentheses is followed: bounded, so that reading stays linear. */
const LIST_TOKENS_MAX = 100

/** `x in (1, 2)`. */
const byInParens: Detector = (view) => {
  if (view.word() !== 'in' || !view.followsValue || view.text(1) !== '(') return null
  let depth = 0
  for (let offset = 1; offset <= LIST_TOKENS_MAX && view.at(offset) !== undefined; offset++) {
    const text = view.text(offset)
    if (text === '(' || text === '[' || text === '{') depth += 1
    if (text === ')' || text === ']' || text === '}') depth -= 1
    const isList = text === ',' && depth === 1
    const isOne = depth === 0 && offset === 3 && view.at(2)?.kind !== 'name'
    if (isList || isOne)
      return { message: 'a list stands in `[ ]`', fix: 'write `a in [b, c]`', width: 2 }
    if (depth === 0) return null
  }
  return null
}

const byNumber: Detector = (view) => {
  const token = view.at(0)
  if (token?.text === '.' && view.at(1)?.kind === 'number' && !view.followsValue) {
    const text = `.${view.text(1)}`
    return { message: `\`${text}\` lacks its first digit`, fix: `write \`0${text}\``, width: 2 }
  }
  if (token?.kind !== 'number' || view.at(1)?.kind !== 'name') return null
  const unit = view.text(1)
  const text = view.touches(1) ? `${token.text}${unit}` : `${token.text} ${unit}`
  if (/^(?:ms|s|m|h|d|w|(?:milli)?seconds?|minutes?|hours?|days?|weeks?)$/i.test(unit)) {
    return { message: `\`${text}\` is a duration`, fix: `write \`duration("${text}")\``, width: 2 }
  }
  if (!view.touches(1)) return null
  if (/^_\d/.test(unit)) {
    return {
      message: `\`${text}\` has \`_\` in a number`,
      fix: `write \`${text.replaceAll('_', '')}\``,
      width: 2,
    }
  }
  if (/^[uUnN]$/.test(unit)) {
    return {
      message: `\`${text}\` has a suffix`,
      fix: `write \`${token.text}\` or \`to_bigint("${token.text}")\``,
      width: 2,
    }
  }
  return null
}

const DETECTORS = [bySymbol, byWord, beforeValue, byConstant, byInParens, byNumber]

/** Every habit in the text, each where it stands. */
export function findForeignHabits(tokens: readonly ExprToken[]): ExprProblem[] {
  const problems: ExprProblem[] = []
  let index = 0
  while (index < tokens.length) {
    const view = new TokenView(tokens, index)
    const habit = firstHabit(view)
    const width = habit?.width ?? 1
    const first = tokens[index]
    const last = tokens[index + width - 1] ?? first
    if (habit !== null && first !== undefined && last !== undefined) {
      const span = { start: first.start, end: last.end }
      problems.push(exprError('EXPR_FOREIGN_SYNTAX', habit.message, { span, fix: habit.fix }))
    }
    index += width
  }
  return problems
}

function firstHabit(view: TokenView): ReturnType<Detector> {
  for (const detect of DETECTORS) {
    const habit = detect(view)
    if (habit !== null) return habit
  }
  return null
}
