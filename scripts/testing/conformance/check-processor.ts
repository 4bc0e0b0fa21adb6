/**
 * The conformance kit for a process function: its rows must be the same however records are cut into
 * batches, pushed back and spread over subtasks. A function that remembers something outside of its
 * state, or that looks at the clock, is found out.
 */
import { ProcessOperator } from '../../../node/operators/process/process-operator.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import { StateStore } from '../../../node/state/state-store.ts'
import type { Processor } from '../../../shared/api/processor.ts'
import type { GivenRow } from '../../../shared/api/tokens.ts'
import type { Random } from '../../../shared/base/random.ts'
import { rowsToBatch } from '../../../shared/model/batch-rows.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import type { Field } from '../../../shared/model/data-type.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { columnsOf } from '../../../shared/model/row-schema.ts'
import type { ProcessCore } from '../../../shared/planning/plan.ts'
import { isObject } from '../rows/bind-value.ts'
import { plainValue } from '../rows/plain-value.ts'
import { checkConformance, type ConformanceOptions } from './conformance.ts'
import type { Subject } from './subject.ts'

export interface ProcessorCheck<I> extends Pick<
  ConformanceOptions,
  'seeds' | 'seed' | 'rows' | 'span' | 'slack' | 'late' | 'clock'
> {
  /** Fields of `key_by`; none: one state for all records. */
  readonly key: readonly (keyof I & string)[]
  /** Makes a record; `time` is its event time, ms since 1970. */
  readonly row: (random: Random, time: number) => GivenRow<I>
  /** `with` of the block. */
  readonly with?: Readonly<Record<string, unknown>>
}

/** Throws at the first difference, with the seed that shows it. */
export function checkProcessor<I, O, X>(
  definition: Processor<I, O, X>,
  { key, row, with: options = {}, ...conformance }: ProcessorCheck<I>,
): void {
  const columns = columnsOf(definition.input ?? [])
  const subject = subjectOf(definition, { columns, key, with: options })
  checkConformance({
    ...conformance,
    subject,
    inputs: [{ row: (random, time) => valuesOf(row(random, time), columns) }],
  })
}

function valuesOf(row: unknown, columns: readonly ColumnSpec[]): unknown[] {
  const plain = plainValue(row)
  const batch = rowsToBatch([isObject(plain) ? plain : {}], columns)
  return batch.columns.map((column) => valueAt(column, 0))
}

interface Parts {
  readonly columns: readonly ColumnSpec[]
  readonly key: readonly string[]
  readonly with: Readonly<Record<string, unknown>>
}

function subjectOf<I, O, X>(definition: Processor<I, O, X>, parts: Parts): Subject {
  const { columns } = parts
  const sides = columnsByOutput(definition.outputs)
  const core: ProcessCore = {
    kind: 'process',
    input: columns.map((spec) => {
      const { path, type, nullable } = spec
      return { spec, expr: { node: 'column', path, type, nullable } }
    }),
    key: parts.key.map((name) => columns.findIndex((column) => column.path === name)),
    fn: { ref: '' },
    with: parts.with,
    output: columnsOf(definition.output),
    sides,
  }
  const outputs = Object.entries({ main: core.output, ...sides }).map(
    ([name, own]) => [name, { columns: own, edge: 'append' as const }] as const,
  )
  return {
    name: 'the process function',
    inputs: [{ columns, edge: 'append', key: core.key }],
    outputs: Object.fromEntries(outputs),
    build: () =>
      new ProcessOperator({
        core,
        definition,
        store: new StateStore(new CountingMemory()),
        ttlMs: null,
      }),
  }
}

function columnsByOutput(
  outputs: Readonly<Record<string, readonly Field[]>>,
): Record<string, ColumnSpec[]> {
  return Object.fromEntries(Object.entries(outputs).map(([name, own]) => [name, columnsOf(own)]))
}
