/** The code of the generator connector. */
import type { ConnectorCode, Source, SourceContext } from '../../shared/spi/connector.ts'
import { GeneratorSource, type BatchMaker } from './generator-source.ts'
import type { NexmarkEntity } from './nexmark/nexmark-fields.ts'
import type { NexmarkRules } from './nexmark/nexmark-rules.ts'

export const generatorCode: ConnectorCode = { openSource }

async function openSource(context: SourceContext): Promise<Source> {
  const { config } = context
  const events = typeof config['events'] === 'number' ? config['events'] : null
  const rate = numberOf(config['rate'], 100_000)
  return new GeneratorSource({ context, maker: await makerOf(context, rate), events, rate })
}

async function makerOf(context: SourceContext, rate: number): Promise<BatchMaker> {
  const { config } = context
  const seed = numberOf(config['seed'], 0)
  if (config['kind'] === 'sequence') {
    const { SequenceMaker } = await import('./sequence-maker.ts')
    return new SequenceMaker(context, rate)
  }
  if (config['kind'] === 'schema') {
    const { SchemaMaker } = await import('./schema-maker.ts')
    return new SchemaMaker({ context, seed, rate })
  }
  const { NexmarkMaker } = await import('./nexmark/nexmark-maker.ts')
  const rules: NexmarkRules = {
    seed,
    rate,
    group: numberOf(config['out_of_order_group'], 1),
    compat: config['compat'] === true,
  }
  return new NexmarkMaker(context, (config['entity'] ?? 'all') as NexmarkEntity, rules)
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise
}
