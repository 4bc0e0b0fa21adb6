/** `connections:` each used by blocks of one connector, whose connection schema checks the keys. */
import type { SpecPath } from '../../base/diagnostics.ts'
import { checkForm } from '../form/check-form.ts'
import { hasReference } from '../reference-text.ts'
import { childOf, entriesOf, plainOf } from '../yaml/yaml-tree.ts'
import type { ReadContext } from './read-context.ts'
import { checkReferences } from './substitute-references.ts'

type Connections = Record<string, Readonly<Record<string, unknown>>>

export function readConnections(context: ReadContext): Connections {
  const connections: Connections = {}
  for (const { key, node } of entriesOf(context.node(['connections']))) {
    const path = ['connections', key]
    if (node.kind !== 'map') {
      const fix = 'write its settings below it: `brokers: …`, `url: …`'
      if (node.kind !== 'masked') {
        const message = `the connection \`${key}\` is not a mapping`
        context.diagnostics.error('VALUE_INVALID', path, message, { fix })
      }
      continue
    }
    checkReferences(node, path, context)
    connections[key] = plainOf(node) as Record<string, unknown>
    for (const connector of connectorsOf(key, context)) checkKeys(connector, path, context)
  }
  return connections
}

/** What uses the connection, and what it says itself. */
function connectorsOf(name: string, context: ReadContext): Set<string> {
  const used = new Set<string>()
  const own = childOf(context.node(['connections', name]), 'connector')
  if (own?.kind === 'scalar') used.add(own.text)
  for (const group of ['sources', 'tables', 'sinks']) {
    for (const { node } of entriesOf(context.node([group]))) {
      const connection = childOf(node, 'connection')
      const connector = childOf(node, 'connector')
      if (connection?.kind !== 'scalar' || connection.text !== name) continue
      if (connector?.kind === 'scalar') used.add(connector.text)
    }
  }
  return used
}

function checkKeys(connector: string, path: SpecPath, context: ReadContext): void {
  const form = context.options.registry.get(connector)?.connection
  const node = context.node(path)
  if (form === undefined || node === null) return
  const { connector: _, description: __, ...value } = plainOf(node) as Record<string, unknown>
  checkForm(form.meta({ title: `a connection of \`${connector}\`` }), {
    path,
    value,
    diagnostics: context.diagnostics,
    isSilent: (at) => {
      const written = context.node(at)
      const text = written?.kind === 'scalar' ? written.value : null
      return context.isSilent(at) || (typeof text === 'string' && hasReference(text))
    },
  })
}
