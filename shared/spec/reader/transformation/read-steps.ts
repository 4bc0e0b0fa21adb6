/** Steps and cores of a transformation, from a checked form and the tree (for texts as written). */
import type { SpecPath } from '../../../base/diagnostics.ts'
import type { ExprSource } from '../../../expr/ast.ts'
import type {
  CoreSpec,
  JoinSpec,
  KeySpec,
  LookupSpec,
  NamedExpr,
  SelectItem,
  StepSpec,
} from '../../pipeline-spec.ts'
import type { StepForm, TransformationForm } from '../../form/transformation-form.ts'
import { IDENTIFIER, NAME_FIX } from '../../form/value-forms.ts'
import { childOf, entriesOf, itemsOf } from '../../yaml/yaml-tree.ts'
import type { YamlNode } from '../../yaml/yaml-tree.ts'
import type { ReadContext } from '../read-context.ts'
import { defined } from '../../defined.ts'
import { reportUnknownKey } from '../../form/check-form.ts'

/** Steps are read from here: the block, or an entry of `steps`. */
export interface StepPlace {
  readonly node: YamlNode | null
  readonly path: SpecPath
  /** Below the block. */
  readonly key: readonly (string | number)[]
  readonly context: ReadContext
}

/** The expression as written: `1.50` stays `1.50`. */
export function exprOf(node: YamlNode | null): string {
  return node?.kind === 'scalar' ? node.text.trim() : ''
}

/** Says so when nothing is written where an expression is needed. */
export function readExpr(place: StepPlace, key: string): string {
  const text = exprOf(childOf(place.node, key))
  if (text === '') emptyExpr([...place.path, key], place.context)
  return text
}

function emptyExpr(path: SpecPath, context: ReadContext): void {
  if (context.isSilent(path)) return
  context.breakBlock(path)
  context.diagnostics.error('KEY_MISSING', path, `\`${String(path.at(-1))}\` has no expression`, {
    onKey: true,
    fix: 'write it behind the colon, or below `|`',
  })
}

export function namedExprs(
  node: YamlNode | null,
  path: SpecPath,
  context: ReadContext,
): NamedExpr[] {
  return entriesOf(node).map((entry) => {
    const expr = exprOf(entry.node)
    if (expr === '') emptyExpr([...path, entry.key], context)
    return { name: entry.key, expr }
  })
}

type StepKey = keyof StepForm

/** One step of a block or of an entry of `steps`; null when the key is not there. */
export function readStep(form: StepForm, kind: StepKey, place: StepPlace): StepSpec | null {
  if (form[kind] === undefined) return null
  const key = [...place.key, kind]
  const path = [...place.path, kind]
  const node = childOf(place.node, kind)
  switch (kind) {
    case 'where':
      return { key, kind, expr: readExpr(place, kind) }
    case 'set':
      return { key, kind, fields: namedExprs(node, path, place.context) }
    case 'drop':
      return { key, kind, fields: form.drop ?? [] }
    case 'rename':
      return { key, kind, fields: renames(form.rename ?? {}) }
    case 'flat_map':
      return { key, kind, fn: { ref: form.flat_map ?? '' } }
    case 'lookup':
      return { key, kind, lookups: lookups(form, node, { ...place, path }) }
    case 'unnest':
      return readUnnest(key, { ...place, node, path })
    default:
      return null
  }
}

function renames(form: Readonly<Record<string, string>>): { to: string; from: string }[] {
  return Object.entries(form).map(([to, from]) => ({ to, from }))
}

function lookups(form: StepForm, node: YamlNode | null, place: StepPlace): LookupSpec[] {
  return Object.entries(form.lookup ?? {}).map(([alias, one]) => {
    const entry = { ...place, node: childOf(node, alias), path: [...place.path, alias] }
    return {
      alias,
      from: one.from,
      on: readExpr(entry, 'on'),
      ...(one.type === undefined ? {} : { type: one.type }),
      ...(one.timeout === undefined ? {} : { timeout: one.timeout }),
      ...(one.on_error === undefined ? {} : { on_error: one.on_error }),
    }
  })
}

const UNNEST_KEYS = ['index', 'keep_empty']

