/** Chooses how sessions are kept: told once and closed, or with changes of what was told. */
import type { AggregateSetup } from '../../aggregate/aggregate-setup.ts'
import { compileSessions } from './compile-sessions.ts'
import { FinalSessions } from './final-sessions.ts'
import { SessionAggregate } from './session-aggregate.ts'

export function sessionOperator(setup: AggregateSetup): FinalSessions | SessionAggregate {
  const compiled = setup.isGeneral === true ? null : compileSessions(setup.core)
  return compiled === null ? new SessionAggregate(setup) : new FinalSessions(setup, compiled)
}
