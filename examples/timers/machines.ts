/** machines.yaml in TypeScript. In a project of yours the import is `from 'millrace'`. */
import { file, pipeline, schema } from '../../index.ts'
import { watchMachine } from './watch-machine.ts'

const Report = schema({ at: 'timestamp', machine: 'string', celsius: 'number' })

export default pipeline('machines', (p) => {
  const watermark = { outOfOrderness: '30 seconds' }
  const reports = p.source(
    'reports',
    file({ path: 'reports.jsonl', schema: Report, eventTime: 'at', watermark }),
  )
  const watched = reports.keyBy('machine').process(watchMachine).as('watched')

  watched.to('outages', file({ path: 'out/outages.jsonl' }))
  watched.side('hot').to('hot', file({ path: 'out/hot.jsonl' }))
})