/** `{ item: list, index: i, keep_empty: true }`: the one other key names the element. */
function readUnnest(key: StepSpec['key'], place: StepPlace): StepSpec | null {
  const { diagnostics } = place.context
  const items = entriesOf(place.node).filter((entry) => !UNNEST_KEYS.includes(entry.key))
  const [item, ...more] = items
  if (item === undefined) {
    place.context.breakBlock(place.path)
    diagnostics.error('KEY_MISSING', place.path, '`unnest` names no list', {
      onKey: true,
      fix: 'write `unnest: { item: items }`: one record per element of `items`, as field `item`',
    })
    return null
  }
  for (const other of more) {
    place.context.breakBlock(place.path)
    reportUnknownKey(diagnostics, [...place.path, other.key], {
      keys: UNNEST_KEYS,
      title: '`unnest`',
      cause: `\`${item.key}\` names the element already`,
    })
  }
  if (!IDENTIFIER.test(item.key)) {
    const message = `\`${item.key}\` is not a name`
    diagnostics.error('NAME_INVALID', [...place.path, item.key], message, { fix: NAME_FIX })
  }
  const index = childOf(place.node, 'index')
  const keepEmpty = childOf(place.node, 'keep_empty')
  return {
    key,
    kind: 'unnest',
    item: item.key,
    expr: readExpr(place, item.key),
    ...(index?.kind === 'scalar' ? { index: index.text } : {}),
    ...(keepEmpty?.kind === 'scalar' ? { keep_empty: keepEmpty.value === true } : {}),
  }
}

export function readSelect(node: YamlNode | null, path: SpecPath, context: ReadContext) {
  return itemsOf(node).flatMap((item, index): SelectItem[] => {
    if (item.kind === 'scalar') return [{ path: item.text }]
    return namedExprs(item, [...path, index], context)
  })
}

export function readKeys(
  form: NonNullable<TransformationForm['key_by']>,
  node: YamlNode | null,
  ...[path, context]: [SpecPath, ReadContext]
): KeySpec[] {
  if (typeof form === 'string') return [{ path: form }]
  if (Array.isArray(form)) return form.map((one) => ({ path: one }))
  return namedExprs(node, path, context)
}

export function readCore(form: TransformationForm, place: StepPlace): CoreSpec | null {
  const child = (key: string) => childOf(place.node, key)
  if (form.join !== undefined) return readJoin(form.join, place)
  if (form.aggregate !== undefined) {
    const path = [...place.path, 'aggregate']
    return { kind: 'aggregate', fields: namedExprs(child('aggregate'), path, place.context) }
  }
  if (form.top !== undefined) return { kind: 'top', ...defined(form.top) }
  if (form.dedupe !== undefined) {
    const by = exprOf(childOf(child('dedupe'), 'by'))
    const within = 'within' in form.dedupe ? form.dedupe.within : undefined
    const keep = 'keep' in form.dedupe ? form.dedupe.keep : undefined
    return { kind: 'dedupe', ...defined({ within, keep, by: by === '' ? undefined : by }) }
  }
  if (form.process === undefined) return null
  if (typeof form.process === 'string') return { kind: 'process', fn: { ref: form.process } }
  const fn = { ref: form.process.fn }
  return { kind: 'process', fn, ...defined({ with: form.process.with }) }
}

function readJoin(
  form: NonNullable<TransformationForm['join']>,
  place: StepPlace,
): CoreSpec | null {
  const [[alias, one] = [], ...more] = Object.entries(form)
  if (alias === undefined || one === undefined || more.length > 0) {
    const path = [...place.path, 'join', more[0]?.[0] ?? '']
    place.context.breakBlock(place.path)
    place.context.diagnostics.error('CORE_TWICE', path, 'a block joins one stream', {
      onKey: true,
      fix: 'write `join: { alias: { from: …, on: … } }`, and a block of its own for each further join',
    })
    return null
  }
  const path = [...place.path, 'join', alias]
  const node = childOf(childOf(place.node, 'join'), alias)
  const entry = { ...place, node, path }
  const asOf = childOf(node, 'as_of') === null ? undefined : readExpr(entry, 'as_of')
  const on: ExprSource = Array.isArray(one.on)
    ? one.on.map((field) => `${field} == ${alias}.${field}`).join(' && ')
    : readExpr(entry, 'on')
  const join: JoinSpec = defined({
    alias,
    from: one.from,
    on,
    type: one.type,
    within: one.within,
    as_of: asOf,
    window: one.window,
  })
  return { kind: 'join', join }
}
