/** Runs a loaded pipeline with the machine's clock, files and connectors. */
import type { z } from 'zod'
import { loadOperators } from '../../node/operators/load-operators.ts'
import type { RunReport } from '../../shared/api/run-report.ts'
import { NodeDisk } from '../../shared/base/node-disk.ts'
import { StreamError } from '../../shared/base/errors.ts'
import { SeededRandom } from '../../shared/base/seeded-random.ts'
import { SystemClock } from '../../shared/base/system-clock.ts'
import type { Plan } from '../../shared/planning/plan.ts'
import { type ReferenceValues, resolveConfig } from '../../shared/spec/resolve-references.ts'
import type { CommandIo } from '../commands/command.ts'
import type { RunOptions } from '../embedded/run-options.ts'
import { runPlan } from '../embedded/run-plan.ts'
import { connectorRegistry } from './connector-registry.ts'
import { deadLetterPath, openDeadLetterFile } from './dead-letter-file.ts'
import { CONNECTORS, type LoadedPipeline } from './load-pipeline.ts'
import { requireRunnable } from './ready-to-run.ts'
import { environmentOf, secretsOf } from './secrets.ts'

export type RunChoices = Partial<
  Pick<
    RunOptions,
    | 'connectors'
    | 'durationMs'
    | 'limit'
    | 'parallelism'
    | 'signal'
    | 'cancelSignal'
    | 'onProgress'
    | 'onNote'
  >
>

export async function runLoaded(
  loaded: LoadedPipeline,
  plan: Plan,
  { io, ...choices }: RunChoices & { io: CommandIo },
): Promise<RunReport> {
  const { baseDirectory } = loaded
  const values = referenceValues(loaded, io)
  requireRunnable(plan, {
    connectors: choices.connectors ?? connectorRegistry,
    values,
    baseDirectory,
    deadLetterPath: deadLetterPath(plan.pipeline, io.workingDirectory),
  })
  const clock = new SystemClock()
  const disk = new NodeDisk()
  return runPlan({
    plan,
    connectors: connectorRegistry,
    operators: await loadOperators(plan),
    clock,
    random: new SeededRandom(clock.now()),
    disk,
    baseDirectory,
    resolveConfig: configResolver(loaded, io),
    openDeadLetters: (columns) =>
      openDeadLetterFile(plan.pipeline, { columns, clock, disk, directory: io.workingDirectory }),
    ...choices,
  })
}

function referenceValues(
  { baseDirectory, params }: LoadedPipeline,
  io: CommandIo,
): ReferenceValues {
  return {
    env: environmentOf(baseDirectory, io),
    params,
    secrets: secretsOf(baseDirectory, io),
  }
}

/** Puts `${…}` in; everything that is missing is named at once. */
export function configResolver(
  loaded: LoadedPipeline,
  io: CommandIo,
): NonNullable<RunOptions['resolveConfig']> {
  const values = referenceValues(loaded, io)
  return (config, { connector, side }) => {
    const schema = CONNECTORS.get(connector)?.[side] ?? null
    const { config: resolved, problems } = resolveConfig(config, values, schema)
    if (problems === null) return checkedConfig(resolved, { connector, schema })
    const texts = problems.map((problem) => problem.message)
    const fix = problems.map((problem) => problem.fix).join('; ')
    throw new StreamError(problems[0]?.code ?? 'REFERENCE_MISSING', texts.join('; '), { fix })
  }
}

/** By the connector's schema: texts of the environment become what the keys take, defaults come in. */
function checkedConfig(
  config: Readonly<Record<string, unknown>>,
  { connector, schema }: { connector: string; schema: z.ZodObject | null },
): Record<string, unknown> {
  if (schema === null) return { ...config }
  const parsed = schema.safeParse(config)
  if (parsed.success) return parsed.data
  const texts = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new StreamError('CONNECTOR_CONFIG_WRONG', `${connector}: ${texts.join('; ')}`, {
    fix: 'look at the environment variables and parameters that these keys come from',
  })
}
