/** Where a reader of text gets its bytes: a file, a decompressor, a pipe. */
export interface ByteSource {
  /** Bytes put into `target` from its start; 0: there is nothing more (for now, if it grows). */
  read(target: Uint8Array): Promise<number>
  close(): Promise<void>
}
