/** From a stage of the plan to its operator, of whatever kind. */
import { aggregateOf } from './aggregate/create-aggregate.ts'
import { materializerOf, normalizerOf } from './changes/create-changes.ts'
import { dedupeOf } from './dedupe/create-dedupe.ts'
import { joinOf } from './join/create-join.ts'
import { operatorsBy } from './operator-makers.ts'
import { processOf } from './process/create-process.ts'
import { topOf } from './top/create-top.ts'

export const createOperator = operatorsBy({
  aggregate: aggregateOf,
  dedupe: dedupeOf,
  join: joinOf,
  materializer: materializerOf,
  normalizer: normalizerOf,
  process: processOf,
  top: topOf,
})
