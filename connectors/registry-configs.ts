/**
 * Every connector that Millrace knows, by name: configs only, no client is loaded by this. The code
 * of those that are there is in registry-code.ts.
 */
import type { ConnectorConfig } from '../shared/spi/connector.ts'
import { clickhouseConfig } from './clickhouse/config.ts'
import { fileConfig } from './file/config.ts'
import { generatorConfig } from './generator/config.ts'
import { httpConfig } from './http/config.ts'
import { jetstreamConfig } from './jetstream/config.ts'
import { kafkaConfig } from './kafka/config.ts'
import { memoryConfig } from './memory/config.ts'
import { mqttConfig } from './mqtt/config.ts'
import { mysqlCdcConfig } from './mysql_cdc/config.ts'
import { natsConfig } from './nats/config.ts'
import { postgresConfig } from './postgres/config.ts'
import { postgresCdcConfig } from './postgres_cdc/config.ts'
import { rabbitmqConfig } from './rabbitmq/config.ts'
import { redisConfig } from './redis/config.ts'
import { s3Config } from './s3/config.ts'
import { snsConfig } from './sns/config.ts'
import { sqsConfig } from './sqs/config.ts'
import { stdinConfig } from './stdin/config.ts'
import { stdoutConfig } from './stdout/config.ts'
import { webhookConfig } from './webhook/config.ts'

export const CONNECTOR_CONFIGS: Readonly<Record<string, ConnectorConfig>> = {
  clickhouse: clickhouseConfig,
  file: fileConfig,
  generator: generatorConfig,
  http: httpConfig,
  jetstream: jetstreamConfig,
  kafka: kafkaConfig,
  memory: memoryConfig,
  mqtt: mqttConfig,
  mysql_cdc: mysqlCdcConfig,
  nats: natsConfig,
  postgres: postgresConfig,
  postgres_cdc: postgresCdcConfig,
  rabbitmq: rabbitmqConfig,
  redis: redisConfig,
  s3: s3Config,
  sns: snsConfig,
  sqs: sqsConfig,
  stdin: stdinConfig,
  stdout: stdoutConfig,
  webhook: webhookConfig,
}
