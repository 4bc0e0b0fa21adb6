/** Counters that cannot be swapped: plain numbers at run time. */
import { assert } from './assert.ts'

type Counter<Kind extends string> = number & { readonly kind: Kind }

/** One leadership of a job, by a coordinator or by an embedded run. */
export type Term = Counter<'term'>
/** One deployment of the whole job. A message of an older generation comes from a dead one: drop it. */
export type Generation = Counter<'generation'>
/** One start of one region within a generation. */
export type Attempt = Counter<'attempt'>
/** Number of a checkpoint; never used twice in the life of a job. */
export type CheckpointId = Counter<'checkpoint'>

/** 0 means that there was none yet; as in the others. */
export function term(value: number): Term {
  return counted('term', value) as Term
}

export function generation(value: number): Generation {
  return counted('generation', value) as Generation
}

export function attempt(value: number): Attempt {
  return counted('attempt', value) as Attempt
}

export function checkpointId(value: number): CheckpointId {
  return counted('checkpoint', value) as CheckpointId
}

function counted(name: string, value: number): number {
  assert(Number.isSafeInteger(value) && value >= 0, `a ${name} is a whole number: ${value}`)
  return value
}
