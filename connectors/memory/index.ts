/** The code of the memory connector. */
import type { ConnectorCode } from '../../shared/spi/connector.ts'
import type { MemoryInput } from './memory-rows.ts'
import { MemorySink } from './sink.ts'
import { MemorySource, withColumns } from './source.ts'

export const memoryCode: ConnectorCode = {
  openSource: (context) => Promise.resolve(new MemorySource(context)),
  openSink: (context) => Promise.resolve(new MemorySink(context)),
  readTable: (context) => {
    const input = context.config['input'] as MemoryInput
    const batches = [...input.splits.values()].flat()
    return Promise.resolve(batches.map((batch) => withColumns(batch, context.columns)))
  },
}
