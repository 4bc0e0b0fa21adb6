/** `millrace preview FILE [BLOCK]`: the first rows of a block; no sink is touched. */
import { StreamError } from '../../shared/base/errors.ts'
import { nearestName } from '../../shared/base/nearest-name.ts'
import { planPipeline } from '../../shared/planning/plan-pipeline.ts'
import {
  CAPTURE,
  captureCode,
  captureConfig,
  captureSpec,
  type Captured,
} from '../pipeline/capture-sink.ts'
import { connectorRegistry } from '../pipeline/connector-registry.ts'
import { CONNECTORS, loadPipeline, type LoadedPipeline } from '../pipeline/load-pipeline.ts'
import { narrowedTo } from '../pipeline/narrow-spec.ts'
import { runLoaded } from '../pipeline/run-loaded.ts'
import { refusalJson, showDiagnostics } from '../pipeline/show-diagnostics.ts'
import { jsonText } from '../terminal/json-text.ts'
import { rowTable } from '../terminal/row-table.ts'
import type { CommandIo, ExitCode, Flags } from './command.ts'

export async function preview(flags: Flags, io: CommandIo): Promise<ExitCode> {
  const isJson = flags['json'] === true
  const loaded = await loadPipeline(String(flags['file']), flags, io)
  if (!showDiagnostics(loaded, io, flags['quiet'] === true)) {
    if (isJson) io.stdout.write(`${jsonText(refusalJson(loaded))}\n`)
    return 2
  }
  const limit = Number(flags['limit'])
  const shown: Record<string, readonly unknown[]> = {}
  for (const target of targetsOf(loaded, flags['block'])) {
    const rows = await firstRows(loaded, target, { limit, io })
    shown[target] = rows
    if (isJson) continue
    io.stdout.write(`${io.outStyle.cyan(target)}\n`)
    const lines = rows.length === 0 ? ['(no rows)'] : rowTable(rows, io.outStyle)
    io.stdout.write(`${lines.join('\n')}\n\n`)
  }
  if (isJson) io.stdout.write(`${jsonText(shown)}\n`)
  return 0
}

/** The named block, or what the sinks read. */
function targetsOf(loaded: LoadedPipeline, block: unknown): string[] {
  const { spec } = loaded
  if (spec === null) return []
  if (typeof block !== 'string') {
    return [...new Set(Object.values(spec.sinks).map((sink) => sink.from))]
  }
  const names = [...Object.keys(spec.sources), ...Object.keys(spec.transformations ?? {})]
  const sink = Object.hasOwn(spec.sinks, block) ? spec.sinks[block] : undefined
  if (sink !== undefined) return [sink.from]
  const name = block.split('.', 1)[0] ?? block
  const isAlias = Object.values(spec.transformations ?? {}).some((one) => one.late === name)
  if (names.includes(name) || isAlias) return [block]
  const nearest = nearestName(name, names)
  throw new StreamError('USAGE_WRONG', `there is no block "${name}"`, {
    fix: nearest === null ? `blocks are ${names.join(', ')}` : `did you mean ${nearest}?`,
  })
}

async function firstRows(
  loaded: LoadedPipeline,
  target: string,
  { limit, io }: { limit: number; io: CommandIo },
): Promise<Captured['rows']> {
  if (loaded.spec === null) return []
  const spec = narrowedTo(loaded.spec, target, { preview: captureSpec(target) })
  const configs = new Map([...CONNECTORS, [CAPTURE, captureConfig]])
  const { plan, diagnostics } = planPipeline(spec, configs, { params: loaded.params })
  if (plan === null) {
    throw new StreamError('USAGE_WRONG', diagnostics[0]?.message ?? 'this block cannot be shown')
  }
  const captured = new Map<string, Captured>()
  const enough = new AbortController()
  const code = captureCode(captured, { kind: 'first', limit }, (_block, { rows }) => {
    if (rows.length >= limit) enough.abort()
  })
  const report = await runLoaded(loaded, plan, {
    io,
    cancelSignal: enough.signal,
    connectors: {
      config: (name) => configs.get(name) ?? null,
      code: (name) => (name === CAPTURE ? Promise.resolve(code) : connectorRegistry.code(name)),
    },
  })
  if (report.failure !== null) {
    io.stderr.write(`${report.failure.block}: ${report.failure.message}\n`)
  }
  return captured.get('preview')?.rows ?? []
}
