/**
 * What can be known to be missing before anything is opened: connectors that cannot be run yet and
 * values of `${…}` that nobody gives. All of it is named at once.
 */
import { type ErrorCode, StreamError } from '../../shared/base/errors.ts'
import type { Plan } from '../../shared/planning/plan.ts'
import {
  type ReferenceProblem,
  type ReferenceValues,
  resolveConfig,
} from '../../shared/spec/resolve-references.ts'
import type { ConnectorRegistry, ConnectorSide } from '../embedded/run-options.ts'

interface Use {
  readonly block: string
  readonly connector: string
  readonly side: ConnectorSide
  readonly config: Readonly<Record<string, unknown>>
}

export function requireRunnable(
  plan: Plan,
  connectors: ConnectorRegistry,
  values: ReferenceValues,
): void {
  const uses = usesOf(plan)
  requireConnectors(uses, connectors)
  requireValues(uses, values)
}

function usesOf(plan: Plan): Use[] {
  const blocks = plan.blocks.flatMap((block): Use[] => {
    if (block.kind === 'transform') return []
    const { name, connector, config, kind } = block
    return [{ block: name, connector, config, side: kind }]
  })
  const tables = plan.tables.map(({ name, connector, config }): Use => ({
    block: name,
    connector,
    config,
    side: 'table',
  }))
  return [...blocks, ...tables]
}

function requireConnectors(uses: readonly Use[], connectors: ConnectorRegistry): void {
  const absent = uses.filter(({ connector }) => connectors.config(connector)?.available === false)
  if (absent.length === 0) return
  const names = absent.map(({ block, connector }) => `${connector} (${block})`)
  const [verb, noun] = absent.length === 1 ? ['is', 'connector'] : ['are', 'connectors']
  throw new StreamError(
    'CONNECTOR_NOT_YET',
    `the ${noun} ${names.join(', ')} ${verb} not there yet`,
    { fix: 'check, explain and test the pipeline as it is; run it with another connector' },
  )
}

function requireValues(uses: readonly Use[], values: ReferenceValues): void {
  const missing = new Map<string, ReferenceProblem & { blocks: string[] }>()
  for (const { block, config } of uses) {
    for (const problem of resolveConfig(config, values).problems ?? []) {
      const known = missing.get(problem.message)
      if (known === undefined) missing.set(problem.message, { ...problem, blocks: [block] })
      else if (!known.blocks.includes(block)) known.blocks.push(block)
    }
  }
  const [first] = missing.values()
  if (first === undefined) return
  const code: ErrorCode = first.code
  const texts = [...missing.values()].map(({ message, blocks }) => {
    return `${message} (${blocks.join(', ')})`
  })
  const fixes = [...missing.values()].map((one) => one.fix)
  throw new StreamError(code, texts.join('; '), { fix: fixes.join('; ') })
}
