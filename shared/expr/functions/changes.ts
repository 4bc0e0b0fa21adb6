/** What depends on the record's change, and lists made of conditions. */
import type { FunctionDef } from '../overload.ts'
import { define, defineFixed, free, STRING } from './define.ts'

export const CHANGE_FUNCTIONS: readonly FunctionDef[] = [
  defineFixed(
    {
      name: 'change',
      group: 'changes',
      summary: 'The change of the row: insert, update_before, update_after or delete.',
    },
    [],
    { id: 'change', params: {}, result: STRING, run: changeIsGenerated },
  ),
  define(
    {
      name: 'flags',
      group: 'conditional',
      summary: 'The names whose conditions are true, in order.',
    },
    [['flags({"big": 5 > 3, "small": 5 < 3, "odd": true})', '["big", "odd"]']],
    [
      free({
        id: 'flags',
        signature: 'flags({name: boolean, …}) -> array<string>',
        nulls: 'own',
        resolve: ([map, ...more]) => {
          if (map?.type.kind !== 'map' || more.length > 0) return null
          const { kind } = map.type.value.type
          if (kind !== 'boolean' && kind !== 'null') return null
          const element = { type: STRING, nullable: false }
          return {
            params: [map.type],
            result: { type: { kind: 'array', element }, nullable: false },
          }
        },
        run: (map: ReadonlyMap<string, boolean | null> | null) =>
          [...(map ?? [])].filter(([, isTrue]) => isTrue === true).map(([name]) => name),
      }),
    ],
  ),
]

/** The interpreter and generated code read the kind of the row. */
function changeIsGenerated(): never {
  throw new TypeError('change() is read from the batch')
}
