/** q2 by hand: one test per bid; ids fit 32 bits, so that the remainder is one of whole numbers. */
import { mixNumber } from '../../measure/checksum.ts'
import { type MakeBaseline, numbersOf } from '../baseline/baseline.ts'

export const q2: MakeBaseline = (checksum) => ({
  inputs: { bid: ['auction', 'price'] },
  onBatch(_entity, batch) {
    const auctions = numbersOf(batch, 0)
    const prices = numbersOf(batch, 1)
    const { length } = batch
    for (let row = 0; row < length; row++) {
      const auction = (auctions[row] as number) | 0
      if (auction % 123 !== 0) continue
      checksum.add(mixNumber(mixNumber(0, auction), prices[row] as number), 1)
    }
  },
  onEnd: () => {},
})
