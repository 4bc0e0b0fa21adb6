/** MQTT topics: keys of the config. The client is not there yet. */
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
  url: text('`mqtt://host:port`, `mqtts://`, `ws://` or `wss://`.').optional(),
  client_id: text('Client id; needed to continue a session.').optional(),
  username: text('User.').optional(),
  password: text('Password; write ${secret:NAME}.').optional(),
})

const qos = wholeNumber('0: at most once, 1: at least once, 2: once per session.', { max: 2 })

const source = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  topic: text('Topic filter; `+` and `#` are wildcards.'),
  qos: qos.default(1),
  prefetch: wholeNumber('Messages taken and not yet acknowledged, at most.', {
    min: 1,
    max: 65_535,
  }).optional(),
  format: z.enum(['json', 'text']).default('json').describe('How a message is encoded.'),
})

const sink = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  topic: template('Topic to publish on.'),
  message: template('Text of the message; the row as JSON when left out.').optional(),
  qos: qos.default(1),
  retain: flag('Whether the broker keeps the last message of the topic.').default(false),
})

export const mqttConfig = {
  name: 'mqtt',
  summary: 'Subscribes to and publishes on MQTT topics.',
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
