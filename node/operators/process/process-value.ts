/** One value per key, with the write of one call held back. */
import type { ValueState } from '../../../shared/api/processor-definition.ts'
import type { FieldType } from '../../../shared/model/data-type.ts'
import { fromUserValue, toUserValue } from '../../../shared/model/rows/user-value.ts'
import type { KeyedTable } from '../../state/keyed-table.ts'
import type { CurrentKey, HeldState, StateParts } from './held-state.ts'
import { anySpec, OneValue } from './one-value.ts'

export class ProcessValue implements ValueState, HeldState {
  readonly #name: string
  readonly #type: FieldType
  readonly #key: CurrentKey
  readonly #table: KeyedTable
  readonly #one = new OneValue()
  /** What the call wrote; undefined: cleared. */
  #held: { readonly value: unknown } | null = null

  constructor(name: string, type: FieldType, { store, key }: StateParts) {
    this.#name = name
    this.#type = type
    this.#key = key
    const value = [anySpec('value', type)]
    this.#table = store.table(`value ${name}`, { key: key.batch.specs, value, words: 0 })
  }

  get(): unknown {
    if (this.#held !== null) {
      const { value } = this.#held
      return value === undefined ? undefined : toUserValue(value, this.#type.type)
    }
    const entry = this.#locate()
    if (entry === 0) return undefined
    return toUserValue(this.#one.read(this.#table, entry, 0), this.#type.type)
  }

  set(value: unknown): void {
    this.#held = { value: fromUserValue(value, this.#type, `state ${this.#name}`) }
  }

  clear(): void {
    this.#held = { value: undefined }
  }

  get isWritten(): boolean {
    return this.#held !== null
  }

  commit(): void {
    const held = this.#held
    this.#held = null
    if (held === null) return
    if (held.value === undefined) {
      this.forget()
      return
    }
    const { batch, row } = this.#key
    const entry = this.#locate()
    const columns = this.#one.hold(held.value)
    if (entry !== 0) this.#table.replaceValue(entry, columns, 0)
    else {
      const [a, b] = [batch.laneA[row] as number, batch.laneB[row] as number]
      this.#table.storeValue(this.#table.insert(a, b, batch.columns, row), columns, 0)
    }
  }

  discard(): void {
    this.#held = null
  }

  forget(): void {
    const entry = this.#locate()
    if (entry !== 0) this.#table.remove(entry)
  }

  #locate(): number {
    const { batch, row } = this.#key
    return this.#table.locate(
      batch.laneA[row] as number,
      batch.laneB[row] as number,
      batch.columns,
      row,
    )
  }
}
