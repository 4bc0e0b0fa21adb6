/** What the language has and this version has not: named by name, never "unknown key". */
import type { DiagnosticDetails, SpecPath } from '../../../base/diagnostics.ts'
import type { ReadContext } from '../read-context.ts'

/** Keys of a transformation, with what can be done today. */
export const LATER_CORES: Readonly<Record<string, string>> = {
  history: 'keep the rows in the target, or write a `process` function',
  detect_anomalies: 'compare with a rolling window: `avg(x).last("1 hour")`, or write `process`',
  pattern: 'write a `process` function',
  sql: 'write the steps as keys: where, set, key_by, aggregate',
}

export function notYet(
  context: ReadContext,
  path: SpecPath,
  what: string,
  ...[details]: [DiagnosticDetails?]
): void {
  const message = `${what} is part of the language, but not there yet`
  context.diagnostics.error('NOT_YET', path, message, details)
}
