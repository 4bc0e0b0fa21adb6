/** Which kind of keys an append join has. */
import { isIndexable } from '../../../state/index/entry-index.ts'
import type { AppendKeys, AppendKeysOptions } from './append-keys.ts'
import { FlatKeys } from './flat-keys.ts'
import { GroupedKeys } from './grouped-keys.ts'

/** Rows that time takes away need no key groups (ADR 0012). */
export function appendKeys(options: AppendKeysOptions): AppendKeys {
  const { key, shapes } = options
  const isTimed = shapes.every(({ bounds }) => bounds !== null)
  return isTimed && isIndexable(key) ? new FlatKeys(options) : new GroupedKeys(options)
}
