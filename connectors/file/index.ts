/** The code of the file connector. */
import type { Batch } from '../../shared/model/batch.ts'
import type { ConnectorCode, TableContext } from '../../shared/spi/connector.ts'
import { ofTable } from './read-context.ts'
import { openFileSink } from './sink.ts'
import { FileSource, filesOf, openFileSource } from './source.ts'

export const fileCode: ConnectorCode = {
  openSource: openFileSource,
  openSink: openFileSink,
  readTable,
}

async function readTable(context: TableContext): Promise<readonly Batch[]> {
  const read = ofTable(context)
  const source = new FileSource(read, await filesOf(read))
  const batches: Batch[] = []
  try {
    for (;;) {
      const step = await source.read()
      if (step.kind === 'end') return batches
      if (step.kind === 'batch') batches.push(step.batch)
    }
  } finally {
    await source.close()
  }
}
