/**
 * Writes the code of one loop (compile-loop.ts). Owns the names and constants of that code.
 *
 * Everything that can throw is evaluated before anything of the row is written, so that a row that
 * throws leaves no trace (or a gap that is closed after the loop). Code that cannot throw has no
 * try; a loop that drops nothing counts nothing; columns that pass unchanged are taken by reference,
 * or gathered after the loop.
 */
import { unreachable } from '../../../base/assert.ts'
import type { ProjectedColumn } from '../../../planning/plan.ts'
import type { TypedExpr } from '../../ast.ts'
import { Block, boxed, negated, type Value } from '../code-block.ts'
import type { CodeContext } from '../code-context.ts'
import { ColumnScope, inputColumn } from '../column-scope.ts'
import { Constants, Names } from '../constants.ts'
import { FactBook } from '../expr-facts.ts'
import { generateExpr } from '../generate-expr.ts'
import { generateTruth } from '../generate-logic.ts'
import { InputColumns } from '../input-columns.ts'
import type { LoopSpec, LoopStep } from '../loop-spec.ts'
import { outputColumn, type OutputColumn, type OutputMode } from './output-columns.ts'

type Validation = Extract<LoopStep, { kind: 'validate' }>

/** A step with the scope its expressions are read in. */
interface PlacedStep {
  readonly step: LoopStep
  readonly scope: ColumnScope
}

export class LoopCode {
  readonly #spec: LoopSpec
  readonly #constants = new Constants()
  readonly #names = new Names()
  readonly #facts: FactBook
  readonly #inputs: InputColumns
  readonly #functions: string[] = []
  readonly #context: CodeContext
  readonly #steps: readonly PlacedStep[]
  readonly #scope: ColumnScope
  readonly #throws: boolean
  readonly #mode: OutputMode

