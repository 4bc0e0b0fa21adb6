/**
 * Hunts: any difference between generated code and the interpreter, over random typed trees of the
 * whole library, random columns with nulls and every layout. A failure prints seed and expression.
 */
import test from 'ava'
import type { TypedExpr } from '../../../shared/expr/ast.ts'
import { compileLoop } from '../../../shared/expr/compile/compile-loop.ts'
import { interpret } from '../../../shared/expr/interpret.ts'
import { FUNCTIONS } from '../../../shared/expr/library.ts'
import { printTyped } from '../../../shared/expr/print-typed.ts'
import { sameValue } from '../../../shared/expr/value-equality.ts'
import { KIND_NAMES } from '../../../shared/model/batch-rows.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import { columnOf } from '../../../shared/model/row-schema.ts'
import { COLUMNS, Dice, OVERLOADS_COVERED, randomBatch, randomExpr } from './random-trees.ts'
import { call, col, listener, lit, overload, spec } from './typed-trees.ts'

const FAILED = Symbol('failed')

function interpreted(expr: TypedExpr, batch: Batch): unknown[] {
  const index = new Map(COLUMNS.map((column, at) => [column.path, at]))
  return Array.from({ length: batch.length }, (_, row) => {
    const column = (path: string): unknown => valueAt(batch.columns[index.get(path)!]!, row)
    try {
      return interpret(expr, { column, change: KIND_NAMES[batch.kind?.[row] as 0], now: 1_000_000 })
    } catch {
      return FAILED
    }
  })
}

function compiled(expr: TypedExpr, batch: Batch): unknown[] {
  const host = listener()
  const out = columnOf('out', { type: expr.type, nullable: true })
  const output = [{ spec: out, expr }]
  const loop = compileLoop({ input: COLUMNS, steps: [], output, rejected: [], overload })
  const left = loop.run(batch, host)
  const values: unknown[] = Array.from({ length: batch.length }, () => FAILED)
  for (let row = 0; row < (left?.length ?? 0); row++) {
    values[host.selection?.[row] ?? row] = valueAt(left!.columns[0]!, row)
  }
  return values
}

/** Rows by the interpreter: the condition first, then what is computed; null where a row goes. */
function modelRow(predicate: unknown, values: readonly unknown[]): readonly unknown[] | null {
  return predicate === true && !values.includes(FAILED) ? values : null
}

function filteredDifference(dice: Dice, reuse: boolean): string | null {
  const batch = randomBatch(dice, 40)
  const predicate = randomExpr({ kind: 'boolean' }, dice, 3)
  const exprs = Array.from({ length: 4 }, () => randomExpr(dice.pick(COLUMNS).type, dice, 2))
  const output = exprs.map((expr, index) => ({
    spec: columnOf(`out${index}`, { type: expr.type, nullable: true }),
    expr,
  }))
  const steps = [{ kind: 'filter', predicate, role: 'where' }] as const
  const loop = compileLoop({ input: COLUMNS, steps, output, rejected: [], overload, reuse })
  const host = listener()
  // Twice, since arrays are kept from batch to batch.
  loop.run(batch, host)
  host.filtered = 0
  host.failures.length = 0
  const left = loop.run(batch, host)
  const kept = interpreted(predicate, batch)
  const computed = exprs.map((expr) => interpreted(expr, batch))
  const model = kept.map((value, row) =>
    modelRow(
      value,
      computed.map((values) => values[row]),
    ),
  )
  const wanted = model.filter((row) => row !== null)
  const given = Array.from({ length: left?.length ?? 0 }, (_, row) =>
    left!.columns.map((column) => valueAt(column, row)),
  )
  if (host.filtered + host.failures.length + given.length !== batch.length) return 'rows are lost'
  return sameValue(wanted, given)
    ? null
    : `${printTyped(predicate)}: ${exprs.map(printTyped).join(' ; ')}`
}

function difference(expr: TypedExpr, batch: Batch): string | null {
  const wanted = interpreted(expr, batch)
  const given = compiled(expr, batch)
  const row = wanted.findIndex((value, at) => !sameValue(value, given[at]))
  if (row < 0) return null
  const cells = COLUMNS.map(
    (column, at) => `${column.path}=${String(valueAt(batch.columns[at]!, row))}`,
  )
  return `${printTyped(expr)} in row ${row}: interpreted ${String(wanted[row])}, compiled ${String(given[row])}; ${cells.join(' ')}`
}

test('compiled code: equals the interpreter on random trees', (t) => {
  for (let seed = 1; seed <= 800; seed++) {
    const dice = new Dice(seed)
    const batch = randomBatch(dice, 24)
    const expr = randomExpr(dice.pick(COLUMNS).type, dice, 1 + (seed % 4))
    let found: string | null
    try {
      found = difference(expr, batch)
    } catch (cause) {
      found = `${printTyped(expr)} does not compile: ${String(cause)}`
    }
    if (found !== null) return t.fail(`seed ${seed}: ${found}`)
  }
  t.pass()
})

test('compiled code: filters and what is computed behind them equal the interpreter', (t) => {
  for (let seed = 1; seed <= 250; seed++) {
    const found = filteredDifference(new Dice(seed), seed % 2 === 0)
    if (found !== null) return t.fail(`seed ${seed}: ${found}`)
  }
  t.pass()
})

test('compiled code: the random trees reach nearly the whole library', (t) => {
  const all = FUNCTIONS.flatMap((def) => def.overloads).filter((one) => one.deterministic)
  const missed = all.filter((one) => !OVERLOADS_COVERED.has(one.id)).map((one) => one.id)
  t.true(missed.length < all.length / 8, `missed: ${missed.join(' ')}`)
})

test('compiled code: three-valued logic is that of the interpreter for all operands', (t) => {
  const batch = randomBatch(new Dice(3), 64)
  const b = spec('q3', 'boolean?')
  const operands = [
    col(b),
    lit(true),
    lit(false),
    lit(null, 'boolean'),
    call('<', col(spec('q1', 'integer?')), lit(5)),
  ]
  for (const first of operands) {
    for (const second of operands) {
      for (const fn of ['&&', '||']) {
        const one = call(fn, first, second)
        t.is(difference(one, batch), null)
        t.is(difference(call('!', one), batch), null)
        const risky = call(
          '==',
          call('%', col(spec('p1', 'integer')), col(spec('q1', 'integer?'))),
          lit(0),
        )
        t.is(difference(call(fn, one, risky), batch), null)
        t.is(difference(call('?:', one, risky, second), batch), null)
      }
    }
  }
})
