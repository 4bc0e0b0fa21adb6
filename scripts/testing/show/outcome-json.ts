/** One test as `--json` shows it. */
import type { Places } from '../../../shared/base/diagnostics.ts'
import { diagnosticJson } from '../../../shared/spec/render-diagnostic.ts'
import type { TestBase } from '../../../shared/spec/test-spec.ts'
import type { Field } from '../../../shared/model/data-type.ts'
import { toJsonValue } from '../../../shared/model/value-json.ts'
import type { Finding } from '../judge-play.ts'
import type { ExpectedRow } from '../rows/expected-row.ts'
import type { SeenRow } from '../rows/seen-rows.ts'
import type { TestOutcome } from '../run-tests.ts'
import { KIND_NAMES } from '../../../shared/model/batch-rows.ts'
import { placeText, summaryOf } from './finding-text.ts'
import { valueText } from './row-text.ts'

export function outcomeJson(outcome: TestOutcome): Record<string, unknown> {
  const { file, spec, places, result, mistakes, durationMs } = outcome
  const base = { places, base: spec.base }
  return {
    file,
    name: spec.name,
    ok: mistakes.length === 0 && result?.isPassed === true,
    durationMs: Math.round(durationMs),
    errors: mistakes.map((one) => diagnosticJson(one, places)),
    failures:
      result?.degrees.flatMap(({ parallelism, findings }) =>
        findings.map((finding) => ({ parallelism, ...findingJson(finding, base) })),
      ) ?? [],
  }
}

interface Around {
  readonly places: Places
  readonly base: TestBase
}

function findingJson(finding: Finding, { places, base }: Around): Record<string, unknown> {
  const place = placeText(places.locate(finding.path, { onKey: true }))
  if (finding.kind === 'run') return { kind: 'run', place, failure: finding.failure }
  if (finding.kind !== 'rows') return { kind: finding.kind, place }
  const { stream, match } = finding
  return {
    kind: 'rows',
    place,
    stream: stream.name,
    message: summaryOf(finding),
    differing: match.differing.map(({ expected, got, cells }) => ({
      place: placeText(places.locate(expected.path)),
      expected: expectedJson(expected, stream.fields),
      got: seenJson(got, stream.fields),
      cells: cells.map((cell) => ({
        field: cell.path,
        expected: valueText(cell.expected, cell.type, base),
        got: valueText(cell.got, cell.type, base),
      })),
    })),
    missing: match.missing.map((row) => expectedJson(row, stream.fields)),
    surplus: match.surplus.map((row) => seenJson(row, stream.fields)),
  }
}

function expectedJson({ values, kind }: ExpectedRow, fields: readonly Field[]) {
  return { ...(kind === null ? {} : { _kind: KIND_NAMES[kind] }), ...rowJson(values, fields) }
}

function seenJson({ values, kind }: SeenRow, fields: readonly Field[]) {
  return { _kind: KIND_NAMES[kind], ...rowJson(values, fields) }
}

function rowJson(values: Readonly<Record<string, unknown>>, fields: readonly Field[]) {
  return Object.fromEntries(
    fields
      .filter(({ name }) => Object.hasOwn(values, name))
      .map(({ name, type }) => [name, toJsonValue(values[name], type)]),
  )
}
