/** One test per bid; ids fit 32 bits. */
import { mixNumber } from '../../measure/checksum.ts'
import { type MakeBaseline, numbersOf } from '../../nexmark/baseline/baseline.ts'

export const filter: MakeBaseline = (checksum) => ({
  inputs: { bid: ['auction', 'bidder', 'price', 'dateTime'] },
  onBatch(_entity, batch) {
    const auctions = numbersOf(batch, 0)
    const bidders = numbersOf(batch, 1)
    const prices = numbersOf(batch, 2)
    const times = numbersOf(batch, 3)
    const { length } = batch
    for (let row = 0; row < length; row++) {
      const auction = (auctions[row] as number) | 0
      if (auction % 123 !== 0) continue
      const hash = mixNumber(mixNumber(0, auction), bidders[row] as number)
      checksum.add(mixNumber(mixNumber(hash, prices[row] as number), times[row] as number), 1)
    }
  },
  onEnd: () => {},
})
