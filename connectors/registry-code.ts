/**
 * The code of the connectors that are there, by name; each is imported only when a run needs it. A
 * test keeps this table equal to the available ones of registry-configs.ts.
 */
import type { ConnectorCode } from '../shared/spi/connector.ts'

export const CONNECTOR_CODE: Readonly<Record<string, () => Promise<ConnectorCode>>> = {
  file: async () => (await import('./file/index.ts')).fileCode,
  generator: async () => (await import('./generator/index.ts')).generatorCode,
  memory: async () => (await import('./memory/index.ts')).memoryCode,
  stdin: async () => (await import('./stdin/index.ts')).stdinCode,
  stdout: async () => (await import('./stdout/index.ts')).stdoutCode,
}
