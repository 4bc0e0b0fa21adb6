/** The registry of connector code: what is available can be imported and has the sides it says. */
import test from 'ava'
import { CONNECTOR_CODE } from '../../../connectors/registry-code.ts'
import { CONNECTOR_CONFIGS } from '../../../connectors/registry-configs.ts'

test('registry: exactly the available connectors have code', (t) => {
  const available = Object.values(CONNECTOR_CONFIGS).filter((one) => one.available)
  t.deepEqual(Object.keys(CONNECTOR_CODE).toSorted(), available.map((one) => one.name).toSorted())
})

test('registry: code has the sides that the config says', async (t) => {
  for (const [name, load] of Object.entries(CONNECTOR_CODE)) {
    const code = await load()
    const config = CONNECTOR_CONFIGS[name]
    t.is(code.openSource !== undefined, config?.source !== null, `${name} source`)
    t.is(code.openSink !== undefined, config?.sink !== null, `${name} sink`)
    t.is(code.readTable !== undefined, config?.table !== null, `${name} table`)
  }
})
