/**
 * Whether a store keeps what its port promises, to be asked before anything is decided in it: one
 * object is created twice, and the second creation must lose and be told of the first. Some object
 * stores accept both, and some file systems have no hard links: exactly-once results cannot stand on
 * them.
 */
import { StreamError } from '../base/errors.ts'
import type { Random } from '../base/random.ts'
import type { CheckpointStore } from './checkpoint-store.ts'
import { newNonce } from './nonce.ts'

/** An error with `CHECKPOINT_STORE_UNSUITABLE` where the store cannot be trusted. */
export async function probeStore(store: CheckpointStore, random: Random): Promise<void> {
  const path = `probe/${newNonce(random)}`
  const first = new TextEncoder().encode('first')
  const second = new TextEncoder().encode('second')
  try {
    const won = await created(store, path, first)
    if (won !== null) throw unsuitable('a name that nobody uses was already taken')
    const lost = await created(store, path, second)
    if (lost === null) throw unsuitable('it lets two creations of one object succeed')
    const read = await store.read(path)
    const listed = (await store.list('probe')).some((one) => one.path === path)
    if (!isSame(lost, first) || read === null || !isSame(read, first) || !listed) {
      throw unsuitable('it does not show an object as it was created')
    }
  } finally {
    await store.remove(path)
  }
}

async function created(store: CheckpointStore, path: string, bytes: Uint8Array) {
  try {
    return await store.createIfAbsent(path, bytes)
  } catch (cause) {
    if (cause instanceof StreamError && cause.code === 'FILE_FAILED') {
      throw unsuitable(`it cannot create an object: ${cause.message}`, cause)
    }
    throw cause
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}

function unsuitable(why: string, cause?: unknown): StreamError {
  return new StreamError(
    'CHECKPOINT_STORE_UNSUITABLE',
    `the checkpoint store is not safe: ${why}`,
    {
      cause,
      fix: 'use a local directory, or an object store with conditional writes (If-None-Match)',
    },
  )
}
