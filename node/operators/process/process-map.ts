/**
 * A map per key. Every entry is an entry of a table by key and map key, so that reading and writing
 * one touches no other; a list of rows per key says which map keys there are, in order of insertion.
 */
import type { MapState, StateDeclaration } from '../../../shared/api/processor-definition.ts'
import type { Column } from '../../../shared/model/batch.ts'
import { canonicalText } from '../../../shared/model/canonical/canonical-text.ts'
import { columnBuilder } from '../../../shared/model/column-builder.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import { gatherColumn } from '../../../shared/model/gather.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { columnOf } from '../../../shared/model/row-schema.ts'
import { fromUserValue, toUserValue } from '../../../shared/model/rows/user-value.ts'
import { columnWriter } from '../../state/column-writer.ts'
import type { KeyedRows, RowRef } from '../../state/keyed-rows.ts'
import type { KeyedTable } from '../../state/keyed-table.ts'
import { KeyedBatch } from '../keyed-batch.ts'
import type { CurrentKey, HeldState, StateParts } from './held-state.ts'
import { anySpec, OneValue } from './one-value.ts'

type MapDeclaration = Extract<StateDeclaration, { kind: 'map' }>

/** Of one call; `value` undefined: deleted. */
interface Write {
  readonly key: unknown
  readonly value: unknown
}

export class ProcessMap implements MapState, HeldState {
  readonly #name: string
  readonly #declaration: MapDeclaration
  readonly #key: CurrentKey
  readonly #keySpec: ColumnSpec
  readonly #entries: KeyedTable
  readonly #entryKey: KeyedBatch
  readonly #keys: KeyedRows
  readonly #one = new OneValue()
  #isCleared = false
  readonly #writes = new Map<string, Write>()

  constructor(name: string, declaration: MapDeclaration, { store, key }: StateParts) {
    this.#name = name
    this.#declaration = declaration
    this.#key = key
    this.#keySpec = columnOf('$map', declaration.key)
    const specs = [...key.batch.specs, this.#keySpec]
    this.#entryKey = new KeyedBatch(
      specs,
      specs.map((_, index) => index),
    )
    const value = [anySpec('value', declaration.value)]
    this.#entries = store.table(`map ${name}`, { key: specs, value, words: 0 })
    this.#keys = store.rows(`map keys ${name}`, {
      key: key.batch.specs,
      value: [this.#keySpec],
      words: 0,
      expires: false,
    })
  }

  get(key: unknown): unknown {
    const value = this.#read(this.#internalKey(key))
    return value === undefined ? undefined : toUserValue(value, this.#declaration.value.type)
  }

  has(key: unknown): boolean {
    return this.#read(this.#internalKey(key)) !== undefined
  }

  set(key: unknown, value: unknown): void {
    const own = this.#internalKey(key)
    const held = fromUserValue(value, this.#declaration.value, `state ${this.#name}`)
    this.#writes.set(canonicalText(own), { key: own, value: held })
  }

  delete(key: unknown): void {
    const own = this.#internalKey(key)
    this.#writes.set(canonicalText(own), { key: own, value: undefined })
  }

  /** In the order in which the keys were first written. */
  entries(): (readonly [unknown, unknown])[] {
    const { key: keyType, value: valueType } = this.#declaration
    const shown = (key: unknown, value: unknown): readonly [unknown, unknown] => [
      toUserValue(key, keyType.type),
      toUserValue(value, valueType.type),
    ]
    const seen = new Set<string>()
    const entries: (readonly [unknown, unknown])[] = []
    for (const key of this.#storedKeys()) {
      const value = this.#read(key)
      seen.add(canonicalText(key))
      if (value !== undefined) entries.push(shown(key, value))
    }
    for (const [text, { key, value }] of this.#writes)
      if (!seen.has(text) && value !== undefined) entries.push(shown(key, value))
    return entries
  }

  get size(): number {
    return this.entries().length
  }

  clear(): void {
    this.#isCleared = true
    this.#writes.clear()
  }

  get isWritten(): boolean {
    return this.#isCleared || this.#writes.size > 0
  }

  commit(): void {
    if (this.#isCleared) this.forget()
    this.#isCleared = false
    for (const { key, value } of this.#writes.values()) {
      if (value === undefined) this.#remove(key)
      else this.#store(key, value)
    }
    this.#writes.clear()
  }

  discard(): void {
    this.#isCleared = false
    this.#writes.clear()
  }

  forget(): void {
    for (let ref = this.#firstKey(); ref !== 0; ref = this.#firstKey()) {
      const entry = this.#locate(this.#keyOf(ref))
      if (entry !== 0) this.#entries.remove(entry)
      this.#keys.remove(ref)
    }
  }

  #internalKey(key: unknown): unknown {
    return fromUserValue(key, this.#declaration.key, `key of state ${this.#name}`)
  }

  /** Undefined when there is none. */
  #read(key: unknown): unknown {
    const write = this.#writes.get(canonicalText(key))
    if (write !== undefined) return write.value
    if (this.#isCleared) return undefined
    const entry = this.#locate(key)
    return entry === 0 ? undefined : this.#one.read(this.#entries, entry, 0)
  }

  #store(key: unknown, value: unknown): void {
    const entry = this.#locate(key)
    if (entry !== 0) {
      this.#entries.replaceValue(entry, this.#one.hold(value), 0)
      return
    }
    const { laneA, laneB, columns } = this.#entryKey
    const made = this.#entries.insert(laneA[0] as number, laneB[0] as number, columns, 0)
    this.#entries.storeValue(made, this.#one.hold(value), 0)
    const { batch, row } = this.#key
    const [a, b] = [batch.laneA[row] as number, batch.laneB[row] as number]
    this.#keys.append(a, b, batch.columns, row, columns.slice(-1), 0, 0)
  }

  #remove(key: unknown): void {
    const entry = this.#locate(key)
    if (entry === 0) return
    this.#entries.remove(entry)
    const column = this.#entryKey.columns.slice(-1)
    let ref = this.#firstKey()
    while (ref !== 0 && !this.#keys.sameValues(ref, column, 0)) ref = this.#keys.next(ref)
    if (ref !== 0) this.#keys.remove(ref)
  }

  /** Opens the key of an entry and looks for it. */
  #locate(key: unknown): number {
    const { batch, row } = this.#key
    const builder = columnBuilder(this.#keySpec.layout, 1)
    builder.append(key)
    const selection = Int32Array.of(row)
    const own: Column[] = batch.columns.map((column) => gatherColumn(column, selection, 1))
    this.#entryKey.openColumns([...own, builder.finish()], 1)
    const { laneA, laneB, columns } = this.#entryKey
    return this.#entries.locate(laneA[0] as number, laneB[0] as number, columns, 0)
  }

  #firstKey(): RowRef {
    const { batch, row } = this.#key
    return this.#keys.first(
      batch.laneA[row] as number,
      batch.laneB[row] as number,
      batch.columns,
      row,
    )
  }

  #storedKeys(): unknown[] {
    const keys: unknown[] = []
    if (this.#isCleared) return keys
    for (let ref = this.#firstKey(); ref !== 0; ref = this.#keys.next(ref))
      keys.push(this.#keyOf(ref))
    return keys
  }

  #keyOf(ref: RowRef): unknown {
    const writer = columnWriter(this.#keySpec.layout, 1)
    this.#keys.readValue(ref, [writer], 0)
    return valueAt(writer.take(1), 0)
  }
}
