/** Kafka topics: keys of the config. The client is not there yet. */
import { z } from 'zod'
import type { ConnectorConfig } from '../../shared/spi/connector.ts'
import {
  connectionName,
  durationText,
  template,
  text,
  wholeNumber,
} from '../../shared/spi/config-values.ts'

const connection = z.strictObject({
  brokers: z
    .union([text('host:port'), z.array(text('host:port')).min(1)])
    .optional()
    .describe('Brokers to start from, `host:port`, one or several.'),
  client_id: text('Name of this client in the broker logs.').optional(),
  security_protocol: z
    .enum(['plaintext', 'ssl', 'sasl_plaintext', 'sasl_ssl'])
    .optional()
    .describe('How the connection is protected; plaintext when left out.'),
  sasl_mechanism: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512', 'oauthbearer'])
    .optional()
    .describe('How the client proves who it is.'),
  username: text('User for SASL.').optional(),
  password: text('Password for SASL; write ${secret:NAME}.').optional(),
  schema_registry: text('URL of the schema registry.').optional(),
})

const format = z
  .enum(['json', 'avro', 'protobuf', 'text', 'bytes'])
  .default('json')
  .describe('How the value of a message is encoded.')

const source = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  topic: text('Topic to read.'),
  group: text(
    'Consumer group under which progress is shown; the checkpoint is the truth.',
  ).optional(),
  start: z
    .union([z.enum(['earliest', 'latest']), z.iso.datetime({ offset: true })])
    .default('earliest')
    .describe('Where a first run begins: earliest, latest, or a time.'),
  isolation: z
    .enum(['read_committed', 'read_uncommitted'])
    .default('read_committed')
    .describe('Whether records of open or aborted transactions are read.'),
  format,
})

const sink = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  topic: template('Topic to write.'),
  message_key: template('Key of the message; the key of the stream when left out.').optional(),
  partition_by: text(
    'Field whose value chooses the partition; the message key when left out.',
  ).optional(),
  headers: z
    .record(z.string(), z.string())
    .optional()
    .describe('Headers of each message; templates.'),
  compression: z
    .enum(['none', 'gzip', 'snappy', 'lz4', 'zstd'])
    .default('none')
    .describe('Of message sets.'),
  linger: durationText('How long a message may wait for others.').optional(),
  batch_bytes: wholeNumber('Bytes of one message set at most.', { min: 1 }).optional(),
  delivery: z
    .enum(['exactly_once', 'at_least_once'])
    .default('exactly_once')
    .describe('Whether a message is sent in the transaction of its epoch.'),
  format,
})

export const kafkaConfig = {
  name: 'kafka',
  summary: 'Reads and writes topics of Apache Kafka and what speaks its protocol.',
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
