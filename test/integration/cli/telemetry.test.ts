/** OpenTelemetry: off and not loaded unless the environment says so; then spans and counters come. */
import test from 'ava'
import { cli, ORDERS, projectOf, SHARES } from './cli-fixture.ts'

const FILES = {
  'shares.yaml': SHARES.replace('on_error: fail', 'on_error: skip'),
  'orders.jsonl': ORDERS,
}

test('telemetry: a run is one span with a span per block, and counters per block', async (t) => {
  const folder = projectOf(t, FILES)
  const env = { OTEL_TRACES_EXPORTER: 'console', OTEL_METRICS_EXPORTER: 'console' }
  const { exit, stdout, stderr } = await cli(folder, ['run', 'shares.yaml'], { env })
  t.is(exit, 0, stderr)
  const names = [...stdout.matchAll(/^ {2}name: '(.*)'/gm)].map((match) => match[1])
  t.is(names.length, 4)
  for (const name of ['block orders', 'block out', 'block shares', 'millrace run']) {
    t.true(names.includes(name), name)
  }
  t.regex(stdout, /'millrace\.records\.skipped': 1/)
  t.regex(stdout, /'millrace\.outcome': 'finished'/)
  t.regex(stdout, /name: 'millrace_records_read'/)
})

test('telemetry: a collector that is not there costs a note and not the run', async (t) => {
  const folder = projectOf(t, FILES)
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_METRICS_EXPORTER: 'none' }
  const { exit, stderr } = await cli(folder, ['run', 'shares.yaml'], { env })
  t.is(exit, 0, stderr)
  t.regex(stderr, /finished/)
})
