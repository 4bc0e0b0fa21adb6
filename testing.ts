/**
 * The package `millrace/testing`: given/expect tests of pipelines in any test framework, and the kit
 * that drives an operator through every delivery it must stand.
 */
export { testPipeline, type PipelineTest } from './scripts/testing/test-pipeline.ts'
export type {
  AnyStreams,
  PipelineTestOptions,
  RowOf,
  Rows,
  Step,
} from './scripts/testing/program/test-words.ts'
