/** Traces of failures lead to the line that threw. */
import test from 'ava'
import { StreamError } from '../../../shared/base/errors.ts'
import { traceOf } from '../../../node/task/run-failure.ts'

test('trace: of what a user function threw it is that of the function', (t) => {
  const cause = new TypeError('x is undefined')
  const wrapped = new StreamError('FUNCTION_THREW', './f.ts#risk threw: x is undefined', { cause })
  t.is(traceOf(wrapped), cause.stack ?? '')
})

test('trace: without a cause it is that of the error, and values have none', (t) => {
  const error = new StreamError('FUNCTION_THREW', 'it gave no list')
  t.is(traceOf(error), error.stack ?? '')
  t.is(traceOf('a text'), null)
})
