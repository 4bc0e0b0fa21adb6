/** Where dead letters go that no block of the pipeline reads: `<pipeline>.dead_letter.jsonl`. */
import { join } from 'node:path'
import { CONNECTOR_CODE } from '../../connectors/registry-code.ts'
import { assert } from '../../shared/base/assert.ts'
import type { Clock } from '../../shared/base/clock.ts'
import type { Disk } from '../../shared/base/disk.ts'
import { SeededRandom } from '../../shared/base/seeded-random.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import type { Sink } from '../../shared/spi/connector.ts'

export function deadLetterPath(pipeline: string, directory: string): string {
  return join(directory, fileName(pipeline))
}

const fileName = (pipeline: string): string => `${pipeline}.dead_letter.jsonl`

export async function openDeadLetterFile(
  pipeline: string,
  place: { columns: readonly ColumnSpec[]; clock: Clock; disk: Disk; directory: string },
): Promise<Sink> {
  const code = await CONNECTOR_CODE['file']?.()
  assert(code?.openSink !== undefined, 'the file connector has a sink')
  return code.openSink({
    block: 'dead_letter',
    config: { path: fileName(pipeline), format: 'jsonl' },
    baseDirectory: place.directory,
    clock: place.clock,
    disk: place.disk,
    random: new SeededRandom(0),
    columns: place.columns,
    mode: 'append',
    key: null,
    subtask: 0,
    subtaskCount: 1,
    pipeline,
    note: () => {},
  })
}
