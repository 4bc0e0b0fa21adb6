/**
 * The Disk port: every file operation of engine and connectors goes through it, so that tests can
 * number, fail and replay them.
 */

export interface DiskFile {
  /** Bytes read into `target`, 0 at the end. */
  read(target: Uint8Array, position: number): Promise<number>
  write(bytes: Uint8Array): Promise<void>
  sync(): Promise<void>
  close(): Promise<void>
}

export interface DiskEntry {
  readonly path: string
  readonly kind: 'file' | 'directory' | 'other'
  readonly bytes: number
  readonly modifiedMs: number
  /** The same as long as it is the same file, also after a rename; absent where disks have none. */
  readonly identity?: string
}

/** Failures are StreamErrors with a code of the connector area; the system error is their cause. */
export interface Disk {
  open(path: string, mode: 'read' | 'create' | 'append'): Promise<DiskFile>
  stat(path: string): Promise<DiskEntry | null>
  list(directory: string): Promise<DiskEntry[]>
  makeDirectory(path: string): Promise<void>
  /** Atomic within a directory; durable after `syncDirectory`. */
  rename(from: string, to: string): Promise<void>
  /**
   * A second name for a file, as a hard link: of any number of calls for one `to`, exactly one answers
   * true. False where something has that name, which stays as it is. Durable after `syncDirectory`.
   */
  link(from: string, to: string): Promise<boolean>
  remove(path: string): Promise<void>
  syncDirectory(path: string): Promise<void>
}
