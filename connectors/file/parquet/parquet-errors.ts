/** Errors of Parquet files. The name of the file is put before them where it is known. */
import { StreamError } from '../../../shared/base/errors.ts'

export function broken(message: string, cause?: unknown): StreamError {
  return new StreamError('PARQUET_BROKEN', message, {
    ...(cause === undefined ? {} : { cause }),
    fix: 'the file is damaged, cut off or no Parquet: write it again',
  })
}

export function mismatch(message: string, fix: string): StreamError {
  return new StreamError('PARQUET_TYPE_MISMATCH', message, { fix })
}

/** An error of a library or of ours as one that names the file. */
export function inFile(name: string, cause: unknown): StreamError {
  if (cause instanceof StreamError) {
    if (!cause.code.startsWith('PARQUET') || cause.message.startsWith(name)) return cause
    return new StreamError(cause.code, `${name}: ${cause.message}`, {
      cause,
      ...(cause.fix === null ? {} : { fix: cause.fix }),
    })
  }
  const what = cause instanceof Error ? cause.message : String(cause)
  // What reads behind the end, or finds no footer there, says so in the words of its inside.
  const isCut = cause instanceof RangeError || /footer|magic|metadata/i.test(what)
  return broken(`${name}${isCut ? ' is no Parquet file or is cut off' : `: ${what}`}`, cause)
}
