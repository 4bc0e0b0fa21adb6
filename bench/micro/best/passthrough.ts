/** The columns go on as they are. */
import type { MakeBaseline } from '../../nexmark/baseline/baseline.ts'

export const passthrough: MakeBaseline = (checksum) => ({
  inputs: { bid: ['auction', 'bidder', 'price', 'dateTime'] },
  onBatch: (_entity, batch) => checksum.addBatch(batch),
  onEnd: () => {},
})
