/**
 * The package `millrace`: what a pipeline in TypeScript is written with. One builder per connector,
 * one function per function and aggregate of the language.
 */
import { clickhouseConfig } from './connectors/clickhouse/config.ts'
import { fileConfig } from './connectors/file/config.ts'
import { generatorConfig } from './connectors/generator/config.ts'
import { httpConfig } from './connectors/http/config.ts'
import { jetstreamConfig } from './connectors/jetstream/config.ts'
import { kafkaConfig } from './connectors/kafka/config.ts'
import { memoryConfig } from './connectors/memory/config.ts'
import { mqttConfig } from './connectors/mqtt/config.ts'
import { mysqlCdcConfig } from './connectors/mysql_cdc/config.ts'
import { natsConfig } from './connectors/nats/config.ts'
import { postgresConfig } from './connectors/postgres/config.ts'
import { postgresCdcConfig } from './connectors/postgres_cdc/config.ts'
import { rabbitmqConfig } from './connectors/rabbitmq/config.ts'
import { redisConfig } from './connectors/redis/config.ts'
import { s3Config } from './connectors/s3/config.ts'
import { snsConfig } from './connectors/sns/config.ts'
import { sqsConfig } from './connectors/sqs/config.ts'
import { stdinConfig } from './connectors/stdin/config.ts'
import { stdoutConfig } from './connectors/stdout/config.ts'
import { webhookConfig } from './connectors/webhook/config.ts'
import { connectorBuilder } from './shared/api/connector-use.ts'

export const clickhouse = connectorBuilder(clickhouseConfig)
export const file = connectorBuilder(fileConfig)
export const generator = connectorBuilder(generatorConfig)
export const http = connectorBuilder(httpConfig)
export const jetstream = connectorBuilder(jetstreamConfig)
export const kafka = connectorBuilder(kafkaConfig)
export const memory = connectorBuilder(memoryConfig)
export const mqtt = connectorBuilder(mqttConfig)
export const mysqlCdc = connectorBuilder(mysqlCdcConfig)
export const nats = connectorBuilder(natsConfig)
export const postgres = connectorBuilder(postgresConfig)
export const postgresCdc = connectorBuilder(postgresCdcConfig)
export const rabbitmq = connectorBuilder(rabbitmqConfig)
export const redis = connectorBuilder(redisConfig)
export const s3 = connectorBuilder(s3Config)
export const sns = connectorBuilder(snsConfig)
export const sqs = connectorBuilder(sqsConfig)
export const stdin = connectorBuilder(stdinConfig)
export const stdout = connectorBuilder(stdoutConfig)
export const webhook = connectorBuilder(webhookConfig)

export { StreamError, type ErrorCode } from './shared/base/errors.ts'
export type { Column, Columns } from './shared/api/column.ts'
export type { ConnectorUse } from './shared/api/connector-use.ts'
export { aggregator, flatMap, fn } from './shared/api/function-definition.ts'
export {
  isPipeline,
  pipeline,
  type EnvironmentOptions,
  type Pipeline,
  type PipelineOptions,
  type PipelineScope,
} from './shared/api/pipeline.ts'
export { list, map, processor, value, type Context } from './shared/api/processor.ts'
export { schema, type RowTokensOf, type Schema } from './shared/api/schema.ts'
export { asc, desc, type NamedStream, type Stream, type Table } from './shared/api/stream.ts'
export type { DecimalValue, GivenRow, RowOf } from './shared/api/tokens.ts'
export { UserDecimal as Decimal } from './shared/model/rows/user-value.ts'

export * from './shared/api/functions/aggregates.ts'
export * from './shared/api/functions/calendar.generated.ts'
export * from './shared/api/functions/changes.generated.ts'
export * from './shared/api/functions/conversion.generated.ts'
export * from './shared/api/functions/generic-functions.ts'
export * from './shared/api/functions/hashing.generated.ts'
export * from './shared/api/functions/json.generated.ts'
export * from './shared/api/functions/list-functions.ts'
export * from './shared/api/functions/lists.generated.ts'
export * from './shared/api/functions/math.generated.ts'
export * from './shared/api/functions/regex.generated.ts'
export * from './shared/api/functions/strings.generated.ts'
export * from './shared/api/functions/time.generated.ts'
