/** invoices.yaml in TypeScript. In a project of yours the import is `from 'millrace'`. */
import { coalesce, div, file, literal, pipeline, round, schema, sum } from '../../index.ts'

const Line = schema({
  invoice: 'string',
  item: 'string',
  quantity: 'integer',
  price: 'decimal(10,2)',
  discount: 'decimal(4,3)?',
})
const params = { tax_rate: { type: 'decimal(4,3)', default: '0.190' } }

export default pipeline('invoices', { params }, (p) => {
  const taxRate = p.param('tax_rate', 'decimal(4,3)')
  const lines = p.source('lines', file({ path: 'lines.csv', schema: Line }))

  const priced = lines
    .set((line) => ({
      net: round(line.price.mul(line.quantity).mul(literal(1).sub(coalesce(line.discount, 0))), 2),
    }))
    .set((line) => ({ tax: round(line.net.mul(taxRate), 2) }))
    .set((line) => ({ gross: line.net.add(line.tax) }))
    .drop('discount')
    .as('priced')
  const totals = priced
    .keyBy('invoice')
    .globalWindow()
    .aggregate((line) => ({
      items: sum(line.quantity),
      net: sum(line.net),
      tax: sum(line.tax),
      gross: sum(line.gross),
    }))
    .select('invoice', 'items', 'net', 'tax', 'gross')
    .as('totals')
  const shares = totals
    .set((total) => ({ each: div(total.gross, 3, 2) }))
    .select((total) => ({
      invoice: total.invoice,
      gross: total.gross,
      each: total.each,
      rest: total.gross.sub(total.each.mul(2)),
    }))
    .as('shares')

  priced.to('lines_priced', file({ path: 'out/lines.csv' }))
  totals.to('invoices', file({ path: 'out/invoices.jsonl' }))
  shares.to('split', file({ path: 'out/shares.jsonl' }))
})
