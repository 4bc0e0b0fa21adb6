/** placeholder header: replaced below */
import type { Operator } from '../operator.ts'
import type { JoinOptions } from './keyed-join.ts'
export class AsOfJoin {
  constructor(_options: JoinOptions) {}
}
export interface AsOfJoin extends Operator {}
