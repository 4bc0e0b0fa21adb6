/** q1 by hand: prices in thousandths, times 908, are the exact result; other columns go on. */
import type { MakeBaseline } from '../baseline/baseline.ts'
import { numbersOf } from '../baseline/baseline.ts'

const PRICE = 2

export const q1: MakeBaseline = (checksum) => ({
  inputs: { bid: ['auction', 'bidder', 'price', 'dateTime', 'extra'] },
  onBatch(_entity, batch) {
    const prices = numbersOf(batch, PRICE)
    const { length } = batch
    const values = new Float64Array(length)
    for (let row = 0; row < length; row++) values[row] = (prices[row] as number) * 908
    const columns = batch.columns.with(PRICE, { layout: 'f64', values, nulls: null })
    checksum.addBatch({ ...batch, columns })
  },
  onEnd: () => {},
})
