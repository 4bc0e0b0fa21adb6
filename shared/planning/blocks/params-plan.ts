/** `params`: their values from the command line or the file, as constants of expressions. */
import type { Diagnostics } from '../../base/diagnostics.ts'
import { nearestName } from '../../base/nearest-name.ts'
import type { ScalarValue } from '../../expr/ast.ts'
import type { Constant } from '../../expr/scope.ts'
import { fromJsonValue } from '../../model/value-json.ts'
import { printFieldType } from '../../model/type-text.ts'
import type { ParamSpec, PipelineSpec } from '../../spec/pipeline-spec.ts'
import { listNames } from '../row.ts'

export interface PlannedParams {
  readonly constants: ReadonlyMap<string, Constant>
  readonly values: Readonly<Record<string, unknown>>
}

export function planParams(
  spec: PipelineSpec,
  given: Readonly<Record<string, unknown>>,
  diagnostics: Diagnostics,
): PlannedParams {
  const declared = spec.params ?? {}
  for (const name of Object.keys(given)) {
    if (declared[name] !== undefined) continue
    const names = Object.keys(declared)
    const near = nearestName(name, names)
    const choice = names.length === 0 ? 'declare it under `params:`' : `one of ${listNames(names)}`
    diagnostics.error('PARAM_UNKNOWN', ['params'], `there is no parameter \`${name}\``, {
      fix: near === null ? choice : `write \`${near}\``,
    })
  }
  const constants = new Map<string, Constant>()
  const values: Record<string, unknown> = {}
  for (const [name, param] of Object.entries(declared)) {
    const raw = given[name] ?? param.default ?? null
    const value = valueOf(param, raw)
    if (value === undefined) {
      const message =
        raw === null
          ? `parameter \`${name}\` has no value`
          : `parameter \`${name}\` is ${printFieldType(param.type)}, and its value is \`${JSON.stringify(raw)}\``
      diagnostics.error('PARAM_INVALID', ['params', name], message, {
        fix:
          raw === null
            ? `give it: \`--set ${name}=…\`, or a \`default\``
            : 'give a value of that type',
      })
      continue
    }
    constants.set(name, { ...param.type, value })
    values[name] = raw
  }
  return { constants, values }
}

/** In internal form; undefined when it is not of the type. Text of the command line is read. */
function valueOf({ type: field }: ParamSpec, raw: unknown): ScalarValue | undefined {
  if (raw === null) return field.nullable ? null : undefined
  const isText = typeof raw === 'string' && field.type.kind !== 'string'
  for (const value of isText ? [raw, parsed(raw)] : [raw]) {
    try {
      return fromJsonValue(value, field, 'params') as ScalarValue
    } catch {
      continue // the next reading of the text, or the message of the caller
    }
  }
  return undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
