/**
 * Plays a script to an operator, or to several subtasks of it that share the keys, under one
 * delivery, and gives what came out folded to final rows.
 */
import { canonicalRow, canonicalText } from '../../../shared/model/canonical/canonical-text.ts'
import { FinalRows } from '../../../shared/model/rows/final-rows.ts'
import { actionsOf, type Action, type Delivery } from './delivery.ts'
import { ContractBroken, type EmittedRow } from './recording-output.ts'
import type { Script } from './script.ts'
import type { Subject, SubjectOutput } from './subject.ts'
import { SubtaskDriver } from './subtask-driver.ts'

export interface Observed {
  /** Per output, every row as it came, subtask after subtask. */
  readonly emitted: Readonly<Record<string, readonly EmittedRow[]>>
  /** Per output, the folded rows as sorted texts. */
  readonly folded: Readonly<Record<string, readonly string[]>>
  /** Over all subtasks. */
  readonly counters: Readonly<Record<string, number>>
  /** Codes of the records that failed, sorted. */
  readonly failures: readonly string[]
}

export function drive(
  subject: Subject,
  script: Script,
  options: { delivery: Delivery; isCalm: boolean },
): Observed {
  const { delivery, isCalm } = options
  const count = subject.inputs.some((input) => input.key.length === 0) ? 1 : delivery.subtaskCount
  const drivers = Array.from(
    { length: count },
    (_, subtask) =>
      new SubtaskDriver(subject, { subtask, subtaskCount: count }, delivery.fullAfter),
  )
  for (const action of actionsOf(script, delivery, isCalm)) deliver(subject, drivers, action)
  for (const driver of drivers) driver.close()
  return observe(subject, drivers)
}

function deliver(subject: Subject, drivers: readonly SubtaskDriver[], action: Action): void {
  if (action.kind !== 'batch' || drivers.length === 1) {
    for (const driver of drivers) driver.take(action)
    return
  }
  const key = subject.inputs[action.input]?.key ?? []
  drivers.forEach((driver, subtask) => {
    const rows = action.rows.filter(
      (row) => hashOf(canonicalRow(row.values, key)) % drivers.length === subtask,
    )
    driver.take({ ...action, rows })
  })
}

/** FNV-1a. Which subtask a key goes to is not the operator's business; any function of it will do. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++)
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0
  return hash
}

function observe(subject: Subject, drivers: readonly SubtaskDriver[]): Observed {
  const emitted: Record<string, EmittedRow[]> = {}
  const folded: Record<string, string[]> = {}
  for (const [name, is] of Object.entries(subject.outputs)) {
    emitted[name] = drivers.flatMap((driver) => driver.outputs.get(name)?.rows ?? [])
    folded[name] = fold(name, is, emitted[name])
  }
  const counters: Record<string, number> = {}
  for (const driver of drivers) {
    for (const [name, count] of Object.entries(driver.counters))
      counters[name] = (counters[name] ?? 0) + count
  }
  const failures = drivers.flatMap((driver) => driver.failures.map((failure) => failure.code))
  return { emitted, folded, counters, failures: failures.toSorted() }
}

/** Texts of the final rows, sorted; the event time stands first unless it is not compared. */
export function fold(name: string, is: SubjectOutput, rows: readonly EmittedRow[]): string[] {
  const final = new FinalRows(is.edge === 'upsert' ? (is.uniqueKey ?? null) : null)
  for (const row of rows) final.add(row, row.change)
  if (final.unmatchedCount > 0)
    throw new ContractBroken(
      `output ${name}: ${final.unmatchedCount} rows were taken back that were not there`,
    )
  return final
    .rows()
    .map((row) => rowText(is, row.values, row.eventTime))
    .toSorted()
}

/** The text of an expected row, as `fold` writes it. */
export function rowText(
  is: Pick<SubjectOutput, 'comparesTime'>,
  values: readonly unknown[],
  eventTime: number,
): string {
  const time = is.comparesTime === false ? '' : `@${canonicalText(eventTime)} `
  return `${time}${canonicalRow(values)}`
}
