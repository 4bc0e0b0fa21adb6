/** The code of the stdout connector. */
import type { ConnectorCode } from '../../shared/spi/connector.ts'
import { StdoutSink } from './sink.ts'

export const stdoutCode: ConnectorCode = {
  openSink: (context) => Promise.resolve(new StdoutSink(context, process.stdout)),
}
