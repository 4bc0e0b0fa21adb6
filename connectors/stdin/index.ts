/** The code of the stdin connector. */
import type { ConnectorCode } from '../../shared/spi/connector.ts'
import { StdinSource } from './source.ts'

export const stdinCode: ConnectorCode = {
  openSource: (context) => Promise.resolve(new StdinSource(context, process.stdin)),
}
