/** RabbitMQ: keys of the config. The client is not there yet. */
import { z } from 'zod'
import type { ConnectorConfig } from '../../shared/spi/connector.ts'
import {
  connectionName,
  flag,
  template,
  text,
  wholeNumber,
} from '../../shared/spi/config-values.ts'

const connection = z.strictObject({
  url: text('`amqps://user@host:port/vhost`; the password by ${secret:NAME}.').optional(),
})

const source = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  queue: text('Queue to receive from; it must exist.'),
  prefetch: wholeNumber('Messages taken and not yet acknowledged, at most.', { min: 1 }).optional(),
  format: z.enum(['json', 'text']).default('json').describe('How a message is encoded.'),
})

const sink = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  exchange: text('Exchange to publish to; the default one when left out.').optional(),
  routing_key: template('Routing key; with the default exchange the name of the queue.'),
  message: template('Text of the message; the row as JSON when left out.').optional(),
  message_id: template('Id by which a receiver can drop repeats.').optional(),
  persistent: flag('Whether the broker keeps messages over a restart.').default(true),
})

export const rabbitmqConfig = {
  name: 'rabbitmq',
  summary: 'Receives from and sends to RabbitMQ queues and exchanges.',
  source: source,
  table: null,
  sink: sink,
  connection: connection,
  available: false,
  describeSource: () => ({
    bounded: false,
    changes: 'append',
    fields: null,
    eventTime: null,
    layouts: {},
  }),
  describeSink: () => ({
    upsert: false,
    upsertByDefault: false,
    upsertNeedsBounded: false,
    single: false,
  }),
} as const satisfies ConnectorConfig
