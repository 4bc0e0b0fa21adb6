/** Connectors as a run asks for them: configs at once, code when it is needed. */
import { CONNECTOR_CODE } from '../../connectors/registry-code.ts'
import { CONNECTOR_CONFIGS } from '../../connectors/registry-configs.ts'
import type { ConnectorRegistry } from '../embedded/run-options.ts'

export const connectorRegistry: ConnectorRegistry = {
  config: (name) =>
    Object.hasOwn(CONNECTOR_CONFIGS, name) ? (CONNECTOR_CONFIGS[name] ?? null) : null,
  code: async (name) => {
    const load = Object.hasOwn(CONNECTOR_CODE, name) ? CONNECTOR_CODE[name] : undefined
    return load === undefined ? null : load()
  },
}
