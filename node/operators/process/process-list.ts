/** A list per key: adding appends one row, whatever is there already. */
import type { ListState } from '../../../shared/api/processor-definition.ts'
import type { FieldType } from '../../../shared/model/data-type.ts'
import { fromUserValue, toUserValue } from '../../../shared/model/rows/user-value.ts'
import type { KeyedRows } from '../../state/keyed-rows.ts'
import type { CurrentKey, HeldState, StateParts } from './held-state.ts'
import { anySpec, OneValue } from './one-value.ts'

export class ProcessList implements ListState, HeldState {
  readonly #name: string
  readonly #type: FieldType
  readonly #key: CurrentKey
  readonly #rows: KeyedRows
  readonly #one = new OneValue()
  #isCleared = false
  #added: unknown[] = []

  constructor(name: string, type: FieldType, { store, key }: StateParts) {
    this.#name = name
    this.#type = type
    this.#key = key
    const value = [anySpec('value', type)]
    this.#rows = store.rows(`list ${name}`, {
      key: key.batch.specs,
      value,
      words: 0,
      expires: false,
    })
  }

  add(value: unknown): void {
    this.#added.push(fromUserValue(value, this.#type, `state ${this.#name}`))
  }

  values(): readonly unknown[] {
    return [...this.#stored(), ...this.#added].map((value) => toUserValue(value, this.#type.type))
  }

  get size(): number {
    if (this.#isCleared) return this.#added.length
    const { batch, row } = this.#key
    const [a, b] = [batch.laneA[row] as number, batch.laneB[row] as number]
    return this.#rows.count(a, b, batch.columns, row) + this.#added.length
  }

  clear(): void {
    this.#isCleared = true
    this.#added = []
  }

  get isWritten(): boolean {
    return this.#isCleared || this.#added.length > 0
  }

  commit(): void {
    if (this.#isCleared) this.forget()
    const { batch, row } = this.#key
    for (const value of this.#added) {
      const [a, b] = [batch.laneA[row] as number, batch.laneB[row] as number]
      this.#rows.append(a, b, batch.columns, row, this.#one.hold(value), 0, 0)
    }
    this.discard()
  }

  discard(): void {
    this.#isCleared = false
    if (this.#added.length > 0) this.#added = []
  }

  forget(): void {
    for (let ref = this.#first(); ref !== 0; ref = this.#first()) this.#rows.remove(ref)
  }

  #stored(): unknown[] {
    const values: unknown[] = []
    if (this.#isCleared) return values
    for (let ref = this.#first(); ref !== 0; ref = this.#rows.next(ref))
      values.push(this.#one.read(this.#rows.rows, ref, 0))
    return values
  }

  #first(): number {
    const { batch, row } = this.#key
    return this.#rows.first(
      batch.laneA[row] as number,
      batch.laneB[row] as number,
      batch.columns,
      row,
    )
  }
}
