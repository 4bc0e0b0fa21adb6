/** All mistakes at once: one mistake hides no other, and none is said twice. */
import test from 'ava'
import { planText } from './plan-text.ts'

const codesOf = async (body: string): Promise<string[]> => {
  const { diagnostics } = await planText(body)
  const errors = diagnostics.filter((one) => one.severity === 'error')
  return errors.map((one) => one.code)
}

const SOURCE =
  'orders: { connector: kafka, brokers: "localhost:9092", topic: o, schema: { user: string, ts: timestamp }, event_time: ts'

test('all at once: a source without watermark does not hide mistakes behind it', async (t) => {
  const codes = await codesOf(`pipeline: many
sources:
  ${SOURCE} }
transformations:
  t: { from: orders, where: usr != "", key_by: user, window: { type: tumbling, size: 1 hour }, aggregate: { n: sum(user) } }
sinks:
  out: { from: t, connector: stdout }
`)
  t.deepEqual(codes.toSorted(), ['EXPR_FIELD_UNKNOWN', 'EXPR_TYPE_MISMATCH', 'WATERMARK_MISSING'])
})

test('all at once: a field whose expression is wrong is not missed a second time', async (t) => {
  const codes = await codesOf(`pipeline: echo
sources:
  ${SOURCE}, watermark: { out_of_orderness: 5 seconds } }
transformations:
  t: { from: orders, set: { x: nothing + 1 }, having: x > 1, select: [x, user] }
  u: { from: t, where: y > 1 }
sinks:
  out: { from: u, connector: stdout }
`)
  t.deepEqual(codes, ['EXPR_FIELD_UNKNOWN'])
})
