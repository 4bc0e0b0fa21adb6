/**
 * Random rows of a declared schema. Every value is a function of (seed, row, field): a field that is
 * not asked for changes no other. Timestamps follow the rate; one in ten nullable values is null.
 */
import { BATCH_RECORDS_MAX } from '../../shared/base/limits.ts'
import type { Batch, BatchSchema } from '../../shared/model/batch.ts'
import { BatchBuilder } from '../../shared/model/batch-builder.ts'
import type { DataType, FieldType } from '../../shared/model/data-type.ts'
import { columnsOf } from '../../shared/model/row-schema.ts'
import type { SourceContext } from '../../shared/spi/connector.ts'
import type { BatchMaker } from './generator-source.ts'
import { timeOf } from './nexmark/nexmark-rules.ts'
import { below, drawBits, idState, scramble, seedState } from './seeded-draws.ts'

const NULL_SHARE = 10
const DAY_MS = 86_400_000
const WORDS = (
  'amber birch cedar delta ember fjord grove heron iris jade karst lotus maple north ocean pearl ' +
  'quartz river stone tulip umber vapor willow xenon yarrow zephyr'
).split(' ')

export interface SchemaMakerOptions {
  readonly context: SourceContext
  readonly seed: number
  readonly rate: number
}

export class SchemaMaker implements BatchMaker {
  readonly #schema: BatchSchema
  readonly #builder: BatchBuilder
  readonly #seed: number
  readonly #rate: number
  /** Place of each column in the schema's draws: by its path, not by who asks. */
  readonly #columnStates: readonly number[]
  readonly #timeIndex: number
  /** Of all structs that can be null, asked for or not. */
  readonly #presences: ReadonlySet<string>

  constructor({ context, seed, rate }: SchemaMakerOptions) {
    this.#schema = { columns: context.columns }
    this.#builder = new BatchBuilder(this.#schema, BATCH_RECORDS_MAX)
    this.#seed = seedState(seed)
    this.#rate = rate
    this.#columnStates = context.columns.map((spec) => textState(spec.path))
    const paths = columnsOf(context.fields).map((spec) => spec.path)
    this.#presences = new Set(paths.filter((path) => path.endsWith('.?')))
    this.#timeIndex = context.columns.findIndex((spec) => spec.path === context.eventTime)
  }

  make(from: number, end: number): { batch: Batch; next: number } {
    const next = Math.min(end, from + BATCH_RECORDS_MAX)
    const { columns } = this.#schema
    for (let id = from; id < next; id++) {
      const state = idState(id, this.#seed)
      const values = columns.map((spec, index) => {
        if (spec.path.endsWith('.?')) return this.#isThere(spec.path, state)
        const isAbsent = spec.path.includes('.') && this.#isBelowAbsent(spec.path, state)
        if (isAbsent && spec.nullable) return null
        return this.#value(spec, state ^ (this.#columnStates[index] ?? 0), id)
      })
      const time = values[this.#timeIndex]
      this.#builder.append(values, typeof time === 'number' ? time : Number.NaN)
    }
    return { batch: this.#builder.finish(), next }
  }

  #isThere(presencePath: string, state: number): boolean {
    return below(drawBits(state ^ textState(presencePath), 0), NULL_SHARE) > 0
  }

  /** A struct around the leaf is absent; only then its leaf must be null. */
  #isBelowAbsent(path: string, state: number): boolean {
    const names = path.split('.')
    for (let depth = 1; depth < names.length; depth++) {
      const presence = `${names.slice(0, depth).join('.')}.?`
      if (this.#presences.has(presence) && !this.#isThere(presence, state)) return true
    }
    return false
  }

  #value(field: FieldType, state: number, id: number): unknown {
    if (field.nullable && below(drawBits(state, 0), NULL_SHARE) === 0) return null
    return this.#valueOf(field.type, state, id)
  }

  #valueOf(type: DataType, state: number, id: number): unknown {
    const bits = drawBits(state, 1)
    switch (type.kind) {
      case 'string':
        return `${WORDS[below(bits, WORDS.length)]}-${below(drawBits(state, 2), 1000)}`
      case 'integer':
      case 'duration':
        return below(bits, 1_000_000)
      case 'bigint':
        return BigInt(below(bits, 1_000_000))
      case 'number':
        return bits / 2 ** 32
      case 'boolean':
        return (bits & 1) === 1
      case 'timestamp':
        return timeOf(id, this.#rate)
      case 'date':
        return Math.floor(timeOf(id, this.#rate) / DAY_MS)
      case 'decimal': {
        const digits = Math.min(type.precision, 6)
        const unscaled = below(bits, 10 ** digits)
        return type.precision <= 15 ? unscaled : BigInt(unscaled)
      }
      case 'bytes':
        return new Uint8Array([bits & 255, (bits >>> 8) & 255, (bits >>> 16) & 255])
      case 'json':
        return { value: below(bits, 1000) }
      case 'array':
        return Array.from({ length: below(bits, 4) }, (_, index) =>
          this.#value(type.element, scramble(state + index + 1), id),
        )
      case 'map':
        return new Map(
          Array.from({ length: below(bits, 3) }, (_, index) => [
            WORDS[index] ?? '',
            this.#value(type.value, scramble(state + index + 1), id),
          ]),
        )
      case 'struct':
        return Object.fromEntries(
          type.fields.map((field) => [
            field.name,
            this.#value(field, scramble(state ^ textState(field.name)), id),
          ]),
        )
      default:
        return null
    }
  }
}

function textState(text: string): number {
  let state = 0
  for (let at = 0; at < text.length; at++) state = scramble(state + text.charCodeAt(at) + 1)
  return state
}
