/** List macros as loops. `exists` and `all` are `||` and `&&` over the elements, nulls included. */
import type { TypedExpr } from '../ast.ts'
import { atom, boxed, negated, truth, type Block, type Value } from './code-block.ts'
import type { CodeContext, Position } from './code-context.ts'

type Macro = Extract<TypedExpr, { node: 'macro' }>

export function generateMacro(context: CodeContext, expr: Macro, at: Position): Value {
  const over = context.generate(context, expr.over, at)
  const result = at.block.name('v')
  const isNull = at.block.name('n')
  const isQuestion = expr.op === 'exists' || expr.op === 'all'
  at.block.line(`let ${result} = ${startOf(expr.op)}`)
  if (isQuestion) at.block.line(`let ${isNull} = false`)

  const body = at.block.inner(at.block.hasVariable(expr.variable))
  const list = over.atomic
    ? over.text
    : at.block.bind(over.isNull === null ? over.text : boxed(over))
  const index = at.block.name('j')
  const element = body.bind(`${list}[${index}]`, 'x')
  body.setVariable(expr.variable, element)
  const value = context.generate(context, expr.body, { ...at, block: body })
  step({ op: expr.op, result, isNull, element }, value, body)

  const loop = `for (let ${index} = 0; ${index} < ${list}.length; ${index}++) {`
  if (over.isNull === null) at.block.close(loop, body)
  else {
    const guarded = at.block.inner()
    guarded.close(loop, body)
    at.block.close(`if (${negated(over.isNull)}) {`, guarded)
  }
  return resultOf(expr, over, { result, isNull })
}

function startOf(op: Macro['op']): string {
  if (op === 'exists') return 'false'
  return op === 'all' ? 'true' : '[]'
}

interface Step {
  readonly op: Macro['op']
  readonly result: string
  readonly isNull: string
  readonly element: string
}

function step({ op, result, isNull, element }: Step, value: Value, body: Block): void {
  switch (op) {
    case 'map':
      body.line(`${result}.push(${boxed(value)})`)
      return
    case 'filter':
      body.line(`if (${truth(value)}) ${result}.push(${element})`)
      return
    case 'exists':
      body.line(`if (${truth(value)}) { ${result} = true; break }`)
      if (value.isNull !== null) body.line(`if (${value.isNull}) ${isNull} = true`)
      return
    case 'all':
      if (value.isNull === null) {
        body.line(`if (${negated(value.text)}) { ${result} = false; break }`)
        return
      }
      body.line(`if (${value.isNull}) ${isNull} = true`)
      body.line(`else if (${negated(value.text)}) { ${result} = false; break }`)
      return
  }
}

function resultOf(
  expr: Macro,
  over: Value,
  { result, isNull }: { readonly result: string; readonly isNull: string },
): Value {
  if (expr.op === 'map' || expr.op === 'filter') return atom(result, over.isNull)
  const unknown = expr.op === 'exists' ? `(${isNull} && !${result})` : `(${isNull} && ${result})`
  return atom(result, over.isNull === null ? unknown : `(${over.isNull} || ${unknown})`)
}
