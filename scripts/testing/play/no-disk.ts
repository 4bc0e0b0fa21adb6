/** The Disk of a test: every operation is refused, since a test touches nothing outside. */
import { StreamError } from '../../../shared/base/errors.ts'
import type { Disk, DiskEntry, DiskFile } from '../../../shared/base/disk.ts'

export class NoDisk implements Disk {
  open(path: string): Promise<DiskFile> {
    return refused(path)
  }

  stat(path: string): Promise<DiskEntry | null> {
    return refused(path)
  }

  list(directory: string): Promise<DiskEntry[]> {
    return refused(directory)
  }

  makeDirectory(path: string): Promise<void> {
    return refused(path)
  }

  rename(from: string): Promise<void> {
    return refused(from)
  }

  link(from: string): Promise<boolean> {
    return refused(from)
  }

  remove(path: string): Promise<void> {
    return refused(path)
  }

  syncDirectory(path: string): Promise<void> {
    return refused(path)
  }
}

function refused(path: string): Promise<never> {
  const message = `a test touches no files, and ${path} is one`
  return Promise.reject(new StreamError('INTERNAL_ERROR', message))
}
