/** Whether a block may refuse a record: then the whole row is wanted for its dead letter. */
import type { TypedExpr } from '../../expr/ast.ts'
import { canCastThrow } from '../../expr/cast.ts'
import { overloadById } from '../../expr/library.ts'
import { walkExpr } from '../expr-shape.ts'
import type { Core, Step, TransformBlock } from '../plan.ts'

export function canBlockThrow(block: TransformBlock): boolean {
  return [...block.pre, ...block.post].some(canStepThrow) || canCoreThrow(block.core)
}

function canStepThrow(step: Step): boolean {
  switch (step.kind) {
    case 'filter':
      return canThrow(step.predicate)
    case 'project':
      return step.columns.some((one) => canThrow(one.expr))
    case 'unnest':
      return canThrow(step.list)
    case 'validate':
      return step.action === 'fail' || step.rules.some((rule) => canThrow(rule.predicate))
    default:
      return true // user code, and tables that may not answer
  }
}

function canCoreThrow(core: Core | null): boolean {
  if (core === null) return false
  if (core.kind === 'process') return true
  if (core.kind !== 'join') {
    const hasUser = core.kind === 'aggregate' && core.calls.some((call) => call.user !== null)
    return hasUser || core.input.some((one) => canThrow(one.expr))
  }
  const inputs = [...core.left.input, ...core.right.input].map((one) => one.expr)
  const conditions = [core.residual, core.right.where ?? null].filter((one) => one !== null)
  return [...inputs, ...conditions].some(canThrow)
}

export function canThrow(expr: TypedExpr): boolean {
  let found = false
  walkExpr(expr, (node) => {
    if (node.node === 'cast' && canCastThrow(node.arg.type, node.to)) found = true
    if (node.node === 'call' && overloadById(node.overload)?.throws !== false) found = true
  })
  return found
}
