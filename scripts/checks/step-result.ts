/** What one step of the checks found. */

export interface StepResult {
  readonly passed: number
  readonly failed: number
  /** Title and reason of everything that was skipped. */
  readonly skips: readonly string[]
  /** What a person needs to see when something failed. */
  readonly details: string
}

export function mergeResults(results: readonly StepResult[]): StepResult {
  return {
    passed: results.reduce((sum, result) => sum + result.passed, 0),
    failed: results.reduce((sum, result) => sum + result.failed, 0),
    skips: results.flatMap((result) => result.skips),
    details: '',
  }
}
