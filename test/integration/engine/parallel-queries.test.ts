/**
 * Whole pipelines from their files, by planner, operators and connectors: one subtask and three give
 * the same rows, and every count adds up. Hunts lost or doubled rows at exchanges.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { CONNECTOR_CONFIGS } from '../../../connectors/registry-configs.ts'
import { createOperator } from '../../../node/operators/create-operator.ts'
import { runPlan } from '../../../scripts/embedded/run-plan.ts'
import { connectorRegistry } from '../../../scripts/pipeline/connector-registry.ts'
import { NodeDisk } from '../../../shared/base/node-disk.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { SystemClock } from '../../../shared/base/system-clock.ts'
import { planPipeline } from '../../../shared/planning/plan-pipeline.ts'
import { readPipeline } from '../../../shared/spec/read-pipeline.ts'
import { resolveConfig } from '../../../shared/spec/resolve-references.ts'

const REGISTRY = new Map(Object.entries(CONNECTOR_CONFIGS))
const FOLDER = 'bench/nexmark'

async function planFile(path: string) {
  const read = await readPipeline({
    path,
    readFile: async (name) => ({ kind: 'file', bytes: await readFile(name) }),
    loadModule: () => Promise.reject(new Error('no modules here')),
    env: {},
    set: {},
    registry: REGISTRY,
  })
  if (read.spec === null) throw new Error(`${path} is readable`)
  const { plan } = planPipeline(read.spec, REGISTRY, { params: {} })
  if (plan === null) throw new Error(`${path} has no mistakes`)
  return plan
}

async function rowsOf(query: string, parallelism: number, folder: string): Promise<string[]> {
  const plan = await planFile(`${FOLDER}/${query}.yaml`)
  const out = join(folder, `${query}-${parallelism}.jsonl`)
  const values = { env: { EVENTS: '6000', OUT: out }, params: {}, secrets: () => undefined }
  const report = await runPlan({
    plan,
    connectors: connectorRegistry,
    operators: createOperator,
    clock: new SystemClock(),
    random: new SeededRandom(1),
    disk: new NodeDisk(),
    baseDirectory: FOLDER,
    parallelism,
    resolveConfig: (config, { connector, side }) => {
      const schema = CONNECTOR_CONFIGS[connector]?.[side] ?? null
      return { ...resolveConfig(config, values, schema).config }
    },
  })
  if (report.failure !== null) throw new Error(report.failure.message)
  const text = await readFile(out, 'utf8')
  return text.split('\n').toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

for (const query of ['q0', 'q3', 'q4', 'q5', 'q7', 'q8', 'q9', 'q16', 'q18', 'q19', 'q20']) {
  test(`parallelism: three subtasks give the rows of one, query ${query}`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'parallel-'))
    t.teardown(() => rm(folder, { recursive: true }))
    const one = await rowsOf(query, 1, folder)
    const three = await rowsOf(query, 3, folder)
    t.true(one.length > 1)
    t.is(three.join('\n'), one.join('\n'))
  })
}
