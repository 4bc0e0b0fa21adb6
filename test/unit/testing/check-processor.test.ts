/** `checkProcessor`: an honest process function passes; one that cheats is found out. */
import test from 'ava'
import { processor, value } from '../../../index.ts'
import { checkProcessor } from '../../../testing.ts'
import { score } from '../../fixtures/language/score.ts'

const row = (random: { below(n: number): number }) => ({
  id: `k${random.below(3)}`,
  n: random.below(9),
})

test('checkProcessor: the function of card_fraud gives the same rows under every delivery', (t) => {
  t.notThrows(() =>
    checkProcessor(score, {
      key: ['card'],
      seeds: 5,
      row: (random, time) => ({
        auth_id: `a${random.below(1000)}`,
        card: `c${random.below(4)}`,
        amount: `${random.below(100)}.50`,
        ts: new Date(time),
      }),
    }),
  )
})

test('checkProcessor: what is remembered outside of the state is found out', (t) => {
  let total = 0
  const cheat = processor({
    input: { id: 'string', n: 'integer' },
    output: { id: 'string', total: 'integer' },
    onRecord(r, ctx) {
      total += r.n
      ctx.emit({ id: r.id, total })
    },
  })
  t.throws(() => checkProcessor(cheat, { key: ['id'], row }), { name: 'ConformanceFailure' })
  const honest = processor({
    input: { id: 'string', n: 'integer' },
    output: { id: 'string', total: 'integer' },
    state: { total: value('integer') },
    onRecord(r, ctx) {
      const sum = (ctx.state.total.get() ?? 0) + r.n
      ctx.state.total.set(sum)
      ctx.emit({ id: r.id, total: sum })
    },
  })
  t.notThrows(() => checkProcessor(honest, { key: ['id'], row, seeds: 5 }))
})
