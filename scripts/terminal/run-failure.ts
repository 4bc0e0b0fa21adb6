/** Why a run failed: the block, the record and what to do. */
import type { RunReport } from '../../shared/api/run-report.ts'
import { harmlessText } from '../../shared/base/harmless-text.ts'
import type { Style } from './style.ts'

const SHOWN_MAX = 500

export function failureLines({ failure }: RunReport, style: Style): string[] {
  if (failure === null) return []
  const { code, block, message, position, key, payload, fix } = failure
  return [
    '',
    `${style.red(`error[${code}]`)} in ${block}: ${message}`,
    ...(position === null ? [] : [`  at: ${position}`]),
    ...valueLine('key', key),
    ...valueLine('record', payload, true),
    ...(fix === null ? [] : [`  fix: ${fix}`]),
  ]
}

/** A raw record is shown as it was read, without what would steer the terminal; else JSON. */
function valueLine(name: string, value: unknown, isRaw = false): string[] {
  if (value === undefined || value === null) return []
  const text = isRaw && typeof value === 'string' ? harmlessText(value) : jsonOf(value)
  return [`  ${name}: ${text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}…`}`]
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === 'bigint' ? one.toString() : one,
  )
}
