/** sessions.yaml in TypeScript. In a project of yours the import is `from 'millrace'`. */
import { count, file, first, last, pipeline, schema } from '../../index.ts'

const Click = schema({ at: 'timestamp', visitor: 'string?', page: 'string', bot: 'boolean' })

export default pipeline('sessions', (p) => {
  const watermark = { outOfOrderness: '1 minute' }
  const clicks = p.source(
    'clicks',
    file({ path: 'clicks.jsonl', schema: Click, eventTime: 'at', watermark }),
  )
  clicks
    .where((click) => click.visitor.isNotNull().and(click.bot.not()))
    .keyBy('visitor')
    .session('30 minutes')
    .aggregate((click) => ({
      landing: first(click.page),
      exit: last(click.page),
      clicks: count(),
      carts: count().where(click.page.eq('/cart')),
    }))
    .as('visits')
    .to('finished', file({ path: 'out/visits.jsonl' }))
})
