/** What is said of every error code, in the tables of the areas. */

/** Who is told: the author of the pipeline, the operator of an outside system, or us. */
export type ErrorDomain = 'user' | 'external' | 'internal'
/** Whether the thing that failed happened. */
export type ErrorCertainty = 'done' | 'not-done' | 'unknown'
/** What the runtime does; decided here and nowhere else. */
export type ErrorRemedy = 'refuse' | 'by-on-error' | 'retry' | 'fail-run' | 'none'

export interface ErrorKind {
  readonly domain: ErrorDomain
  readonly certainty: ErrorCertainty
  readonly remedy: ErrorRemedy
  /** One line for the generated reference. */
  readonly title: string
}
