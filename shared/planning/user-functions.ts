/**
 * `functions:` of a pipeline as entries of the function library: `fn` becomes an overload with the
 * id `user:NAME`, `aggregator` an aggregate. The plan holds them by these ids.
 */
import type { Diagnostics } from '../base/diagnostics.ts'
import type { AggregateDef, FunctionDef, Overload } from '../expr/overload.ts'
import { accepts } from '../expr/unify.ts'
import type { FieldType } from '../model/data-type.ts'
import { fromUserValue, toUserValue } from '../model/rows/user-value.ts'
import { printFieldType } from '../model/type-text.ts'
import type { FunctionRef, PipelineSpec } from '../spec/pipeline-spec.ts'

export interface PlannedFunctions {
  readonly scalars: ReadonlyMap<string, FunctionDef>
  readonly aggregates: ReadonlyMap<string, AggregateDef>
  /** References of scalar functions by overload id, and of aggregates by name. */
  readonly references: Readonly<Record<string, FunctionRef>>
}

interface Definition {
  readonly kind: string
  readonly input: readonly FieldType[]
  readonly output: FieldType
  readonly run?: (...args: readonly unknown[]) => unknown
  readonly merge?: unknown
}

export function planFunctions(spec: PipelineSpec, diagnostics: Diagnostics): PlannedFunctions {
  const scalars = new Map<string, FunctionDef>()
  const aggregates = new Map<string, AggregateDef>()
  const references: Record<string, FunctionRef> = {}
  for (const [name, ref] of Object.entries(spec.functions ?? {})) {
    const { definition } = ref
    if (!isDefinition(definition)) {
      diagnostics.error(
        'FUNCTION_NOT_LOADED',
        ['functions', name],
        `\`${ref.ref}\` is not loaded, so that its types are not known`,
        {
          fix: 'export `fn({ … })` or `aggregator({ … })` under that name',
        },
      )
    } else if (definition.kind === 'fn') {
      const overload = overloadOf(name, definition)
      scalars.set(name, {
        name,
        group: 'conversion',
        summary: ref.ref,
        examples: [],
        overloads: [overload],
      })
      references[overload.id] = ref
    } else if (definition.kind === 'aggregator') {
      aggregates.set(name, aggregateOf(name, definition))
      references[name] = ref
    } else {
      const key = definition.kind === 'flat_map' ? 'flat_map' : 'process'
      diagnostics.error(
        'FUNCTION_NOT_LOADED',
        ['functions', name],
        `\`${ref.ref}\` is made for \`${key}\`, not for expressions`,
        {
          fix: `name it in a block: \`${key}: ${ref.ref}\``,
        },
      )
    }
  }
  return { scalars, aggregates, references }
}

/** The overloads of a plan's scalar functions by id, for interpreter and compiler. */
export function userOverloads(
  functions: Readonly<Record<string, FunctionRef>>,
): Map<string, Overload> {
  const overloads = new Map<string, Overload>()
  for (const [id, { definition }] of Object.entries(functions)) {
    if (!isDefinition(definition) || definition.kind !== 'fn') continue
    overloads.set(id, overloadOf(id.slice(USER_PREFIX.length), definition))
  }
  return overloads
}

const USER_PREFIX = 'user:'

function isDefinition(value: unknown): value is Definition {
  // What `fn` makes is also called on columns, so that it is a function.
  const isThere = typeof value === 'function' || (typeof value === 'object' && value !== null)
  return isThere && 'kind' in value && 'output' in value
}

function signatureOf(name: string, { input, output }: Definition): string {
  return `${name}(${input.map(printFieldType).join(', ')}) -> ${printFieldType(output)}`
}

function fits(input: readonly FieldType[], args: readonly FieldType[]): boolean {
  if (input.length !== args.length) return false
  return input.every((want, index) => {
    const arg = args[index]
    return arg !== undefined && accepts(arg, want.type)
  })
}

/** A null argument makes the result null unless the function says that it takes nulls. */
function overloadOf(name: string, definition: Definition): Overload {
  const { input, output } = definition
  const takesNull = input.some((one) => one.nullable)
  return {
    id: `${USER_PREFIX}${name}`,
    signature: signatureOf(name, definition),
    nulls: takesNull ? 'own' : 'propagate',
    throws: true,
    deterministic: true,
    resolve: (args) => {
      if (!fits(input, args)) return null
      const isRefused =
        takesNull && input.some((want, index) => !want.nullable && args[index]?.nullable === true)
      if (isRefused)
        return `\`${name}\` takes no null there: it is \`${signatureOf(name, definition)}\``
      return { params: input.map((one) => one.type), result: output }
    },
    run: (args) => {
      const given = args.map((arg, index) => {
        const want = input[index]
        return want === undefined || arg === null ? arg : toUserValue(arg, want.type)
      })
      return fromUserValue(definition.run?.(...given), output, `result of ${name}`)
    },
  }
}

function aggregateOf(name: string, definition: Definition): AggregateDef {
  const { input, output, merge } = definition
  return {
    name,
    summary: 'Aggregate of the pipeline.',
    signature: signatureOf(name, definition),
    resolve: (args) => {
      if (!fits(input, args)) return null
      const columns = input.map((_, index) => index)
      return { result: output, columns, params: input.map((one) => one.type), options: {} }
    },
    retraction: 'multiset',
    mergeable: merge !== null && merge !== undefined,
    ordered: true,
  }
}
