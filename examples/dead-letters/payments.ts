/** payments.yaml in TypeScript. In a project of yours the import is `from 'millrace'`. */
import { file, pipeline, round, schema, toDecimal } from '../../index.ts'

const Payment = schema({
  id: 'string',
  amount: 'decimal(10,2)',
  currency: 'string',
  rate: 'string',
})

export default pipeline('payments', { defaults: { onError: 'dead_letter' } }, (p) => {
  const payments = p.source('payments', file({ path: 'payments.jsonl', schema: Payment }))

  const inEuro = payments
    .set((payment) => ({
      euro: round(payment.amount.mul(toDecimal(payment.rate, 10, 6)), 2),
    }))
    .validate((payment) => ({
      positive: payment.amount.gt(0),
      known_currency: payment.currency.isIn('EUR', 'USD', 'JPY'),
    }))
    .as('in_euro')
  const broken = p.deadLetters
    .select('_block', '_code', '_message', '_position', 'payload')
    .as('broken')

  inEuro.to('booked', file({ path: 'out/booked.jsonl' }))
  inEuro.rejected.to('refused', file({ path: 'out/refused.jsonl' }))
  broken.to('letters', file({ path: 'out/broken.jsonl' }))
})