  constructor(spec: LoopSpec) {
    this.#spec = spec
    this.#facts = new FactBook(spec.overload)
    this.#inputs = new InputColumns(spec.input)
    this.#context = {
      overload: spec.overload,
      facts: this.#facts,
      constants: this.#constants,
      names: this.#names,
      reader: { read: (index, block) => this.#inputs.read(index, block), arrays: this.#inputs },
      functions: this.#functions,
      kindText: 'kind[i]',
      generate: generateExpr,
    }
    const placed = placeSteps(spec)
    this.#steps = placed.steps
    this.#scope = placed.scope
    this.#throws = this.#countUses()
    this.#mode = {
      drops: spec.steps.some(isDropping),
      reuse: spec.reuse === true,
      pool: () => this.#inputs.pool(this.#constants).name,
    }
  }

  make(): { readonly code: string; readonly constants: readonly unknown[] } {
    const body = new Block(this.#names)
    for (const { step, scope } of this.#steps) this.#step(step, scope, body)
    const outputs = this.#spec.output.map((column, index) => this.#output(column, index, body))
    for (const output of outputs) for (const line of output.write) body.line(line)
    if (this.#mode.drops) body.lines.push('left[m] = i', 'm++')
    const batchFunction = this.#batchFunction(body, outputs)
    const code = [
      ...this.#constants.declarations(),
      ...this.#functions,
      ...outputs.flatMap((output) => output.kept),
      ...(this.#mode.drops ? ['let selection = new Int32Array(0)'] : []),
      ...batchFunction,
    ]
    return { code: code.join('\n'), constants: this.#constants.values }
  }

  /** Whether anything that will run can throw. */
  #countUses(): boolean {
    const used: (readonly [TypedExpr, ColumnScope])[] = []
    for (const { step, scope } of this.#steps) {
      if (step.kind === 'filter') used.push([step.predicate, scope])
      if (step.kind !== 'validate') continue
      for (const rule of step.rules) used.push([rule.predicate, scope])
      if (step.action === 'reject')
        for (const expr of this.#rejectedExprs(scope)) used.push([expr, scope])
    }
    for (const column of this.#spec.output) used.push([column.expr, this.#scope])
    for (const [expr, scope] of used) this.#facts.countUses(expr, scope)
    const stops = this.#spec.steps.some(
      (step) => step.kind === 'validate' && step.action === 'fail',
    )
    return stops || used.some(([expr, scope]) => this.#facts.of(expr, scope).throws)
  }

  #step(step: LoopStep, scope: ColumnScope, body: Block): void {
    switch (step.kind) {
      case 'filter':
        for (const term of conjuncts(step.predicate)) {
          const isTrue = generateTruth(this.#context, term, { scope, block: body })
          body.line(`if (${negated(isTrue)}) continue`)
        }
        return
      case 'project':
        this.#evaluateThrowing(step.columns, scope, body)
        return
      case 'validate':
        this.#validate(step, scope, body)
        return
      default:
        unreachable(step)
    }
  }

  /** What throws does so in its step, not where it is read: a later filter cannot hide it. */
  #evaluateThrowing(columns: readonly ProjectedColumn[], scope: ColumnScope, body: Block): void {
    for (const { expr } of columns) {
      const facts = this.#facts.of(expr, scope)
      if (!facts.throws || !this.#facts.isUsed(facts.key)) continue
      const value = this.#context.generate(this.#context, expr, { scope, block: body })
      body.keep(facts.key, bound(value, body))
    }
  }

  #validate(step: Validation, scope: ColumnScope, body: Block): void {
    const rules = step.rules.map((rule) => {
      const isTrue = generateTruth(this.#context, rule.predicate, { scope, block: body })
      const name = this.#constants.name(rule.name, JSON.stringify(rule.name))
      return { isTrue: body.bind(isTrue), name }
    })
    if (rules.length === 0) return
    if (step.action === 'observe' || step.action === 'warn') {
      for (const rule of rules) {
        body.line(`if (!${rule.isTrue}) host.observe(${rule.name}, '${step.action}')`)
      }
      return
    }
    const broken = body.inner()
    broken.line('const rules = []')
    for (const rule of rules) broken.line(`if (!${rule.isTrue}) rules.push(${rule.name})`)
    if (step.action === 'fail') broken.line('throw lib.ruleBroken(rules)')
    else {
      const values = this.#rejectedValues(scope, broken)
      broken.lines.push(`host.reject(i, rules, [${values.join(', ')}])`, 'gone++', 'continue')
    }
    body.close(`if (!(${rules.map((rule) => rule.isTrue).join(' && ')})) {`, broken)
  }

  #rejectedExprs(scope: ColumnScope): TypedExpr[] {
    const shown = this.#spec.rejected.filter((spec) => scope.has(spec.path))
    return shown.map(({ path, type, nullable }) => ({ node: 'column', path, type, nullable }))
  }

  /** The row as it entered the step. */
  #rejectedValues(scope: ColumnScope, block: Block): string[] {
    return this.#spec.rejected.map((spec) => {
      if (spec.path === '_rule') return 'rules'
      if (!scope.has(spec.path)) return 'null'
      const { path, type, nullable } = spec
      const expr: TypedExpr = { node: 'column', path, type, nullable }
      return boxed(this.#context.generate(this.#context, expr, { scope, block }))
    })
  }

  #output({ spec, expr }: ProjectedColumn, index: number, body: Block): OutputColumn {
    const passed = inputColumn(expr, this.#scope)
    if (passed !== null) return this.#passed(passed.index, spec.layout)
    const value = this.#context.generate(this.#context, expr, { scope: this.#scope, block: body })
    const { throws } = this.#facts.of(expr, this.#scope)
    const isScratch = index >= (this.#spec.scratchFrom ?? Infinity)
    const mode = isScratch ? { ...this.#mode, reuse: true } : this.#mode
    return outputColumn(index, spec, throws ? bound(value, body) : value, mode)
  }

  /** A column of the batch as it is: by reference, or the rows of it that are left. */
  #passed(index: number, layout: string): OutputColumn {
    const column = this.#mode.drops ? `pass(${index})` : `columns[${index}]`
    const fits = this.#inputs.spec(index).layout === layout
    const length = this.#mode.drops ? 'm' : 'length'
    return {
      kept: [],
      before: [],
      write: [],
      after: [],
      gap: [],
      column: fits ? column : `lib.convertColumn(${column}, ${length}, '${layout}')`,
    }
  }

  #batchFunction(body: Block, outputs: readonly OutputColumn[]): string[] {
    const whole = new Block(this.#names)
    whole.line('const { length, columns } = batch')
    if (!this.#mode.drops) whole.line('if (length === 0) return null')
    for (const line of this.#inputs.declarations()) whole.line(line)
    if (uses(body, /\bkind\[i\]/)) whole.line('const kind = batch.kind ?? lib.zeros(length)')
    if (uses(body, /\bnow\b/)) whole.line('const now = host.now()')
    for (const output of outputs) for (const line of output.before) whole.line(line)
    if (this.#mode.drops) this.#droppingLoop(body, whole)
    else if (body.lines.length > 0) this.#plainLoop(body, whole, outputs)
    this.#result(outputs, whole)
    const code = new Block(this.#names)
    code.close('return function loop(batch, host) {', whole)
    return code.lines
  }

  /** No row is dropped but those that throw: they leave a gap, which is rare and closed later. */
  #plainLoop(body: Block, whole: Block, outputs: readonly OutputColumn[]): void {
    const row = whole.inner()
    row.line('const m = i')
    row.lines.push(...body.lines)
    if (this.#throws) whole.line('const gaps = []')
    this.#rows(row, whole, ['gaps.push(i)', ...outputs.flatMap((output) => output.gap)])
  }

  #droppingLoop(body: Block, whole: Block): void {
    whole.line('if (selection.length < length) selection = new Int32Array(lib.room(length))')
    whole.lines.push('const left = selection', 'let m = 0', 'let gone = 0')
    this.#rows(body, whole, ['gone++'])
  }

  /** The try stands around the loop, which is entered again behind a row that threw. */
  #rows(body: Block, whole: Block, onThrow: readonly string[]): void {
    if (!this.#throws) {
      whole.close('for (let i = 0; i < length; i++) {', body)
      return
    }
    const loop = whole.inner()
    loop.close('for (; i < length; i++) {', body)
    const again = whole.inner()
    again.close('try {', loop, '} catch (error) {')
    again.lines.push(...[...onThrow, 'host.fail(i, error)', 'i++'].map((line) => `  ${line}`), '}')
    whole.line('let i = 0')
    whole.close('while (i < length) {', again)
  }

  #result(outputs: readonly OutputColumn[], whole: Block): void {
    const columns = outputs.map((output) => output.column).join(', ')
    if (!this.#mode.drops) {
      whole.line('host.selection = null')
      whole.line('const { eventTime } = batch')
      const kinds = 'kind: batch.kind'
      const all = `{ schema, length, eventTime, ${kinds}, columns: [${columns}] }`
      whole.line(this.#throws ? `return lib.withoutGaps(${all}, gaps, host)` : `return ${all}`)
      return
    }
    whole.lines.push('host.filtered += length - m - gone', 'if (m === 0) return null')
    whole.lines.push('const all = m === length', 'host.selection = all ? null : left')
    const isShared = this.#spec.onlyRows === true
    const times = 'all ? batch.eventTime : lib.gatherTimes(batch.eventTime, left, m)'
    whole.line(`const eventTime = ${isShared ? 'batch.eventTime' : times}`)
    whole.line('const kinds = all ? batch.kind : lib.gatherBytes(batch.kind, left, m)')
    if (columns.includes('pass(')) {
      const gathered = 'lib.gatherBeside(columns[index], left, m, batch.eventTime, eventTime)'
      whole.line(`const pass = (index) => all ? columns[index] : ${gathered}`)
    }
    const after = outputs.flatMap((output) => output.after)
    if (columns.includes('few')) whole.line('const few = m * 2 < length')
    whole.line(`const given = [${columns}]`)
    whole.lines.push(...after)
    whole.line('return { schema, length: m, eventTime, kind: kinds, columns: given }')
  }
}

function placeSteps(spec: LoopSpec): { steps: PlacedStep[]; scope: ColumnScope } {
  let scope = ColumnScope.ofInput(spec.input)
  const steps: PlacedStep[] = []
  for (const step of spec.steps) {
    steps.push({ step, scope })
    if (step.kind === 'project') scope = projected(step.columns, scope)
  }
  return { steps, scope }
}

/** The scope after a projection: its columns, as expressions over the scope before. */
export function projected(columns: readonly ProjectedColumn[], scope: ColumnScope): ColumnScope {
  return new ColumnScope(
    columns.map(({ spec, expr }) => [spec.path, { kind: 'expr', expr, scope }] as const),
  )
}

/** The terms of `a && b && c`: a row goes on only where each is true. */
function conjuncts(expr: TypedExpr): TypedExpr[] {
  if (expr.node !== 'call' || expr.overload !== 'and') return [expr]
  return expr.args.flatMap(conjuncts)
}

function isDropping(step: LoopStep): boolean {
  if (step.kind === 'filter') return true
  return step.kind === 'validate' && (step.action === 'reject' || step.action === 'fail')
}

function bound(value: Value, block: Block): Value {
  return value.atomic ? value : { ...value, text: block.bind(value.text), atomic: true }
}

function uses(block: Block, text: RegExp): boolean {
  return block.lines.some((line) => text.test(line))
}
