/** Counts by whole number: open addressing over typed arrays. A count of 0 means that a slot is free. */

const CAPACITY_FIRST = 1024

export class CountTable {
  capacity = CAPACITY_FIRST
  keys = new Float64Array(CAPACITY_FIRST)
  counts = new Int32Array(CAPACITY_FIRST)
  size = 0

  add(key: number, count: number): void {
    const mask = this.capacity - 1
    let at = Math.imul(key, 0x9e3779b1) >>> 7
    for (;;) {
      at &= mask
      if (this.counts[at] === 0) return this.#insert(at, key, count)
      if (this.keys[at] === key) {
        this.counts[at] = (this.counts[at] as number) + count
        return
      }
      at += 1
    }
  }

  addAll(other: CountTable): void {
    for (let at = 0; at < other.capacity; at++) {
      const count = other.counts[at] as number
      if (count !== 0) this.add(other.keys[at] as number, count)
    }
  }

  clear(): void {
    this.counts.fill(0)
    this.size = 0
  }

  #insert(at: number, key: number, count: number): void {
    this.keys[at] = key
    this.counts[at] = count
    this.size += 1
    if (this.size * 2 > this.capacity) this.#grow()
  }

  #grow(): void {
    const { keys, counts, capacity } = this
    this.capacity = capacity * 2
    this.keys = new Float64Array(this.capacity)
    this.counts = new Int32Array(this.capacity)
    this.size = 0
    for (let at = 0; at < capacity; at++) {
      const count = counts[at] as number
      if (count !== 0) this.add(keys[at] as number, count)
    }
  }
}
