/**
 * Entries of a job's decision log, and their bytes. Each says what is decided and how the job stands
 * with it, so that the newest one alone tells who may decide next.
 *
 * As bytes: one line with the SHA-256 of the second, which is JSON. A flipped or missing byte is found
 * when it is read, never taken for another decision.
 */
import { createHash } from 'node:crypto'
import {
  type Attempt,
  attempt,
  type CheckpointId,
  checkpointId,
  type Generation,
  generation,
  type Term,
  term,
} from '../base/ids.ts'
import { StreamError } from '../base/errors.ts'

/** What is decided. */
export type Decision =
  | { readonly kind: 'lead' }
  /** A generation, or an attempt of it, starts; from no checkpoint when the job starts afresh. */
  | { readonly kind: 'start'; readonly from: CheckpointId | null }
  /** The checkpoint exists; `manifest` is the SHA-256 of its manifest, in hex. */
  | { readonly kind: 'checkpoint'; readonly manifest: string }

/** Counters as they are with an entry; all 0 before the first. None ever falls. */
export interface LogState {
  readonly term: Term
  readonly generation: Generation
  readonly attempt: Attempt
  /** The highest number that a checkpoint was given, decided or not. */
  readonly checkpoint: CheckpointId
}

export interface DecisionEntry extends LogState {
  /** Its place in the log, from 1 on. */
  readonly number: number
  /** Nonce of the entry before it; null for the first of a job. */
  readonly previous: string | null
  /** Its own, drawn at random: equal nonces are the same attempt to decide. */
  readonly nonce: string
  readonly decision: Decision
}

export const LOG_BEGIN: LogState = {
  term: term(0),
  generation: generation(0),
  attempt: attempt(0),
  checkpoint: checkpointId(0),
}

const HEADER = 'millrace-decision/1 '
const NONCE = /^[0-9a-f-]{1,64}$/
const HASH = /^[0-9a-f]{64}$/

export function encodeDecision(entry: DecisionEntry): Uint8Array {
  const { number, previous, nonce, decision } = entry
  const body = JSON.stringify({
    number,
    term: entry.term,
    generation: entry.generation,
    attempt: entry.attempt,
    checkpoint: entry.checkpoint,
    decision,
    previous,
    nonce,
  })
  return new TextEncoder().encode(`${HEADER}${hashOf(body)}\n${body}\n`)
}

/** The entry at `path`, or an error with `CHECKPOINT_DAMAGED` that names it. */
export function decodeDecision(path: string, bytes: Uint8Array): DecisionEntry {
  const text = new TextDecoder().decode(bytes)
  const [first = '', body = '', rest] = text.split('\n')
  if (!first.startsWith(HEADER) || rest !== '' || first.slice(HEADER.length) !== hashOf(body)) {
    throw damaged(path, 'its bytes are not those that were written')
  }
  const entry = entryOf(JSON.parse(body))
  if (entry === null) throw damaged(path, 'it is no entry that this version knows')
  return entry
}

function hashOf(body: string): string {
  return createHash('sha256').update(body).digest('hex')
}

function damaged(path: string, why: string): StreamError {
  return new StreamError('CHECKPOINT_DAMAGED', `${path} cannot be used: ${why}`, {
    fix: 'restore the file from a copy of the store',
  })
}

/** Null where the shape is another, as a newer version may write it. */
function entryOf(value: unknown): DecisionEntry | null {
  if (typeof value !== 'object' || value === null) return null
  const one = value as Record<string, unknown>
  const counters = [
    one['number'],
    one['term'],
    one['generation'],
    one['attempt'],
    one['checkpoint'],
  ]
  if (!counters.every((counter) => Number.isSafeInteger(counter) && (counter as number) >= 0)) {
    return null
  }
  const { previous, nonce } = one
  const isLinked = previous === null || (typeof previous === 'string' && NONCE.test(previous))
  const decision = decisionOf(one['decision'])
  if (!isLinked || typeof nonce !== 'string' || !NONCE.test(nonce) || decision === null) return null
  return {
    number: one['number'] as number,
    term: term(one['term'] as number),
    generation: generation(one['generation'] as number),
    attempt: attempt(one['attempt'] as number),
    checkpoint: checkpointId(one['checkpoint'] as number),
    previous,
    nonce,
    decision,
  }
}

function decisionOf(value: unknown): Decision | null {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return null
  if (value.kind === 'lead') return { kind: 'lead' }
  if (value.kind === 'start' && 'from' in value) {
    const { from } = value
    if (from === null) return { kind: 'start', from }
    return typeof from === 'number' && Number.isSafeInteger(from) && from > 0
      ? { kind: 'start', from: checkpointId(from) }
      : null
  }
  if (value.kind === 'checkpoint' && 'manifest' in value) {
    const { manifest } = value
    const isHash = typeof manifest === 'string' && HASH.test(manifest)
    return isHash ? { kind: 'checkpoint', manifest } : null
  }
  return null
}
