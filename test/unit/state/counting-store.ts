/** A store that counts how often kept rows were moved together: a test that is about that must see it. */
import type { KeptBatches } from '../../../node/state/kept/kept-batches.ts'
import { StateStore } from '../../../node/state/state-store.ts'

export class CountingStore extends StateStore {
  moves = 0

  override kept(...options: Parameters<StateStore['kept']>): KeptBatches {
    const made = super.kept(...options)
    const compact = made.compact.bind(made)
    made.compact = (walk) => {
      this.moves += 1
      compact(walk)
    }
    return made
  }
}
