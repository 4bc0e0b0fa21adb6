/** One block of `transformations`, from tree to specification. */
import { assert } from '../../../base/assert.ts'
import type { SpecPath } from '../../../base/diagnostics.ts'
import type { StepSpec, TransformationSpec, WindowSpec } from '../../pipeline-spec.ts'
import { transformationForm } from '../../form/transformation-form.ts'
import type { StepForm, TransformationForm } from '../../form/transformation-form.ts'
import { childOf, entriesOf, itemsOf, plainOf } from '../../yaml/yaml-tree.ts'
import { checkShapes } from './block-shapes.ts'
import { checkCores, checkKeyOrder } from './key-order.ts'
import { LATER_CORES, notYet } from './later-features.ts'
import type { ReadContext } from '../read-context.ts'
import { defined } from '../../defined.ts'
import { readCore, readExpr, readKeys, readSelect, readStep, namedExprs } from './read-steps.ts'
import type { StepPlace } from './read-steps.ts'

export function readTransformation(name: string, context: ReadContext): TransformationSpec | null {
  const path = ['transformations', name]
  const node = context.node(path)
  if (node?.kind === 'map') {
    checkKeyOrder(node, path, context)
    checkCores(node, path, context)
    if (!checkShapes(node, path, context)) return null
  }
  const later = entriesOf(node).filter((entry) => Object.hasOwn(LATER_CORES, entry.key))
  for (const { key } of later) {
    const details = { onKey: true, fix: LATER_CORES[key] ?? '' }
    notYet(context, [...path, key], `\`${key}\``, details)
    context.breakBlock(path)
  }
  const value =
    node === null
      ? undefined
      : withoutKeys(
          plainOf(node),
          later.map((one) => one.key),
        )
  const form = context.check(transformationForm, path, value)
  if (form === null || later.length > 0) return null
  const place = { node, path, key: [], context }
  const from = form.from ?? form.union
  if (from === undefined) {
    missingFrom(path, context)
    return null
  }
  return blockOf(form, typeof from === 'string' ? [from] : from, place)
}

function withoutKeys(value: unknown, keys: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || keys.length === 0) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)))
}

function missingFrom(path: SpecPath, context: ReadContext): void {
  context.breakBlock(path)
  if (context.isSilent(path)) return
  context.diagnostics.error('KEY_MISSING', path, `\`${String(path.at(-1))}\` reads nothing`, {
    onKey: true,
    fix: 'add `from:` with the name of a source or transformation',
  })
}

function blockOf(
  form: TransformationForm,
  from: readonly string[],
  place: StepPlace,
): TransformationSpec {
  const core = readCore(form, place)
  const { before, after } = stepsOf(form, place)
  const isJoin = core?.kind === 'join'
  const end = endOf(form, place)
  const late = form.window?.late
  const keyNode = childOf(place.node, 'key_by')
  const keyPath = [...place.path, 'key_by']
  return defined({
    from,
    steps: isJoin ? before : [...before, ...after],
    key_by:
      form.key_by === undefined
        ? undefined
        : readKeys(form.key_by, keyNode, keyPath, place.context),
    window: form.window === undefined ? undefined : windowOf(form.window),
    core: core ?? undefined,
    post: isJoin ? [...after, ...end] : end,
    late,
    ttl: form.ttl,
    on_error: form.on_error,
    parallelism: form.parallelism,
    description: form.description,
  })
}

/** What a join reads runs before it; what it makes is seen by the steps after it. */
function stepsOf(
  form: TransformationForm,
  place: StepPlace,
): { before: StepSpec[]; after: StepSpec[] } {
  const one = (kind: keyof StepForm) => readStep(form, kind, place) ?? []
  const before = [one('unnest'), one('flat_map'), one('lookup')].flat()
  const after = [one('where'), one('set'), listedSteps(form, place), validation(form, place)].flat()
  return { before, after }
}

function listedSteps(form: TransformationForm, place: StepPlace): StepSpec[] {
  const items = itemsOf(childOf(place.node, 'steps'))
  return (form.steps ?? []).flatMap((step, index) => {
    const kind = Object.keys(step)[0] as keyof StepForm | undefined
    if (kind === undefined) return []
    const node = items[index] ?? null
    const key = ['steps', index]
    return readStep(step, kind, { ...place, node, key, path: [...place.path, ...key] }) ?? []
  })
}

function validation(form: TransformationForm, place: StepPlace): StepSpec[] {
  if (form.validate === undefined) return []
  const path = [...place.path, 'validate', 'rules']
  const rules = namedExprs(childOf(childOf(place.node, 'validate'), 'rules'), path, place.context)
  const action = form.validate.action ?? 'reject'
  return [{ key: ['validate'], kind: 'validate', rules, action }]
}

function endOf(form: TransformationForm, place: StepPlace): StepSpec[] {
  const having: StepSpec[] =
    form.having === undefined
      ? []
      : [{ key: ['having'], kind: 'where', expr: readExpr(place, 'having') }]
  const path = [...place.path, 'select']
  const fields = readSelect(childOf(place.node, 'select'), path, place.context)
  // What stands beside `select` was reported.
  if (form.select !== undefined) return [...having, { key: ['select'], kind: 'select', fields }]
  const one = (kind: keyof StepForm) => readStep(form, kind, place) ?? []
  return [having, one('drop'), one('rename')].flat()
}

/** `late` is a name of a stream and belongs to the block. */
function windowOf(form: NonNullable<TransformationForm['window']>): WindowSpec {
  const { late, ...window } = form
  assert(late === undefined || late !== '', 'a name is not empty')
  return defined(window)
}
