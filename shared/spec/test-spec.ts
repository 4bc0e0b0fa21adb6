/** Tests of a pipeline, as written: what is given, in which order, and what is expected. */

export interface TestSpec {
  readonly name: string
}
