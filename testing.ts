/**
 * The package `millrace/testing`: given/expect tests of pipelines in any test framework, and the kit
 * that drives an operator or a process function through every delivery it must stand.
 */
export { testPipeline, type PipelineTest } from './scripts/testing/test-pipeline.ts'
export type {
  AnyStreams,
  PipelineTestOptions,
  RowOf,
  Rows,
  Step,
} from './scripts/testing/program/test-words.ts'

export {
  checkProcessor,
  type ProcessorCheck,
} from './scripts/testing/conformance/check-processor.ts'
export {
  checkConformance,
  ConformanceFailure,
  type ConformanceOptions,
  type ExpectedRow,
} from './scripts/testing/conformance/conformance.ts'
export {
  rowsWithWatermarks,
  survivors,
  type Script,
  type ScriptRow,
  type ScriptStep,
} from './scripts/testing/conformance/script.ts'
export type {
  Subject,
  SubjectInput,
  SubjectOutput,
  SubjectPlace,
} from './scripts/testing/conformance/subject.ts'
export {
  DONE,
  MORE,
  type Operator,
  type OperatorContext,
  type Output,
  type Progress,
} from './node/operators/operator.ts'
export type { Random } from './shared/base/random.ts'
