/** Texts of the command line: near misses, cut lines, JSON of values that JSON does not have. */
import test from 'ava'
import { jsonText } from '../../../scripts/terminal/json-text.ts'
import { cutTo, widthOf } from '../../../scripts/terminal/table.ts'
import { usageMistake } from '../../../scripts/usage-mistake.ts'
import { VERB_CODE } from '../../../scripts/verb-code.ts'
import { verbName, VERBS } from '../../../scripts/verbs.ts'

test('verbs: each has code, and all code has a verb', (t) => {
  t.deepEqual(new Set(VERBS.map(verbName)), new Set(Object.keys(VERB_CODE)))
})

test('usage: a flag or verb that is nearly right is named', (t) => {
  const flag = usageMistake('Unknown arguments: fail-onn, failOnn', ['run', 'x.yaml', '--fail-onn'])
  t.is(flag.split('\n')[0], 'run does not take --fail-onn: did you mean --fail-on?')
  const verb = usageMistake('Did you mean explain?', ['explan', 'x.yaml'])
  t.is(verb.split('\n')[0], 'there is no verb explan: did you mean explain?')
  const word = usageMistake('Unknown argument: more', ['run', 'x.yaml', 'more'])
  t.is(word.split('\n')[0], 'run does not take more')
})

test('cut lines: colours take no room and end with the line', (t) => {
  const red = '\u001b[31mabcdef\u001b[39m'
  t.is(cutTo(red, 6), red)
  t.is(cutTo(red, 4), '\u001b[31mabc…\u001b[0m')
  t.is(widthOf(cutTo('东京东京', 5)), 5)
})

test('json: bigints keep their digits and times beyond all time are words', (t) => {
  t.deepEqual(JSON.parse(jsonText({ big: 2n ** 70n, end: Infinity })), {
    big: '1180591620717411303424',
    end: 'Infinity',
  })
})
