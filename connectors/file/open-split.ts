/** Opens one file by its format. */
import { fileBytes } from './file-bytes.ts'
import { fileFormat } from './file-format.ts'
import type { ListedFile } from './file-list.ts'
import type { ReadContext } from './read-context.ts'
import type { SplitReader } from './split-reader.ts'
import { TextSplit } from './text-split.ts'

export async function openSplit(context: ReadContext, listed: ListedFile): Promise<SplitReader> {
  const format = fileFormat(listed.name, context.config)
  if (format.format === 'parquet') {
    const { openParquetSplit } = await import('./parquet/parquet-split.ts')
    return openParquetSplit(context, listed)
  }
  const file = await context.disk.open(listed.entry.path, 'read')
  const bytes = fileBytes(file, listed.name, format.compression)
  const { name, entry } = listed
  return new TextSplit({ context, name, bytes, size: entry.bytes, format, grows: false })
}
