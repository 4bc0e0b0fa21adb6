/** Rendering: the caret stands under what it means on any terminal; forms for programs are exact. */
import test from 'ava'
import type { Diagnostic, Place, Places } from '../../../shared/base/diagnostics.ts'
import {
  diagnosticJson,
  renderDiagnostic,
  renderDiagnostics,
  renderGithub,
} from '../../../shared/spec/render-diagnostic.ts'

function at(place: Partial<Place>): Places {
  return {
    locate: () => ({ file: 'p.yaml', line: 3, column: 1, width: 1, text: null, ...place }),
  }
}

const ONE: Diagnostic = {
  severity: 'error',
  code: 'KEY_UNKNOWN',
  path: [],
  message: 'no such key',
  cause: 'because',
  fix: 'do this',
}

test('rendering: an error has head, place, excerpt, caret, cause and fix', (t) => {
  const text = renderDiagnostic(ONE, at({ column: 5, width: 3, text: '    abc: 1' }))
  t.is(
    text,
    [
      'error[KEY_UNKNOWN]: no such key',
      ' --> p.yaml:3:5',
      '  |',
      '3 |     abc: 1',
      '  |     ^^^',
      '  = cause: because',
      '  = fix: do this',
    ].join('\n'),
  )
})

test('rendering: a tab before the caret stays a tab, wide characters take two cells', (t) => {
  const tab = renderDiagnostic(ONE, at({ column: 3, text: '\ta: b' })).split('\n')
  t.is(tab[4], '  | \t ^')
  const wide = renderDiagnostic(ONE, at({ column: 3, width: 2, text: '日本語x' })).split('\n')
  t.is(wide[4], '  |     ^^^')
  const emoji = renderDiagnostic(ONE, at({ column: 2, text: '😀x' })).split('\n')
  t.is(emoji[4], '  |   ^')
  const combined = renderDiagnostic(ONE, at({ column: 3, text: 'e\u0301x' })).split('\n')
  t.is(combined[4], '  |  ^')
})

test('rendering: a long line is cut around the caret', (t) => {
  const line = `${'x'.repeat(500)}HERE${'y'.repeat(500)}`
  const [, , , text = '', caret = ''] = renderDiagnostic(
    ONE,
    at({ column: 501, width: 4, text: line }),
  ).split('\n')
  t.true(text.length < 180)
  t.is(text.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1), 'HERE')
})

test('rendering: without text there is no excerpt, and the JSON form says null', (t) => {
  t.is(renderDiagnostic({ ...ONE, fix: 'f' }, at({})).split('\n').length, 4)
  t.deepEqual(diagnosticJson(ONE, at({})), {
    code: 'KEY_UNKNOWN',
    severity: 'error',
    file: 'p.yaml',
    line: 3,
    column: 1,
    message: 'no such key',
    cause: 'because',
    fix: 'do this',
    excerpt: null,
  })
})

test('rendering: color wraps parts and changes no text', (t) => {
  const places = at({ column: 2, text: 'abc' })
  const colored = renderDiagnostic(ONE, places, { color: true })
  const escape = String.fromCharCode(27)
  t.true(colored.includes(`${escape}[1;31m`))
  t.is(
    colored.replaceAll(new RegExp(`${escape}\\[[0-9;]*m`, 'g'), ''),
    renderDiagnostic(ONE, places),
  )
})

test('rendering: an annotation escapes what would end it', (t) => {
  const places = at({ file: 'a,b:c.yaml', column: 4, width: 2 })
  const one: Diagnostic = { ...ONE, severity: 'note', message: '100%\nsure' }
  t.is(
    renderGithub(one, places),
    '::notice file=a%2Cb%3Ac.yaml,line=3,col=4,endColumn=6,title=KEY_UNKNOWN::100%25%0Asure%0Abecause%0Afix: do this',
  )
})

test('rendering: several stand in the order of the file', (t) => {
  const places: Places = {
    locate: (path) => ({ file: 'p', line: Number(path[0]), column: 1, width: 1, text: null }),
  }
  const text = renderDiagnostics(
    [
      { ...ONE, path: [9], message: 'second' },
      { ...ONE, path: [2], message: 'first' },
    ],
    places,
  )
  t.true(text.indexOf('first') < text.indexOf('second'))
})
