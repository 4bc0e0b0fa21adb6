/** `millrace schema`: the JSON Schema of pipeline files, for completion in editors. */
import { pipelineJsonSchema } from '../../shared/spec/json-schema.ts'
import { CONNECTORS } from '../pipeline/load-pipeline.ts'
import type { CommandIo, ExitCode, Flags } from './command.ts'

export function schema(_flags: Flags, io: CommandIo): Promise<ExitCode> {
  io.stdout.write(`${JSON.stringify(pipelineJsonSchema(CONNECTORS), null, 2)}\n`)
  return Promise.resolve(0)
}
